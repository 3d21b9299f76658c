"""Outlook's messages: the same as any other, out of a container of properties."""

from datetime import UTC, datetime, timedelta

import pytest

from ingestion.parsing import UnreadableFile, formats, open_file
from tests.ingestion.parsing import samples
from tests.ingestion.parsing.compound import attached, compound, outlook, streams

# Tenths of a microsecond since 1601.
SENT = (
    0x0039,
    0x0040,
    (datetime(2026, 11, 27, 0, 30, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 10,
)
CODE_PAGES = {932: "cp932", 65001: "utf-8", 50221: "iso-2022-jp", 51932: "euc-jp"}
EMBEDDED = "__substg1.0_3701000D"


@pytest.fixture
def opened(tmp_path, layout_font):
    def opening(tree, filename="a.msg"):
        path = tmp_path / "stored"
        path.write_bytes(tree if isinstance(tree, bytes) else compound(tree))
        return open_file(path, filename, font=layout_font)

    return opening


@pytest.fixture
def read(opened):
    def reading(**message):
        reader = opened(outlook(**message))
        return [reader.page(number) for number in range(1, reader.page_count + 1)]

    return reading


def inside(name, **message):
    return {**streams({"p3001": name}), EMBEDDED: outlook(header=24, **message)}


def test_the_first_page_says_who_wrote_what_to_whom_and_when(read):
    fields = {"p0037": "停止", "p0C1A": "佐藤", "p5D01": "sato@example.com", "p0E04": "田中; 鈴木", "p0E03": "森"}
    assert read(**fields, p1000="P-101を\r\n停止します。", numbers=[SENT])[0].text == (
        "停止\n\n差出人 (From): 佐藤 <sato@example.com>\n宛先 (To): 田中; 鈴木\nCc: 森\n"
        "日時 (Date): 2026-11-27 00:30 +00:00\n\nP-101を\n\n停止します。"
    )


def test_an_address_that_only_exchange_knows_is_left_out(read):
    assert "(From): Sato\n" in read(p0C1A="Sato", p0C1F="/O=EXAMPLE/CN=SATO", p0037="x", p0E04="Tanaka")[0].text


@pytest.mark.parametrize(("page", "encoding"), CODE_PAGES.items())
def test_html_is_read_in_its_code_page(read, page, encoding):
    html = "<html><body><h2>点検</h2><p>弁を閉じる。</p></body></html>".encode(encoding)
    assert "点検\n\n弁を閉じる。" in read(p1013=html, numbers=[(0x3FDE, 3, page)])[0].text


def test_texts_that_are_no_unicode_are_read(opened):
    narrow = {"__substg1.0_0037001E": "弁の点検".encode("cp932"), "__substg1.0_1000001E": "毎月行う。".encode("cp932")}
    reader = opened({**outlook(numbers=[(0x3FDE, 3, 932)]), **narrow})
    assert (reader.title, reader.page(1).text) == ("弁の点検", "弁の点検\n\n毎月行う。")


def test_attachments_are_further_pages_under_their_names(read):
    pages = read(p0037="x", attachments=[attached("手順.pdf", samples.pdf()), attached("note.txt", b"Seal.")])
    assert [page.label for page in pages] == ["", "手順.pdf", "手順.pdf", "note.txt"]


def test_an_attachment_that_cannot_be_read_is_a_page_with_its_name_and_reason(read):
    page = read(p0037="x", attachments=[attached("film.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)))])[1]
    assert (page.label, page.reason) == ("film.mp4", "attachment_unsupported")


def test_a_message_inside_a_message_is_read(read):
    page = read(p0037="外", attachments=[inside("転送", p0037="内", p1000="元のメールです。")])[1]
    assert (page.label, page.text) == ("転送.msg", "内\n\n元のメールです。")


def test_messages_too_deep_inside_each_other_are_listed(read):
    message = {"p0037": "innermost"}
    for depth in range(formats.MAX_DEPTH + 1):
        message = {"p0037": str(depth), "attachments": [inside("m", **message)]}
    assert read(**message)[-1].reason == "attachment_too_deep"


def test_an_object_drawn_into_the_body_is_listed(read):
    drawn = {**streams({"p3001": "Chart"}), EMBEDDED: {"CONTENTS": b"x"}}
    page = read(p0037="x", attachments=[drawn])[1]
    assert (page.label, page.reason) == ("Chart", "attachment_unsupported")


def test_a_body_that_is_rtf_only_is_listed(read):
    page = read(p0037="x", p1009=b"compressed")[1]
    assert (page.label, page.reason) == ("body.rtf", "attachment_unsupported")


def test_encrypted_mail_says_so(read):
    assert read(p0037="x", attachments=[attached("smime.p7m", b"0\x80")])[1].reason == "attachment_encrypted"


def test_a_message_with_an_encrypted_document_is_read(read):
    locked = samples.OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    assert [page.reason for page in read(p0037="x", attachments=[attached("a.docx", locked)])] == [
        "",
        "attachment_encrypted",
    ]


def test_a_date_beyond_the_calendar_is_left_out(read):
    assert "Date" not in read(p0037="x", p0C1A="Sato", numbers=[(0x0039, 0x0040, 2**64 - 1)])[0].text


def test_an_old_document_that_holds_a_message_is_unsupported(opened):
    with pytest.raises(UnreadableFile) as caught:
        opened({"WordDocument": b"x", "ObjectPool": outlook(p0037="x")}, "a.doc")
    assert caught.value.code == "file_unsupported"
