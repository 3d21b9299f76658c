from uuid import UUID

import pytest

from assistant.calibration import UNCALIBRATED, Calibration
from assistant.citations import Evidence, Numbering, as_quotation, judge

NOBODY = UUID(int=1)
STRICT = Calibration(close=0.9, close_across=0.84, proposed=0.92, never=0, doubtful=0, across=0)


def evidence(*texts, context=""):
    return [Evidence(n, NOBODY, "Manual", NOBODY, 1, 1, 0, len(text), text, context) for n, text in enumerate(texts, 1)]


def judged(text, numbers, *sources, cosine=1.0, calibration=UNCALIBRATED, context="", question=""):
    return judge(text, numbers, evidence(*sources, context=context), lambda *_: cosine, calibration, question=question)


def checks(found):
    return [reason["check"] for reason in found.reasons]


def test_a_sentence_that_says_what_it_cites_is_supported():
    found = judged("軸受は8,000時間ごとに交換します。", [1], "軸受の交換周期は8000時間である。")
    assert (found.supported, found.cited, found.proposed) == (True, (1,), False)


def test_a_sentence_without_a_mark_is_unsupported():
    assert checks(judged("フィルターを洗います。", [], "軸受を交換する。")) == ["citation"]


def test_a_mark_out_of_range_is_no_mark():
    assert checks(judged("フィルターを洗います。", [7], "軸受を交換する。")) == ["citation"]


def test_a_changed_number_is_named_as_the_reason():
    found = judged("軸受は9,000時間ごとに交換します。", [1], "軸受は8,000時間ごとに交換する。")
    assert found.reasons[0] == {"check": "literal", "missing": ["9000時間"]}


def test_a_turned_prohibition_is_unsupported():
    assert "negation" in checks(judged("カバーを開けてください。", [1], "カバーを開けてはいけません。"))


def test_a_sentence_about_something_else_is_unsupported_however_close_its_vector():
    assert checks(judged("社長は毎朝八時に出社します。", [1], "軸受を交換する。")) == ["support"]


def test_the_same_words_with_another_meaning_are_unsupported():
    found = judged("弁を閉じる前に軸受を外す。", [1], "軸受を外す前に弁を閉じる。", cosine=0.8, calibration=STRICT)
    assert found.reasons == ({"check": "support", "closeness": 0.8},)


@pytest.mark.parametrize(("cosine", "supported"), [(0.86, True), (0.8, False)])
def test_across_languages_meaning_and_literals_decide(cosine, supported):
    source = "軸受の交換周期は8,000時間です。"
    found = judged("Replace the bearing every 8,000 hours.", [1], source, cosine=cosine, calibration=STRICT)
    assert found.supported is supported


def test_an_uncalibrated_embedder_proves_nothing_across_languages():
    assert not judged("Replace the bearing every 8,000 hours.", [1], "軸受の交換周期は8,000時間です。").supported


def test_two_cited_sentences_may_prove_one_together():
    found = judged(
        "軸受の温度は70℃以下、圧力は1.0 MPaです。", [1, 2], "軸受の温度は70℃以下である。", "圧力は1.0 MPaである。"
    )
    assert found.supported


def test_a_forgotten_mark_is_proposed_where_the_sentence_repeats_its_source():
    found = judged("軸受の交換周期は8,000時間です。", [], "圧力は1.0 MPaである。", "軸受の交換周期は8,000時間である。")
    assert (found.supported, found.cited, found.proposed) == (True, (2,), True)


def test_a_wrong_mark_is_corrected_where_the_sentence_repeats_its_source():
    found = judged("軸受の交換周期は8,000時間です。", [1], "圧力は1.0 MPaである。", "軸受の交換周期は8,000時間である。")
    assert (found.cited, found.proposed) == ((2,), True)


def test_nothing_is_proposed_for_a_changed_number():
    assert not judged("軸受の交換周期は9,000時間です。", [], "軸受の交換周期は8,000時間である。").supported


def test_babble_is_unsupported_however_much_of_it_the_source_holds():
    assert not judged("gnucash " * 12, [1], "gnucash.log gnucash.LCK gnucash").supported


def test_what_a_source_says_of_one_thing_is_no_proof_for_another():
    found = judged("スキャナーの保証期間は納入から18か月です。", [1], "ポンプの保証期間は納入から18か月です。")
    assert found.reasons[0] == {"check": "literal", "missing": ["スキャナー"]}


