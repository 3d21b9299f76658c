"""Files that break readers: each is read, or refused with a code. Their origin is in the folder's README."""

from collections import Counter

import pytest

from ingestion.parsing import UnreadableFile
from ingestion.parsing.isolated import IsolatedReader

REFUSED = {
    "encrypted_aes256_r6_userpw.pdf": "file_encrypted",
    "encrypted_rc4_userpw.pdf": "file_encrypted",
    "fake.docx": "file_damaged",
    "invalid_header_only.pdf": "file_damaged",
    "truncated_60k.pdf": "file_truncated",
    "zero_bytes.pdf": "file_empty",
}
READ = [
    "acroform.pdf",
    "corrupted_xref.pdf",
    "encrypted_aes256_ownerpw_only.pdf",
    "evil_xobjects_recursion.pdf",
    "figures_side_by_side.pdf",
    "ja_cid_noToUnicode_vertical_sample.pdf",
    "ja_dense_cheatsheet_columns.pdf",
    "ja_kanbun_vertical_lualatex.pdf",
    "ja_landscape_3column_refcard.pdf",
    "ja_slides_primopdf.pdf",
    "ja_two_column_paper.pdf",
    "ja_vertical_mixed_noembed_noToUnicode.pdf",
    "ja_vertical_ruby_noembed.pdf",
    "rotated_pages.pdf",
    "scanned_with_bad_ocr_layer.pdf",
    "uml_tables_diagrams.pdf",
    "vertical_writing.pdf",
]
PICTURES_ONLY = [
    "cyclic_toc.pdf",
    "enormous_page_size.pdf",
    "image_bomb_35000px.pdf",
    "ja_scanned_no_text_layer.pdf",
    "junk_before_header.pdf",
    "scan_skewed.pdf",
    "scan_two_column.pdf",
]


@pytest.fixture
def opened(torture, layout_font):
    readers = []

    def opener(name):
        reader = IsolatedReader(torture / name, name, font=layout_font, memory_bytes=4 * 1024**3, timeout=60)
        readers.append(reader)
        return reader

    yield opener
    for reader in readers:
        reader.close()


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_what_cannot_be_read_is_refused_with_its_reason(opened, name, code):
    with pytest.raises(UnreadableFile) as caught:
        opened(name)
    assert caught.value.code == code


@pytest.mark.parametrize("name", READ)
def test_no_character_of_a_text_layer_is_lost_or_invented(opened, torture, name):
    assert _letters(map(_each_place_once, opened(name).pages())) == _letters(_raw_pages(torture / name))


def _each_place_once(page):
    """What the page says, seen or not; of one with tables its words: rows say their columns' names again and again."""
    if "\n\n" not in page.text:
        return page.text + page.unseen
    places = {(word.x0, word.y0, word.x1, word.y1, page.text[word.start : word.end]) for word in page.words}
    return "".join(text for *_, text in places) + page.unseen


def _raw_pages(path):
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    return [page.get_textpage().get_text_range() for page in document]


def _letters(texts):
    return Counter(char for text in texts for char in text if char.isalnum())


@pytest.mark.parametrize("name", PICTURES_ONLY)
def test_pages_without_a_text_layer_are_empty_not_invented(opened, name):
    assert "".join(page.text for page in opened(name).pages()) == ""


@pytest.mark.parametrize("name", ["image_bomb_35000px.pdf", "enormous_page_size.pdf"])
def test_no_picture_is_larger_than_the_limit(opened, name):
    import io

    from PIL import Image

    assert max(Image.open(io.BytesIO(opened(name).render(1, scale=3))).size) <= 4000


def test_a_manual_without_embedded_fonts_is_read_as_japanese(opened):
    text = "".join(page.text for page in opened("ja_212p_noembed_cid_manual.pdf").pages())
    assert sum("ぁ" <= char <= "ヿ" for char in text) > 70_000
