"""What a DOCX holds besides its paragraphs: notes, text boxes, tracked changes, and what is no part of it."""

import io
import re

import pytest

from ingestion.parsing import open_file

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{WORD}" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


@pytest.fixture
def document():
    import docx

    return docx.Document()


@pytest.fixture
def read(tmp_path, layout_font, document):
    """The texts of the document's pages."""

    def reading():
        target = io.BytesIO()
        document.save(target)
        path = tmp_path / "stored"
        path.write_bytes(target.getvalue())
        reader = open_file(path, "a.docx", font=layout_font)
        return [reader.page(number).text for number in range(1, reader.page_count + 1)]

    return reading


@pytest.fixture
def noted(document):
    """Gives the document these notes, by id."""

    def noting(kind, notes):
        told = "".join(f'<w:{kind} w:id="{key}"><w:p>{run(text)}</w:p></w:{kind}>' for key, text in notes.items())
        separator = f'<w:{kind} w:type="separator" w:id="-1"><w:p>{run("LINE")}</w:p></w:{kind}>'
        related(document, f"{kind}s", f"<w:{kind}s {SPACES}>{separator}{told}</w:{kind}s>")

    return noting


def related(document, name, xml):
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    part = Part(PackURI(f"/word/{name}.xml"), "application/xml", xml.encode(), document.part.package)
    kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{name}"
    return document.part.relate_to(part, kind)


def element(xml):
    from docx.oxml import parse_xml

    return parse_xml(re.sub(r"^<([\w:]+)", rf"<\1 {SPACES}", xml))


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def reference(kind, key):
    return element(f'<w:r><w:{kind}Reference w:id="{key}"/></w:r>')


def box(text):
    return f"<wps:txbx><w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent></wps:txbx>"


def test_a_footnote_is_marked_and_stands_after_its_paragraph(document, read, noted):
    noted("footnote", {1: "軸箱で測る。"})
    document.add_paragraph("軸受温度は80℃以下")._p.append(reference("footnote", 1))
    document.add_paragraph("次の段落。")
    assert read() == ["軸受温度は80℃以下(*1)\n\n(*1) 軸箱で測る。\n\n次の段落。"]


def test_footnotes_are_numbered_as_they_are_referred_to_whatever_their_ids(document, read, noted):
    noted("footnote", {7: "先", 3: "後"})
    paragraph = document.add_paragraph("甲")
    for key in (7, 3):
        paragraph._p.append(reference("footnote", key))
    assert read()[0].split("\n\n")[1:] == ["(*1) 先", "(*2) 後"]


def test_an_endnote_stands_after_its_paragraph_with_a_roman_number(document, read, noted):
    noted("endnote", {2: "Internal standard."})
    document.add_paragraph("See the standard")._p.append(reference("endnote", 2))
    assert read() == ["See the standard(*i)\n\n(*i) Internal standard."]


def test_notes_of_a_table_stand_after_the_table(document, read, noted):
    noted("footnote", {1: "新品の値。"})
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("項目", "値", "吸込圧力", "0.5 MPa"), strict=True):
        cell.text = text
    table.cell(1, 1).paragraphs[0]._p.append(reference("footnote", 1))
    assert read()[0].endswith("項目: 吸込圧力 / 値: 0.5 MPa(*1)\n\n(*1) 新品の値。")


def test_a_note_stands_on_the_page_of_its_reference(document, read, noted):
    noted("footnote", {1: "Note."})
    paragraph = document.add_paragraph("Before")
    paragraph._p.append(reference("footnote", 1))
    document.add_page_break()
    document.add_paragraph("After")
    assert read() == ["Before(*1)\n\n(*1) Note.", "After"]


def test_a_note_with_a_mark_of_its_own_keeps_it(document, read, noted):
    noted("footnote", {1: "† Measured cold."})
    paragraph = document.add_paragraph("Gap 0.2 mm")
    mark = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="1"/><w:t>†</w:t></w:r>'
    paragraph._p.append(element(mark))
    assert read() == ["Gap 0.2 mm†\n\n† Measured cold."]


def test_a_reference_to_a_note_that_is_not_there_is_nothing(document, read, noted):
    noted("footnote", {1: "One."})
    document.add_paragraph("Text")._p.append(reference("footnote", 9))
    assert read() == ["Text"]


def test_a_note_that_refers_to_itself_is_read_once(document, read):
    note = '<w:footnote w:id="1"><w:p><w:r><w:footnoteReference w:id="1"/><w:t>x</w:t></w:r></w:p></w:footnote>'
    related(document, "footnotes", f"<w:footnotes {SPACES}>{note}</w:footnotes>")
    document.add_paragraph("Text")._p.append(reference("footnote", 1))
    assert read() == ["Text(*1)\n\n(*1) (*1)x"]


def test_a_text_box_is_read_once_after_its_paragraph(document, read):
    both = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'>{box('注意')}</mc:Choice>"
        f"<mc:Fallback>{box('注意')}</mc:Fallback></mc:AlternateContent>"
    )
    document.add_paragraph("本文")._p.append(element(f"<w:r>{both}</w:r>"))
    assert read() == ["本文\n\n注意"]


