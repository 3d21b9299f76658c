"""What files without pages of their own are read into: a title and blocks, which `textpage` sets on pages."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingestion.parsing import UnreadableFile
from ingestion.parsing.tables import row_text

# More than this is not a document a person reads: about 10,000 pages.
MAX_CHARACTERS = 20_000_000


class Style(StrEnum):
    """How a block is set. What is unseen is not: its page's owner is told of it."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    ROW = "row"
    CODE = "code"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item, table row or line of code. `level`: 1 to 6 for headings, depth for items."""

    style: Style
    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """Starts a new page. `one_page` asks for smaller type rather than a second page (slides).

    `reason` is an error code where what stands here could not be read.
    """

    label: str = ""
    landscape: bool = False
    one_page: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A whole file."""

    title: str
    parts: tuple[Block | Section, ...]


def story(title: str, parts: Iterable[Block | Section]) -> Story:
    """Collect the parts. Raises UnreadableFile (file_too_complex) where there is more than anyone could read."""
    kept: list[Block | Section] = []
    length = 0
    for part in parts:
        kept.append(part)
        length += len(part.text) if isinstance(part, Block) else 0
        if length > MAX_CHARACTERS:
            raise UnreadableFile("file_too_complex")
    return Story(" ".join(title.split())[:400], tuple(kept))


def table_blocks(rows: Sequence[Sequence[str]], *, header: bool) -> Iterator[Block]:
    """A row per line, each readable on its own: "column: value / column: value". The header row comes first."""
    cleaned = [[" ".join(cell.split()) for cell in row] for row in rows]
    names = cleaned[0] if header and len(cleaned) > 1 else []
    for number, row in enumerate(cleaned):
        text = row_text([] if number == 0 else names, row)
        if text:
            yield Block(Style.ROW, text)
