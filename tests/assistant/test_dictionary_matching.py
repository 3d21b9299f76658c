"""Where a word of the dictionary stands in a question, and where it does not."""

import pytest

from assistant.dictionary_matching import key_of, occurring, spellings, word_key


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("MCCB", "mccbの定格電流は?"),
        ("ＭＣＣＢ", "What is an MCCB?"),
        ("MCCB", "MCCBs trip"),
        ("MCCB", "ELCB/MCCB"),
        ("P-101", "Ｐ１０１は動きますか"),
        ("P-101", "P 101の油量"),
        ("P‐101", "p_101"),
        ("P101", "P-101"),
        ("circuit breaker", "molded case Circuit-Breakers"),
        ("circuit breakers", "the circuit  breaker"),
        ("配線用遮断器", "配線用 遮断器の点検"),
        ("給水ポンプ1号", "給水ポンプ１号を止める"),
        ("給水ポンプ1号", "給水ポンプ 1 号を止める"),
        ("ｽﾄﾚｰﾅ", "ストレーナーの清掃"),
        ("サーキットブレーカー", "サーキット・ブレーカが落ちた"),
        ("ブレーカー", "ブレーカーが落ちた"),
        ("遮断器", "配線用遮断器"),
        ("C++", "C++で書く"),
    ],
)
def test_a_word_is_found_however_it_is_spelt(word, text):
    assert occurring([word], text) == {word}


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("MCCB", "MCCBX"),
        ("RAM", "the program"),
        ("P", "P-101"),
        ("P-101", "P-1010"),
        ("P-101", "P-101-2"),
        ("P-101", "AP-101"),
        ("1.2 A", "1-2 A"),
        ("10 5 A", "105 A"),
        ("circuit breaker", "circuitbreaker"),
        ("給水ポンプ1号", "給水ポンプ11号"),
        ("リレー", "リレーショナル"),
        ("ライン", "オンライン"),
        ("glass", "glas"),
    ],
)
def test_a_word_is_not_found_inside_another(word, text):
    assert occurring([word], text) == set()


@pytest.mark.parametrize("word", ["P-101", "circuit breakers", "給水ポンプ 1 号", "サーキット・ブレーカー"])
def test_a_word_is_only_looked_for_where_its_key_is_in_the_text_s(word):
    assert word_key(word) in key_of(f"この {word}s は何ですか")


def test_of_words_that_overlap_the_longest_is_meant():
    assert set(spellings(["遮断器", "配線用遮断器"], "配線用遮断器の点検")) == {"配線用遮断器"}


def test_a_word_inside_a_longer_one_is_found_where_it_also_stands_alone():
    assert set(spellings(["遮断器", "配線用遮断器"], "配線用遮断器と遮断器")) == {"配線用遮断器", "遮断器"}


def test_one_word_of_two_entries_is_found_for_both():
    assert spellings(["CB", "ＣＢ"], "CBの交換") == {"CB": "cb", "ＣＢ": "cb"}


@pytest.mark.parametrize("sign", ["", "-", "・", " / "])
def test_what_names_nothing_is_found_nowhere(sign):
    assert occurring([sign], f"a {sign} b") == set()
