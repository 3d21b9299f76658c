"""assistant.wording: how much of what a question says a text says too."""

import pytest

from assistant.wording import Wording

ASKED = "軸受の交換周期は?"


def test_a_text_with_all_words_of_the_question_says_all_of_it():
    assert Wording(ASKED).share_in("軸受の交換周期は8,000時間です。") == 1.0


def test_a_text_with_none_of_them_says_nothing():
    assert Wording(ASKED).share_in("弁を閉じてください。") == 0.0


def test_a_text_in_the_other_language_is_looked_in_for_what_the_words_are_called_there():
    assert Wording(ASKED).share_in("The bearing exchange cycle is 8,000 hours.") == 1.0


def test_one_word_of_three_is_a_third():
    assert Wording(ASKED).share_in("Close the valve before the next cycle.") == pytest.approx(1 / 3)


def test_any_meaning_of_a_word_will_do():
    assert Wording("周期").share_in("The period is given above.") == 1.0


def test_a_code_is_looked_for_as_it_is_written_in_both_languages():
    assert Wording("P-101の周期").share_in("P-102: the cycle is 8,000 hours.") == 0.5


@pytest.mark.parametrize("text", ["8,000時間ごと", "8000 hours", "８０００時間"])
def test_a_quantity_is_found_however_it_is_written(text):
    assert Wording("8,000時間").share_in(text) == 1.0


def test_another_quantity_is_not_found():
    assert Wording("8,000時間").share_in("800時間") < 1.0


def test_an_english_question_is_looked_for_in_a_japanese_text():
    assert Wording("encrypted partition").share_in("パーティションは暗号化されています。") == 1.0


def test_without_the_lexicon_a_text_in_the_other_language_is_looked_in_for_the_same_words(settings, tmp_path):
    settings.MODELS_DIR = tmp_path
    assert Wording(ASKED).share_in("The bearing exchange cycle is 8,000 hours.") == 0.0


def test_a_question_without_content_words_is_said_by_no_text():
    assert Wording("何ですか").share_in("軸受です。") == 0.0
