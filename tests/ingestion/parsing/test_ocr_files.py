"""Scans and pictures read in the reading process, within its limits, by real Tesseract."""

import io
import os
import time

import pytest
from PIL import Image

from ingestion.parsing import OWN_PAGES, ParsedPage
from ingestion.parsing.isolated import IsolatedReader
from ingestion.parsing.ocr import OcrLine, OcrOptions, OcrWord
from ingestion.parsing.ocr.engines import apt_line, engine_for
from ingestion.parsing.ocr.need import is_no_language
from ingestion.parsing.ocr.pages import OcrReader
from tests.fakes import ScriptedOcr
from tests.ingestion.parsing import samples
from tests.ingestion.parsing.printed import (
    JAPANESE,
    LINES,
    as_file,
    as_pdf,
    needs_tesseract,
    printed,
    printed_downwards,
)

TESSERACT = OcrOptions("tesseract")
LETTERS = "".join("".join(LINES).split())


@pytest.fixture
def opened(tmp_path, layout_font):
    readers = []

    def opener(data, filename="scan.pdf", *, ocr=TESSERACT, timeout=120, on_wait=lambda: None):
        path = tmp_path / f"stored-{len(readers)}"
        path.write_bytes(data)
        limits = {"memory_bytes": 4 * 1024**3, "timeout": timeout}
        readers.append(IsolatedReader(path, filename, font=layout_font, ocr=ocr, on_wait=on_wait, **limits))
        return readers[-1]

    yield opener
    for reader in readers:
        reader.close()


def _squeezed(page):
    return "".join(page.text.split())


def _place(page, text):
    start = page.text.index(text)
    return next(word for word in page.words if word.start <= start < word.end)


@needs_tesseract
def test_a_scanned_page_gets_its_text_a_flag_and_a_confidence(opened, layout_font):
    page = opened(as_pdf(printed(LINES, layout_font))).page(1)
    assert (_squeezed(page), page.ocr, page.confidence > 0.8) == (LETTERS, True, True)


@needs_tesseract
def test_the_box_of_a_scanned_word_lies_where_it_is_printed(opened, layout_font):
    word = _place(opened(as_pdf(printed(LINES, layout_font))).page(1), "Tighten")
    # Drawn at (120, 208) in pixels of 300 dpi, 54 high.
    assert (word.x0, word.y0, word.y1) == pytest.approx((120 * 0.24, 208 * 0.24, 275 * 0.24), abs=5)


@needs_tesseract
@pytest.mark.parametrize("degrees", [180, 270, 2.5])
def test_a_page_scanned_the_wrong_way_round_is_read(opened, layout_font, degrees):
    picture = printed(LINES, layout_font).rotate(degrees, expand=True, fillcolor=255)
    assert LETTERS in _squeezed(opened(as_pdf(picture)).page(1))


@needs_tesseract
def test_a_word_on_a_page_that_lies_on_its_side_is_marked_where_it_is(opened, layout_font):
    upright = printed(LINES, layout_font)
    page = opened(as_pdf(upright.rotate(90, expand=True))).page(1)
    word = _place(page, "Bearings")
    # x of the upright page runs upwards: 120 px from the bottom, 100 px from the left.
    assert (word.x0, word.y1) == pytest.approx((100 * 0.24, page.height - 120 * 0.24), abs=6)


@needs_tesseract
@pytest.mark.models
def test_vertical_japanese_is_read_from_top_to_bottom(opened, layout_font):
    picture = printed_downwards(JAPANESE, layout_font)
    assert "軸受温度は八十度以下とする" in _squeezed(opened(as_pdf(picture)).page(1))


@needs_tesseract
@pytest.mark.parametrize(("filename", "kind"), [("photo.jpg", "JPEG"), ("screen.png", "PNG"), ("fax.tif", "TIFF")])
def test_a_picture_file_is_a_document(opened, layout_font, filename, kind):
    data = as_file(printed(LINES, layout_font), kind=kind, dpi=(300, 300))
    assert _squeezed(opened(data, filename).page(1)) == LETTERS


def test_every_picture_of_a_tiff_is_a_page_of_its_own_size(opened, layout_font):
    pictures = printed(LINES, layout_font), printed(LINES, layout_font, size=(700, 1600))
    reader = opened(as_file(*pictures, dpi=(300, 300)), "fax.tif", ocr=None)
    assert [(page.width, page.height) for page in reader.pages()] == [(384, 168), (168, 384)]


def test_a_picture_without_a_believable_density_is_as_long_as_a4(opened, layout_font):
    page = opened(as_file(printed(LINES, layout_font), kind="PNG"), "screen.png", ocr=None).page(1)
    assert (page.width, page.height) == pytest.approx((842, 368.4), abs=0.1)


@pytest.mark.parametrize("mode", ["1", "P", "RGBA", "CMYK", "I;16", "LA"])
def test_pictures_of_every_depth_are_drawn_dark_on_light(opened, layout_font, mode):
    picture = printed(LINES, layout_font)
    made = (
        picture.convert("I").point(lambda value: value * 256).convert("I;16")
        if mode == "I;16"
        else picture.convert(mode)
    )
    drawn = Image.open(io.BytesIO(opened(as_file(made), "fax.tif", ocr=None).render(1, scale=1))).convert("L")
    assert (drawn.getpixel((1, 1)) > 200, drawn.getextrema()[0] < 120) == (True, True)


