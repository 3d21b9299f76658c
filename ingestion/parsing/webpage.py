"""HTML: the main content in reading order. Nothing is fetched, no entity is resolved, no script runs."""

import re
from collections.abc import Iterator
from typing import Any

from ingestion.parsing import UnreadableFile
from ingestion.parsing.blocks import Block, Story, Style, story, table_blocks
from ingestion.parsing.plain import text_of
from ingestion.parsing.source import Source

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_UNSEEN = {
    "script", "style", "noscript", "template", "head", "nav", "iframe", "object", "svg", "math", "canvas", "audio",
    "video", "select", "button", "input", "textarea", "dialog", "map",
    "rt", "rp",  # readings above kanji: between the characters, no word would be found
}  # fmt: skip
_FURNITURE_ROLES = {"navigation", "banner", "contentinfo", "search", "menu", "menubar"}
_FURNITURE = re.compile(
    r"(^|[\s_-])(nav(header|footer|bar|igation)?|breadcrumbs?|sidebar|menu|cookie\S*|skip-link)($|[\s_-])",
    re.IGNORECASE,
)
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "li", "main", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", *_HEADINGS,
}  # fmt: skip
_MAX_SPAN = 200
# Less of the text than this in what looks like the main content: the guess was wrong.
_MAIN_SHARE = 0.25


def read(source: Source) -> Story:
    """Read the file. Raises UnreadableFile."""
    return story_of(_decoded(source))


def _decoded(source: Source) -> str:
    data = source.read_bytes()
    declared = re.search(rb"""charset\s*=\s*["']?\s*([\w-]+)""", data[:2048])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(declared[1].decode())
        except (LookupError, UnicodeDecodeError):
            pass  # a wrong declaration is common: find out as for plain text
    return text_of(source)


def story_of(source: str, *, title: str = "") -> Story:
    """Read HTML source. Raises UnreadableFile."""
    root = _root(source)
    if root is None:
        raise UnreadableFile("file_no_text")
    return story(title or _title(root), _Walker().blocks(_main(root)))


def blocks_of(source: str) -> list[Block]:
    """All of a page that is shown, without looking for its main content; nothing where it holds nothing."""
    root = _root(source)
    body = root.find("body") if root is not None else None
    return list(_Walker().blocks(body)) if body is not None else []


