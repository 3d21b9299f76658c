"""Tesseract as a program: the picture goes in by its input, words with boxes and confidence come out as TSV."""

import csv
import re
import shutil
import subprocess
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from ingestion.parsing.ocr import DOTS_PER_INCH, OcrLine, OcrWord

if TYPE_CHECKING:
    from PIL.Image import Image

_FOLDERS = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"
# Its own threads take five times the wall time (docs/decisions/0010-ocr.md).
_ENVIRONMENT = {"OMP_THREAD_LIMIT": "1", "LANG": "C.UTF-8", "PATH": _FOLDERS}
_LAYOUT, _ONE_VERTICAL_BLOCK, _ORIENTATION_ONLY = "3", "5", "0"
_VERTICAL = "jpn_vert"
_WORD_ROW = "5"
_TURN = re.compile(r"^Rotate: (90|180|270)$", re.MULTILINE)


@lru_cache(maxsize=1)
def languages_here() -> frozenset[str]:
    """The languages that are installed; none where Tesseract is not."""
    program = shutil.which("tesseract", path=_FOLDERS)
    if program is None:
        return frozenset()
    said = subprocess.run(  # noqa: S603 - a fixed program with fixed arguments
        [program, "--list-langs"], capture_output=True, text=True, env=_ENVIRONMENT, check=False
    )
    return frozenset(said.stdout.split("\n")[1:]) - {""}


class Tesseract:
    """Reads with the languages given, as in `jpn+eng`; vertical Japanese where `jpn_vert` is installed too."""

    name = "tesseract"

    def __init__(self, languages: str) -> None:
        """Nothing starts yet: the program runs once for each picture."""
        self._languages = languages
        self._vertical = _VERTICAL if "jpn" in languages.split("+") and _VERTICAL in languages_here() else ""

    def read(self, picture: "Image") -> list[OcrLine]:
        """The lines, columns one after the other."""
        return _lines(_ran(picture, "-l", self._languages, "--psm", _LAYOUT, "tsv"), vertical=False)

    def read_vertical(self, picture: "Image") -> list[OcrLine]:
        """The columns of vertical text from right to left."""
        if not self._vertical:
            return []
        return _lines(_ran(picture, "-l", self._vertical, "--psm", _ONE_VERTICAL_BLOCK, "tsv"), vertical=True)

    def turns(self, picture: "Image") -> tuple[int, ...]:
        """What its script and orientation detection says."""
        if "osd" not in languages_here():
            return (90, 180, 270)
        found = _TURN.search(_ran(picture, "--psm", _ORIENTATION_ONLY))
        return (int(found[1]),) if found else ()


def _ran(picture: "Image", *arguments: str) -> str:
    """What Tesseract prints; "" where it refuses the picture (too small, nothing on it). Raises MemoryError."""
    program = shutil.which("tesseract", path=_FOLDERS) or "tesseract"
    with subprocess.Popen(  # noqa: S603 - no shell; languages are letters by OCR_LANGUAGES' pattern
        [program, "stdin", "stdout", "--dpi", str(DOTS_PER_INCH), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
    ) as process:
        said, _ = process.communicate(_as_pgm(picture))
    if process.returncode < 0:  # killed or aborted: it needed more memory than the reading process may use
        raise MemoryError
    return said.decode("utf-8", "replace")


def _as_pgm(picture: "Image") -> bytes:
    # The plainest format there is: nothing to compress here and to decompress there.
    grey = picture.convert("L")
    return b"P5 %d %d 255\n" % grey.size + grey.tobytes()


def _lines(tsv: str, *, vertical: bool) -> list[OcrLine]:
    rows = csv.DictReader(tsv.split("\n"), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [row for row in rows if row["level"] == _WORD_ROW and (row["text"] or "").strip()]
    lines = groupby(words, key=lambda row: (row["block_num"], row["par_num"], row["line_num"]))
    return [OcrLine(tuple(_word(row) for row in line), vertical) for _, line in lines]


def _word(row: dict[str, str]) -> OcrWord:
    left, top, width, height = (float(row[name]) for name in ("left", "top", "width", "height"))
    box = (left, top, left + width, top + height)
    return OcrWord("".join(row["text"].split()), box, max(0.0, float(row["conf"])) / 100)