def test_a_photograph_stands_as_its_camera_was_held(opened, layout_font):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    data = as_file(printed(LINES, layout_font), kind="JPEG", dpi=(300, 300), exif=exif)
    page = opened(data, "photo.jpg", ocr=None).page(1)
    assert page.height > page.width


def test_without_an_engine_a_page_that_is_a_picture_says_what_it_needs(opened, layout_font):
    page = opened(as_pdf(printed(LINES, layout_font)), ocr=OcrOptions("off")).page(1)
    assert (page.text, page.reason) == ("", "page_needs_ocr")


def test_a_blank_page_needs_no_engine(opened):
    page = opened(as_pdf(Image.new("L", (800, 600), 255)), ocr=OcrOptions("off")).page(1)
    assert (page.text, page.reason, page.ocr) == ("", "", False)


def test_a_page_with_a_text_layer_is_never_given_to_ocr(tmp_path, layout_font):
    from ingestion.parsing.pdf import PdfReader

    path = tmp_path / "stored"
    path.write_bytes(samples.pdf())
    engine = ScriptedOcr([OcrLine((OcrWord("other", (0, 0, 9, 9), 1.0),))])
    reader = OcrReader(PdfReader(path), lambda: engine)
    assert ([reader.page(number).ocr for number in (1, 2)], engine.reads) == ([False, False], 0)


class _OnePage:
    """A reader whose only page is this one."""

    page_count, title, layout = 1, "", OWN_PAGES

    def __init__(self, page):
        self._page = page

    def page(self, number):
        return self._page

    def picture(self, number, *, scale):
        return Image.new("L", (600, 400), 0)


def _kept(layer, said, *, hidden, confidence=0.9):
    page = ParsedPage(1, layer, 144, 96, doubtful=True, hidden_text=hidden)
    engine = ScriptedOcr([OcrLine((OcrWord(said, (10, 10, 590, 60), confidence),))])
    return OcrReader(_OnePage(page), lambda: engine).page(1).text


def test_a_page_number_over_a_picture_gives_way_to_the_text_of_the_picture():
    assert _kept("12", "greased", hidden=False) == "greased"


def test_a_short_text_stays_where_the_picture_says_no_more():
    assert _kept("Chapter 3", "Chapter", hidden=False) == "Chapter 3"


def test_a_bad_hidden_layer_gives_way_to_what_is_read_surely():
    assert _kept("~l$ x] ;k", "greased", hidden=True) == "greased"


def test_a_bad_hidden_layer_stays_where_ocr_is_not_sure_either():
    assert _kept("~l$ x] ;k", "greased", hidden=True, confidence=0.5) == "~l$ x] ;k"


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("THE SIEGE OF VICKSBUEG. 49\nhowever, did not last long; it became too conspicuous and dangerous " * 3, False),
        ("軸受温度は80℃以下とする。吸込ストレーナーは毎月清掃する。", False),
        ("Part Quantity Torque\nBolt M8 4 45\nWasher 8 12.5\nSeal 2 7\n" * 4, False),
        ("MWANGin,S aVaI,Yah RRBN5 StuStn,B D#~ M7”A NN0DON5 aToW4NNSs ]{; |l1I qz$ x& 7tR_ " * 3, True),
    ],
    ids=["english with errors", "japanese", "a table", "japanese read as english"],
)
def test_only_a_hidden_text_that_is_no_language_is_doubted(text, bad):
    assert is_no_language(text) is bad


class _Stop(Exception):
    pass


@needs_tesseract
def test_whoever_stops_a_page_under_ocr_waits_less_than_two_seconds(opened, layout_font):
    picture = printed(LINES * 12, layout_font, size=(2480, 3508))
    begun = []

    def stop():
        if reader:
            begun.append(time.monotonic())
            raise _Stop

    reader = []
    reader.append(opened(as_pdf(picture), on_wait=stop))
    with pytest.raises(_Stop):
        reader[0].page(1)
    assert time.monotonic() - begun[0] < 2


@needs_tesseract
def test_a_page_that_takes_too_long_costs_no_other_page(opened, layout_font, monkeypatch):
    slow = printed(LINES * 12, layout_font, size=(2480, 3508))
    blank = Image.new("L", (600, 400), 255)
    reader = opened(as_pdf(blank, slow, blank))
    pages = reader.pages()
    next(pages)
    monkeypatch.setattr(reader, "_timeout", 0.4)
    second = next(pages)
    monkeypatch.setattr(reader, "_timeout", 60)
    assert (second.reason, next(pages).reason) == ("page_timeout", "")


def test_the_reading_process_goes_behind_people_who_wait(opened, layout_font):
    reader = opened(as_pdf(Image.new("L", (600, 400), 255)))
    pid = reader._child._process.pid
    assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)


def test_an_engine_that_is_switched_off_is_none():
    assert engine_for(OcrOptions("off")) is None


def test_the_line_that_installs_the_engine_names_the_languages():
    line = "apt-get install tesseract-ocr tesseract-ocr-jpn tesseract-ocr-jpn-vert"
    assert apt_line(OcrOptions()) == line
