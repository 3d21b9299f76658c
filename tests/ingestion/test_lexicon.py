"""ingestion.lexicon: a question's words in the other language, by the real dictionary (var/models/jmdict-en)."""

import pytest

from ingestion.lexicon import Rendering, renderings


def said(question, into):
    """Word as it stands in the question → what it is called in the other language."""
    found = {}
    for one in renderings(question, into):
        found.setdefault(one.word, []).append(one.other)
    return found


def test_the_longest_word_is_looked_up_not_its_parts():
    assert list(said("暗号化方式", "en")) == ["暗号化", "方式"]


@pytest.mark.parametrize(
    ("question", "word", "other"),
    [
        ("設定を消したい", "消し", "delete"),
        ("工具を使って", "使っ", "use"),
        ("名前を書いて", "書い", "write"),
        ("ナットを外さない", "外さ", "remove"),
        ("軸が重くなる", "重く", "heavy"),
    ],
)
def test_an_inflected_word_is_looked_up_by_its_dictionary_form(question, word, other):
    assert other in said(question, "en")[word]


def test_particles_and_endings_are_not_looked_up():
    assert list(said("交換はいつですか", "en")) == ["交換"]


def test_half_width_kana_are_looked_up_as_wide_ones():
    assert "printer" in said("ﾌﾟﾘﾝﾀの電源", "en")["プリンタ"]


def test_an_english_phrase_is_looked_up_as_one():
    assert "正規表現" in said("replace with regular expressions", "ja")["regular expressions"]


def test_an_english_word_is_looked_up_by_its_stem():
    assert "再起動" in said("after restarting", "ja")["restarting"]


def test_a_word_as_it_stands_is_rendered_before_its_stem():
    assert said("good bearings", "ja")["bearings"][0] != said("a good bearing", "ja")["bearing"][0]


def test_english_words_without_meaning_of_their_own_are_not_looked_up():
    assert list(said("how can you do it with a pump", "ja")) == ["pump"]


def test_further_meanings_of_a_japanese_word_weigh_less():
    assert [one.weight for one in renderings("周期", "en")] == [1.0, 0.5]


def test_the_words_of_an_english_one_weigh_the_same():
    assert {one.weight for one in renderings("printing", "ja")} == {1.0}


def test_a_question_in_the_language_of_the_passages_needs_no_rendering():
    assert renderings("How often is the bearing replaced?", "en") == []


def test_without_the_dictionary_nothing_is_rendered(settings, tmp_path):
    settings.MODELS_DIR = tmp_path
    assert renderings("軸受の交換", "en") == []


def test_a_rendering_weighs_what_the_word_does_unless_it_says_otherwise():
    assert Rendering("MCCB", "配線用遮断器").weight == 1.0
