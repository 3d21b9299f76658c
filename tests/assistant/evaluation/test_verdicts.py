"""Pairs and generated contradictions through the real check; shares on cases counted by hand."""

import json
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command

from assistant.calibration import UNCALIBRATED, calibration_of
from assistant.evaluation.contradictions import KINDS, changed
from assistant.evaluation.scores import Share
from assistant.evaluation.verdicts import Measured, Pair, as_shipped, contradicted, measured, share_kept, unharmed
from ingestion import embedding

ROWS = [
    Measured("entailment", words=0.6, closeness=0.95, turned=False, kept=True, quoted=False),
    Measured("entailment", words=0.4, closeness=0.95, turned=False, kept=False, quoted=True),
    Measured("entailment", words=0.9, closeness=0.99, turned=True, kept=False, quoted=False),
    Measured("neutral", words=0.9, closeness=0.80, turned=False, kept=False, quoted=False),
]
SENTENCES = [
    "軸受の交換周期は8,000時間です。",
    "設計圧力は 20 MPa とし、30~50 mm の隙間を保ちます。",
    "ポンプ P-101 は平成30年に据え付けました。",
    "この装置は2024年3月に納入しました。",
    "運転中は弁を操作してください。",
    "The driver of Debian must stop before the server does.",
    "The manual names Fedora, and the table names Gentoo.",
]


def test_both_bounds_and_the_letters_decide():
    assert share_kept(ROWS, "entailment", close=0.9, held=0.5) == Share(1, 3)


def test_a_lower_bound_on_words_keeps_more():
    assert share_kept(ROWS, "entailment", close=0.9, held=0.4) == Share(2, 3)


def test_each_label_is_counted_by_itself():
    assert share_kept(ROWS, "neutral", close=0.9, held=0.0) == Share(0, 1)


def test_a_quoted_source_is_not_a_kept_sentence():
    assert as_shipped(ROWS, "entailment") == (Share(1, 3), Share(1, 3))


@pytest.mark.parametrize(
    ("kind", "sentence", "said"),
    [
        ("unit", "交換周期は8,000時間です。", ["交換周期は8,000分です。"]),
        ("date", "令和6年に納入した。", ["令和{}年に納入した。", "2025年に納入した。"]),
        ("negation", "弁を操作してください。", ["弁を操作しないでください。"]),
        ("negation", "You must not open it.", ["You must open it."]),
        ("negation", "弁は開けず、操作してください。", []),
        ("digit", "1. Stop the pump.", []),
    ],
)
def test_one_thing_is_changed_and_nothing_else(kind, sentence, said):
    found = list(changed(sentence, kind, Random(1)))  # noqa: S311 - the same each time
    assert [one if "{}" not in other else other for one, other in zip(found, said, strict=True)] == said


def test_no_number_is_changed_to_one_that_stands_there():
    chance = Random(1)  # noqa: S311 - the same each time
    said = [one for _ in range(40) for one in changed("1 から 2 まで", "range bound", chance)]
    assert not {"2 から 2 まで", "1 から 1 まで"} & set(said)


def test_every_kind_of_contradiction_is_made_and_caught():
    found = contradicted(SENTENCES, most=100)
    assert [(one.kind, one.missed) for one in found if one.share.total] == [(kind, ()) for kind in KINDS]


def test_a_sentence_said_as_it_stands_is_not_spoken_against():
    assert unharmed(SENTENCES, most=100) == Share(len(SENTENCES), len(SENTENCES))


def test_a_pair_goes_through_the_whole_check(fake_embedder):
    pair = Pair("entailment", "軸受の交換周期は8,000時間です。", "軸受の交換周期は8,000時間です。")
    (row,) = measured([pair], fake_embedder, UNCALIBRATED)
    assert (row.kept, row.turned, row.words) == (True, False, 1.0)


@pytest.mark.models
def test_the_real_embedder_keeps_what_is_repeated_and_not_what_is_changed():
    embedder = embedding.embedder()
    pairs = [Pair("", SENTENCES[0], SENTENCES[0]), Pair("", SENTENCES[0].replace("8", "9"), SENTENCES[0])]
    assert [row.kept for row in measured(pairs, embedder, calibration_of(embedder.name))] == [True, False]


def test_the_command_writes_the_page_and_its_plots(fake_embedder, settings, tmp_path):
    settings.BASE_DIR = settings.DATA_DIR = tmp_path
    for folder in ("jglue", "ja-en-sections", "docs/reference"):
        (tmp_path / folder).mkdir(parents=True)
    pair = {"sentence1": SENTENCES[0], "sentence2": SENTENCES[0], "label": "entailment"}
    (tmp_path / "jglue/jnli-valid-v1.3.json").write_text(json.dumps(pair), encoding="utf-8")
    section = {"ja": "\n\n".join(SENTENCES), "en": SENTENCES[-1]}
    (tmp_path / "ja-en-sections/sections.jsonl").write_text(json.dumps(section), encoding="utf-8")
    call_command("evaluate_verdicts", data=tmp_path, write=True, stdout=StringIO())
    written = {file.name for file in (tmp_path / "docs/reference").iterdir()}
    assert written == {"verdicts.md", "verdicts-words.svg", "verdicts-closeness.svg"}
