"""ODT, ODS and ODP: what each holds, and in which order it is read."""

import pytest

from ingestion.parsing import UnreadableFile, open_file
from tests.ingestion.parsing.packages import COVERED, SPACES, cell, frame, odf, paragraph, table


@pytest.fixture
def opened(tmp_path, layout_font):
    def opening(data, filename="a.odt"):
        path = tmp_path / "stored"
        path.write_bytes(data)
        return open_file(path, filename, font=layout_font)

    return opening


@pytest.fixture
def read(opened):
    def reading(data):
        reader = opened(data)
        return [reader.page(number) for number in range(1, reader.page_count + 1)]

    return reading


@pytest.fixture
def text(read):
    """The text of the first page of an ODT with this body."""
    return lambda body, **more: read(odf("text", body, **more))[0].text


@pytest.fixture
def sheet(read):
    """The text of the page of a sheet with these rows, below its name."""
    return lambda rows: read(odf("spreadsheet", table(rows, name="表")))[0].text.partition("\n\n")[2]


@pytest.fixture
def slides(read):
    return lambda *pages, **more: read(odf("presentation", "".join(pages), **more))


def note(citation, said, kind="footnote"):
    return (
        f'<text:note text:note-class="{kind}"><text:note-citation>{citation}</text:note-citation>'
        f"<text:note-body>{paragraph(said)}</text:note-body></text:note>"
    )


def numbered(attributes=""):
    level = f'<text:list-level-style-number text:level="1" style:num-suffix="." style:num-format="1" {attributes}/>'
    return f'<text:list-style style:name="L">{level}</text:list-style>'


def listed(*items, attributes='text:style-name="L"'):
    inside = "".join(f"<text:list-item>{paragraph(item)}</text:list-item>" for item in items)
    return f"<text:list {attributes}>{inside}</text:list>"


def slide(shapes, attributes=""):
    return f"<draw:page {attributes}>{shapes}</draw:page>"


def test_headings_have_their_level(read):
    page = read(odf("text", '<text:h text:outline-level="2">点検</text:h>' + paragraph("本文")))[0]
    assert [(heading.level, heading.text) for heading in page.headings] == [(2, "点検")]


def test_blanks_tabs_and_line_breaks_are_those_that_are_shown(text):
    assert text(paragraph('a\n   b<text:s text:c="2"/>c<text:tab/>d<text:line-break/>e')) == "a b  c\td\ne"


def test_a_footnote_stands_after_its_paragraph_under_its_own_number(text):
    assert text(paragraph(f"80℃以下{note(3, '軸箱で測る。')}とする。")) == "80℃以下(*3)とする。\n\n(*3) 軸箱で測る。"


def test_an_endnote_stands_after_its_paragraph(text):
    assert text(paragraph(f"See{note('i', 'Standard.', 'endnote')}")) == "See(*i)\n\n(*i) Standard."


def test_notes_of_a_table_stand_after_it(text):
    rows = table([["項目", "値"], ["圧力", f"0.5{note(1, '新品。')}"], ["温度", "80"]])
    assert text(rows).endswith("項目: 温度 / 値: 80\n\n(*1) 新品。")


def test_deleted_text_and_comments_are_left_out_and_inserted_text_kept(text):
    region = f"<text:changed-region><text:deletion>{paragraph('旧')}</text:deletion></text:changed-region>"
    deleted = f"<text:tracked-changes>{region}</text:tracked-changes>"
    change = '<text:change-start text:change-id="a"/>新<text:change-end text:change-id="a"/>'
    comment = f"<office:annotation>{paragraph('要確認')}</office:annotation>"
    assert text(deleted + paragraph(f"基準{change}{comment}値")) == "基準新値"


def test_a_cell_merged_over_rows_and_columns_is_said_in_each(text):
    origin = cell("P-101", 'table:number-rows-spanned="2"')
    wide = cell("毎月", 'table:number-columns-spanned="2"')
    rows = [["機器", "部品", "点検", "交換"], [origin, "軸受", "毎日", "毎年"], [COVERED, "シール", wide, COVERED]]
    assert "機器: P-101 / 部品: シール / 点検: 毎月 / 交換: 毎月" in text(table(rows))


def test_numbered_items_keep_their_numbers(text):
    assert text(listed("開く", "起動する"), styles=numbered()) == "1. 開く\n2. 起動する"