def test_a_name_at_the_start_of_a_japanese_sentence_must_stand_in_the_source():
    found = judged(
        "Position レベルはセキュリティの重要性で決まります。", [1], "MCS レベルはセキュリティの重要性で決まります。"
    )
    assert found.reasons[0] == {"check": "literal", "missing": ["Position"]}


def test_a_capital_at_the_start_of_an_english_sentence_names_nothing():
    assert judged("Positions are checked weekly.", [1], "All positions are checked weekly.").supported


def test_katakana_must_stand_in_a_source_that_is_japanese_only_in_part():
    source = "レイヤーマスクの編集 Report a bug in GIMP Report a documentation error"
    found = judged("テキストデーターの編集 Report a bug in GIMP", [1], source)
    assert "テキストデーター" in found.reasons[0]["missing"]


def test_katakana_may_say_what_an_english_source_says_in_letters():
    found = judged("ポンプは毎週点検します。", [1], "The pump is checked every week.", calibration=STRICT)
    assert found.supported


def test_a_long_vowel_more_or_less_is_the_same_name():
    assert judged("ストレーナの清掃は毎月です。", [1], "ストレーナーの清掃は毎月です。").supported


ASKED = "実行中のプログラムを終了するキー操作は何ですか。"
KEYS = ("Ctrl-C 実行中のプログラムを終了", "Ctrl-S 画面への出力を停止")


def test_an_answer_that_repeats_the_question_is_proved_by_what_it_adds():
    found = judged("Ctrl-Cは実行中のプログラムを終了するキー操作です。", [2], *KEYS, question=ASKED)
    assert (found.supported, found.cited) == (True, (1,))


def test_an_answer_that_adds_what_stands_elsewhere_is_unsupported():
    assert not judged("Ctrl-Sは実行中のプログラムを終了するキー操作です。", [2], *KEYS, question=ASKED).supported


def test_a_part_number_in_the_heading_counts():
    found = judged("P-101の軸受の交換周期は8,000時間です。", [1], "軸受の交換周期: 8,000時間", context="ポンプ P-101")
    assert found.supported


def test_nothing_is_proposed_between_languages():
    source = "軸受の交換周期は8,000時間です。"
    assert not judged("Replace the bearing every 8,000 hours.", [], source, calibration=STRICT).supported


def test_a_sentence_that_only_repeats_the_question_is_no_answer():
    asked = "cd.iso を手動でマウントする方法を知りたい"
    assert not judged("手動でマウントする方法を知りたい", [], "手動でマウントする方法", question=asked).supported


LIMITS = "FAT の最大ファイルサイズは 4 GiB です。"


def test_the_limit_of_one_named_thing_is_no_proof_for_another():
    found = judged("XFS の最大ファイルサイズは 4 GiB です。", [1], LIMITS, question="XFS の最大ファイルサイズは?")
    assert found.reasons[0] == {"check": "literal", "missing": ["XFS"]}


QUESTION = "シンボリックリンクのパーミッションはいつも何ですか"
SOURCES = (
    "シンボリックリンクは、常にファイルアクセスパーミッション”rwxrwxrwx” を持ちます。",
    "ハードリンクは元のファイルと同じパーミッションを持ちます。",
)


def test_a_bare_value_is_answered_by_the_sentence_it_stands_in():
    found = judged("`rwxrwxrwx`", [], *SOURCES, question=QUESTION)
    assert (found.supported, found.cited, found.quoted) == (True, (1,), True)


@pytest.mark.parametrize("answer", ["`rwxr-xr-x`", "はい、いつもです。", "rw rw rw rw rw rw rw rw rw rw"])
def test_nothing_is_quoted_for_what_no_source_holds(answer):
    assert not judged(answer, [], *SOURCES, question=QUESTION).supported


def test_a_source_about_another_thing_is_not_quoted():
    assert not judged("4 GiB", [], LIMITS, question="XFS の最大ファイルサイズは?").supported


def test_a_quotation_joins_what_the_page_wraps():
    assert as_quotation("実行に著\nしく多く (810MB)。") == "「実行に著しく多く (810MB)。」"


def test_citations_are_numbered_in_the_order_of_first_use():
    numbering = Numbering()
    assert [numbering.number(n) for n in (7, 3, 7)] == [(1, True), (2, True), (1, False)]
