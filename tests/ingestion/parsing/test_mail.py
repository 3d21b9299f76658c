"""Messages: what they say, in whatever characters, and what became of every attachment."""

import base64
import io
import zipfile
from email.message import EmailMessage

import pytest

from ingestion.parsing import UnreadableFile, formats, open_file
from tests.ingestion.parsing import samples


@pytest.fixture
def opened(tmp_path, layout_font):
    def opening(message, filename="a.eml"):
        path = tmp_path / "stored"
        path.write_bytes(message if isinstance(message, bytes) else message.as_bytes())
        return open_file(path, filename, font=layout_font)

    return opening


@pytest.fixture
def read(opened):
    def reading(message):
        reader = opened(message)
        return [reader.page(number) for number in range(1, reader.page_count + 1)]

    return reading


@pytest.fixture
def message():
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "ポンプの停止", "佐藤 <sato@example.com>", "tanaka@example.com"
    made["Date"] = "Fri, 27 Nov 2026 09:30:00 +0900"
    made.set_content("P-101を停止します。")
    return made


def attach(message, name, data):
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)


def raw(*fields, body=b""):
    return b"\r\n".join([*fields, b"", body])


def zipped(name, data):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, data)
    return target.getvalue()


def test_the_first_page_says_who_wrote_what_to_whom_and_when(read, message):
    assert read(message)[0].text == (
        "ポンプの停止\n\n差出人 (From): 佐藤 <sato@example.com>\n宛先 (To): tanaka@example.com\n"
        "日時 (Date): 2026-11-27 09:30 +09:00\n\nP-101を停止します。"
    )


def test_the_subject_is_the_title(opened, message):
    assert opened(message).title == "ポンプの停止"


@pytest.mark.parametrize("charset", ["iso-2022-jp", "shift_jis", "euc-jp", "utf-8"])
@pytest.mark.parametrize("way", ["quoted-printable", "base64"])
def test_japanese_is_read_in_every_set_of_characters_and_encoding(read, message, charset, way):
    message.set_content("軸受温度は80℃以下とする。", charset=charset, cte=way)
    assert "軸受温度は80℃以下とする。" in read(message)[0].text


def test_characters_that_windows_adds_to_iso_2022_jp_are_read(read):
    body = b"\x1b$B-!%]%s%W-j\x1b(B"  # row 13 of JIS X 0208: what standard decoders refuse
    message = raw(b"Subject: x", b'Content-Type: text/plain; charset="iso-2022-jp"', body=body)
    assert "①ポンプ㈱" in read(message)[0].text


def test_a_subject_in_raw_shift_jis_is_read(opened):
    assert (
        opened(raw("Subject: ポンプの点検について".encode("cp932"), b"Date: x", body=b"a")).title
        == "ポンプの点検について"
    )


def test_a_subject_cut_inside_a_character_is_put_together(opened):
    data = "軸受".encode()
    words = [f"=?utf-8?b?{base64.b64encode(part).decode()}?=" for part in (data[:4], data[4:])]
    assert opened(raw(b"Subject: " + "\r\n ".join(words).encode(), body=b"a")).title == "軸受"


def test_a_wrong_declaration_of_the_characters_is_found_out(read):
    message = raw(b"Subject: x", b"Content-Type: text/plain; charset=utf-8", body="バルブを閉じる。".encode("cp932"))
    assert "バルブを閉じる。" in read(message)[0].text


def test_html_is_preferred_for_its_tables(read, message):
    message.add_alternative(samples.html().decode(), subtype="html")
    assert samples.ROW in read(message)[0].text


def test_html_that_says_less_than_the_plain_text_is_left(read, message):
    message.add_alternative("<html><body><p>No HTML.</p></body></html>", subtype="html")
    assert "P-101を停止します。" in read(message)[0].text


def test_text_after_an_attachment_is_part_of_the_message(read, message):
    attach(message, "a.bin", b"\x00\x01" * 50)
    part = EmailMessage()
    part.set_content("写真は別送します。")
    message.attach(part)
    assert "写真は別送します。" in read(message)[0].text


def test_attachments_are_further_pages_under_their_names(read, message):
    attach(message, "手順.pdf", samples.pdf(pages=2))
    attach(message, "表.xlsx", samples.xlsx())
    labels = [page.label for page in read(message)]
    assert labels == ["", "手順.pdf", "手順.pdf", f"表.xlsx › {samples.HEADING}", "表.xlsx › 付録"]


