from dataclasses import replace

import pytest

from assistant.calibration import Calibration
from assistant.dictionary import Alias
from assistant.sufficiency import abstention, missing_words, useful
from tests.assistant.test_answering import passage

MEASURED = Calibration(close=0.9, close_across=0.84, proposed=0.92, never=0.76, doubtful=0.84, across=0.78)
BEARING = passage("軸受の交換周期は8,000時間です。")


@pytest.mark.parametrize(
    ("question", "similarity", "near"),
    [
        ("部品はいつ取り替える?", 0.86, True),
        ("部品はいつ取り替える?", 0.80, False),
        ("軸受の交換周期は?", 0.80, True),
        ("軸受の交換周期は?", 0.70, False),
        ("How often is the bearing replaced?", 0.80, True),
        ("How often is the bearing replaced?", 0.77, False),
    ],
)
def test_a_passage_is_near_by_meaning_by_words_or_across_languages(question, similarity, near):
    assert bool(useful(question, [replace(BEARING, similarity=similarity)], MEASURED)) is near


def test_passages_far_behind_the_closest_are_left_out():
    close, next_to_it, far = (replace(BEARING, similarity=value, text="弁。") for value in (0.9, 0.87, 0.8))
    assert useful("軸受の周期は?", [far, close, next_to_it], MEASURED) == [close, next_to_it]


def test_nothing_found_is_nothing_useful():
    assert useful("軸受?", [], MEASURED) == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_abstention_promises_pages_only_where_there_are_some(language):
    assert abstention(language, "軸受", [BEARING]) != abstention(language, "軸受", [])


def test_an_abstention_names_the_words_that_the_nearest_pages_lack():
    assert "「スキャナー」「保証」" in abstention("ja", "スキャナーの軸受の保証は何時間ですか。", [BEARING])


def test_an_abstention_in_english_names_them_too():
    nearest = [passage("The bearings are greased weekly.")]
    said = abstention("en", "What is the torque for the bearing of XR-9?", nearest)
    assert "“torque”, “XR-9”" in said


def test_words_that_the_nearest_pages_have_in_another_form_are_not_missing():
    assert missing_words("How are bearings greased?", [passage("Grease the bearing weekly.")]) == []


def test_a_word_that_the_dictionary_calls_otherwise_is_not_missing():
    said = replace(passage("配線用遮断器の点検"), aliases=(Alias("MCCB", "MCCB", "配線用遮断器"),))
    assert missing_words("MCCBの点検", [said]) == []
