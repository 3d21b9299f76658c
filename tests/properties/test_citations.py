"""Whatever a model writes: shown citations point at evidence, and changed facts are caught."""

import random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.calibration import UNCALIBRATED
from assistant.citations import Evidence, judge
from assistant.evaluation.contradictions import OTHER_UNIT, changed_digit
from assistant.literals import missing
from assistant.marks import MarkParser, SentenceSplitter
from assistant.negation import flips

PAGE = (
    "軸受の交換周期は8,000時間です。グランドパッキンの漏れは1分間に20滴が適正です。"
    "設計圧力は1.0 MPaです。ポンプP-101を毎月点検します。The seal MS-20 lasts 16,000 hours."
)
SPANS = [(0, 17), (17, 40), (40, 54), (54, 69), (69, 101)]
NOBODY = UUID(int=1)
EVIDENCE = [
    Evidence(n, NOBODY, "Manual", NOBODY, 1, 1, start, end, PAGE[start:end])
    for n, (start, end) in enumerate(SPANS, start=1)
]


def same(text, others):
    return 1.0


def read(answer, sizes=(1,)):
    """The drafts of an answer that arrives in pieces of these sizes."""
    parser, splitter, drafts, at, turn = MarkParser(), SentenceSplitter(), [], 0, 0
    while at < len(answer):
        size = sizes[turn % len(sizes)]
        for part in parser.feed(answer[at : at + size]):
            drafts += splitter.add(part)
        at, turn = at + size, turn + 1
    for part in parser.close():
        drafts += splitter.add(part)
    return [*drafts, *splitter.close()]


FRAGMENTS = [
    *(one.text for one in EVIDENCE),
    *(
        "[1]",
        "[2][3]",
        "［４］",
        "【5】",
        "[1, 2]",
        "[1-3]",
        "[0]",
        "[99]",
        "[]",
        "[-1]",
        "[1",
        "1]",
        "[[1]]",
        "[１，２]",
    ),
    *(
        "[a]",
        "[1a]",
        "`x[1]`",
        "```\ny[2] = 3\n```",
        "```\n[3]",
        "\n",
        "\n- ",
        " ",
        "。",
        "です",
        ". ",
        "「[1]」",
        "8,100時間",
    ),
    *("[99999999999]", "［1]", "【2]", "[ 3 ]", "[^1]", "(1)", "[1;2]", "\u200b", "\ufeff[1]", "😀", "|", "#"),
]


@pytest.mark.parametrize("seed", range(10))
def test_every_citation_of_12000_malformed_answers_is_a_piece_of_evidence_byte_for_byte(seed):
    chance = random.Random(seed)  # noqa: S311 - malformed answers are no secret
    shown = 0
    for _ in range(1200):
        answer = "".join(chance.choices(FRAGMENTS, k=chance.randint(1, 9)))
        for draft in read(answer, sizes=(chance.randint(1, 5), chance.randint(1, 9))):
            for number in judge(draft.text, draft.numbers, EVIDENCE, same, UNCALIBRATED).cited:
                found = EVIDENCE[number - 1]
                shown += 1
                assert found.number == number
                assert PAGE[found.start : found.end].encode() == found.text.encode()
    assert shown > 300  # only proved sentences cite; else the answers are so malformed that nothing was tested


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), st.lists(st.integers(1, 7), min_size=1, max_size=4))
def test_any_text_is_read_without_an_error_and_keeps_its_letters(text, sizes):
    drafts = read(text, sizes)
    kept = "".join(draft.text for draft in drafts)
    assert set(kept) <= set(text)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=8), st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_how_the_stream_is_cut_changes_nothing(fragments, sizes):
    answer = "".join(fragments)
    assert [(one.text, one.numbers) for one in read(answer, sizes)] == [
        (one.text, one.numbers) for one in read(answer, (len(answer) or 1,))
    ]


NUMBERS = st.integers(2, 99_998)
UNITS = st.sampled_from(sorted(OTHER_UNIT))


@given(NUMBERS, UNITS, st.integers(1, 500))
def test_a_changed_number_is_always_caught(number, unit, change):
    assert missing(f"値は{number + change}{unit}です。", [f"この値は{number:,}{unit}とする。"])


@given(NUMBERS, UNITS)
def test_a_changed_unit_is_always_caught(number, unit):
    assert missing(f"値は{number}{OTHER_UNIT[unit]}です。", [f"この値は{number:,}{unit}とする。"])


@given(NUMBERS, UNITS)
def test_an_unchanged_quantity_is_never_refused_however_it_is_written(number, unit):
    assert not missing(f"値は{number:,}{unit}です。", [f"この値は {number}{unit} とする。"])


CODES = st.from_regex(r"[A-Z]{1,3}-[1-9][0-9]{1,3}[A-Z]?", fullmatch=True)


@given(CODES, st.randoms(use_true_random=False))
def test_a_changed_part_number_is_always_caught(code, chance):
    assert missing(f"部品{changed_digit(code, chance)}を使います。", [f"部品は{code}である。"])


VERBS_JA = [
    "開け",
    "触れ",
    "使用し",
    "分解し",
    "再利用し",
    "停止し",
    "運転し",
    "交換し",
    "加熱し",
    "洗浄し",
    "締め",
    "外し",
]
THINGS_JA = ["弁", "軸受", "カバー", "電源", "ポンプ", "フィルター", "ボルト", "札"]


@given(st.sampled_from(THINGS_JA), st.sampled_from(VERBS_JA), st.sampled_from(["ないでください", "てはいけません"]))
def test_a_japanese_prohibition_turned_into_an_order_is_always_caught(thing, verb, denial):
    assert flips(f"{thing}を{verb}てください。", f"{thing}を{verb}{denial}。")


VERBS_EN = ["open", "touch", "replace", "heat", "remove", "start", "clean", "tighten", "loosen", "drain"]


@given(
    st.sampled_from(VERBS_EN), st.sampled_from(["Do not {} the valve.", "Never {} the valve.", "You must not {} it."])
)
def test_an_english_prohibition_turned_into_an_order_is_always_caught(verb, denial):
    assert flips(f"{verb.capitalize()} the valve.", denial.format(verb))
