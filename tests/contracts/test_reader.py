"""Every reader, in this process and in a child, keeps the same promises (`ingestion.parsing.Reader`)."""

import contextlib
import io
import unicodedata

import pytest

from ingestion.parsing import open_file
from ingestion.parsing.isolated import IsolatedReader
from tests.ingestion.parsing import samples


@pytest.fixture(params=["in this process", "in a child"])
def opened(request, tmp_path, layout_font):
    with contextlib.ExitStack() as stack:

        def opener(filename):
            path = tmp_path / "stored-without-a-suffix"
            path.write_bytes(samples.MADE[filename]())
            if request.param == "in a child":
                reader = IsolatedReader(path, filename, font=layout_font, memory_bytes=2 * 1024**3, timeout=60)
            else:
                reader = open_file(path, filename, font=layout_font)
            stack.callback(reader.close)
            return reader

        yield opener


@pytest.fixture(params=list(samples.MADE))
def reader(request, opened):
    return opened(request.param)


def _pages(reader):
    return [reader.page(number) for number in range(1, reader.page_count + 1)]


def test_pages_are_numbered_from_one(reader):
    assert [page.number for page in _pages(reader)] == list(range(1, reader.page_count + 1))


def test_every_sentence_of_the_file_is_in_the_text(reader):
    text = "".join("".join(page.text.split()) for page in _pages(reader))
    assert "".join(samples.SENTENCES.split()) in text


def test_a_table_row_reads_on_its_own(reader):
    assert any(samples.ROW in page.text for page in _pages(reader))


def test_words_are_ascending_and_inside_the_text(reader):
    for page in _pages(reader):
        ends = [0, *(word.end for word in page.words)]
        assert all(
            before <= word.start < word.end <= len(page.text) for before, word in zip(ends, page.words, strict=False)
        )


def test_every_visible_character_belongs_to_a_word(reader):
    for page in _pages(reader):
        covered = {index for word in page.words for index in range(word.start, word.end)}
        assert [char for index, char in enumerate(page.text) if not char.isspace() and index not in covered] == []


def test_no_word_holds_a_blank(reader):
    assert not [
        page.text[w.start : w.end]
        for page in _pages(reader)
        for w in page.words
        if page.text[w.start : w.end].split() == []
    ]


def test_boxes_lie_on_the_page(reader):
    for page in _pages(reader):
        assert all(-1 <= w.x0 <= w.x1 <= page.width + 1 and -1 <= w.y0 < w.y1 <= page.height + 1 for w in page.words)


def test_headings_stand_where_they_say(reader):
    for page in _pages(reader):
        for heading in page.headings:
            assert "".join(page.text[heading.start :].split()).startswith("".join(heading.text.split()))


@pytest.mark.parametrize("filename", [name for name in samples.MADE if name != "pump.csv"])
def test_the_first_heading_is_found_at_level_one(opened, filename):
    heading = opened(filename).page(1).headings[0]
    assert (heading.level, heading.text) == (1, samples.HEADING)


def test_reading_a_page_twice_gives_the_same(reader):
    last = reader.page(reader.page_count)
    reader.page(1)
    assert reader.page(reader.page_count) == last


def test_the_picture_has_the_size_of_the_page(reader):
    from PIL import Image

    page = reader.page(1)
    picture = Image.open(io.BytesIO(reader.render(1, scale=2)))
    assert picture.size == pytest.approx((page.width * 2, page.height * 2), abs=2)


def test_the_picture_is_dark_inside_the_words_and_white_outside(reader):
    from PIL import Image

    page = reader.page(1)
    picture = Image.open(io.BytesIO(reader.render(1, scale=2))).convert("L")
    shown = [w for w in page.words if any(unicodedata.category(char)[0] in "LN" for char in page.text[w.start : w.end])]
    inked = [w for w in shown if picture.crop([round(v * 2) for v in (w.x0, w.y0, w.x1, w.y1)]).getextrema()[0] < 160]
    assert len(inked) == len(shown)
