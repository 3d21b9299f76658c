"""Marks of list items in OpenDocument: the number or bullet of each, counted as LibreOffice counts."""

from collections import defaultdict
from typing import Any

from ingestion.parsing.counting import formatted
from ingestion.parsing.markup import number_in
from ingestion.parsing.odf import STYLE, TEXT, Styles

_BULLET = f"{TEXT}list-level-style-bullet"
_KINDS = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "①, ②, ③, ...": "decimalEnclosedCircle",
    "ア, イ, ウ, ...": "aiueo",
}
_MOST = 100_000
_DEEPEST = 10


class Lists:
    """The lists that are open just now, and how far each style of list has counted."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._open: list[str] = []
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)

    @property
    def depth(self) -> int:
        """How deep the item lies; 1 in the outermost list."""
        return len(self._open)

    def enter(self, element: Any) -> None:
        """A list begins: it counts from the start unless it says that it goes on."""
        outer = self._open[-1] if self._open else ""
        name = element.get(f"{TEXT}style-name") or outer
        self._open.append(name)
        goes_on = element.get(f"{TEXT}continue-numbering") == "true" or element.get(f"{TEXT}continue-list")
        if not goes_on:
            for deeper in [level for level in self._counts[name] if level >= self.depth]:
                del self._counts[name][deeper]

    def leave(self) -> None:
        """The list ends."""
        self._open.pop()

    def mark(self, item: Any) -> str:
        """The mark of the next item, with a blank after it."""
        name = self._open[-1]
        levels = self._styles.list_levels(name)
        level = levels.get(min(self.depth, _DEEPEST))
        if item.tag == f"{TEXT}list-header":
            return ""
        if level is None or level.tag == _BULLET:
            return "• "
        counts = self._counts[name]
        first = number_in(level.get(f"{TEXT}start-value"), 1, most=_MOST)
        given = item.get(f"{TEXT}start-value")
        counts[self.depth] = number_in(given, counts.get(self.depth, first - 1) + 1, most=_MOST)
        shown = number_in(level.get(f"{TEXT}display-levels"), 1, most=_DEEPEST)
        numbers = (_shown(levels, depth, counts) for depth in range(self.depth - shown + 1, self.depth + 1))
        number = ".".join(filter(None, numbers))
        whole = f"{level.get(f'{STYLE}num-prefix', '')}{number}{level.get(f'{STYLE}num-suffix', '')}".strip()
        return f"{whole} " if number else "• "


def _shown(levels: dict[int, Any], depth: int, counts: dict[int, int]) -> str:
    level = levels.get(depth)
    kind = level.get(f"{STYLE}num-format", "") if level is not None else ""
    return formatted(_KINDS.get(kind, "decimal"), counts.get(depth, 1)) if kind else ""
