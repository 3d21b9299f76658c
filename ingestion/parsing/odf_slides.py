"""ODP: a slide is a page. Title first, then shapes as they are read: down, then across; tables, notes."""

import re
from collections.abc import Iterator
from typing import Any

from ingestion.parsing import UnreadableFile
from ingestion.parsing.blocks import Block, Section, Story, Style, story
from ingestion.parsing.odf import DRAW, PRESENTATION, SVG, Package, Styles, package
from ingestion.parsing.odf_flow import Flow, drawings
from ingestion.parsing.source import Source

# Shapes whose tops differ by less than half a centimetre stand side by side.
_SAME_ROW = 0.5
_LENGTH = re.compile(r"(-?\d*\.?\d+)(cm|mm|in|pt)")
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72}
_CLASS = f"{PRESENTATION}class"
# What the master puts on every slide.
_FURNITURE = {"header", "footer", "date-time", "page-number"}


def read(source: Source) -> Story:
    """Read the file. Raises UnreadableFile."""
    found = package(source, "presentation")
    slides = found.body.findall(f"{DRAW}page")
    if not slides:
        raise UnreadableFile("file_no_pages")
    return story(found.title, (part for number, slide in enumerate(slides, 1) for part in _slide(number, slide, found)))


def _slide(number: int, slide: Any, found: Package) -> Iterator[Block | Section]:
    hidden = found.styles.says(slide.get(f"{DRAW}style-name", ""), f"{PRESENTATION}visibility", "hidden")
    yield Section(f"{number} (hidden)" if hidden else str(number), landscape=True, one_page=True)
    shapes = sorted((shape for shape in drawings(slide) if shape.get(_CLASS) not in _FURNITURE), key=_place)
    titles = [shape for shape in shapes if shape.get(_CLASS) == "title"]
    flow = Flow(found.styles)
    for title in titles:
        if text := " ".join(flow.in_one(title).split()):
            yield Block(Style.HEADING, text, 1)
    for shape in shapes:
        if shape not in titles:
            yield from _blocks(flow, shape)
    yield from _notes(slide, found.styles)


def _blocks(flow: Flow, shape: Any) -> Iterator[Block]:
    """The shape's blocks; pages begin with slides only."""
    yield from (part for part in flow.parts(shape) if isinstance(part, Block))


def _notes(slide: Any, styles: Styles) -> Iterator[Block]:
    for notes in slide.findall(f"{PRESENTATION}notes"):
        spoken = [frame for frame in notes if frame.get(_CLASS) == "notes"]
        if text := Flow(styles).in_one(spoken):
            yield Block(Style.TEXT, f"ノート / Notes: {text}")


def _place(shape: Any) -> tuple[float, float]:
    return _centimetres(shape.get(f"{SVG}y", "")) // _SAME_ROW, _centimetres(shape.get(f"{SVG}x", ""))


def _centimetres(length: str) -> float:
    found = _LENGTH.fullmatch(length)
    return float(found[1]) * _CENTIMETRES[found[2]] if found else 0.0
