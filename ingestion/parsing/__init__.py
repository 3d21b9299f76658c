"""Files become pages. `Reader` is the seam: one implementation per format, all pass tests/contracts/test_reader.py.

This package knows neither Django nor settings: it also runs alone in the reading process (`isolated.py`).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ingestion.parsing.ocr import OcrOptions


@dataclass(frozen=True, slots=True)
class Word:
    """Characters [start, end) of the page's text, and their box in points, origin top left."""

    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that begins at `start` in the page's text. Level 1 is the outermost."""

    start: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """One physical page, slide or sheet: 1-based number, text, size in points, words in text order.

    `reason` is an error code where the page could not be read (its text is then empty). Where `ocr` read the text from
    the page's picture, `confidence` says how surely, from 0 to 1. `doubtful`: the text is short, or no language
    (`hidden_text`, which the page does not show), and its picture may say more. `unseen`: what the file says there and
    nobody can see, which is no part of the text.
    """

    number: int
    text: str
    width: float
    height: float
    words: tuple[Word, ...] = ()
    headings: tuple[Heading, ...] = ()
    label: str = ""
    ocr: bool = False
    reason: str = ""
    confidence: float | None = None
    doubtful: bool = False
    hidden_text: bool = False
    unseen: str = ""


# How files without pages of their own are read and set on pages. Whoever changes what such a page says or where it says
# it changes this, as tests/ingestion/parsing/test_layout.py notices: boxes kept from before fit no picture drawn now.
LAYOUT = "layout-1"
OWN_PAGES = "own"


class Reader(Protocol):
    """An opened file. `page` may be called in any order and more than once; numbers run from 1 to `page_count`.

    `layout` is LAYOUT where pages are set here, and OWN_PAGES where all of them are the file's own.
    """

    page_count: int
    title: str
    layout: str

    def page(self, number: int) -> ParsedPage:
        """Read one page. Never raises for a bad page: its `reason` says what was wrong."""

    def render(self, number: int, *, scale: float) -> bytes:
        """The page as PNG, `scale` pixels per point."""

    def close(self) -> None:
        """Release the file."""


class UnreadableFile(Exception):
    """The file as a whole cannot be read. `code` names the error in ingestion.errors; `params` fill its text."""

    def __init__(self, code: str, params: dict[str, str] | None = None) -> None:
        """Keep what the catalogue needs to say it to a person."""
        super().__init__(code)
        self.code = code
        self.params = params or {}


def open_file(
    path: Path, filename: str, *, font: Path, ocr: "OcrOptions | None" = None, enclosed: bool = True
) -> Reader:
    """Open a file by what it holds; `filename` decides only where the content leaves a choice (CSV, Markdown, text).

    `font` is the TrueType file that sets the pages of formats without pages of their own. `ocr` says how pages without
    text are read; None leaves them unread. Without `enclosed`, attachments of a message are listed as not read. Runs in
    this process: the product goes through `isolated.IsolatedReader`.
    Raises UnreadableFile.
    """
    from ingestion.parsing.detect import detect
    from ingestion.parsing.formats import reader_for

    return reader_for(detect(path, filename), path, filename, font, ocr, enclosed=enclosed)
