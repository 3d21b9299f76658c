"""Pages as pictures: drawn once in the reading process, kept as PNG, highlighted on request; and small ones."""

import os
import uuid
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from django.conf import settings

from ingestion.errors import PageUnreadable
from ingestion.files import disk_full_named, file_there, font_path, pages_folder
from ingestion.models import Page
from ingestion.parsing import UnreadableFile

if TYPE_CHECKING:
    from PIL import Image

Box = tuple[float, float, float, float]
PIXELS_PER_POINT = 2.0
_LONGEST_SIDE = 4000
_YELLOW, _BLACK = (255, 233, 92), (34, 34, 34)
_PADDING_POINTS = 1.5
# In pixels. Text of a page is some three pixels high then: a thumbnail is recognised, not read.
THUMBNAIL_SIDE = 240
# Opening a file costs more than drawing a small page, so pages that are seen side by side are drawn together.
_DRAWN_TOGETHER = 12
_drawing = Lock()


def page_png(page: Page) -> bytes:
    """The page as PNG, from the kept pictures or drawn now. Raises PageUnreadable, FileMissing, DiskFull."""
    kept = pages_folder(page.revision_id) / f"{page.number}.png"
    try:
        return kept.read_bytes()
    except FileNotFoundError:
        drawn = _drawn(page)
    _keep(kept, drawn)
    return drawn


def thumbnail_png(page: Page) -> bytes:
    """The page as a PNG too small to read. Raises PageUnreadable, FileMissing, DiskFull."""
    kept = _thumbnail(page)
    with suppress(FileNotFoundError):
        return kept.read_bytes()
    with _drawing:  # one reading process at a time, however many small pictures a browser asks for at once
        if not kept.exists():
            _draw_thumbnails(page)
    return kept.read_bytes()


def covered(png: bytes, page: Page, boxes: Sequence[Box]) -> bytes:
    """The picture with these boxes painted over: what lies below them is not in it any more."""
    from PIL import Image

    picture = Image.open(BytesIO(png)).convert("RGB")
    scale_x, scale_y = picture.width / page.width, picture.height / page.height
    for box in boxes:
        picture.paste(_BLACK, _pixels(box, scale_x, scale_y, picture.size))
    return _as_png(picture)


def highlighted(png: bytes, page: Page, boxes: Sequence[Box]) -> bytes:
    """The picture with these boxes (points on the page) marked like a felt pen: the text stays readable."""
    from PIL import Image, ImageChops

    picture = Image.open(BytesIO(png)).convert("RGB")
    scale_x, scale_y = picture.width / page.width, picture.height / page.height
    for box in boxes:
        area = _pixels(box, scale_x, scale_y, picture.size)
        if area[0] < area[2] and area[1] < area[3]:
            part = picture.crop(area)
            picture.paste(ImageChops.multiply(part, Image.new("RGB", part.size, _YELLOW)), area)
    return _as_png(picture)


def _as_png(picture: "Image.Image") -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _drawn(page: Page) -> bytes:
    from ingestion.parsing.isolated import render_png

    path = file_there(page.revision)
    longest = max(page.width, page.height, 1.0)
    try:
        return render_png(
            path,
            page.revision.filename,
            page.number,
            scale=min(PIXELS_PER_POINT, _LONGEST_SIDE / longest),
            font=font_path(),
            memory_bytes=settings.PARSE_MEMORY_BYTES,
            timeout=settings.PARSE_TIMEOUT,
        )
    except UnreadableFile as error:
        raise PageUnreadable(reason=error.code) from error


def _draw_thumbnails(page: Page) -> None:
    """Draw the page, then those beside it that are not drawn yet."""
    from ingestion.parsing.isolated import IsolatedReader

    path = file_there(page.revision)
    try:
        with IsolatedReader(
            path,
            page.revision.filename,
            font=font_path(),
            memory_bytes=settings.PARSE_MEMORY_BYTES,
            timeout=settings.PARSE_TIMEOUT,
        ) as reader:
            for row in (page, *_beside(page)):
                _keep(_thumbnail(row), reader.render(row.number, scale=THUMBNAIL_SIDE / max(row.width, row.height)))
    except UnreadableFile as error:
        if not _thumbnail(page).exists():  # a page beside it says so itself, when it is asked for
            raise PageUnreadable(reason=error.code) from error


def _beside(page: Page) -> list[Page]:
    first = (page.number - 1) // _DRAWN_TOGETHER * _DRAWN_TOGETHER + 1
    rows = Page.objects.filter(revision=page.revision_id, width__gt=0, height__gt=0).only(
        "revision_id", "number", "width", "height"
    )
    near = rows.filter(number__range=(first, first + _DRAWN_TOGETHER - 1)).exclude(pk=page.pk).order_by("number")
    return [row for row in near if not _thumbnail(row).exists()]


def _thumbnail(page: Page) -> Path:
    return pages_folder(page.revision_id) / f"{page.number}.thumbnail.png"


def _keep(path: Path, png: bytes) -> None:
    with disk_full_named():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}-{uuid.uuid4().hex[:8]}.part")
        part.write_bytes(png)
        part.replace(path)


def _pixels(box: Box, scale_x: float, scale_y: float, size: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    return (
        max(0, round((left - _PADDING_POINTS) * scale_x)),
        max(0, round((top - _PADDING_POINTS) * scale_y)),
        min(size[0], round((right + _PADDING_POINTS) * scale_x)),
        min(size[1], round((bottom + _PADDING_POINTS) * scale_y)),
    )
