"""How a page's picture is straightened, read, and read another way where it made no sense."""

import pytest
from PIL import Image, ImageDraw

from ingestion.parsing.ocr import OcrLine, OcrWord
from ingestion.parsing.ocr.layout import compose_lines, without_noise
from ingestion.parsing.ocr.order import in_reading_order
from ingestion.parsing.ocr.rapid import _line
from ingestion.parsing.ocr.recognise import recognise
from ingestion.parsing.ocr.straight import skew_of, turned
from tests.fakes import ScriptedOcr

INKED = Image.new("L", (800, 600), 255)
ImageDraw.Draw(INKED).rectangle((100, 100, 180, 130), fill=0)


def line(*texts, left=100, top=100, height=30, confidence=0.9, gap=10, vertical=False):
    words, at = [], left
    for text in texts:
        words.append(OcrWord(text, (at, top, at + 20 * len(text), top + height), confidence))
        at += 20 * len(text) + gap
    return OcrLine(tuple(words), vertical)


def test_words_of_a_latin_line_stand_apart():
    assert compose_lines([line("Oil", "the", "pump.")]).text == "Oil the pump."


def test_no_blank_stands_between_japanese_words():
    assert compose_lines([line("軸受", "温度", "は")]).text == "軸受温度は"


def test_no_blank_is_made_up_where_only_the_script_changes():
    assert compose_lines([line("温度は", "80", "度", gap=2)]).text == "温度は80度"


def test_a_paragraph_is_joined_over_its_lines():
    lines = [line("この", "ポンプの", "軸受は毎月", "注油して"), line("ください。", top=140)]
    assert compose_lines(lines).text == "このポンプの軸受は毎月注油してください。"


def test_a_word_broken_at_the_lines_end_is_whole_again():
    lines = [line("Tighten", "the", "cover", "bolts", "imme-"), line("diately.", top=140)]
    assert compose_lines(lines).text == "Tighten the cover bolts immediately."


def test_every_character_has_a_box_as_high_as_its_line():
    found = compose_lines([OcrLine((OcrWord("on", (0, 8, 40, 30), 0.9), OcrWord("Top", (50, 0, 110, 30), 0.9)))])
    assert [(word.y0, word.y1) for word in found.words] == [(0, 30), (0, 30)]


def test_letters_that_rapidocr_gives_one_by_one_become_the_words_of_the_line():
    parts = [(char, 0.99, [[x, 0], [x + 9, 0], [x + 9, 20], [x, 20]]) for x, char in enumerate("P-101を開く")]
    words = _line("P-101 を開く", parts).words
    assert [(word.text, word.box[0], word.box[2]) for word in words] == [("P-101", 0, 13), ("を開く", 5, 16)]


def test_specks_are_no_words():
    assert without_noise([line("|", "~", confidence=0.2)]) == []


def test_columns_are_read_one_after_the_other():
    rows = [(left, top) for top in range(100, 400, 40) for left in (100, 700)]
    lines = [line("column", "of", "text", "here", "so", left=left, top=top) for left, top in rows]
    assert [one.words[0].box[0] for one in in_reading_order(lines)] == [100] * 8 + [700] * 8


def test_vertical_lines_are_read_from_right_to_left():
    lines = [OcrLine((OcrWord("縦書きの行", (left, 100, left + 30, 300), 0.9),), True) for left in (100, 300, 200)]
    assert [one.words[0].box[0] for one in in_reading_order(lines)] == [300, 200, 100]


@pytest.mark.parametrize("degrees", [90, 180, 270, 2.5])
def test_a_box_on_the_turned_picture_comes_back_to_where_it_was(degrees):
    on = turned(INKED, degrees)
    dark = on.picture.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert on.back(dark) == pytest.approx((100, 100, 181, 131), abs=6)


@pytest.mark.parametrize("degrees", [-3.0, -0.8, 0.0, 1.5])
def test_a_skewed_page_is_measured(degrees):
    page = Image.new("L", (1240, 1754), 255)
    for y in range(200, 1500, 40):
        ImageDraw.Draw(page).rectangle((150, y, 1050, y + 14), fill=0)
    skewed = page.rotate(degrees, fillcolor=255, resample=Image.Resampling.BICUBIC)
    assert skew_of(skewed) == pytest.approx(degrees, abs=0.2)


def test_confidence_is_the_mean_over_characters():
    engine = ScriptedOcr([line("sure", confidence=0.9), line("un", top=140, confidence=0.6)])
    assert recognise(INKED, engine).confidence == pytest.approx(0.8)


def test_a_page_that_makes_sense_is_read_once():
    engine = ScriptedOcr([line("sure")], turns=(90,))
    recognise(INKED, engine)
    assert engine.reads == 1


def test_a_page_on_its_side_is_turned():
    engine = ScriptedOcr([line("x7%", confidence=0.2)], upright={(600, 800): [line("upright")]}, turns=(90,))
    assert recognise(INKED, engine).text == "upright"


def test_boxes_of_a_turned_page_lie_on_the_page_as_it_is():
    engine = ScriptedOcr([], upright={(600, 800): [line("up", left=470, top=100, height=80)]}, turns=(90,))
    (word,) = recognise(INKED, engine).words
    assert (word.x0, word.y0, word.x1, word.y1) == pytest.approx((100, 90, 180, 130), abs=2)


def test_vertical_text_is_read_where_horizontal_makes_no_sense():
    engine = ScriptedOcr([line("x7%", confidence=0.2)], vertical=[line("縦書き", vertical=True)])
    assert recognise(INKED, engine).text == "縦書き"


def test_what_cannot_be_told_from_noise_is_no_text():
    found = recognise(INKED, ScriptedOcr([line("Xq9z", confidence=0.25)]))
    assert (found.text, found.words, found.confidence) == ("", (), pytest.approx(0.25))
