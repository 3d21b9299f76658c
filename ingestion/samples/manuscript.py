"""A manuscript in Markdown becomes blocks that each builder sets in its own way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title of the whole."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """A list; numbered where the order matters."""

    items: tuple[str, ...]
    numbered: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first row names the columns."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing that the builder knows by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Note:
    """What the speaker says (slides only)."""

    text: str


Block = Heading | Paragraph | Points | Grid | Figure | Note
_FIGURE = "<!-- figure: "
_CLOSING: dict[str, Literal["list", "table", "note"]] = {
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "blockquote_open": "note",
}


def blocks_of(text: str) -> list[Block]:
    """The blocks of a manuscript, in order."""
    tokens = iter(MarkdownIt().enable("table").parse(text))
    return [block for token in tokens if (block := _block(token, tokens)) is not None]


def _block(token: Token, rest: Iterator[Token]) -> Block | None:
    if token.type == "heading_open":
        return Heading(int(token.tag[1]), next(rest).content)
    if token.type == "paragraph_open":
        return Paragraph(next(rest).content)
    if token.type == "html_block" and token.content.startswith(_FIGURE):
        return Figure(token.content.removeprefix(_FIGURE).split()[0])
    if token.type in _CLOSING:
        return _container(token, list(_until_closed(token, rest)))
    return None


def _container(opened: Token, inside: list[Token]) -> Block:
    texts = tuple(token.content for token in inside if token.type == "inline")
    match _CLOSING[opened.type]:
        case "list":
            return Points(texts, numbered=opened.type == "ordered_list_open")
        case "note":
            return Note(" ".join(texts))
        case "table":
            width = sum(token.type == "th_open" for token in inside)
            return Grid(tuple(texts[start : start + width] for start in range(0, len(texts), width)))


def _until_closed(opened: Token, rest: Iterator[Token]) -> Iterator[Token]:
    closing = opened.type.replace("_open", "_close")
    for token in rest:
        if token.type == closing and token.level == opened.level:
            return
        yield token
