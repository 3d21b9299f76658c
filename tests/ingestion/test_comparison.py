"""What a revision changed: pages aligned by their text, and the changed words of one page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.comparison import Piece, aligned, marked

PAGES = [f"Section {word}. The {word} is checked every {number} hours." for number, word in enumerate("abcdef")]


def kinds(old, new):
    return [(pair.kind, pair.old, pair.new) for pair in aligned(old, new)]


def test_pages_of_the_same_text_are_unchanged():
    assert {kind for kind, *_ in kinds(PAGES, PAGES)} == {"unchanged"}


def test_a_page_put_in_at_the_front_changes_no_other_page():
    assert kinds(PAGES, ["Quite another matter", *PAGES]) == [
        ("added", None, 0),
        *(("unchanged", number, number + 1) for number in range(6)),
    ]


def test_a_page_taken_out_changes_no_other_page():
    assert [row for row in kinds(PAGES, PAGES[:2] + PAGES[3:]) if row[0] != "unchanged"] == [("removed", 2, None)]


def test_a_page_with_another_word_is_changed():
    new = [*PAGES[:3], PAGES[3].replace("3 hours", "30 hours"), *PAGES[4:]]
    assert [row for row in kinds(PAGES, new) if row[0] != "unchanged"] == [("changed", 3, 3)]


def test_a_page_changed_beside_one_put_in_is_paired_with_its_own_old_page():
    new = [*PAGES[:3], "Wholly new chapter on bearings", PAGES[3].replace("3 hours", "30 hours"), *PAGES[4:]]
    assert [row for row in kinds(PAGES, new) if row[0] != "unchanged"] == [("added", None, 3), ("changed", 3, 4)]


def test_a_page_that_became_another_is_removed_and_added():
    assert kinds(["軸受の交換周期は8,000時間です。"], ["Fan curves and noise levels"]) == [
        ("removed", 0, None),
        ("added", None, 0),
    ]


def test_line_breaks_change_nothing():
    assert kinds(["one two\nthree"], ["one\ntwo three"]) == [("unchanged", 0, 0)]


def test_a_revision_without_pages_removed_them_all():
    assert [kind for kind, *_ in kinds(PAGES, [])] == ["removed"] * 6


@given(st.lists(st.sampled_from("abcd"), max_size=7), st.lists(st.sampled_from("abcd"), max_size=7))
def test_every_page_of_both_revisions_is_told_exactly_once_and_in_order(old, new):
    pairs = aligned(old, new)
    assert [pair.old for pair in pairs if pair.old is not None] == list(range(len(old)))
    assert [pair.new for pair in pairs if pair.new is not None] == list(range(len(new)))


def test_hundreds_of_changed_pages_are_compared_in_their_order():
    old, new = [f"old {number}" for number in range(250)], [f"new {number}" for number in range(250)]
    assert {pair.kind for pair in aligned(old, new)} == {"changed"}


def test_a_changed_number_is_marked_alone():
    assert marked("every 500 h.", "every 800 h.") == [
        Piece("kept", "every "),
        Piece("removed", "500 "),
        Piece("added", "800 "),
        Piece("kept", "h."),
    ]


def test_other_line_breaks_are_not_marked():
    assert marked("every\n500 h. Then stop.", "every 500 h.\nThen stop.") == [Piece("kept", "every 500 h.\nThen stop.")]


def test_words_of_kanji_are_marked_whole_in_japanese():
    assert Piece("removed", "毎月行") in marked("清掃は毎月行う。", "清掃は隔週行う。")


@given(st.text(alphabet="ab 漢字1", max_size=30), st.text(alphabet="ab 漢字1", max_size=30))
def test_the_pieces_hold_both_texts_whole(old, new):
    pieces = marked(old, new)
    told = ["".join(piece.text for piece in pieces if piece.kind in {"kept", kind}) for kind in ("removed", "added")]
    assert ["".join(text.split()) for text in told] == ["".join(old.split()), "".join(new.split())]


@pytest.mark.timeout(10)
def test_pages_of_enormous_length_are_told_one_for_the_other():
    old, new = "a " * 100_000, "b " * 100_000
    assert marked(old, new) == [Piece("removed", old), Piece("added", new)]
