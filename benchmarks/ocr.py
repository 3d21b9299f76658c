"""Real pages drawn, spoilt like a scan, and read by each engine: what share of their characters is wrong, and how fast.

    python -m benchmarks.ocr [--pages 4] [--engine tesseract]

The truth is the text layer of manuals that Debian ships; blanks, and kinds of quotation marks and dashes, do not count.
Pages with tables, pictures or a table of contents are left out: there the two say different things by right.
"""

import argparse
import gzip
import io
import resource
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.parsing.ocr import OcrEngine, OcrOptions
from ingestion.parsing.ocr.engines import engine_for
from ingestion.parsing.ocr.recognise import recognise

_SHARE = Path("/usr/share")
MANUALS = {
    "ja": (
        _SHARE / "debian-reference/debian-reference.ja.pdf",
        _SHARE / "doc/installation-guide-amd64/ja/install.ja.pdf.gz",
    ),
    "en": (
        _SHARE / "debian-reference/debian-reference.en.pdf",
        _SHARE / "doc/installation-guide-amd64/en/install.en.pdf.gz",
    ),
}
_DPI = 300
_LEAST_CHARACTERS = 700
_SKIPPED_PAGES = 15
_MARKS = str.maketrans(
    {**dict.fromkeys("“”„″", '"'), **dict.fromkeys("‘’`´", "'"), **dict.fromkeys("‐‑–—−\u00ad\x02\ufffe", "-")}
)


@dataclass
class Score:
    """Wrong characters, characters, and seconds over the pages of one line of the table."""

    wrong: int = 0
    characters: int = 0
    seconds: float = 0.0
    pages: int = 0
    confidence: float = 0.0


def main() -> None:
    """Print a table: a line per engine, language and look."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--pages", type=int, default=4, help="of each language")
    arguments.add_argument("--engine", action="append", choices=["tesseract", "rapidocr"])
    arguments.add_argument("--language", action="append", choices=list(MANUALS))
    given = arguments.parse_args()
    print("| engine | language | picture | wrong | confidence | CPU s/page | pages |\n|---|---|---|---|---|---|---|")
    for name in given.engine or ["tesseract", "rapidocr"]:
        engine = engine_for(OcrOptions(engine=name))
        if engine is None:
            raise SystemExit(f"{name} is not installed.")
        for language in given.language or MANUALS:
            some = list(pages(language, given.pages))
            for look, spoil in LOOKS.items():
                print(_row(engine, language, look, measured(engine, some, spoil)), flush=True)


def pages(language: str, count: int) -> Iterator[tuple[Any, str]]:
    """Opened pypdfium2 pages of the language's manuals, far from one another, with their text."""
    import pypdfium2

    manuals = [path for path in MANUALS[language] if path.exists()]
    if not manuals:
        raise SystemExit("apt-get install debian-reference-ja debian-reference-en installation-guide-amd64")
    for path in manuals:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        document = pypdfium2.PdfDocument(data)
        share = count // len(manuals)
        step = (len(document) - _SKIPPED_PAGES) // share
        for start in range(_SKIPPED_PAGES, _SKIPPED_PAGES + step * share, step):
            yield next((page, text) for page, text in map(_page, _from(document, start)) if _is_plain(page, text))


def measured(engine: OcrEngine, some: list[tuple[Any, str]], spoil: Callable[[Any], Any]) -> Score:
    """Draw, spoil and read each page as the product does."""
    score = Score()
    for page, truth in some:
        picture = spoil(page)
        begun = _processor_seconds()
        found = recognise(picture, engine)
        score.seconds += _processor_seconds() - begun
        score.wrong += distance(squeezed(truth), squeezed(found.text))
        score.characters += len(squeezed(truth))
        score.confidence += found.confidence
        score.pages += 1
    return score


def drawn(page: Any, dpi: int) -> Any:
    """The page in grey at this resolution, then at the one that the product draws scans with."""
    picture = page.render(scale=dpi / 72, grayscale=True).to_pil()
    return picture.resize(tuple(round(side * _DPI / dpi) for side in picture.size))


def scanned(page: Any, dpi: int) -> Any:
    """The same, turned by 0.8 degrees, with noise, as JPEG of quality 45."""
    import numpy as np
    from PIL import Image

    picture = page.render(scale=dpi / 72, grayscale=True).to_pil()
    picture = picture.rotate(0.8, resample=Image.Resampling.BICUBIC, fillcolor=255)
    noise = np.random.default_rng(7).normal(0, 12, (picture.height, picture.width))
    noisy = Image.fromarray(np.clip(np.asarray(picture) * 0.9 + 20 + noise, 0, 255).astype(np.uint8))
    target = io.BytesIO()
    noisy.save(target, "JPEG", quality=45)
    spoilt = Image.open(target).convert("L")
    return spoilt.resize(tuple(round(side * _DPI / dpi) for side in spoilt.size))


LOOKS: dict[str, Callable[[Any], Any]] = {
    "300 dpi": lambda page: drawn(page, 300),
    "200 dpi": lambda page: drawn(page, 200),
    "300 dpi, scanned": lambda page: scanned(page, 300),
    "200 dpi, scanned": lambda page: scanned(page, 200),
}


def squeezed(text: str) -> str:
    """Text as it is compared: without blanks and dashes, one kind of quotation marks."""
    return "".join(unicodedata.normalize("NFKC", text.translate(_MARKS)).split()).replace("-", "")


def distance(one: str, other: str) -> int:
    """The fewest characters to insert, delete or replace (Levenshtein, by Myers' bit vectors)."""
    places: dict[str, int] = {}
    for index, char in enumerate(one):
        places[char] = places.get(char, 0) | 1 << index
    every, last, count = (1 << len(one)) - 1, 1 << (len(one) - 1), len(one)
    more, less = every, 0
    for char in other:
        same = places.get(char, 0)
        across = (((same & more) + more) ^ more) | same
        up, down = less | ~(across | more) & every, more & across
        count += bool(up & last) - bool(down & last)
        up, down = (up << 1 | 1) & every, (down << 1) & every
        more, less = down | ~(same | less | up) & every, up & (same | less)
    return count


def _from(document: Any, start: int) -> Iterator[Any]:
    for number in range(start, len(document)):
        yield document[number]


def _page(page: Any) -> tuple[Any, str]:
    return page, str(page.get_textpage().get_text_range())


def _is_plain(page: Any, text: str) -> bool:
    import pypdfium2.raw as pdfium_c

    from ingestion.parsing.pdf_lines import LEADER
    from ingestion.parsing.pdf_text import read_text

    pictures = list(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=2))
    odd = pictures or LEADER.search(text) or "\n\n" in read_text(page).text
    return len("".join(text.split())) > _LEAST_CHARACTERS and not odd


def _processor_seconds() -> float:
    """Of this process and of programs that it started and that ended: other work on the machine does not count."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _row(engine: OcrEngine, language: str, look: str, score: Score) -> str:
    wrong, pages = score.wrong / score.characters, score.pages
    figures = f"{wrong:.1%} | {score.confidence / pages:.3f} | {score.seconds / pages:.1f} | {pages}"
    return f"| {engine.name} | {language} | {look} | {figures} |"


if __name__ == "__main__":
    main()