def test_a_text_box_inside_a_text_box_is_read_once(document, read):
    inner = f"<w:r>{box('内側')}</w:r>"
    outer = f"<wps:txbx><w:txbxContent><w:p>{run('外側')}{inner}</w:p></w:txbxContent></wps:txbx>"
    document.add_paragraph("本文")._p.append(element(f"<w:r>{outer}</w:r>"))
    assert read() == ["本文\n\n外側\n\n内側"]


def test_word_art_is_read(document, read):
    document.add_paragraph("本文")._p.append(element('<w:r><w:pict><v:textpath string="禁煙"/></w:pict></w:r>'))
    assert read() == ["本文\n\n禁煙"]


def test_the_shapes_of_a_diagram_are_read_in_order(document, read):
    points = "".join(f"<dgm:pt><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>" for text in "甲乙")
    key = related(document, "diagramData", f"<dgm:dataModel {SPACES}>{points}</dgm:dataModel>")
    document.add_paragraph("手順")._p.append(element(f'<w:r><dgm:relIds r:dm="{key}"/></w:r>'))
    assert read() == ["手順\n\n甲\n\n乙"]


def test_a_chart_is_read_as_a_table(document, read):
    def points(place, *values):
        inside = "".join(f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, value in enumerate(values))
        return f"<c:{place}><c:strRef><c:strCache>{inside}</c:strCache></c:strRef></c:{place}>"

    title = "<c:title><a:p><a:r><a:t>停止時間</a:t></a:r></a:p></c:title>"
    series = f"<c:ser>{points('tx', 'P-101')}{points('cat', '1月', '2月')}{points('val', 4, 7)}</c:ser>"
    chart = f"<c:chart>{title}<c:plotArea><c:barChart>{series}</c:barChart></c:plotArea></c:chart>"
    key = related(document, "chart", f"<c:chartSpace {SPACES}>{chart}</c:chartSpace>")
    document.add_paragraph("図1")._p.append(element(f'<w:r><w:drawing><c:chart r:id="{key}"/></w:drawing></w:r>'))
    assert read() == ["図1\n\n停止時間\n\n1月 / 2月\n\nP-101 / 1月: 4 / 2月: 7"]


def test_a_drawing_whose_part_is_not_there_is_nothing(document, read):
    document.add_paragraph("図1")._p.append(element('<w:r><w:drawing><c:chart r:id="rId99"/></w:drawing></w:r>'))
    assert read() == ["図1"]


def test_a_formula_is_read(document, read):
    document.add_paragraph("流量 ")._p.append(element("<m:oMath><m:r><m:t>Q=A·v</m:t></m:r></m:oMath>"))
    assert read() == ["流量 Q=A·v"]


def test_readings_above_kanji_are_left_out(document, read):
    ruby = f"<w:ruby><w:rt>{run('じくうけ')}</w:rt><w:rubyBase>{run('軸受')}</w:rubyBase></w:ruby>"
    document.add_paragraph("")._p.append(element(f"<w:r>{ruby}</w:r>"))
    assert read() == ["軸受"]


def test_a_paragraph_whose_end_is_deleted_goes_on_in_the_next_one(document, read):
    first = document.add_paragraph("基準値は")
    first._p.insert(0, element('<w:pPr><w:rPr><w:del w:id="1" w:author="a"/></w:rPr></w:pPr>'))
    document.add_paragraph("80とする。")
    assert read() == ["基準値は80とする。"]


def test_a_deleted_row_of_a_table_is_left_out(document, read):
    table = document.add_table(3, 2)
    for cell, text in zip(table._cells, ("項目", "値", "旧", "70", "新", "80"), strict=True):
        cell.text = text
    table.rows[1]._tr.insert(0, element('<w:trPr><w:del w:id="1" w:author="a"/></w:trPr>'))
    assert "旧" not in read()[0]


def test_moved_text_is_read_where_it_went(document, read):
    document.add_paragraph("甲")._p.append(element(f'<w:moveFrom w:id="1" w:author="a">{run("移")}</w:moveFrom>'))
    document.add_paragraph("乙")._p.append(element(f'<w:moveTo w:id="2" w:author="a">{run("移")}</w:moveTo>'))
    assert read() == ["甲\n\n乙移"]


def test_comments_are_left_out(document, read):
    paragraph = document.add_paragraph("本文")
    document.add_comment(paragraph.runs, text="要確認", author="a")
    assert read() == ["本文"]


def test_headers_and_footers_are_no_part_of_the_text(document, read):
    section = document.sections[0]
    section.header.paragraphs[0].text, section.footer.paragraphs[0].text = "社外秘", "3 / 10"
    document.add_paragraph("本文")
    assert read() == ["本文"]


def test_styles_based_on_each_other_in_a_ring_are_read(document, read):
    from docx.enum.style import WD_STYLE_TYPE

    one, other = (document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH) for name in ("One", "Other"))
    one.base_style, other.base_style = other, one
    document.add_paragraph("本文", style="One")
    assert read() == ["本文"]
