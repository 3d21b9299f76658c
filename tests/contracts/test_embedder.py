"""What every `Embedder` does: the real one and the fake that stands for it."""

import numpy as np
import pytest
from django.conf import settings

from tests.fakes import HashEmbedder

TEXTS = ["軸受は8,000時間ごとに交換する。", "The seal is checked every week.", "ポンプを停止してから弁を閉じる。" * 8]


@pytest.fixture(scope="module", params=["fake", pytest.param("real", marks=pytest.mark.models)])
def embedder(request):
    if request.param == "fake":
        return HashEmbedder()
    from config.portfolio import model_named
    from ingestion.embedding import SentenceEmbedder

    model = model_named("multilingual-e5-small", "embed")
    return SentenceEmbedder(model, settings.MODELS_DIR / model.path, device="cpu")


def test_passages_are_one_row_per_text(embedder):
    assert embedder.passages(TEXTS).shape == (3, embedder.dimension)


def test_no_passages_are_no_rows(embedder):
    assert embedder.passages([]).shape == (0, embedder.dimension)


def test_passages_are_float32(embedder):
    assert embedder.passages(TEXTS[:1]).dtype == np.float32


def test_passages_have_unit_length(embedder):
    assert np.linalg.norm(embedder.passages(TEXTS), axis=1) == pytest.approx(1, abs=1e-5)


def test_a_query_is_one_row(embedder):
    assert embedder.query("軸受の交換周期は?").shape == (embedder.dimension,)


def test_a_query_has_unit_length(embedder):
    assert np.linalg.norm(embedder.query("軸受")) == pytest.approx(1, abs=1e-5)


def test_an_empty_query_has_a_vector(embedder):
    assert np.isfinite(embedder.query("")).all()


def test_rows_keep_the_order_of_the_texts(embedder):
    together = embedder.passages(TEXTS)
    alone = np.vstack([embedder.passages([text]) for text in TEXTS])
    assert np.sum(together * alone, axis=1) == pytest.approx(1, abs=1e-4)


def test_the_same_text_always_has_the_same_vector(embedder):
    assert embedder.query("軸受") == pytest.approx(embedder.query("軸受"), abs=1e-6)


def test_a_question_is_closest_to_the_passage_that_shares_its_words(embedder):
    assert int(np.argmax(embedder.passages(TEXTS) @ embedder.query("軸受の交換は何時間ごとか"))) == 0


def test_progress_ends_at_the_number_of_texts(embedder):
    told = []
    embedder.passages(TEXTS, on_batch=told.append)
    assert told[-1] == 3


def test_tokens_are_counted_per_text(embedder):
    counts = embedder.count_tokens(TEXTS)
    assert [count > 0 for count in counts] == [True, True, True]


def test_tokens_are_counted_beyond_the_limit(embedder):
    assert embedder.count_tokens(["pump " * 2000])[0] >= 2000


def test_an_empty_text_has_no_tokens(embedder):
    assert embedder.count_tokens([""]) == [0]
