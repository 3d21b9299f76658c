"""What drawings in DOCX say besides text boxes: WordArt, SmartArt shape by shape, charts as tables."""

from collections.abc import Iterator
from typing import Any

from ingestion.parsing import UnreadableFile
from ingestion.parsing.blocks import Block, Style, table_blocks
from ingestion.parsing.markup import number_in, parsed
from ingestion.parsing.word_text import is_second_copy

_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WORD_ART = "{urn:schemas-microsoft-com:vml}textpath"
_MOST_POINTS = 1_000


def drawn(paragraph: Any, part: Any) -> Iterator[Block]:
    """The blocks of the drawings that hang on a paragraph; `part` is the document's."""
    for shape in paragraph.iter(_WORD_ART, f"{_DIAGRAM}relIds", f"{_CHART}chart"):
        if is_second_copy(shape):
            continue
        if shape.tag == _WORD_ART:
            yield from _texts([shape.get("string", "")])
        elif shape.tag == f"{_CHART}chart":
            yield from _chart(_root(part, shape.get(f"{_RELATION}id")))
        else:
            root = _root(part, shape.get(f"{_RELATION}dm"))
            yield from _texts(_said(text) for text in (root.iter(f"{_DIAGRAM}t") if root is not None else ()))


def _root(part: Any, relation: str | None) -> Any:
    """The XML that a drawing refers to; None where there is no such part, or none that can be read."""
    try:
        return parsed(part.related_parts[relation].blob)
    except (AttributeError, KeyError, UnreadableFile):
        return None


def _texts(texts: Iterator[str] | list[str]) -> Iterator[Block]:
    for text in texts:
        if text.strip():
            yield Block(Style.TEXT, text)


def _said(element: Any) -> str:
    return " ".join("".join(run.text or "" for run in element.iter(f"{_DRAWING}t")).split())


def _chart(root: Any) -> Iterator[Block]:
    """The title, and a row of values per series under the names of the categories."""
    if root is None:
        return
    title = root.find(f"{_CHART}chart/{_CHART}title")
    yield from _texts([_said(title)] if title is not None else [])
    series = list(root.iter(f"{_CHART}ser"))
    names = next((found for one in series if (found := _points(one, "cat", "xVal"))), [])
    rows = [["", *names], *([" ".join(_points(one, "tx")), *_points(one, "val", "yVal")] for one in series)]
    yield from table_blocks(rows, header=bool(names))


def _points(series: Any, *places: str) -> list[str]:
    """The texts or numbers that the chart keeps of its data, each at its place."""
    found: dict[int, str] = {}
    for place in places:
        for number, point in enumerate(series.iterfind(f"{_CHART}{place}//{_CHART}pt")):
            value = point.find(f"{_CHART}v")
            at = number_in(point.get("idx"), number, most=_MOST_POINTS)
            found[at] = (value.text or "") if value is not None else ""
    return [found.get(index, "") for index in range(max(found, default=-1) + 1)]