def _root(source: str) -> Any:
    """The parsed page; None where it holds nothing."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _title(root: Any) -> str:
    found = root.find(".//title")
    return str(found.text_content()) if found is not None else ""


def _main(root: Any) -> Any:
    body = root.find("body")
    body = root if body is None else body
    for path in (".//main", ".//*[@role='main']", ".//article"):
        candidates = body.findall(path)
        if len(candidates) == 1 and _amount(candidates[0]) >= _MAIN_SHARE * _amount(body):
            return candidates[0]
    return body


def _amount(element: Any) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _unseen(element: Any) -> bool:
    if not isinstance(element.tag, str) or element.tag in _UNSEEN or "hidden" in element.attrib:
        return True
    if element.get("aria-hidden") == "true" or element.get("role") in _FURNITURE_ROLES:
        return True
    if re.search(r"display\s*:\s*none", element.get("style", "")):
        return True
    parent = element.getparent()
    if element.tag in {"header", "footer"} and parent is not None and parent.tag == "body":
        return element.find(".//h1") is None
    return bool(_FURNITURE.search(f"{element.get('class', '')} {element.get('id', '')}"))


class _Walker:
    """Goes through the tree once; inline text gathers until a block begins or ends."""

    def __init__(self) -> None:
        self._inline: list[str] = []
        self._depth = 0
        self._mark = ""

    def blocks(self, element: Any) -> Iterator[Block]:
        """The element's blocks, in reading order."""
        yield from self._inside(element)
        yield from self._flush()

    def _inside(self, element: Any) -> Iterator[Block]:
        self._inline.append(element.text or "")
        for child in element:
            if not _unseen(child):
                yield from self._child(child)
            self._inline.append(child.tail or "")

    def _child(self, child: Any) -> Iterator[Block]:
        if child.tag == "br":
            self._inline.append("\n")
        elif child.tag == "img":
            self._inline.append(f" {child.get('alt')} " if child.get("alt") else "")
        elif child.tag not in _BLOCKS:
            yield from self._inside(child)
        else:
            yield from self._flush()
            yield from self._block(child)

    def _block(self, element: Any) -> Iterator[Block]:
        if element.tag in _HEADINGS:
            text = " ".join(element.text_content().split())
            yield Block(Style.HEADING, text, _HEADINGS[element.tag])
        elif element.tag == "pre":
            for line in element.text_content().strip("\n").split("\n"):
                yield Block(Style.CODE, line.rstrip())
        elif element.tag == "table" and not _is_layout(element):
            yield from _table(element)
        elif element.tag in {"ul", "ol"}:
            yield from self._list(element)
        else:
            yield from self._inside(element)
            yield from self._flush()

    def _list(self, element: Any) -> Iterator[Block]:
        self._depth += 1
        number = int(element.get("start", "1")) if element.get("start", "1").isdigit() else 1
        for item in element:
            if isinstance(item.tag, str) and item.tag == "li":
                self._mark = f"{number}. " if element.tag == "ol" else "• "
                number += 1
            if not _unseen(item):
                yield from self._block(item)
        self._mark = ""
        self._depth -= 1

    def _flush(self) -> Iterator[Block]:
        lines = [" ".join(line.split()) for line in "".join(self._joined()).split("\n")]
        self._inline = []
        text = "\n".join(line for line in lines if line)
        if text:
            style = Style.ITEM if self._depth else Style.TEXT
            yield Block(style, self._mark + text, max(self._depth, 1))
            self._mark = ""

    def _joined(self) -> Iterator[str]:
        # Line ends of the source are blanks; those of <br> came as entries of their own.
        for part in self._inline:
            yield part if part == "\n" else _unwrapped(part)


def _unwrapped(text: str) -> str:
    """A line end between two Japanese characters is nothing, any other a blank."""
    from ingestion.parsing.words import is_cjk

    def replacement(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        return "" if before and after and is_cjk(before) and is_cjk(after) else " "

    return re.sub(r"[ \t]*[\r\n]+[ \t\r\n]*", replacement, text)


def _is_layout(table: Any) -> bool:
    """A table that only places things on the screen: it holds headings, lists or other tables."""
    return table.find(".//table") is not None or any(table.find(f".//{tag}") is not None for tag in _HEADINGS)


def _table(table: Any) -> Iterator[Block]:
    from ingestion.parsing.tables import looks_like_header

    caption = table.find("caption")
    if caption is not None and caption.text_content().strip():
        yield Block(Style.TEXT, " ".join(caption.text_content().split()))
    rows = _grid(table)
    first = table.find(".//tr")
    named = first is not None and bool(len(first)) and all(cell.tag == "th" for cell in first)
    yield from table_blocks(rows, header=named or looks_like_header(rows))


def _grid(table: Any) -> list[list[str]]:
    """Cell texts; a cell that spans rows or columns stands in each of them."""
    rows: list[list[str]] = []
    waiting: dict[int, tuple[int, str]] = {}
    for line in table.iter("tr"):
        row: list[str] = []
        below: dict[int, tuple[int, str]] = {}
        for cell in (cell for cell in line if cell.tag in {"td", "th"}):
            _fill(row, waiting, below)
            text = " ".join(" ".join(cell.itertext()).split()) if not _unseen(cell) else ""
            for _ in range(_span(cell, "colspan")):
                if _span(cell, "rowspan") > 1:
                    below[len(row)] = (_span(cell, "rowspan") - 1, text)
                row.append(text)
        _fill(row, waiting, below)
        rows.append(row)
        waiting = below
    return rows


def _fill(row: list[str], waiting: dict[int, tuple[int, str]], below: dict[int, tuple[int, str]]) -> None:
    """Put in the cells that reach down into this row here; `below` gathers those that reach further."""
    while len(row) in waiting:
        left, text = waiting[len(row)]
        if left > 1:
            below[len(row)] = (left - 1, text)
        row.append(text)


def _span(cell: Any, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isdigit() else 1
