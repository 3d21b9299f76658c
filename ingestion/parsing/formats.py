"""Which reader opens which format. Each reader's libraries load only when a file of its format is opened."""

from importlib import import_module
from pathlib import Path

from ingestion.parsing import Reader
from ingestion.parsing.blocks import Story
from ingestion.parsing.detect import Kind

_STORIES = {
    Kind.DOCX: "word",
    Kind.PPTX: "slides",
    Kind.XLSX: "sheets",
    Kind.CSV: "delimited",
    Kind.HTML: "webpage",
    Kind.MARKDOWN: "markdown",
    Kind.TEXT: "plain",
}


def reader_for(kind: Kind, path: Path, filename: str, font: Path) -> Reader:
    """Open the file as that format. Raises UnreadableFile."""
    if kind is Kind.PDF:
        from ingestion.parsing.pdf import PdfReader

        return PdfReader(path)
    from ingestion.parsing.textpage import StoryReader

    story: Story = import_module(f"ingestion.parsing.{_STORIES[kind]}").read(path)
    return StoryReader(story, filename, font)
