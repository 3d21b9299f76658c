"""EPUB: chapters in the book's order, whatever their files are called, and what keeps a book from being read."""

import pytest

from ingestion.parsing import UnreadableFile, open_file
from tests.ingestion.parsing.packages import epub

ENCRYPTED = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
    '<e:EncryptedData><e:EncryptionMethod Algorithm="{}"/></e:EncryptedData></encryption>'
)


@pytest.fixture
def opened(tmp_path, layout_font):
    def opening(data, filename="a.epub"):
        path = tmp_path / "stored"
        path.write_bytes(data)
        return open_file(path, filename, font=layout_font)

    return opening


@pytest.fixture
def read(opened):
    def reading(*arguments, **more):
        reader = opened(epub(*arguments, **more))
        return [reader.page(number) for number in range(1, reader.page_count + 1)]

    return reading


def body(text):
    return f"<body>{text}</body>"


def test_chapters_come_in_the_order_of_the_spine(read):
    pages = read({"z.xhtml": body("<h1>一</h1>"), "a.xhtml": body("<h1>二</h1>")})
    assert [(page.label, page.text) for page in pages] == [("一", "一"), ("二", "二")]


def test_the_title_is_the_books_own(opened):
    assert opened(epub({"a.xhtml": body("<p>本文</p>")}, title="運転要領")).title == "運転要領"


def test_headings_and_tables_of_a_chapter_are_read(read):
    rows = "<table><tr><th>項目</th><th>値</th></tr><tr><td>圧力</td><td>0.5 MPa</td></tr></table>"
    page = read({"a.xhtml": body(f"<h2>点検</h2>{rows}")})[0]
    assert ([heading.level for heading in page.headings], page.text.split("\n\n")[-1]) == (
        [2],
        "項目: 圧力 / 値: 0.5 MPa",
    )


def test_names_of_files_are_found_however_they_are_written(read):
    named = "%E7%AB%A0 1.xhtml"
    other = {"OEBPS/章 1.XHTML": "<html><body><p>乙</p></body></html>"}
    assert read({named: ""}, extra={named}, **other)[0].text == "乙"


def test_a_chapter_that_is_not_there_is_a_page_with_its_reason(read):
    pages = read({"a.xhtml": body("<p>甲</p>"), "b.xhtml": body("")}, extra={"b.xhtml"})
    assert [(page.label, page.reason) for page in pages] == [("OEBPS/a.xhtml", ""), ("OEBPS/b.xhtml", "page_damaged")]


def test_a_chapter_of_pictures_is_an_empty_page(read):
    pages = read({"cover.xhtml": body('<img src="cover.jpg"/>'), "a.xhtml": body("<p>甲</p>")})
    assert [page.text for page in pages] == ["", "甲"]


def test_readings_above_kanji_are_left_out(read):
    assert read({"a.xhtml": body("<p><ruby>軸<rt>じく</rt>受<rt>うけ</rt></ruby></p>")})[0].text == "軸受"


def test_empty_elements_of_xhtml_swallow_nothing(read):
    assert read({"a.xhtml": body('<p><a id="x"/><span/>甲<script src="x.js"/>乙</p>')})[0].text == "甲乙"


def test_a_book_under_drm_is_refused(opened):
    drm = ENCRYPTED.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    with pytest.raises(UnreadableFile) as caught:
        opened(epub({"a.xhtml": body("<p>甲</p>")}, **{"META-INF/encryption.xml": drm}))
    assert caught.value.code == "file_protected"


def test_a_book_with_scrambled_fonts_is_read(read):
    fonts = ENCRYPTED.format("http://www.idpf.org/2008/embedding")
    assert read({"a.xhtml": body("<p>甲</p>")}, **{"META-INF/encryption.xml": fonts})[0].text == "甲"


def test_a_book_without_its_package_is_damaged(opened):
    with pytest.raises(UnreadableFile) as caught:
        opened(epub({}, **{"META-INF/container.xml": "<container/>"}))
    assert caught.value.code == "file_damaged"
