"""Pages per second with text, words and boxes, against pypdfium2 alone (text, and a box per character) in the same run.

python -m benchmarks.reading FILE.pdf …
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.harness import debian_guide

GOAL = 0.60
_PAGES = 150


def main() -> None:
    """Print one line per file and the whole; exit 1 below the goal."""
    files = [Path(name) for name in sys.argv[1:]] or [debian_guide()]
    ours = raw = pages = 0.0
    for file in files:
        # Raw, ours, raw, ours: a slow moment of the machine falls on both.
        raw_seconds = _timed(_raw, file) + _timed(_raw, file)
        our_seconds = _timed(_ours, file) + _timed(_ours, file)
        count = 2 * _count(file)
        print(_line(file.name, count, our_seconds, raw_seconds))
        ours, raw, pages = ours + our_seconds, raw + raw_seconds, pages + count
    print(_line("all", pages, ours, raw))
    sys.exit(0 if raw / ours >= GOAL else 1)


def _line(name: str, pages: float, ours: float, raw: float) -> str:
    share = f"{raw / ours:.0%} of raw (goal {GOAL:.0%})"
    return f"{name:36} {pages / ours:7.1f} pages/s with words, raw {pages / raw:7.1f} pages/s, {share}"


def _timed(work: Callable[[Path], None], file: Path) -> float:
    started = time.process_time()
    work(file)
    return time.process_time() - started


def _count(file: Path) -> int:
    import pypdfium2

    return min(_PAGES, len(pypdfium2.PdfDocument(file)))


def _raw(file: Path) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    for index in range(min(_PAGES, len(document))):
        layer = document[index].get_textpage()
        layer.get_text_range()
        for character in range(layer.count_chars()):
            layer.get_charbox(character)


def _ours(file: Path) -> None:
    from ingestion.parsing.pdf import PdfReader

    reader = PdfReader(file)
    for number in range(1, min(_PAGES, reader.page_count) + 1):
        reader.page(number)
    reader.close()


if __name__ == "__main__":
    main()
