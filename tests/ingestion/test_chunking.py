import re

import pytest

from ingestion.chunking import CONTEXT_TOKENS, MAX_TOKENS, chunk_pages
from ingestion.parsing import Heading, ParsedPage


def _count(texts):
    """A token for every Japanese character and every Latin word: cruder than the model's, and never less."""
    return [len(re.findall(r"[ぁ-ヿ一-龠。、]|[^\sぁ-ヿ一-龠。、]+", text)) for text in texts]


def _page(text, *headings, number=1):
    placed = tuple(Heading(text.index(title), level, title) for level, title in headings)
    return ParsedPage(number, text, 595, 842, headings=placed)


def _chunks(*pages, title="保守手引"):
    return list(chunk_pages(pages, title=title, count_tokens=_count))


def _sentences(count, word="点検"):
    return "".join(f"{number}番目の{word}を記録し、結果を責任者に報告すること。" for number in range(count))


def test_a_chunk_is_the_text_of_its_span():
    page = _page("第1章 点検\n\n" + _sentences(60), (1, "第1章 点検"))
    assert all(chunk.text == page.text[chunk.start : chunk.end] for chunk in _chunks(page))


def test_no_chunk_is_longer_than_the_embedder_reads():
    page = _page(_sentences(200) + "\n" + "長" * 5000)
    assert max(_count([chunk.text for chunk in _chunks(page)])) <= MAX_TOKENS


def test_a_long_section_is_divided_into_about_equal_parts():
    sizes = _count([chunk.text for chunk in _chunks(_page(_sentences(20)))])
    assert len(sizes) == 2
    assert max(sizes) - min(sizes) < 60


def test_a_chapter_begins_a_chunk():
    page = _page(_sentences(4) + "\n第2章 分解\n" + _sentences(4), (1, "第2章 分解"))
    assert [chunk.text.startswith("第2章") for chunk in _chunks(page)] == [False, True]


def test_a_heading_alone_goes_with_the_section_below_it():
    page = _page("第2章 分解\n2.1 準備\n" + _sentences(6), (1, "第2章 分解"), (2, "2.1 準備"))
    assert len(_chunks(page)) == 1


def test_small_sections_deep_down_share_a_chunk():
    page = _page("1.1.1 甲\n" + _sentences(2) + "\n1.1.2 乙\n" + _sentences(2), (3, "1.1.1 甲"), (3, "1.1.2 乙"))
    assert len(_chunks(page)) == 1


def test_the_heading_path_runs_on_to_the_next_page():
    first = _page("第1章 点検\n" + _sentences(3), (1, "第1章 点検"))
    second = _page(_sentences(3), number=2)
    assert [chunk.heading for chunk in _chunks(first, second)] == ["第1章 点検", "第1章 点検"]


def test_a_heading_ends_the_path_of_its_own_level_and_below():
    first = _page("1 甲\n1.1 乙\n" + _sentences(4), (1, "1 甲"), (2, "1.1 乙"))
    second = _page("2 丙\n" + _sentences(4), (1, "2 丙"), number=2)
    assert [chunk.heading for chunk in _chunks(first, second)] == ["1 甲 > 1.1 乙", "2 丙"]


def test_what_is_embedded_begins_with_title_and_path():
    page = _page("1 甲\n" + _sentences(3), (1, "1 甲"))
    assert _chunks(page)[0].embedded_text == f"保守手引 > 1 甲\n{page.text}"


@pytest.mark.parametrize("title", ["とても長い題名" * 40, "題"])
def test_the_context_line_never_crowds_out_the_text(title):
    page = _page("1 " + "見出し" * 60 + "\n" + _sentences(3), (1, "1 " + "見出し" * 60))
    line = _chunks(page, title=title)[0].embedded_text.split("\n")[0]
    assert _count([line])[0] <= CONTEXT_TOKENS


def test_a_table_row_is_never_cut():
    rows = [f"機器: P-{number} / 項目: 軸受温度 / 基準値: 80℃以下であること / 周期: 毎日" for number in range(80)]
    chunks = _chunks(_page("\n\n".join(rows)))
    assert [line for chunk in chunks for line in chunk.text.split("\n\n")] == rows


def test_an_empty_page_gives_no_chunk():
    assert _chunks(_page("")) == []


def test_nothing_runs_from_one_page_into_another():
    pages = [_page(_sentences(2), number=1), _page(_sentences(2), number=2)]
    assert [chunk.page for chunk in _chunks(*pages)] == [1, 2]
