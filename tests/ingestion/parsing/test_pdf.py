import io

import pytest

from ingestion.parsing.pdf import PdfReader
from ingestion.parsing.pdf_text import is_garbled
from tests.ingestion.parsing import samples


@pytest.fixture
def opened(tmp_path):
    readers = []

    def opener(data):
        path = tmp_path / f"stored-{len(readers)}"
        path.write_bytes(data)
        readers.append(PdfReader(path))
        return readers[-1]

    yield opener
    for reader in readers:
        reader.close()


def _page_of(*lines, size=10, leading=14, right=None):
    """A page of these lines; (x, text) places a line, its y goes down by `leading`."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    canvas.setFont("HeiseiKakuGo-W5", size)
    for number, (x, text) in enumerate(lines):
        canvas.drawString(x, 700 - leading * number, text)
    canvas.save()
    return target.getvalue()


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_boxes_follow_the_rotation_of_the_page(opened, rotate):
    from PIL import Image

    reader = opened(samples.pdf(1, rotate=rotate))
    page = reader.page(1)
    picture = Image.open(io.BytesIO(reader.render(1, scale=2))).convert("L")
    shown = [w for w in page.words if page.text[w.start : w.end].isalnum()]
    # What lies beside the picture would be cut out of it as black.
    there = [w for w in shown if w.x0 >= 0 and w.y0 >= 0 and w.x1 * 2 <= picture.width and w.y1 * 2 <= picture.height]
    inked = [w for w in there if picture.crop([round(v * 2) for v in (w.x0, w.y0, w.x1, w.y1)]).getextrema()[0] < 160]
    assert len(inked) == len(shown) > 5


def test_a_wrapped_japanese_line_is_joined_without_a_blank(opened):
    line = "この章では冷却水ポンプの日常点検と定期点検の手順について説明し"
    page = opened(_page_of((72, line), (72, "ます。"))).page(1)
    assert page.text == line + "ます。"


def test_a_wrapped_english_line_is_joined_with_a_blank(opened):
    line = "This chapter describes the daily and the periodic inspection of all cooling water"
    page = opened(_page_of((72, line), (72, "pumps."))).page(1)
    assert page.text == f"{line} pumps."


def test_a_list_keeps_its_lines(opened):
    page = opened(_page_of((72, "・冷却水ポンプの軸受温度を測定して記録する"), (72, "・振動値を測定する"))).page(1)
    assert page.text.count("\n") == 1


def test_columns_of_a_table_row_keep_a_blank_between_them(opened):
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    _page_of()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    canvas.setFont("HeiseiKakuGo-W5", 10)
    canvas.drawString(72, 700, "吸込圧力")
    canvas.drawString(200, 700, "吐出圧力")
    canvas.save()
    assert opened(target.getvalue()).page(1).text == "吸込圧力 吐出圧力"


def test_leader_dots_of_a_table_of_contents_become_one_mark(opened):
    page = opened(_page_of((72, "1.1 点検 . . . . . . . . . . . . . . . . . . . . 12"))).page(1)
    assert page.text == "1.1 点検 … 12"


def test_a_heading_is_placed_on_its_own_line_not_on_words_that_say_the_same(opened):
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    canvas.drawString(72, 700, "See the account register below.")
    canvas.drawString(72, 600, "3.2 The Account Register")
    canvas.bookmarkPage("here")
    canvas.addOutlineEntry("The Account Register", "here", level=0)
    canvas.save()
    page = opened(target.getvalue()).page(1)
    assert page.text[page.headings[0].start :] == "3.2 The Account Register"


def test_without_an_outline_larger_lines_are_headings(opened):
    page = opened(samples.pdf(1, outline=False)).page(1)
    assert [heading.text.replace(" ", "") for heading in page.headings] == [samples.HEADING.replace(" ", "")]


@pytest.mark.parametrize("text", ["\ue001\ue002\ue003 abc", "\x01\x02\x03\x04\x05x", "\ufffd\ufffd\ufffdあ"])
def test_glyph_numbers_are_not_taken_for_text(text):
    assert is_garbled(text)


@pytest.mark.parametrize("text", ["", "ポンプの点検 80℃", "Ω ≥ 5 µm ①②③ 𠮷野家"])
def test_symbols_and_rare_kanji_are_text(text):
    assert not is_garbled(text)
