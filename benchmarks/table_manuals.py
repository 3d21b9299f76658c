"""Real manuals that ship as PDF and HTML: the tables of the HTML are what the PDF's pages should say."""

import gzip
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import html

_SHARE = Path("/usr/share")
_GNUCASH = _SHARE / "doc/gnucash-docs"
_GUIDE = _SHARE / "doc/installation-guide-amd64"
_REFERENCE = _SHARE / "debian-reference"
_DEVELOPERS = _SHARE / "developers-reference/ja"
# Drawn for the screen: navigation, notes with their sign.
_NO_TABLES = re.compile("Navigation|Note|Tip|Warning|Caution|Important|注意|警告|重要|注記")
_FOOTNOTE = re.compile(r"\[[a-z0-9]\]")
# Folded: kinds of quotation marks, and hyphens, which a line's end adds and takes.
_MARKS = str.maketrans({**dict.fromkeys("“”„″", '"'), **dict.fromkeys("‘’", "'"), **dict.fromkeys("-‐‑–—−\u00ad")})


@dataclass(frozen=True)
class Manual:
    """A PDF and the HTML pages that say the same."""

    pdf: Path
    pages: tuple[Path, ...]

    @property
    def name(self) -> str:
        """The PDF's name."""
        return self.pdf.name.removesuffix(".gz")


def manuals() -> list[Manual]:
    """Those that are installed (apt-get install debian-reference-en debian-reference-ja …)."""
    named = [
        (_REFERENCE / "debian-reference.en.pdf", _REFERENCE, "*.en.html"),
        (_REFERENCE / "debian-reference.ja.pdf", _REFERENCE, "*.ja.html"),
        (_GUIDE / "en/install.en.pdf.gz", _GUIDE / "en", "*.html"),
        (_GUIDE / "ja/install.ja.pdf.gz", _GUIDE / "ja", "*.html"),
        (_GNUCASH / "gnucash-guide-en.pdf.gz", _GNUCASH / "gnucash-guide-en", "*.html"),
        (_GNUCASH / "gnucash-guide-ja.pdf.gz", _GNUCASH / "gnucash-guide-ja", "*.html"),
        (_GNUCASH / "gnucash-help-en.pdf.gz", _GNUCASH / "gnucash-help-en", "*.html"),
        (_DEVELOPERS / "developers-reference.pdf", _DEVELOPERS, "*.html"),
    ]
    # Title pages list authors, which the PDF does not; the developers' reference is there once more as one page.
    left_out = {"titlepage.html", "developers-reference.html"}
    found = [(pdf, [page for page in folder.glob(glob) if page.name not in left_out]) for pdf, folder, glob in named]
    return [Manual(pdf, tuple(sorted(pages))) for pdf, pages in found if pdf.exists() and pages]


def unpacked(manual: Manual) -> Path:
    """The PDF's path, a copy where the package ships it packed."""
    if manual.pdf.suffix != ".gz":
        return manual.pdf
    path = Path(tempfile.mkdtemp()) / manual.name
    path.write_bytes(gzip.decompress(manual.pdf.read_bytes()))
    return path


def rows_of(manual: Manual) -> Iterator[list[str]]:
    """The rows of the HTML's tables that hold two cells or more; a merged cell once in each row."""
    for page in manual.pages:
        for table in html.document_fromstring(page.read_bytes()).iter("table"):
            if not _NO_TABLES.search(table.get("summary") or "") and table.find(".//table") is None:
                yield from (row for row in map(_said, _grid(table)) if len(row) > 1)


def squeezed(text: str) -> str:
    """Text as it is compared: without blanks and hyphens, one kind of quotation marks."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_MARKS).split())


def row_pattern(cells: list[str]) -> re.Pattern[str]:
    """What a row of these cells reads like, squeezed: each with or without its column's name, a unit, a footnote."""
    return re.compile("/".join(rf"(?:.{{1,90}}?:)?{re.escape(squeezed(cell))}.{{0,2}}" for cell in cells))


def _said(row: list[str]) -> list[str]:
    cells: list[str] = []
    for text in row:
        cell = _FOOTNOTE.sub("", text).strip()
        if cell and cell not in cells[-1:]:
            cells.append(cell)
    return cells


def _grid(table: Any) -> list[list[str]]:
    """Cell texts; a cell over several rows or columns stands in each of them."""
    cells: dict[tuple[int, int], str] = {}
    for row, line in enumerate(table.iter("tr")):
        column = 0
        for cell in line.iterchildren("td", "th"):
            while (row, column) in cells:
                column += 1
            tall, wide = (int(cell.get(span) or 1) for span in ("rowspan", "colspan"))
            text = cell.text_content()
            cells |= {(row + down, column + right): text for down in range(tall) for right in range(wide)}
    rows = sorted({row for row, _ in cells})
    return [[text for (at, _), text in sorted(cells.items()) if at == row] for row in rows]
