"""What Word prints before a list item: its number or bullet, counted as Word counts."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingestion.parsing.counting import formatted

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_ANCESTORS = 20


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list: number format, pattern ("%1.%2."), first number."""

    kind: str
    pattern: str
    start: int


class Numbering:
    """The document's lists and how far each has counted."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstract = {item.get(f"{_W}abstractNumId"): _levels(item) for item in root.iter(f"{_W}abstractNum")}
        for item in root.iter(f"{_W}num"):
            reference = item.find(f"{_W}abstractNumId")
            if reference is not None:
                self._levels[item.get(f"{_W}numId")] = abstract.get(reference.get(f"{_W}val"), {})

    def mark(self, paragraph: Any, style: Any) -> tuple[int, str]:
        """(depth from 1, mark with a blank after it); (0, "") for what is no list item."""
        number, depth = _reference(paragraph, style)
        level = self._levels.get(number, {}).get(depth)
        if level is None or level.kind == "none":
            return 0, ""
        counts = self._counts[number]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        return depth + 1, self._shown(number, level, counts)

    def _shown(self, number: str, level: _Level, counts: dict[int, int]) -> str:
        if level.kind == "bullet":
            return "• "
        shown = level.pattern
        for depth, kind in ((depth, found.kind) for depth, found in self._levels[number].items()):
            shown = shown.replace(f"%{depth + 1}", formatted(kind, counts.get(depth, 1)))
        return shown.strip() + " "


def lineage(style: Any) -> Iterator[Any]:
    """The style and those it is based on, nearest first. A damaged file may base styles on each other in a ring."""
    for _ in range(_MOST_ANCESTORS):
        if style is None:
            return
        yield style
        style = style.base_style


def _reference(paragraph: Any, style: Any) -> tuple[str, int]:
    found = paragraph.find(f"{_W}pPr/{_W}numPr")
    for ancestor in lineage(style) if found is None else ():
        found = ancestor.element.find(f"{_W}pPr/{_W}numPr")
        if found is not None:
            break
    if found is None:
        return "", 0
    number, depth = found.find(f"{_W}numId"), found.find(f"{_W}ilvl")
    return (
        number.get(f"{_W}val", "") if number is not None else "",
        int(depth.get(f"{_W}val", "0")) if depth is not None else 0,
    )


def _levels(abstract: Any) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for item in abstract.iter(f"{_W}lvl"):
        depth = int(item.get(f"{_W}ilvl", "0"))
        start = _value(item, "start", "1")
        found[depth] = _Level(_value(item, "numFmt", "decimal"), _value(item, "lvlText", f"%{depth + 1}."), int(start))
    return found


def _value(item: Any, name: str, default: str) -> str:
    found = item.find(f"{_W}{name}")
    return str(found.get(f"{_W}val", default)) if found is not None else default