def test_a_list_that_goes_on_goes_on_counting(text):
    more = listed("丙", attributes='text:style-name="L" text:continue-numbering="true"')
    assert text(listed("甲", "乙") + paragraph("注意") + more, styles=numbered()).endswith("3. 丙")


def test_the_next_list_begins_at_its_first_number(text):
    styles = numbered('text:start-value="5"')
    assert text(listed("甲", "乙") + paragraph("次") + listed("丙"), styles=styles).endswith("5. 丙")


def test_a_list_of_another_kind_has_bullets(text):
    assert text(listed("甲", "乙", attributes="")) == "• 甲\n• 乙"


def test_a_second_paragraph_of_an_item_has_no_mark(text):
    item = f"<text:list-item>{paragraph('甲')}{paragraph('補足')}</text:list-item>"
    assert text(f'<text:list text:style-name="L">{item}</text:list>', styles=numbered()) == "1. 甲\n補足"


def test_a_text_box_is_read_after_its_paragraph(text):
    assert text(paragraph(f"本文{frame(paragraph('注意'))}です")) == "本文です\n\n注意"


def test_a_shape_with_text_is_read(text):
    assert text(paragraph(f"本文<draw:custom-shape>{paragraph('弁')}</draw:custom-shape>")) == "本文\n\n弁"


def test_readings_above_kanji_are_left_out(text):
    ruby = "<text:ruby><text:ruby-base>軸受</text:ruby-base><text:ruby-text>じくうけ</text:ruby-text></text:ruby>"
    assert text(paragraph(ruby)) == "軸受"


def test_a_page_break_starts_a_page(read):
    styles = (
        '<style:style style:name="B"><style:paragraph-properties fo:break-before="page"/></style:style>'
        '<style:style style:name="P1" style:parent-style-name="B"/>'
    )
    pages = read(odf("text", paragraph("前") + '<text:p text:style-name="P1">後</text:p>', styles=styles))
    assert [page.text for page in pages] == ["前", "後"]


def test_the_title_of_the_file_is_its_title(opened):
    assert opened(odf("text", paragraph("a"), title="運転要領")).title == "運転要領"


def test_where_the_file_has_no_title_its_title_paragraph_is(opened):
    assert opened(odf("text", '<text:p text:style-name="Title">運転要領</text:p>')).title == "運転要領"


def test_styles_based_on_each_other_in_a_ring_are_read(text):
    ring = "".join(f'<style:style style:name="{a}" style:parent-style-name="{b}"/>' for a, b in ("AB", "BA"))
    assert text('<text:p text:style-name="A">本文</text:p>', styles=ring) == "本文"


def test_an_entity_of_another_file_is_not_resolved(opened):
    content = (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><office:document-content {SPACES}><office:body>'
        f"<office:text>{paragraph('A &e; B')}</office:text></office:body></office:document-content>"
    )
    assert "root:" not in opened(odf("text", "", **{"content.xml": content})).page(1).text


def test_an_encrypted_file_is_refused(opened):
    manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    with pytest.raises(UnreadableFile) as caught:
        opened(odf("text", paragraph("a"), **{"META-INF/manifest.xml": manifest}))
    assert caught.value.code == "file_encrypted"


def test_a_docx_that_is_an_odt_is_read(opened):
    assert opened(odf("text", paragraph("本文")), "report.docx").page(1).text == "本文"


def test_a_template_is_read_as_its_document(opened):
    made = odf("text", paragraph("本文"), mimetype="application/vnd.oasis.opendocument.text-template")
    assert opened(made).page(1).text == "本文"


def test_dates_and_times_of_a_sheet_are_said_as_in_every_other_sheet(sheet):
    date = cell("2026/11/1", 'office:value-type="date" office:date-value="2026-11-01"')
    time = cell("午前9時", 'office:value-type="time" office:time-value="PT09H05M00S"')
    assert sheet([["発生日", "時刻"], [date, time]]).endswith("発生日: 2026-11-01 / 時刻: 09:05")


def test_numbers_of_a_sheet_are_said_as_they_are_shown(sheet):
    assert sheet([["停止", "率"], [cell("1,234.5 h", 'office:value-type="float" office:value="1234.5"'), "12.5%"]]) == (
        "停止 / 率\n\n停止: 1,234.5 h / 率: 12.5%"
    )


