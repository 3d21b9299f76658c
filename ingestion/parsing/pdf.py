"""PDF through pypdfium2: text and word boxes from the text layer, headings from the outline, pictures of pages."""

from collections import defaultdict
from functools import cached_property
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.parsing import OWN_PAGES, Heading, ParsedPage, UnreadableFile
from ingestion.parsing.ocr import need
from ingestion.parsing.outline import Bookmark, headings_by_outline, headings_by_size, usual_height
from ingestion.parsing.pdf_text import is_garbled, read_text
from ingestion.parsing.source import Source
from ingestion.parsing.worded import Worded

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_SIDE_PX = 4000
_PASSWORD, _SECURITY = 4, 5
_SAMPLED_PAGES = 12
_MAX_BOOKMARKS = 20_000
# A whole PDF says so this near its end.
_TAIL = 2048


class PdfReader:
    """An opened PDF. PDFium is not thread-safe: one reader, one thread."""

    def __init__(self, source: Source) -> None:
        """Open the file. Raises UnreadableFile."""
        self._document = _open(source)
        self.page_count = len(self._document)
        if self.page_count == 0:
            raise UnreadableFile("file_no_pages")
        self.title = _title(self._document)
        self.layout = OWN_PAGES

    def page(self, number: int) -> ParsedPage:
        """Read one page; a page that cannot be read has a reason and no text."""
        import pypdfium2 as pdfium

        try:
            page = self._document[number - 1]
        except pdfium.PdfiumError:
            return ParsedPage(number, "", 0, 0, reason="page_damaged")
        width, height = page.get_size()
        try:
            found = read_text(page)
            reason, doubtful, hidden = _judged(page, found.text)
        except (pdfium.PdfiumError, MemoryError):
            return ParsedPage(number, "", width, height, reason="page_damaged")
        finally:
            page.close()
        label = self._label(number)
        if reason:
            return ParsedPage(number, "", width, height, label=label, reason=reason, unseen=found.unseen)
        return ParsedPage(
            *(number, found.text, width, height, found.words, self._headings(number, found), label),
            doubtful=doubtful,
            hidden_text=hidden,
            unseen=found.unseen,
        )

    def render(self, number: int, *, scale: float) -> bytes:
        """The page as PNG, `scale` pixels per point, no side longer than MAX_SIDE_PX."""
        target = BytesIO()
        self.picture(number, scale=scale).save(target, "PNG", compress_level=3)
        return target.getvalue()

    def picture(self, number: int, *, scale: float) -> "Image":
        """The same as a picture in memory. Raises UnreadableFile (page_unreadable)."""
        import pypdfium2 as pdfium

        try:
            page = self._document[number - 1]
            scale = min(scale, MAX_SIDE_PX / max(*page.get_size(), 1))
            drawn: Image = page.render(scale=scale).to_pil()
        except (pdfium.PdfiumError, MemoryError):
            raise UnreadableFile("page_unreadable") from None
        return drawn

    def close(self) -> None:
        """Release the file."""
        self._document.close()

    def _label(self, number: int) -> str:
        # Printed page numbers ("iv", "3-12") where the file names them and they differ from the physical number.
        label = str(self._document.get_page_label(number - 1) or "").strip()
        return "" if label == str(number) else label[:200]

    def _headings(self, number: int, found: Worded) -> tuple[Heading, ...]:
        if self._bookmarks:
            return headings_by_outline(self._bookmarks.get(number, []), found)
        return headings_by_size(found, self._body_height)

    @cached_property
    def _bookmarks(self) -> dict[int, list[Bookmark]]:
        found: dict[int, list[Bookmark]] = defaultdict(list)
        for position, item in enumerate(self._document.get_toc()):
            if position >= _MAX_BOOKMARKS:
                break
            mark = _bookmark(item)
            if mark is not None:
                found[mark.page].append(mark)
        return dict(found)

    @cached_property
    def _body_height(self) -> float:
        step = max(1, self.page_count // _SAMPLED_PAGES)
        return usual_height(read_text(self._document[index]).words for index in range(0, self.page_count, step))


def _judged(page: Any, text: str) -> tuple[str, bool, bool]:
    """(reason why the text cannot be used, whether it is doubtful, whether that is because hidden text is bad)."""
    if is_garbled(text):
        return "page_garbled", False, False
    if not text.strip():
        return "page_needs_ocr" if need.has_ink(page.render(scale=1, grayscale=True).to_pil()) else "", False, False
    if need.is_short(text):
        return "", need.is_picture(page), False
    bad = need.is_no_language(text) and need.is_hidden(page) and need.is_picture(page)
    return "", bad, bad


def _open(source: Source) -> Any:
    import pypdfium2 as pdfium

    try:
        # PDFium reads a file on disk piece by piece; what lies inside another file is in memory already.
        return pdfium.PdfDocument(source if isinstance(source, Path) else source.read_bytes())
    except pdfium.PdfiumError as error:
        if error.err_code in {_PASSWORD, _SECURITY}:
            raise UnreadableFile("file_encrypted") from None
        raise UnreadableFile("file_damaged" if _is_whole(source) else "file_truncated") from None


def _is_whole(source: Source) -> bool:
    with source.open("rb") as file:
        file.seek(max(0, file.seek(0, SEEK_END) - _TAIL))
        return b"%%EOF" in file.read()


def _title(document: Any) -> str:
    return " ".join(str(document.get_metadata_value("Title") or "").split())[:400]


def _bookmark(item: Any) -> Bookmark | None:
    title = " ".join(item.get_title().replace("\x00", "").split())
    target = item.get_dest()
    index = target.get_index() if target else None
    if not title or index is None or index < 0:
        return None
    return Bookmark(page=index + 1, level=item.level + 1, title=title)
