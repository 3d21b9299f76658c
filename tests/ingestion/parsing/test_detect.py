import io
import zipfile

import pytest

from ingestion.parsing import UnreadableFile
from ingestion.parsing.detect import Kind, detect
from ingestion.readable import FORMATS
from tests.ingestion.parsing import samples


@pytest.fixture
def detected(tmp_path):
    def detector(data, filename):
        path = tmp_path / "stored"
        path.write_bytes(data)
        return detect(path, filename)

    return detector


@pytest.fixture
def refused(detected):
    def refusal(data, filename):
        with pytest.raises(UnreadableFile) as caught:
            detected(data, filename)
        return caught.value.code

    return refusal


def test_people_are_told_of_every_format():
    told = {kind.value.upper() for kind in Kind} - {"IMAGE", "MD", "ZIP"}
    assert told <= set(FORMATS.split(", "))


@pytest.mark.parametrize("filename", list(samples.MADE))
def test_each_format_is_recognised(detected, filename):
    assert detected(samples.MADE[filename](), filename) is Kind(filename.split(".")[1])


@pytest.mark.parametrize("filename", [name for name in samples.MADE if name.split(".")[1] not in {"csv", "md", "txt"}])
def test_the_content_decides_whatever_the_name_says(detected, filename):
    assert detected(samples.MADE[filename](), "report.dat") is Kind(filename.split(".")[1])


def test_a_pdf_named_docx_is_read_as_pdf(detected):
    assert detected(samples.pdf(), "report.docx") is Kind.PDF


def test_html_saved_as_xls_is_read_as_html(detected):
    assert detected(samples.html(), "report.xls") is Kind.HTML


def test_a_text_file_about_html_stays_text(detected):
    assert detected(b"The page begins with <!doctype html> and <html>.", "note.txt") is Kind.TEXT


def test_text_named_docx_is_mislabelled(refused):
    assert refused(b"this is not a docx", "fake.docx") == "file_mislabelled"


def test_an_error_page_named_pdf_is_mislabelled(refused):
    assert refused(samples.html(), "manual.pdf") == "file_mislabelled"


def test_no_bytes_are_an_empty_file(refused):
    assert refused(b"", "a.txt") == "file_empty"


def test_blanks_are_an_empty_file(refused):
    assert refused(b" \r\n\t ", "a.txt") == "file_empty"


@pytest.mark.parametrize("start", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"II*\x00", b"MM\x00*"])
def test_a_picture_is_recognised(detected, start):
    assert detected(start + b"\x00" * 100, "scan.dat") is Kind.IMAGE


def test_a_moving_picture_is_unsupported(refused):
    assert refused(b"GIF89a" + bytes(range(256)) * 8, "loop.gif") == "file_unsupported"


def test_old_word_files_are_unsupported(refused):
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc") == "file_unsupported"


def test_an_office_file_with_a_password_is_encrypted(refused):
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    assert refused(container, "a.docx") == "file_encrypted"


def test_a_zip_bomb_is_not_opened(refused):
    assert refused(samples.bomb(), "report.docx") == "file_bomb"


def test_a_zip_with_very_many_entries_is_a_bomb(refused, tmp_path):
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(10_001):
            archive.writestr(str(number), b"")
    assert refused(path.read_bytes(), "many.docx") == "file_bomb"


def test_half_a_docx_is_damaged(refused):
    whole = samples.docx()
    assert refused(whole[: len(whole) // 2], "a.docx") == "file_damaged"


def zipped(**members):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def test_some_other_zip_is_an_archive_of_documents(detected):
    assert detected(zipped(**{"readme.txt": "hello"}), "a.zip") is Kind.ZIP


def test_an_archive_that_begins_with_a_pdf_is_an_archive(detected):
    assert detected(zipped(**{"a.pdf": samples.pdf()}), "a.zip") is Kind.ZIP


@pytest.mark.parametrize("member", ["[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"])
def test_a_package_of_some_other_program_is_unsupported(refused, member):
    assert refused(zipped(**{member: "x", "a.txt": "hello"}), "a.zip") == "file_unsupported"


def test_text_named_eml_is_text(detected):
    assert detected(b"Dear all,\nthe pump stands still.\n", "letter.eml") is Kind.TEXT


def test_a_note_that_begins_like_a_message_is_text(detected):
    assert detected(b"From: Sato\nTo: Tanaka\nSubject: pump\n\nIt stands still.\n", "note.txt") is Kind.TEXT


def test_a_message_with_a_pdf_near_its_beginning_is_a_message(detected):
    message = b"MIME-Version: 1.0\nMessage-ID: <1@a>\nSubject: x\n\n%PDF-1.7\n"
    assert detected(message, "scan.pdf") is Kind.EML
