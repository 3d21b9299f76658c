import pytest

from assistant.negation import flips

OPPOSITE = [
    ("バルブを開けないでください", "バルブを開けてください。"),
    ("運転中に触れてもよい。", "運転中に触れてはいけません。"),
    ("この部品は再利用できます。", "この部品は再利用できません。"),
    ("火気の使用は可能です", "火気の使用禁止"),
    ("給油が必要です", "給油は不要です。"),
    ("点検を行わないでください", "毎日点検を行います。"),
    ("Do not open the valve.", "Open the valve slowly."),
    ("The filter can be reused.", "The filter cannot be reused."),
    ("Smoking is allowed.", "Smoking is prohibited."),
]
ALIKE = [
    ("バルブを閉じなければなりません", "バルブを必ず閉じます。"),
    ("異常がない場合は運転します", "異常がないことを確認して運転する"),
    ("触らないでください", "触れてはいけません"),
    ("1回しか使えません", "使用は1回までです"),
    ("十分に注意してください。", "注意しないと危険です。"),
    ("The valve is not opened.", "Do not open the valve."),
]


@pytest.mark.parametrize(("one", "other"), OPPOSITE)
def test_a_denial_that_is_turned_round_is_seen(one, other):
    assert flips(one, other)
    assert flips(other, one)


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_two_ways_to_say_the_same_are_no_denial(one, other):
    assert not flips(one, other)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("You can not enable it by ENABLE_COUNT=yes.", "You can enable it by ENABLE_COUNT=yes."),
        ("You can not update A when you update B.", "You can update A when you update B."),
        ("一方の寸法を変更すれば、他方も変更しません。", "一方の寸法を変更すれば、他方も変更します。"),
        ("本設定を使うには設定が不要です。", "本設定を使うには設定が必要です。"),
        ("Open the valve before start.", "Check the oil. Never open the valve before start."),
    ],
)
def test_the_same_words_but_for_a_denial_are_a_flip(sentence, cited):
    assert flips(sentence, cited)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Never open the valve before start.", "Do not open the valve before start."),
        ("Open the valve before start.", "Open the valve before start. Do not open the cover."),
        ("変更できません。", "その寸法は変更できません。"),
    ],
)
def test_the_same_denial_is_none_however_it_is_worded(sentence, cited):
    assert flips(sentence, cited) == []
