"""A deterministic layout: blocks are set on A4 pages in points, so every file has pages, word boxes and pictures."""

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from ingestion.parsing import LAYOUT, Heading, ParsedPage, UnreadableFile, Word
from ingestion.parsing.blocks import Block, Section, Story, Style
from ingestion.parsing.typeset import Metrics, break_lines, metrics_of
from ingestion.parsing.words import WORD

A4 = (595.0, 842.0)
MARGIN = 54.0
MAX_SIDE_PX = 4000
MAX_PAGES = 20_000
_LEADING = 1.5
# Slides are set as large as they fit on one page.
_SHRINK = (1.5, 1.25, 1.0, 0.85, 0.7, 0.6, 0.5)
# A paragraph of up to this many lines goes to the next page whole.
_KEPT_TOGETHER = 12
_INK, _RULE = (20, 20, 20), (205, 205, 205)


@dataclass(frozen=True, slots=True)
class _Look:
    """Type size, space above, indent, all in points."""

    size: float
    above: float
    indent: float = 0.0


_LOOKS = {
    Style.TITLE: _Look(20, 0),
    Style.TEXT: _Look(10.5, 5),
    Style.ITEM: _Look(10.5, 2, 14),
    Style.ROW: _Look(9.5, 4, 4),
    Style.CODE: _Look(9, 0, 10),
}
_HEADINGS = (_Look(17, 14), _Look(14, 12), _Look(12, 10), _Look(11, 8))


@dataclass(frozen=True, slots=True)
class _Line:
    """Characters [start, end) of the page's text, set from (x, y), top left, in points."""

    start: int
    end: int
    x: float
    y: float
    size: float
    ruled: bool = False


@dataclass(slots=True)
class _Sheet:
    """A page while it fills."""

    label: str
    width: float
    height: float
    reason: str = ""
    text: str = ""
    lines: list[_Line] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    y: float = MARGIN
    unseen: str = ""
    style: Style | None = None


class StoryReader:
    """A story set on pages. The same file and font give the same pages, so a page can be drawn at any time later."""

    def __init__(self, story: Story, filename: str, font: Path) -> None:
        """Set the whole story. Raises UnreadableFile."""
        self._metrics = metrics_of(font)
        self._font = font
        self._sheets = _set(story, self._metrics)
        if not any(sheet.text for sheet in self._sheets):
            raise UnreadableFile("file_no_text")
        self.page_count = len(self._sheets)
        self.title = story.title or Path(filename).stem
        self.layout = LAYOUT

    def page(self, number: int) -> ParsedPage:
        """Read one page."""
        sheet = self._sheets[number - 1]
        words = tuple(word for line in sheet.lines for word in self._words(sheet.text, line))
        headings, label = tuple(sheet.headings), sheet.label[:200]
        facts = (number, sheet.text, sheet.width, sheet.height, words, headings, label)
        return ParsedPage(*facts, reason=sheet.reason, unseen=sheet.unseen)

    def render(self, number: int, *, scale: float) -> bytes:
        """The page as PNG, `scale` pixels per point, no side longer than MAX_SIDE_PX."""
        from PIL import Image, ImageDraw

        sheet = self._sheets[number - 1]
        scale = min(scale, MAX_SIDE_PX / max(sheet.width, sheet.height))
        picture = Image.new("RGB", (round(sheet.width * scale), round(sheet.height * scale)), "white")
        draw = ImageDraw.Draw(picture)
        for line in sheet.lines:
            face = self._metrics.face(line.size * scale)
            if line.ruled:
                below = (line.y + line.size * _LEADING) * scale
                draw.line((MARGIN * scale, below, (sheet.width - MARGIN) * scale, below), fill=_RULE)
            for word in self._words(sheet.text, line):
                baseline = (word.x0 * scale, (line.y + line.size) * scale)
                draw.text(baseline, sheet.text[word.start : word.end], font=face, fill=_INK, anchor="ls")
        target = BytesIO()
        picture.save(target, "PNG", compress_level=3)
        return target.getvalue()

    def close(self) -> None:
        """Nothing is held open."""

    def _words(self, text: str, line: _Line) -> list[Word]:
        width = self._metrics.width
        x, at = line.x, line.start
        found: list[Word] = []
        for match in WORD.finditer(text, line.start, line.end):
            x += width(text[at : match.start()], line.size)
            after = x + width(match[0], line.size)
            top, bottom = round(line.y + 0.05 * line.size, 2), round(line.y + 1.25 * line.size, 2)
            found.append(Word(match.start(), match.end(), round(x, 2), top, round(after, 2), bottom))
            x, at = after, match.end()
        return found


