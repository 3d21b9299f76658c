"""PDF pages with one table each, made here, so that every cell is known; and pages that only look like tables."""

import io
import random
from dataclasses import dataclass
from itertools import product

from tests.ingestion.parsing.table_words import CODE, CONTENTS, GROUPS, KEYS, PROSE, TEXTS, VALUES

JAPANESE_FONT = "HeiseiKakuGo-W5"
LOOKS = ("grid", "bands", "booktabs", "plain")


@dataclass(frozen=True)
class Kind:
    """What a page's table is like. `look`: lines around every cell, below every row, three in all, or none.

    `grouped`: a name over two columns' names. `merged`: cells of the body too. `wrapped`: cells of several lines.
    """

    language: str
    look: str
    grouped: bool = False
    merged: bool = False
    wrapped: bool = False
    bold: bool = False
    seed: int = 0

    def __str__(self):
        traits = [name for name in ("grouped", "merged", "wrapped", "bold") if getattr(self, name)]
        return "-".join([self.language, self.look, *traits, str(self.seed)])


@dataclass(frozen=True)
class Made:
    """A PDF of one page, and what its table's rows say, cell by cell; the header's row first."""

    pdf: bytes
    rows: list


def kinds(seeds=range(1)):
    """Every kind of table: cells of the body are merged only where lines show it; no bold Japanese font is at hand."""
    for language, look, *traits, seed in product(("ja", "en"), LOOKS, *[(False, True)] * 4, seeds):
        kind = Kind(language, look, *traits, seed)
        if not (kind.merged and look != "grid") and not (kind.bold and language == "ja"):
            yield kind


def made(kind):
    """The page of this kind; the same each time."""
    chance = random.Random(str(kind))  # noqa: S311 - a page for a test
    columns = [
        chance.choice(KEYS[kind.language]),
        *chance.sample(VALUES[kind.language], chance.randint(2, 4)),
        *([chance.choice(TEXTS[kind.language])] if kind.wrapped or chance.random() < 0.6 else []),
    ]
    body = _body(kind, columns, chance)
    names = [f"{name} ({unit})" if unit else name for name, unit, _ in columns]
    said = [
        f"{GROUPS[kind.language]} {name}" if kind.grouped and at in {1, 2} else name for at, name in enumerate(names)
    ]
    rows = [said, *([_entry(*told) for told in zip(said, columns, row, strict=True)] for row in body)]
    return Made(_pdf(kind, _header(kind, names), body, chance), rows)


def _body(kind, columns, chance):
    body = [
        [cells[row] if at == 0 else _cell(kind, cells, chance) for at, (_, _, cells) in enumerate(columns)]
        for row in range(chance.randint(4, 8))
    ]
    if kind.merged:
        body[2][0] = body[1][0]
        body[3][2] = body[3][1]
    return body


def _cell(kind, cells, chance):
    long = kind.wrapped and max(map(len, cells)) > 9
    joint = "、" if kind.language == "ja" else " "
    return joint.join(chance.sample(cells, 3)) if long else chance.choice(cells)


def _entry(name, column, cell):
    unit = column[1]
    if unit and cell.replace(",", "").replace(".", "").isdigit():
        return f"{name.removesuffix(f' ({unit})')}: {cell} {unit}"
    return f"{name}: {cell}"


def _header(kind, names):
    if not kind.grouped:
        return [names]
    rest = len(names) - 3
    if kind.look in {"grid", "bands"}:
        return [[names[0], GROUPS[kind.language], "", *names[3:]], ["", *names[1:3], *[""] * rest]]
    return [["", GROUPS[kind.language], "", *[""] * rest], names]


def _pdf(kind, header, body, chance):
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Spacer

    font, bold = _fonts(kind)
    size = chance.choice((7, 7.5, 8))

    def paragraph(text, *, right=False, heading=False, centre=False):
        style = ParagraphStyle(
            "cell",
            fontName=bold if heading else font,
            fontSize=size,
            leading=size * 1.3,
            alignment=1 if centre else 2 if right else 0,
            wordWrap="CJK" if kind.language == "ja" else None,
        )
        return Paragraph(text, style)

    # A wrapped header breaks before its unit.
    broken = "<br/>(" if kind.wrapped else "("
    rows = [
        [paragraph(cell.replace("(", broken), heading=kind.bold, centre=cell in GROUPS.values()) for cell in row]
        for row in header
    ]
    rows += [[paragraph(cell, right=cell[0].isdigit()) for cell in row] for row in body]
    prose = paragraph(PROSE[kind.language] * 2)
    return _built([prose, Spacer(0, 12), _table(kind, rows, len(header), chance), Spacer(0, 12), prose])


