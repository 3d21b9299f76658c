"""Every OCR engine, and the fake, keeps the same promises (`ingestion.parsing.ocr.OcrEngine`)."""

import functools
from importlib.util import find_spec

import pytest
from PIL import Image

from ingestion.parsing.ocr import OcrLine, OcrOptions, OcrWord
from ingestion.parsing.ocr.engines import engine_for
from tests.fakes import ScriptedOcr
from tests.ingestion.parsing.printed import JAPANESE, LINES, needs_tesseract, printed

needs_rapidocr = pytest.mark.skipif(find_spec("rapidocr") is None, reason="make setup")
ENGINES = [
    pytest.param("tesseract", marks=needs_tesseract),
    pytest.param("rapidocr", marks=needs_rapidocr),
    "scripted",
]


def _scripted():
    words = [
        [
            OcrWord(text, (120 + 90 * place, 100 + 108 * row, 190 + 90 * place, 154 + 108 * row), 0.9)
            for place, text in enumerate(line.split())
        ]
        for row, line in enumerate(LINES)
    ]
    return ScriptedOcr([OcrLine(tuple(line)) for line in words])


@functools.cache
def _engine(name):
    return _scripted() if name == "scripted" else engine_for(OcrOptions(engine=name))


@pytest.fixture(params=ENGINES)
def engine(request):
    return _engine(request.param)


@pytest.fixture
def picture(layout_font):
    return printed(LINES, layout_font)


@functools.cache
def _read(name, data, size):
    return _engine(name).read(Image.frombytes("L", size, data))


@pytest.fixture
def lines(engine, picture):
    return _read(engine.name, picture.tobytes(), picture.size)


def test_the_print_is_read_in_order(lines):
    text = "".join(word.text for line in lines for word in line.words)
    assert text == "".join("".join(LINES).split())


def test_a_printed_line_is_a_line(lines):
    assert len(lines) == len(LINES)


def test_no_word_is_empty_or_holds_a_blank(lines):
    assert [word.text for line in lines for word in line.words if word.text.split() != [word.text]] == []


def test_boxes_lie_on_the_picture_and_have_a_size(lines, picture):
    boxes = [word.box for line in lines for word in line.words]
    assert all(0 <= x0 < x1 <= picture.width and 0 <= y0 < y1 <= picture.height for x0, y0, x1, y1 in boxes)


def test_confidence_is_a_share(lines):
    assert all(0 <= word.confidence <= 1 for line in lines for word in line.words)


def test_good_print_is_read_surely(lines):
    assert min(word.confidence for line in lines for word in line.words) > 0.6


def test_a_blank_picture_gives_nothing(engine):
    assert engine.read(Image.new("L", (600, 400), 255)) == []


def test_turns_are_quarters(engine, picture):
    assert set(engine.turns(picture)) <= {90, 180, 270}


@pytest.mark.models  # the font with Japanese in it is fetched with them
@pytest.mark.parametrize("name", ENGINES[:2])
def test_japanese_is_read(name, layout_font):
    found = _engine(name).read(printed(JAPANESE, layout_font))
    assert "".join(word.text for line in found for word in line.words) == "".join(JAPANESE)
