"""Entries: who may do what, which words are usable, files in and out, and what the audit trail keeps."""

import pytest

from assistant import dictionary_entries as entries
from assistant.errors import (
    DictionaryEntryExists,
    DictionaryFileUnreadable,
    DictionaryFull,
    DictionaryRowsUnusable,
    DictionaryWordsFew,
    DictionaryWordsMany,
    DictionaryWordUnusable,
)
from assistant.models import DictionaryEntry
from ingestion.access import scope_for
from ingestion.errors import NotFound
from ingestion.models import AuditEvent
from tests.factories import make_entry, make_library

WORDS = ("MCCB", "配線用遮断器")


@pytest.fixture
def imported(owner, library):
    """`imported(text)`: what the owner's import of this file did."""

    def take_in(text, encoding="utf-8"):
        data = text if isinstance(text, bytes) else text.encode(encoding)
        return entries.entries_import(user=owner, scope=scope_for(owner), library_id=library.pk, data=data)

    return take_in


@pytest.fixture
def listed(owner, library):
    """`listed(search)`: the words of each entry."""
    return lambda search="": [entry.words for entry in entries.entries_list(scope_for(owner), library.pk, search)]


def test_an_entry_keeps_its_words_in_their_order(library):
    assert make_entry(library, "配線用遮断器", "MCCB").words == ("配線用遮断器", "MCCB")


def test_spellings_of_one_word_are_kept_once(library):
    assert make_entry(library, "P-101", "給水ポンプ1号", "Ｐ１０１").words == ("P-101", "給水ポンプ1号")


def test_words_may_stand_on_one_line_with_bars_between(library):
    assert make_entry(library, "MCCB | NFB｜配線用遮断器").words == ("MCCB", "NFB", "配線用遮断器")


@pytest.mark.parametrize("words", [(), ("MCCB",), ("MCCB", " "), ("P-101", "p101")])
def test_an_entry_needs_two_words(library, words):
    with pytest.raises(DictionaryWordsFew):
        make_entry(library, *words)


@pytest.mark.parametrize("word", ["か", "ー", "12", "、", "x" * 101, "A"])
def test_a_word_that_stands_in_anything_is_refused(library, word):
    with pytest.raises(DictionaryWordUnusable):
        make_entry(library, "MCCB", word)


def test_one_kanji_is_a_word(library):
    assert make_entry(library, "バルブ", "弁").words == ("バルブ", "弁")


def test_an_entry_has_a_most_of_words(library):
    with pytest.raises(DictionaryWordsMany):
        make_entry(library, *(f"word-{number}x" for number in range(21)))


def test_the_same_words_twice_are_refused_in_any_spelling_and_order(library):
    make_entry(library, *WORDS)
    with pytest.raises(DictionaryEntryExists):
        make_entry(library, "配線用遮断器", "mccb")


def test_a_dictionary_has_a_most_of_entries(library, monkeypatch):
    monkeypatch.setattr(entries, "ENTRIES_LIMIT", 1)
    make_entry(library, *WORDS)
    with pytest.raises(DictionaryFull):
        make_entry(library, "P-101", "給水ポンプ1号")


def test_an_entry_is_changed_as_a_whole(owner, library, listed):
    entry = make_entry(library, *WORDS, note="old")
    scope = scope_for(owner)
    entries.entry_change(
        user=owner, scope=scope, library_id=library.pk, entry_id=entry.pk, words=["NFB", "遮断器"], note="new"
    )
    assert (listed(), DictionaryEntry.objects.get().note) == ([("NFB", "遮断器")], "new")


def test_an_entry_may_be_saved_as_it_is(owner, library, listed):
    entry = make_entry(library, *WORDS)
    entries.entry_change(user=owner, scope=scope_for(owner), library_id=library.pk, entry_id=entry.pk, words=WORDS)
    assert listed() == [WORDS]


def test_an_entry_is_removed(owner, library, listed):
    entry = make_entry(library, *WORDS)
    entries.entry_remove(user=owner, scope=scope_for(owner), library_id=library.pk, entry_id=entry.pk)
    assert listed() == []


