"""Plain text: paragraphs (hard-wrapped lines joined), headings where Japanese manuals number them, form feeds."""

import re
from collections.abc import Iterator

from ingestion.parsing import UnreadableFile
from ingestion.parsing.blocks import Block, Section, Story, Style, story
from ingestion.parsing.decode import decode
from ingestion.parsing.source import Source
from ingestion.parsing.words import is_cjk

_CHAPTER = re.compile(
    r"^\s*(?:第\s*[0-9０-９一二三四五六七八九十百]+\s*([部章節項])|(?:chapter|part)\s+\w+[.:]?\s)", re.IGNORECASE
)
_LEVELS = {"部": 1, "章": 1, "節": 2, "項": 3}
_ITEM = re.compile(r"^\s*([-*•・●○■□◆※]|[(（]?[0-9０-９a-zA-Zア-ン]{1,3}[.)）．]|[①-⑳])\s*\S")
_UNDERLINE = re.compile(r"^\s*([=\-~＝―])\1{2,}\s*$")
_LONGEST_HEADING = 60
# Columns (a Japanese character takes two) that a hard-wrapped line has at least.
_WRAPPED_FROM = 56


def read(source: Source) -> Story:
    """Read the file. Raises UnreadableFile."""
    return story("", text_blocks(text_of(source)))


def text_of(source: Source) -> str:
    """The file's text, whatever its encoding. Raises UnreadableFile (file_encoding)."""
    text = decode(source.read_bytes())
    if text is None:
        raise UnreadableFile("file_encoding")
    return text


def text_blocks(text: str) -> Iterator[Block | Section]:
    """Blocks of a plain text. A form feed starts a new page."""
    for number, page in enumerate(text.split("\f")):
        if number:
            yield Section()
        for paragraph in re.split(r"\n[ \t\u3000]*\n", page):
            yield from _paragraph([line.rstrip() for line in paragraph.split("\n") if line.strip()])


def _paragraph(lines: list[str]) -> Iterator[Block]:
    while lines:
        if len(lines) > 1 and _UNDERLINE.match(lines[1]):
            yield Block(Style.HEADING, lines[0].strip(), 1 if lines[1].strip()[0] in "=＝" else 2)
            lines = lines[2:]
        elif _heading_level(lines[0]):
            yield Block(Style.HEADING, lines[0].strip(), _heading_level(lines[0]))
            lines = lines[1:]
        else:
            block, lines = _text_block(lines)
            yield block


def _heading_level(line: str) -> int:
    found = _CHAPTER.match(line)
    if found is None or len(line) > _LONGEST_HEADING or line.endswith(("。", ".")):
        return 0
    return _LEVELS.get(found[1] or "章", 1)


def _text_block(lines: list[str]) -> tuple[Block, list[str]]:
    """The first paragraph of the lines, and the lines after it: a full line goes on in the next one."""
    text = lines[0].strip()
    used = 1
    while used < len(lines) and _goes_on(lines[used - 1], lines[used]):
        following = lines[used].strip()
        text += ("" if is_cjk(text[-1]) and is_cjk(following[0]) else " ") + following
        used += 1
    if _ITEM.match(lines[0]):
        return Block(Style.ITEM, text), lines[used:]
    return Block(Style.TEXT, text), lines[used:]


def _goes_on(line: str, following: str) -> bool:
    return _columns(line) >= _WRAPPED_FROM and not (
        line.endswith("。") or _ITEM.match(following) or _heading_level(following) or _UNDERLINE.match(following)
    )


def _columns(line: str) -> int:
    return sum(2 if is_cjk(char) else 1 for char in line)
