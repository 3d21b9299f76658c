"""PNG, JPEG and TIFF: every picture of the file is a page without text, for OCR to read."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.parsing import OWN_PAGES, ParsedPage, UnreadableFile
from ingestion.parsing.ocr import need
from ingestion.parsing.source import Source

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_SIDE_PX = 4000
MAX_PAGES = 20_000
# 35,000 x 5,000 pixels; more is not a document.
_MAX_PIXELS = 175_000_000
_POINTS_PER_INCH = 72
# Cameras and screens write densities that mean nothing; without a believable one, the page is as long as A4.
_DENSITIES = range(100, 1201)
_LONGEST_POINTS = 842.0


class ImageReader:
    """An opened picture file."""

    def __init__(self, source: Source, filename: str) -> None:
        """Open the file. Raises UnreadableFile."""
        import PIL.Image

        PIL.Image.MAX_IMAGE_PIXELS = _MAX_PIXELS // 2  # Pillow refuses twice of this
        try:
            self._file = PIL.Image.open(source.open("rb"), formats=("PNG", "JPEG", "TIFF"))
            self.page_count = int(getattr(self._file, "n_frames", 1)) if self._file.format == "TIFF" else 1
        except PIL.Image.DecompressionBombError:
            raise UnreadableFile("file_bomb") from None
        except (OSError, ValueError, SyntaxError, EOFError):
            raise UnreadableFile("file_damaged") from None
        if self.page_count > MAX_PAGES:
            raise UnreadableFile("file_too_complex")
        self.title = Path(filename).stem
        self.layout = OWN_PAGES

    def page(self, number: int) -> ParsedPage:
        """The page's size; its text is left to OCR."""
        try:
            picture = self._upright(number)
        except UnreadableFile:
            return ParsedPage(number, "", 0, 0, reason="page_damaged")
        width, height = self._size(picture)
        return ParsedPage(number, "", width, height, reason="page_needs_ocr" if need.has_ink(picture) else "")

    def render(self, number: int, *, scale: float) -> bytes:
        """The page as PNG, `scale` pixels per point, no side longer than MAX_SIDE_PX."""
        target = BytesIO()
        self.picture(number, scale=scale).save(target, "PNG", compress_level=3)
        return target.getvalue()

    def picture(self, number: int, *, scale: float) -> "Image":
        """The same as a picture in memory. Raises UnreadableFile (page_unreadable)."""
        from PIL.Image import Resampling

        picture = self._upright(number)
        width, height = self._size(picture)
        scale = min(scale, MAX_SIDE_PX / max(width, height))
        return picture.resize((max(1, round(width * scale)), max(1, round(height * scale))), Resampling.LANCZOS)

    def close(self) -> None:
        """Release the file."""
        self._file.close()

    def _upright(self, number: int) -> "Image":
        """The picture turned as its camera says, transparency on white. Raises UnreadableFile (page_unreadable)."""
        import PIL.Image
        import PIL.ImageOps

        try:
            self._file.seek(number - 1)
            picture = PIL.ImageOps.exif_transpose(self._file)
            if picture.mode in {"I", "F"} or picture.mode.startswith("I;16"):
                return _eight_bits(picture)
            if not picture.has_transparency_data:
                return picture.convert("L" if picture.mode in {"1", "L"} else "RGB")
            drawn = picture.convert("RGBA")
            return PIL.Image.alpha_composite(PIL.Image.new("RGBA", drawn.size, "white"), drawn).convert("RGB")
        except (OSError, ValueError, SyntaxError, EOFError, PIL.Image.DecompressionBombError):
            raise UnreadableFile("page_unreadable") from None

    def _size(self, picture: "Image") -> tuple[float, float]:
        """Width and height in points."""
        longest = max(picture.size)
        density = self._file.info.get("dpi", (0, 0))[0]
        known = density and round(float(density)) in _DENSITIES
        scale = _POINTS_PER_INCH / float(density) if known else _LONGEST_POINTS / longest
        return picture.width * scale, picture.height * scale


def _eight_bits(picture: "Image") -> "Image":
    lowest, highest = picture.getextrema()
    span = max(float(highest) - float(lowest), 1.0)  # type: ignore[arg-type]  # one band: two numbers
    return picture.point(lambda value: (value - lowest) * (255 / span)).convert("L")