def _fonts(kind):
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    if kind.language == "en":
        return "Helvetica", "Helvetica-Bold"
    pdfmetrics.registerFont(UnicodeCIDFont(JAPANESE_FONT))
    return JAPANESE_FONT, JAPANESE_FONT


def _table(kind, rows, heads, chance):
    from reportlab.platypus import Table

    count = len(rows[0])
    last = 150 if count < 5 else 110
    widths = [76, *[chance.choice((82, 86)) for _ in range(count - 2)], last]
    style = [("VALIGN", (0, 0), (-1, -1), chance.choice(("TOP", "MIDDLE"))), *_lines(kind, heads)]
    if kind.grouped:
        style += [("SPAN", (1, 0), (2, 0))]
        if kind.look in {"grid", "bands"}:
            style += [("SPAN", (at, 0), (at, 1)) for at in (0, *range(3, count))]
    if kind.merged:
        style += [("SPAN", (0, heads + 1), (0, heads + 2)), ("SPAN", (1, heads + 3), (2, heads + 3))]
    return Table(rows, colWidths=widths, style=style)


def _lines(kind, heads):
    if kind.look == "grid":
        return [("GRID", (0, 0), (-1, -1), 0.5, "black")]
    if kind.look == "bands":
        return [
            ("LINEABOVE", (0, 0), (-1, 0), 0.7, "black"),
            ("LINEBELOW", (0, heads - 1), (-1, -1), 0.5, "black"),
        ]
    if kind.look == "booktabs":
        return [
            ("LINEABOVE", (0, 0), (-1, 0), 0.9, "black"),
            ("LINEBELOW", (0, heads - 1), (-1, heads - 1), 0.5, "black"),
            ("LINEBELOW", (0, -1), (-1, -1), 0.9, "black"),
            *([("LINEBELOW", (1, 0), (2, 0), 0.4, "black")] if heads > 1 else []),
        ]
    return []


def _built(flowables):
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    target = io.BytesIO()
    SimpleDocTemplate(target, pagesize=A4, invariant=1).build(flowables)
    return target.getvalue()


def lookalikes():
    """(name, PDF) of pages without a table: two columns of prose, contents, a listing, a list, labels of a figure."""
    for language in ("ja", "en"):
        for name, draw in (("prose", _prose), ("contents", _contents), ("list", _list), ("labels", _labels)):
            yield f"{language}-{name}", _drawn(language, draw)
    yield "code", _drawn("en", _code)


def _drawn(language, draw):
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    canvas.setFont(_fonts(Kind(language, "plain"))[0], 10)
    draw(canvas, language)
    canvas.save()
    return target.getvalue()


def _prose(canvas, language):
    width = 20 if language == "ja" else 42
    text = PROSE[language] * 6
    lines = [text[at : at + width] for at in range(0, len(text), width)]
    for at, line in enumerate(lines):
        column, row = divmod(at, (len(lines) + 1) // 2)
        canvas.drawString(60 + 250 * column, 780 - 14 * row, line)


def _contents(canvas, language):
    for row, title in enumerate(CONTENTS[language]):
        canvas.drawString(60, 780 - 16 * row, f"{row + 1}  {title}")
        canvas.drawRightString(530, 780 - 16 * row, str(3 + 4 * row))


def _list(canvas, language):
    for row, title in enumerate(CONTENTS[language]):
        canvas.drawString(60, 780 - 16 * row, f"({row + 1})")
        canvas.drawString(90, 780 - 16 * row, title + PROSE[language][:20])


def _labels(canvas, language):
    places = random.Random(language)  # noqa: S311 - a page for a test
    for title in CONTENTS[language] * 2:
        canvas.drawString(places.uniform(60, 450), places.uniform(300, 780), title)


def _code(canvas, _language):
    canvas.setFont("Courier", 9)
    for row, line in enumerate(CODE * 2):
        canvas.drawString(60, 780 - 11 * row, line)