@pytest.mark.parametrize("search", ["mccb", "遮断", "ＭＣＣＢ", "電気室", "mccb 遮断"])
def test_entries_are_found_by_any_of_their_words_and_their_note(library, listed, search):
    make_entry(library, *WORDS, note="電気室")
    make_entry(library, "P-101", "給水ポンプ1号")
    assert listed(search) == [WORDS]


def test_a_code_is_found_without_its_hyphen(library, listed):
    make_entry(library, *WORDS)
    make_entry(library, "P-101", "給水ポンプ1号")
    assert listed("p101") == [("P-101", "給水ポンプ1号")]


@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_only_owners_add_entries(request, library, who):
    person = request.getfixturevalue(who)
    with pytest.raises(NotFound):
        entries.entry_add(user=person, scope=scope_for(person), library_id=library.pk, words=WORDS)


def test_an_entry_is_not_reached_by_way_of_another_library(owner, library):
    entry, other = make_entry(library, *WORDS), make_library("Fans", owner=owner)
    with pytest.raises(NotFound):
        entries.entry_of(scope_for(owner), other.pk, entry.pk)


def test_every_change_is_in_the_audit_trail_without_its_words(owner, library, imported):
    entry, scope = make_entry(library, *WORDS), scope_for(owner)
    place = {"user": owner, "scope": scope, "library_id": library.pk, "entry_id": entry.pk}
    entries.entry_change(**place, words=[*WORDS, "NFB"])
    entries.entry_remove(**place)
    imported("MCCB,配線用遮断器")
    events = list(AuditEvent.objects.filter(action__startswith="dictionary.").order_by("id"))
    assert (
        [event.action.removeprefix("dictionary.") for event in events],
        "MCCB" in str([e.facts for e in events]),
    ) == (
        ["added", "changed", "removed", "imported"],
        False,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_in_either_encoding_is_imported(imported, listed, encoding):
    imported("語,同じ意味の語,メモ\r\nMCCB,配線用遮断器|NFB,電気室\r\n", encoding)
    assert listed() == [("MCCB", "配線用遮断器", "NFB")]


def test_what_was_exported_changes_nothing_when_it_is_imported(owner, library, imported):
    make_entry(library, "-10V", "=制御電圧", "@V", note="+1")
    done = imported(entries.entries_export(scope_for(owner), library.pk))
    assert (done.added, done.changed, done.unchanged) == (0, 0, 1)


def test_a_row_that_begins_as_an_entry_changes_it(library, imported, listed):
    make_entry(library, *WORDS)
    done = imported("mccb,配線用遮断器|NFB")
    assert (done.changed, listed()) == (1, [("mccb", "配線用遮断器", "NFB")])


def test_a_row_whose_first_word_two_entries_begin_with_is_a_new_entry(library, imported):
    make_entry(library, "CB", "遮断器")
    make_entry(library, "CB", "制御盤")
    assert imported("CB,ケーブル").added == 1


def test_a_row_twice_in_a_file_is_one_entry(imported):
    done = imported("MCCB,配線用遮断器\nMCCB,配線用遮断器")
    assert (done.added, done.unchanged) == (1, 1)


def test_a_file_with_a_bad_row_changes_nothing_and_names_its_line(imported, listed):
    with pytest.raises(DictionaryRowsUnusable) as refused:
        imported("MCCB,配線用遮断器\nP-101,")
    assert (listed(), refused.value.params["problems"].startswith("2: ")) == ([], True)


@pytest.mark.parametrize("data", [b"", b"\r\n", b"\xff\xfe\x00\x01", b"a,b\x00", b"x" * (1024 * 1024 + 1)])
def test_what_is_no_dictionary_is_refused(imported, data):
    with pytest.raises(DictionaryFileUnreadable):
        imported(data)


def test_a_file_of_too_many_rows_changes_nothing(imported, listed, monkeypatch):
    monkeypatch.setattr(entries, "ENTRIES_LIMIT", 1)
    with pytest.raises(DictionaryFull):
        imported("MCCB,配線用遮断器\nP-101,給水ポンプ1号")
    assert listed() == []


def test_an_import_keeps_what_stands_behind_the_note(library, imported):
    imported("MCCB,配線用遮断器,電気室,2階")
    assert DictionaryEntry.objects.get().note == "電気室 2階"
