import datetime as dt
import io

import pytest

from ingestion.parsing import open_file


@pytest.fixture
def read(tmp_path, layout_font):
    def reading(filename, data):
        path = tmp_path / "stored"
        path.write_bytes(data if isinstance(data, bytes) else _saved(data))
        reader = open_file(path, filename, font=layout_font)
        return [reader.page(number) for number in range(1, reader.page_count + 1)]

    return reading


def _saved(document):
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


@pytest.fixture
def document():
    import docx

    return docx.Document()


@pytest.fixture
def book():
    import openpyxl

    return openpyxl.Workbook()


def test_numbered_steps_keep_their_numbers(read, document):
    for step in ("バルブを開く", "起動する"):
        document.add_paragraph(step, style="List Number")
    assert read("a.docx", document)[0].text == "1. バルブを開く\n2. 起動する"


def test_a_page_break_starts_a_page(read, document):
    document.add_paragraph("前")
    document.add_page_break()
    document.add_paragraph("後")
    assert [page.text for page in read("a.docx", document)] == ["前", "後"]


def test_a_cell_merged_downwards_is_said_in_every_row(read, document):
    table = document.add_table(3, 2)
    for row, cells in enumerate([["機器", "部品"], ["P-101", "軸受"], ["", "シール"]]):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    assert "機器: P-101 / 部品: シール" in read("a.docx", document)[0].text


def test_deleted_text_is_left_out_and_inserted_text_kept(read, document):
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    paragraph = document.add_paragraph("基準値は")
    for kind, text in (("del", "<w:delText>70</w:delText>"), ("ins", "<w:t>80</w:t>")):
        paragraph._p.append(parse_xml(f'<w:{kind} {nsdecls("w")} w:id="1" w:author="a"><w:r>{text}</w:r></w:{kind}>'))
    assert read("a.docx", document)[0].text == "基準値は80"


def test_values_of_a_sheet_read_as_they_are_shown(read, book):
    sheet = book.active
    sheet.append(["発生日", "停止時間", "率"])
    sheet.append([dt.date(2026, 11, 1), 1234.5, 0.125])
    sheet["B2"].number_format, sheet["C2"].number_format = '#,##0.0" h"', "0.0%"
    assert "発生日: 2026-11-01 / 停止時間: 1,234.5 h / 率: 12.5%" in read("a.xlsx", book)[0].text


def test_a_merged_cell_of_a_sheet_is_said_in_every_row(read, book):
    for row in (["機器", "部品"], ["P-101", "軸受"], [None, "シール"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    assert "機器: P-101 / 部品: シール" in read("a.xlsx", book)[0].text


def test_a_hidden_sheet_says_so(read, book):
    book.active.append(["a", "b"])
    hidden = book.create_sheet("裏")
    hidden.append(["c", "d"])
    hidden.sheet_state = "hidden"
    assert [page.label for page in read("a.xlsx", book)] == ["Sheet", "裏 (hidden)"]


def test_a_sheet_formatted_to_its_last_cell_is_read_at_once(read, book):
    from openpyxl.styles import Font

    book.active["A1"] = "値"
    book.active["XFD1048576"].font = Font(bold=True)
    assert read("a.xlsx", book)[0].text.endswith("値")


def test_a_long_sheet_goes_on_under_the_same_label(read, book):
    for number in range(200):
        book.active.append([f"P-{number}", "点検済み"])
    pages = read("a.xlsx", book)
    assert {page.label for page in pages} == {"Sheet"}
    assert len(pages) > 2


def test_a_full_slide_stays_one_page(read):
    import pptx

    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "安全教育"
    slide.placeholders[1].text = "\n".join(f"{number}番目の注意事項" for number in range(30))
    assert len(read("a.pptx", deck)) == 1


def test_notes_of_a_slide_are_read(read):
    import pptx

    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.notes_slide.notes_text_frame.text = "話す人のための注意"
    assert "話す人のための注意" in read("a.pptx", deck)[0].text


def test_a_page_leaves_out_scripts_and_menus(read):
    unseen = b"<nav>MENU</nav><script>BAD()</script><style>BAD{}</style><p hidden>BAD</p>"
    page = b"<html><body>" + unseen + b"<p>Good.</p></body></html>"
    assert read("a.html", page)[0].text == "Good."


def test_readings_above_kanji_are_no_part_of_the_words(read):
    page = "<html><body><p><ruby>軸<rp>(</rp><rt>じく</rt><rp>)</rp>受<rt>うけ</rt></ruby>を点検</p></body></html>"
    assert read("a.html", page.encode())[0].text == "軸受を点検"


def test_an_entity_bomb_or_a_local_file_is_not_resolved(read):
    page = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>A &x; B</p></body></html>'
    assert "root:" not in read("a.html", page)[0].text


def test_cells_over_several_rows_and_columns_are_said_in_each(read):
    page = (
        "<html><body><table><tr><th>機器</th><th>部品</th><th>周期</th></tr><tr><td rowspan=2>P-101</td><td>軸受</td>"
        "<td>毎月</td></tr><tr><td colspan=2>シール</td></tr></table></body></html>"
    ).encode()
    assert "機器: P-101 / 部品: シール / 周期: シール" in read("a.html", page)[0].text


def test_nested_lists_of_markdown_keep_order_and_marks(read):
    assert read("a.md", "1. 開く\n   - 注意\n2. 起動\n".encode())[0].text == "1. 開く\n• 注意\n2. 起動"


def test_hard_wrapped_lines_of_a_text_are_joined(read):
    text = "この章では冷却水ポンプの日常点検と定期点検の手順について説明し\nます。\n\n次の段落。\n"
    assert read("a.txt", text.encode())[0].text.split("\n\n")[0].endswith("説明します。")


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found_out(read, delimiter):
    data = "\n".join(delimiter.join(row) for row in [["機器", "値"], ["P-101", "1,234" if delimiter != "," else "1"]])
    assert "機器: P-101 / 値: 1" in read("a.csv", data.encode())[0].text