def test_a_name_that_is_turned_around_is_shown_as_it_is(read, message):
    attach(message, "report\u202efdp.exe", b"MZ\x90\x00" + bytes(range(256)))
    assert read(message)[1].label == "reportfdp.exe"


def test_the_first_page_names_the_attachments(read, message):
    attach(message, "手順.pdf", samples.pdf())
    assert "添付 (Attachments): 手順.pdf" in read(message)[0].text


def test_pages_of_attachments_are_drawn(opened, message):
    attach(message, "手順.pdf", samples.pdf())
    assert opened(message).render(2, scale=1).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("film.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)), "attachment_unsupported"),
        ("half.docx", samples.docx()[:5000], "attachment_damaged"),
        ("bomb.docx", samples.bomb(), "file_bomb"),
        ("fake.pdf", b"<html><body>404</body></html>", "file_mislabelled"),
        ("empty.txt", b"", "file_empty"),
        ("files.zip", zipped("a.txt", "hello"), "archive_not_here"),
    ],
)
def test_an_attachment_that_cannot_be_read_is_a_page_with_its_name_and_reason(read, message, name, data, reason):
    attach(message, name, data)
    page = read(message)[1]
    assert (page.label, page.reason, page.text) == (name, reason, "")


def test_an_unread_attachment_costs_the_others_nothing(read, message):
    attach(message, "half.docx", samples.docx()[:5000])
    attach(message, "note.txt", "軸受を交換した。".encode())
    assert [page.text for page in read(message)][1:] == ["", "軸受を交換した。"]


def test_a_message_inside_a_message_is_read(read, message):
    inner = EmailMessage()
    inner["Subject"] = "転送"
    inner.set_content("元のメールです。")
    message.add_attachment(inner)
    page = read(message)[1]
    assert (page.label, page.text) == ("転送.eml", "転送\n\n元のメールです。")


def test_messages_too_deep_inside_each_other_are_listed(read):
    made = EmailMessage()
    made.set_content("innermost")
    for depth in range(formats.MAX_DEPTH + 1):
        outer = EmailMessage()
        outer["Subject"] = str(depth)
        outer.set_content(f"depth {depth}")
        outer.add_attachment(made)
        made = outer
    assert read(made)[-1].reason == "attachment_too_deep"


def test_attachments_beyond_the_limit_are_listed(read, message, monkeypatch):
    monkeypatch.setattr(formats, "MAX_ENCLOSED", 2)
    for number in range(4):
        attach(message, f"{number}.txt", b"hello")
    assert [page.reason for page in read(message)[1:]] == ["", "", "attachment_too_many", "attachment_too_many"]


def test_an_encrypted_message_says_so(read, message):
    message.add_attachment(b"0\x80", maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    assert read(message)[1].reason == "attachment_encrypted"


def test_a_signature_is_no_page(read, message):
    message.add_attachment(b"0\x80", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    assert len(read(message)) == 1


def test_the_same_message_for_other_programs_is_no_attachment(read, message):
    for subtype in ("x-amp-html", "html"):
        message.add_alternative("<html><body><p>P-101を停止します。</p></body></html>", subtype=subtype)
    assert [page.text.count("P-101を停止します。") for page in read(message)] == [1]


def test_nothing_that_html_names_is_fetched_or_run(read, message):
    page = '<script>BAD()</script><img src="http://e.example/x.png" alt="図"><p>P-101を停止します。</p>'
    message.add_alternative(f"<html><body>{page}</body></html>", subtype="html")
    assert "BAD" not in read(message)[0].text


def test_a_message_without_any_text_is_refused(opened):
    with pytest.raises(UnreadableFile) as caught:
        opened(raw(b"MIME-Version: 1.0", b"Content-Type: text/plain"))
    assert caught.value.code == "file_no_text"


def test_a_message_of_thousands_of_parts_is_refused(opened):
    part = b"--x\r\nContent-Type: application/x\r\n\r\nA\r\n"
    with pytest.raises(UnreadableFile) as caught:
        opened(raw(b"Subject: x", b"Content-Type: multipart/mixed; boundary=x", body=part * 3000 + b"--x--"))
    assert caught.value.code == "file_too_complex"
