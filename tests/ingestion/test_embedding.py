"""ingestion.embedding: batches, turns at the model, and what is said where it cannot be loaded."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.portfolio import model_named
from ingestion.embedding import SentenceEmbedder, _Turns, batches
from ingestion.errors import EmbedderUnavailable

LENGTHS = st.lists(st.integers(min_value=1, max_value=600), max_size=50)


@given(LENGTHS)
def test_batches_hold_every_text_once(lengths):
    assert sorted(number for batch in batches(lengths, 512) for number in batch) == list(range(len(lengths)))


@given(LENGTHS)
def test_a_batch_of_several_stays_within_the_budget(lengths):
    padded = [max(lengths[n] for n in batch) * len(batch) for batch in batches(lengths, 512) if len(batch) > 1]
    assert [size for size in padded if size > 512] == []


def test_a_missing_folder_is_told_with_what_to_do(tmp_path):
    with pytest.raises(EmbedderUnavailable, match="models_fetch"):
        SentenceEmbedder(model_named("multilingual-e5-small", "embed"), tmp_path / "none", device="cpu")


def test_a_damaged_folder_is_told_with_the_reason(tmp_path):
    (tmp_path / "modules.json").write_text("{", encoding="utf-8")
    with pytest.raises(EmbedderUnavailable):
        SentenceEmbedder(model_named("multilingual-e5-small", "embed"), tmp_path, device="cpu")


def test_a_question_goes_before_the_batch_that_waited_longer():
    turns, order = _Turns(), []

    def take(turn, name):
        with turn():
            order.append(name)

    with turns.batch():
        waiting = [threading.Thread(target=take, args=(turns.batch, "batch"))]
        waiting[0].start()
        waiting.append(threading.Thread(target=take, args=(turns.question, "question")))
        waiting[1].start()
        while not turns._questions:
            threading.Event().wait(0.001)
    for thread in waiting:
        thread.join()
    assert order == ["question", "batch"]


def test_a_failed_batch_gives_its_turn_back():
    turns = _Turns()
    with pytest.raises(RuntimeError), turns.batch():
        raise RuntimeError
    with turns.question():
        assert turns._busy
