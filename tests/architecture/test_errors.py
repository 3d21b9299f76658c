"""The catalogue of errors: every one can be looked up, and says what to do in both languages."""

import string
from collections import Counter

import pytest

from docs.write_reference import error_classes

ERRORS = error_classes()


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def is_japanese(text):
    return any("\u3040" <= char <= "\u9fff" for char in text)


def test_no_two_errors_share_a_code():
    assert [code for code, count in Counter(error.code for error in ERRORS).items() if count > 1] == []


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_an_error_says_what_happened_and_what_to_do_in_both_languages(error):
    assert all(text.strip() for text in (*error.en, *error.ja))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_the_japanese_text_is_japanese_and_the_english_is_not(error):
    assert (is_japanese(error.ja[0]), is_japanese(error.ja[1]), is_japanese("".join(error.en))) == (True, True, False)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_both_languages_name_the_same_values(error):
    assert placeholders("".join(error.en)) == placeholders("".join(error.ja))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_given_values_fill_the_texts(error):
    values = {name: f"<{name}>" for name in placeholders("".join(error.en))}
    shown = " ".join(error(**values).texts("en"))
    assert all(value in shown for value in values.values())
