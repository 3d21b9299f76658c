"""Which reader opens which format. Each reader's libraries load only when a file of its format is opened."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.parsing import Reader
from ingestion.parsing.blocks import Story
from ingestion.parsing.detect import Kind
from ingestion.parsing.ocr import OcrOptions

if TYPE_CHECKING:
    from ingestion.parsing.ocr.pages import PictureReader

_STORIES = {
    Kind.DOCX: "word",
    Kind.PPTX: "slides",
    Kind.XLSX: "sheets",
    Kind.CSV: "delimited",
    Kind.HTML: "webpage",
    Kind.MARKDOWN: "markdown",
    Kind.TEXT: "plain",
}


def reader_for(kind: Kind, path: Path, filename: str, font: Path, ocr: OcrOptions | None) -> Reader:
    """Open the file as that format. Raises UnreadableFile."""
    if kind is Kind.PDF:
        from ingestion.parsing.pdf import PdfReader

        return _read_by_ocr(PdfReader(path), ocr)
    if kind is Kind.IMAGE:
        from ingestion.parsing.images import ImageReader

        return _read_by_ocr(ImageReader(path, filename), ocr)
    from ingestion.parsing.textpage import StoryReader

    story: Story = import_module(f"ingestion.parsing.{_STORIES[kind]}").read(path)
    return StoryReader(story, filename, font)


def _read_by_ocr(reader: "PictureReader", options: OcrOptions | None) -> Reader:
    """The reader, with an engine for its pages without text where this machine has one."""
    from ingestion.parsing.ocr.engines import engine_for
    from ingestion.parsing.ocr.pages import OcrReader

    return OcrReader(reader, lambda: engine_for(options)) if options else reader
