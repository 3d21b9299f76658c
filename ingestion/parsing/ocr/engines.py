"""Which engines this machine has. Tesseract comes from Debian, rapidocr (with its models) from a wheel."""

from importlib.util import find_spec

from ingestion.parsing.ocr import OcrEngine, OcrOptions
from ingestion.parsing.ocr.tesseract import Tesseract, languages_here


def engine_for(options: OcrOptions) -> OcrEngine | None:
    """The engine of that name, or by `auto` the best that is here; None where there is none or OCR is off."""
    tesseract = None if missing_languages(options) else Tesseract(options.languages)
    if options.engine in {"auto", "rapidocr"} and find_spec("rapidocr"):
        from ingestion.parsing.ocr.rapid import Rapid

        return Rapid(helper=tesseract)
    return tesseract if options.engine in {"auto", "tesseract"} else None


def missing_languages(options: OcrOptions) -> tuple[str, ...]:
    """The languages of the options that Tesseract lacks here; all of them where it is not installed."""
    here = languages_here()
    return tuple(language for language in options.languages.split("+") if language not in here)


def apt_line(options: OcrOptions) -> str:
    """The command that installs Tesseract with these languages on Debian or Ubuntu."""
    languages = [language for language in options.languages.split("+") if language != "eng"]
    vertical = ["jpn_vert"] if "jpn" in languages else []
    names = (f"tesseract-ocr-{language.replace('_', '-')}" for language in (*languages, *vertical))
    return " ".join(("apt-get install tesseract-ocr", *names))
