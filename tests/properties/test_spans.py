"""Spans are what citations rest on: for any text, words and chunks point at exactly the characters they say."""

import re
from pathlib import Path

import reportlab
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.chunking import MAX_TOKENS, chunk_pages
from ingestion.parsing import Heading, ParsedPage
from ingestion.parsing.blocks import Block, Section, Style, story
from ingestion.parsing.textpage import StoryReader

FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
LETTERS = "点検温度ポンプのをは。、「」 \n・P-101 8,000h. abcXYZ(80℃)/:①\t\u3000e\u0301𠮷"
TEXTS = st.text(alphabet=LETTERS, max_size=1500)
BLOCKS = st.builds(
    Block, st.sampled_from([style for style in Style if style is not Style.UNSEEN]), TEXTS, st.integers(1, 6)
)
STORIES = st.lists(
    st.one_of(BLOCKS, st.builds(Section, st.text(max_size=5), st.booleans(), st.booleans())), min_size=1, max_size=25
)


def _count(texts):
    return [len(re.findall(r"\w|[^\w\s]", text)) for text in texts]


@st.composite
def _pages(draw):
    pages = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        text = draw(TEXTS)
        starts = draw(st.lists(st.integers(0, max(len(text) - 1, 0)), max_size=5, unique=True).map(sorted))
        levels = draw(st.lists(st.integers(1, 6), min_size=len(starts), max_size=len(starts)))
        headings = tuple(Heading(start, level, f"H{start}") for start, level in zip(starts, levels, strict=True))
        pages.append(ParsedPage(number, text, 595, 842, headings=headings))
    return pages


@given(_pages())
def test_chunks_are_the_text_of_their_spans(pages):
    texts = {page.number: page.text for page in pages}
    for chunk in chunk_pages(pages, title="T", count_tokens=_count):
        assert chunk.text == texts[chunk.page][chunk.start : chunk.end]


@given(_pages())
def test_every_visible_character_is_in_exactly_one_chunk(pages):
    chunks = list(chunk_pages(pages, title="T", count_tokens=_count))
    for page in pages:
        times = [0] * len(page.text)
        for chunk in (chunk for chunk in chunks if chunk.page == page.number):
            for index in range(chunk.start, chunk.end):
                times[index] += 1
        assert all(count == 1 or (count == 0 and char.isspace()) for char, count in zip(page.text, times, strict=True))


@given(_pages())
def test_no_chunk_is_larger_than_its_limit(pages):
    sizes = _count([chunk.text for chunk in chunk_pages(pages, title="T", count_tokens=_count)])
    assert all(size <= MAX_TOKENS for size in sizes)


@given(_pages(), st.integers(0, 3))
def test_pages_cut_in_two_parts_give_the_chunks_of_pages_cut_at_once(pages, first):
    parts = pages[:first], pages[first:]
    before = [heading for page in parts[0] for heading in page.headings]

    cut = [
        *chunk_pages(parts[0], title="T", count_tokens=_count),
        *chunk_pages(parts[1], title="T", count_tokens=_count, before=before),
    ]
    assert cut == list(chunk_pages(pages, title="T", count_tokens=_count))


def _set(parts):
    """The story on pages; a text on top so that there is something to set."""
    return StoryReader(story("", [Block(Style.TEXT, "top"), *parts]), "a.txt", FONT)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(STORIES)
def test_a_layout_keeps_every_character_in_order(parts):
    reader = _set(parts)
    said = "top" + "".join(part.text for part in parts if isinstance(part, Block))
    shown = "".join(reader.page(number).text for number in range(1, reader.page_count + 1))
    assert "".join(shown.split()) == "".join(said.split())


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(STORIES)
def test_words_of_a_layout_are_ascending_and_cover_what_is_visible(parts):
    reader = _set(parts)
    for page in (reader.page(number) for number in range(1, reader.page_count + 1)):
        rebuilt = "".join(page.text[word.start : word.end] for word in page.words)
        assert rebuilt == "".join(page.text.split())


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(STORIES)
def test_no_word_of_a_layout_hangs_over_the_edge_of_the_paper(parts):
    reader = _set(parts)
    for page in (reader.page(number) for number in range(1, reader.page_count + 1)):
        assert all(w.x1 <= page.width and w.y1 <= page.height for w in page.words)
