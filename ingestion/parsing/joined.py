"""Several readers as one: the pages of a message, then those of each attachment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from ingestion.parsing import LAYOUT, OWN_PAGES, ParsedPage, Reader, UnreadableFile


@dataclass(frozen=True, slots=True)
class Part:
    """One of the readers, and what its pages are called beside their own label."""

    label: str
    reader: Reader


class UnreadPart:
    """What could not be read, as one page with the reason."""

    page_count = 1
    title = ""
    layout = OWN_PAGES

    def __init__(self, reason: str) -> None:
        """Keep the reason, an error code."""
        self._reason = reason

    def page(self, number: int) -> ParsedPage:
        """The page without text."""
        return ParsedPage(number, "", 0, 0, reason=self._reason)

    def render(self, number: int, *, scale: float) -> bytes:  # noqa: ARG002
        """There is nothing to draw. Raises UnreadableFile (page_unreadable)."""
        raise UnreadableFile("page_unreadable")

    def close(self) -> None:
        """Nothing is held open."""


class JoinedReader:
    """The pages of all parts, numbered through."""

    def __init__(self, title: str, parts: Sequence[Part]) -> None:
        """Count the pages."""
        self._parts = parts
        self._before = [0, *accumulate(part.reader.page_count for part in parts)]
        self.page_count = self._before[-1]
        self.title = title
        self.layout = LAYOUT if any(part.reader.layout == LAYOUT for part in parts) else OWN_PAGES

    def page(self, number: int) -> ParsedPage:
        """Read one page."""
        part, own = self._find(number)
        page = part.reader.page(own)
        label = " › ".join(name for name in (part.label, page.label) if name)
        return replace(page, number=number, label=label[:200])

    def render(self, number: int, *, scale: float) -> bytes:
        """The page as PNG, `scale` pixels per point."""
        part, own = self._find(number)
        return part.reader.render(own, scale=scale)

    def close(self) -> None:
        """Release all files."""
        for part in self._parts:
            part.reader.close()

    def _find(self, number: int) -> tuple[Part, int]:
        """The part that holds the page, and the page's number in it."""
        index = next(index for index, before in enumerate(self._before[1:]) if number <= before)
        return self._parts[index], number - self._before[index]
