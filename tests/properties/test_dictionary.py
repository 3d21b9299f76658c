"""What holds for every question, whatever the dictionary says."""

import csv
import io
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.dictionary import Entry, aliases_in
from assistant.dictionary_csv import Row, apart, read, written
from assistant.dictionary_matching import key_of, occurring, spellings, word_key
from ingestion.lexicon import Rendering
from ingestion.sparse import encode_query

LIBRARY = UUID(int=1)
PIECES = st.sampled_from(
    [
        "MCCB",
        "P-101",
        "P101",
        "配線用遮断器",
        "遮断器",
        "ポンプ",
        "ﾎﾟﾝﾌﾟ",
        "circuit",
        "breakers",
        "1号",
        " ",
        "・",
        "-",
        "の",
        "は?",
    ]
)
TEXT = st.lists(PIECES, min_size=1, max_size=8).map("".join)
ENTRIES = st.lists(st.lists(TEXT, min_size=2, max_size=4).map(lambda words: Entry(LIBRARY, tuple(words))), max_size=4)
CELL = st.text(
    alphabet=st.one_of(st.sampled_from("'=+-@＝＋－＠,\"|"), st.characters(exclude_categories=["C", "Z"])),
    min_size=1,
    max_size=12,
)


@settings(deadline=None)  # a word's pattern is made once, and that counts for whoever comes first
@given(question=TEXT, entries=ENTRIES)
def test_expansion_leaves_every_term_of_the_question_its_weight(question, entries):
    plain = encode_query(question)
    also = [Rendering(one.asked, one.other) for one in aliases_in(question, entries).get(LIBRARY, ())]
    expanded = encode_query(question, also)
    weights = dict(zip(expanded.indices, expanded.values, strict=True))
    assert {key: weights.get(key) for key in plain.indices} == dict(zip(plain.indices, plain.values, strict=True))


@given(question=TEXT)
def test_without_entries_nothing_is_added(question):
    assert (aliases_in(question, []), encode_query(question, [])) == ({}, encode_query(question))


@settings(deadline=None)  # a word's pattern is made once, and that counts for whoever comes first
@given(question=TEXT, entries=ENTRIES)
def test_what_is_added_weighs_no_more_than_the_word_it_stands_for(question, entries):
    own = set(encode_query(question).indices)
    for one in aliases_in(question, entries).get(LIBRARY, ()):
        expanded = encode_query(question, [Rendering(one.asked, one.other)])
        added = sum(value for key, value in zip(expanded.indices, expanded.values, strict=True) if key not in own)
        assert added <= sum(encode_query(one.asked).values) + 1e-6


@settings(deadline=None)  # a word's pattern is made once, and that counts for whoever comes first
@given(question=TEXT, entries=ENTRIES)
def test_what_a_question_says_itself_is_no_alias(question, entries):
    told = spellings([word for entry in entries for word in entry.words], question)
    assert not {one.other for one in aliases_in(question, entries).get(LIBRARY, ())} & set(told)


@settings(max_examples=300, deadline=None)
@given(text=TEXT, word=TEXT)
def test_a_word_found_in_a_text_has_its_key_there(text, word):
    assert not occurring([word], text) or word_key(word) in key_of(text)


@given(
    st.lists(st.tuples(st.lists(CELL, min_size=2, max_size=4), st.one_of(st.just(""), CELL)), min_size=1, max_size=5)
)
def test_what_is_exported_is_imported_as_it_was(entries):
    entries = [([part for word in words for part in apart(word) if part] or ["x"], note) for words, note in entries]
    rows = read(written(entries, language="ja").encode())
    assert [(tuple(word for word in row.words if word), row.note) for row in rows] == [
        (tuple(words), note) for words, note in entries
    ]


@example(words=["0", "0"], note=",=")
@given(words=st.lists(CELL, min_size=2, max_size=4), note=CELL)
def test_no_exported_cell_is_computed_by_a_spreadsheet(words, note):
    _names, *rows = csv.reader(io.StringIO(written([(words, note)], language="en"), newline=""))
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if cell.startswith(tuple("=+-@＝＋－＠"))] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_of_either_encoding_is_read(encoding):
    assert read("MCCB,配線用遮断器|ノーヒューズブレーカー,電気室\r\n".encode(encoding)) == [
        Row(1, ("MCCB", "配線用遮断器", "ノーヒューズブレーカー"), "電気室")
    ]
