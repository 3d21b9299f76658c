"""ODS: each sheet starts a page; merged cells filled, values as shown, dates as in every other sheet."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from ingestion.parsing.blocks import Block, Section, Story, story
from ingestion.parsing.odf import DRAW, OFFICE, TABLE, Package, package
from ingestion.parsing.odf_cells import cells_of
from ingestion.parsing.odf_flow import Flow, drawings
from ingestion.parsing.sheet_rows import sheet_parts
from ingestion.parsing.sheet_values import moment
from ingestion.parsing.source import Source

# Sheets of other files that formulas look into are kept as hidden sheets of this name.
_FOREIGN = "'file:"
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)")


def read(source: Source) -> Story:
    """Read the file. Raises UnreadableFile."""
    found = package(source, "spreadsheet")
    return story(found.title, (part for sheet in found.body.findall(f"{TABLE}table") for part in _sheet(found, sheet)))


def _sheet(found: Package, sheet: Any) -> Iterator[Block | Section]:
    name = sheet.get(f"{TABLE}name", "")
    if name.startswith(_FOREIGN):
        return
    flow = Flow(found.styles)
    hidden = found.styles.says(sheet.get(f"{TABLE}style-name", ""), f"{TABLE}display", "false")
    yield from sheet_parts(name, cells_of(sheet, lambda cell: _shown(cell, flow)), hidden=hidden)
    for drawing in drawings(sheet):
        yield from flow.parts(drawing)


def _shown(cell: Any, flow: Flow) -> str:
    """The cell's text with its comment."""
    text = _moment(cell) or flow.in_one([line for line in cell if not str(line.tag).startswith(DRAW)]) or _bare(cell)
    comment = cell.find(f"{OFFICE}annotation")
    told = flow.in_one(comment) if comment is not None else ""
    return f"{text} [{told}]".strip() if told else text


def _moment(cell: Any) -> str:
    """A date or time as every sheet says it, whatever the format it is shown in."""
    kind = cell.get(f"{OFFICE}value-type", "")
    try:
        if kind == "date":
            value = cell.get(f"{OFFICE}date-value", "")
            return moment(dt.datetime.fromisoformat(value) if "T" in value else dt.date.fromisoformat(value))
        time = _TIME.match(cell.get(f"{OFFICE}time-value", "")) if kind == "time" else None
        return moment(dt.time(int(time[1]), int(time[2]), int(time[3]))) if time else ""
    except ValueError:  # hours beyond a day, dates before the calendar: as they are shown
        return ""


def _bare(cell: Any) -> str:
    """The value, of a file whose program wrote no text beside it."""
    values = (cell.get(f"{OFFICE}{name}") for name in ("string-value", "value", "boolean-value"))
    return next((value for value in values if value), "")
