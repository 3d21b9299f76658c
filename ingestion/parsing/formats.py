"""Which reader opens which format. Each reader's libraries load only when a file of its format is opened."""

from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.parsing import Reader, UnreadableFile
from ingestion.parsing.blocks import Story
from ingestion.parsing.detect import Kind, detect
from ingestion.parsing.ocr import OcrOptions
from ingestion.parsing.source import Source

if TYPE_CHECKING:
    from ingestion.parsing.letters import Enclosed, Letter
    from ingestion.parsing.ocr import OcrEngine
    from ingestion.parsing.ocr.pages import PictureReader

# Messages inside messages, and files in all of them together; what lies deeper or comes later is listed as not read.
MAX_DEPTH = 3
MAX_ENCLOSED = 200
_STORIES = {
    Kind.DOCX: "word",
    Kind.PPTX: "slides",
    Kind.XLSX: "sheets",
    Kind.ODT: "odf_text",
    Kind.ODS: "odf_sheets",
    Kind.ODP: "odf_slides",
    Kind.EPUB: "epub",
    Kind.CSV: "delimited",
    Kind.HTML: "webpage",
    Kind.MARKDOWN: "markdown",
    Kind.TEXT: "plain",
}
# Codes whose texts say that nothing was indexed have others for attachments: the message is.
_AS_ATTACHMENT = {
    "file_unsupported": "attachment_unsupported",
    "file_encrypted": "attachment_encrypted",
    **dict.fromkeys(("file_damaged", "file_truncated", "file_encoding"), "attachment_damaged"),
}
_LETTERS = {Kind.EML: "mail", Kind.MSG: "msg"}


def reader_for(
    kind: Kind, source: Source, filename: str, font: Path, ocr: OcrOptions | None, *, enclosed: bool = True
) -> Reader:
    """Open the file as that format; without `enclosed`, its attachments are not opened. Raises UnreadableFile."""
    return _Opening(font, ocr, enclosed=enclosed).reader(kind, source, filename)


class _Opening:
    """Opens one file and what is inside it: knows how much that may still be."""

    def __init__(self, font: Path, ocr: OcrOptions | None, *, enclosed: bool) -> None:
        self._font, self._ocr, self._open_enclosed = font, ocr, enclosed
        self._depth, self._left = 0, MAX_ENCLOSED

    def reader(self, kind: Kind, source: Source, filename: str) -> Reader:
        """Open a file. Raises UnreadableFile."""
        try:
            return self._reader(kind, source, filename)
        except (UnreadableFile, MemoryError):
            raise
        except RecursionError:
            raise UnreadableFile("file_too_complex") from None
        except Exception:  # noqa: BLE001 - any library error over a damaged file
            raise UnreadableFile("file_damaged") from None

    def _reader(self, kind: Kind, source: Source, filename: str) -> Reader:
        if kind is Kind.PDF:
            from ingestion.parsing.pdf import PdfReader

            return self._read_by_ocr(PdfReader(source))
        if kind is Kind.IMAGE:
            from ingestion.parsing.images import ImageReader

            return self._read_by_ocr(ImageReader(source, filename))
        if kind is Kind.ZIP:
            raise UnreadableFile("archive_not_here")
        if kind in _LETTERS:
            return self._letter(import_module(f"ingestion.parsing.{_LETTERS[kind]}").read(source), filename)
        return self._story(import_module(f"ingestion.parsing.{_STORIES[kind]}").read(source), filename)

    def _story(self, story: Story, filename: str) -> Reader:
        from ingestion.parsing.textpage import StoryReader

        return StoryReader(story, filename, self._font)

    def _letter(self, letter: "Letter", filename: str) -> Reader:
        from ingestion.parsing.joined import JoinedReader, Part
        from ingestion.parsing.letters import story_of

        own = self._story(story_of(letter), filename)
        self._depth += 1
        parts = [Part("", own), *(Part(each.name, self._enclosed(each)) for each in letter.enclosed)]
        self._depth -= 1
        return JoinedReader(own.title, parts)

    def _enclosed(self, each: "Enclosed") -> Reader:
        """A reader of the attachment; where it cannot be read, the reason is its only page. Never raises."""
        from ingestion.parsing.joined import UnreadPart

        self._left -= 1
        try:
            return self._opened(each)
        except UnreadableFile as error:
            return UnreadPart(_AS_ATTACHMENT.get(error.code, error.code))
        except (MemoryError, RecursionError):
            return UnreadPart("file_too_complex")

    def _opened(self, each: "Enclosed") -> Reader:
        from ingestion.parsing.letters import Letter

        if not self._open_enclosed:
            raise UnreadableFile("attachment_skipped")
        if self._left < 0:
            raise UnreadableFile("attachment_too_many")
        if each.content is None:
            raise UnreadableFile(each.reason)
        kind = Kind.EML if isinstance(each.content, Letter) else detect(each.content, each.name)
        if kind in _LETTERS and self._depth > MAX_DEPTH:
            raise UnreadableFile("attachment_too_deep")
        if isinstance(each.content, Letter):
            return self._letter(each.content, each.name)
        return self.reader(kind, each.content, each.name)

    def _read_by_ocr(self, reader: "PictureReader") -> Reader:
        """The reader, with an engine for its pages without text where this machine has one."""
        from ingestion.parsing.ocr.pages import OcrReader

        return OcrReader(reader, lambda: self._engine) if self._ocr else reader

    @cached_property
    def _engine(self) -> "OcrEngine | None":
        """One for all that is read: each has its own copy of the models in memory."""
        from ingestion.parsing.ocr.engines import engine_for

        return engine_for(self._ocr) if self._ocr else None