def _set(story: Story, metrics: Metrics) -> list[_Sheet]:
    sheets: list[_Sheet] = []
    for section, blocks in _sections(story):
        for shrink in _SHRINK if section.one_page else (1.0,):
            composed = _Composer(section, metrics, shrink).compose(blocks)
            if len(composed) == 1:
                break
        sheets += composed
        if len(sheets) > MAX_PAGES:
            raise UnreadableFile("file_too_complex")
    return sheets


def _sections(story: Story) -> list[tuple[Section, list[Block]]]:
    found: list[tuple[Section, list[Block]]] = []
    for part in story.parts:
        if isinstance(part, Section):
            found.append((part, []))
        else:
            if not found:
                found.append((Section(), []))
            found[-1][1].append(part)
    # A slide or sheet without text still is a page; an unnamed empty section is only two page breaks in a row.
    return [(section, blocks) for section, blocks in found if blocks or section.label]


class _Composer:
    """Fills the pages of one section."""

    def __init__(self, section: Section, metrics: Metrics, shrink: float) -> None:
        self._section, self._metrics, self._shrink = section, metrics, shrink
        self._sheets = [self._new_sheet()]

    def compose(self, blocks: list[Block]) -> list[_Sheet]:
        """The pages, at least one."""
        for block in blocks:
            if block.style is Style.UNSEEN:
                self._sheets[-1].unseen = f"{self._sheets[-1].unseen}\n{block.text}".strip()
            elif block.text.strip():
                self._place(block)
        return self._sheets

    def _new_sheet(self) -> _Sheet:
        width, height = (A4[1], A4[0]) if self._section.landscape else A4
        return _Sheet(self._section.label, width, height, self._section.reason)

    def _place(self, block: Block) -> None:
        look = self._look(block)
        room = self._sheets[-1].width - 2 * MARGIN - look.indent
        spans = break_lines(block.text, room, look.size, self._metrics)
        step = look.size * _LEADING
        sheet = self._sheets[-1]
        # A heading wants company: two more lines below it.
        wanted = step * (min(len(spans), _KEPT_TOGETHER) + (2 if block.style is Style.HEADING else 0))
        if sheet.lines and sheet.y + look.above + wanted > self._bottom(sheet):
            self._turn()
        while spans:
            spans = self._fill(block, look, spans)

    def _fill(self, block: Block, look: _Look, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Set as many lines as the page takes; returns those left over, for a new page."""
        sheet = self._sheets[-1]
        top = sheet.y + (look.above if sheet.lines else 0)
        step = look.size * _LEADING
        count = max(int((self._bottom(sheet) - top) // step), 0 if sheet.lines else 1)
        here, rest = spans[:count], spans[count:]
        if here:
            self._write(sheet, block, look, here, top)
        if rest:
            self._turn()
        return rest

    def _write(self, sheet: _Sheet, block: Block, look: _Look, spans: list[tuple[int, int]], top: float) -> None:
        # A blank line says where a paragraph or row ends, so that no sentence runs into the next one.
        close = block.style in {Style.CODE, Style.ITEM} and block.style is sheet.style
        between = "" if not sheet.text else "\n" if close else "\n\n"
        sheet.style = block.style
        offset = len(sheet.text) + len(between) - spans[0][0]
        sheet.text += between + block.text[spans[0][0] : spans[-1][1]]
        if block.style is Style.HEADING:
            sheet.headings.append(Heading(offset + spans[0][0], block.level, block.text))
        step = look.size * _LEADING
        for index, (start, end) in enumerate(spans):
            ruled = block.style is Style.ROW and index == len(spans) - 1
            line = _Line(offset + start, offset + end, MARGIN + look.indent, top + index * step, look.size, ruled)
            sheet.lines.append(line)
        sheet.y = top + len(spans) * step

    def _look(self, block: Block) -> _Look:
        look = _HEADINGS[min(block.level, 4) - 1] if block.style is Style.HEADING else _LOOKS[block.style]
        indent = look.indent * (block.level if block.style is Style.ITEM else 1)
        return _Look(look.size * self._shrink, look.above * self._shrink, min(indent, 120))

    def _turn(self) -> None:
        self._sheets.append(self._new_sheet())

    def _bottom(self, sheet: _Sheet) -> float:
        return sheet.height - MARGIN
