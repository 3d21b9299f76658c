"""ODT: the body in order, with merged cells, notes and text boxes; page breaks start pages."""

from ingestion.parsing.blocks import Story, story
from ingestion.parsing.odf import package
from ingestion.parsing.odf_flow import Flow
from ingestion.parsing.source import Source


def read(source: Source) -> Story:
    """Read the file. Raises UnreadableFile."""
    found = package(source, "text")
    flow = Flow(found.styles)
    parts = list(flow.parts(found.body))
    return story(found.title or flow.title, parts)
