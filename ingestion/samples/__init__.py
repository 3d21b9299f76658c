"""The sample library of a fictional company: manuscripts in content/, set as PDF, Word, PowerPoint, Excel and HTML.

Every text is our own. The files come out byte for byte the same each time, so taking them in twice changes nothing.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from ingestion.samples.manuscript import blocks_of

CONTENT = Path(__file__).parent / "content"


def build(folder: Path, *, font: Path) -> list[Path]:
    """Write the sample files to the folder and return them. `font` is a TrueType font with Japanese."""
    from ingestion.samples import excel, pdf, slides, word

    def manual(name: str) -> Callable[[Path], None]:
        return lambda target: pdf.write(blocks_of(_text(name)), target, font=font)

    makers: dict[str, Callable[[Path], None]] = {
        "AP-80 ポンプ保守マニュアル.pdf": manual("pump-manual.ja.md"),
        "AP-80 pump maintenance manual.pdf": manual("pump-manual.en.md"),
        "設備トラブル記録.xlsx": lambda target: excel.write(
            {"記録": CONTENT / "trouble-records.csv", "集計": CONTENT / "trouble-summary.csv"}, target
        ),
        "社内よくある質問集.docx": lambda target: word.write(blocks_of(_text("internal-faq.ja.md")), target),
        "構内安全教育.pptx": lambda target: slides.write(blocks_of(_text("safety-briefing.ja.md")), target),
        "WI-118 ストレーナー清掃手順.md": lambda target: _copy("strainer-cleaning.ja.md", target),
        "WI-204 air compressor start-up.html": lambda target: _copy("compressor-startup.en.html", target),
    }
    for name, make in makers.items():
        make(folder / name)
    return [folder / name for name in makers]


def _text(name: str) -> str:
    return (CONTENT / name).read_text(encoding="utf-8")


def _copy(name: str, target: Path) -> None:
    shutil.copyfile(CONTENT / name, target)