def test_a_value_without_text_is_said(sheet):
    assert sheet([["a", "b"], ['<table:table-cell office:value-type="float" office:value="7"/>', "x"]]).endswith(
        "a: 7 / b: x"
    )


def test_a_merged_cell_of_a_sheet_is_said_in_every_row(sheet):
    origin = cell("P-101", 'table:number-rows-spanned="2"')
    assert "機器: P-101 / 部品: シール" in sheet([["機器", "部品"], [origin, "軸受"], [COVERED, "シール"]])


def test_repeated_cells_are_said_in_their_place(sheet):
    twice = cell("毎月", 'table:number-columns-repeated="2"')
    assert "甲: 毎月 / 乙: 毎月 / 丙: 年" in sheet([["甲", "乙", "丙"], [twice, "年"]])


def test_a_sheet_repeated_to_its_last_row_is_read_at_once(read):
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    filler = f'<table:table-row table:number-rows-repeated="1048574">{blank}</table:table-row>'
    last = f"<table:table-row>{cell('末尾')}</table:table-row>"
    body = f'<table:table table:name="表"><table:table-row>{cell("値")}</table:table-row>{filler}{last}</table:table>'
    assert read(odf("spreadsheet", body))[0].text == "表\n\n値\n\n末尾"


def test_a_comment_of_a_cell_is_said_beside_it(sheet):
    comment = f"<office:annotation>{paragraph('要確認')}</office:annotation>"
    commented = f"<table:table-cell>{comment}{paragraph('80')}</table:table-cell>"
    assert sheet([["温度", "圧力"], [commented, "0.5"]]).endswith("温度: 80 [要確認] / 圧力: 0.5")


def test_a_hidden_sheet_says_so(read):
    styles = '<style:style style:name="H"><style:table-properties table:display="false"/></style:style>'
    hidden = table([["a"]], name="裏").replace("<table:table ", '<table:table table:style-name="H" ')
    assert [page.label for page in read(odf("spreadsheet", hidden, styles=styles))] == ["裏 (hidden)"]


def test_a_text_box_on_a_sheet_is_read_after_its_cells(read):
    body = table([["値", "1"]]).replace(
        "</table:table>", f"<table:shapes>{frame(paragraph('注意'))}</table:shapes></table:table>"
    )
    assert read(odf("spreadsheet", body))[0].text.endswith("値 / 1\n\n注意")


def test_a_slide_is_a_page_with_its_title_first_and_its_shapes_as_they_are_read(slides):
    shapes = (
        frame(paragraph("下"), 'svg:y="9cm" svg:x="1cm"')
        + frame(paragraph("右"), 'svg:y="5.1cm" svg:x="90mm"')
        + frame(paragraph("左"), 'svg:y="5.2cm" svg:x="1in"')
        + frame(paragraph("題"), 'presentation:class="title" svg:y="10cm"')
    )
    assert [page.text for page in slides(slide(shapes))] == ["題\n\n左\n\n右\n\n下"]


def test_notes_of_a_slide_are_read_last(slides):
    framed = frame(paragraph("話す人のための注意"), 'presentation:class="notes"')
    spoken = f"<presentation:notes>{framed}</presentation:notes>"
    assert slides(slide(spoken + frame(paragraph("本文"))))[0].text == "本文\n\nノート / Notes: 話す人のための注意"


def test_what_the_master_puts_on_a_slide_is_left_out(slides):
    furniture = frame(paragraph("社外秘"), 'presentation:class="footer"')
    assert slides(slide(frame(paragraph("本文")) + furniture))[0].text == "本文"


def test_a_table_on_a_slide_reads_row_by_row(slides):
    framed = f"<draw:frame>{table([['項目', '値'], ['圧力', '0.5 MPa']])}</draw:frame>"
    assert "項目: 圧力 / 値: 0.5 MPa" in slides(slide(framed))[0].text


def test_a_hidden_slide_says_so(slides):
    styles = (
        '<style:style style:name="dp"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )
    made = slide(frame(paragraph("a")), 'draw:style-name="dp"')
    assert [page.label for page in slides(made, styles=styles)] == ["1 (hidden)"]


def test_a_presentation_without_slides_is_refused(opened):
    with pytest.raises(UnreadableFile) as caught:
        opened(odf("presentation", ""))
    assert caught.value.code == "file_no_pages"
