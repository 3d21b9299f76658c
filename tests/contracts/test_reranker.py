"""What every `Reranker` does: the real one, over a tiny model of random weights, and the fake that stands for it."""

import pytest

from assistant.errors import RerankerUnavailable
from assistant.reranking import CrossEncoderReranker
from config.portfolio import Model
from tests.fakes import WordReranker

QUESTION = "軸受はいつ交換しますか"
TEXTS = ["軸受は8,000時間ごとに交換する。", "The seal is checked every week.", "ポンプを停止してから弁を閉じる。" * 200]
APPROVED = Model(name="tiny", role="rerank", origin="made here", licence="none", path="tiny", max_tokens=64)


def made(folder, labels):
    """A CrossEncoder of one small layer with the characters of TEXTS for its words."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set(QUESTION + "".join(TEXTS).lower()))]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        num_labels=labels,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module", params=["fake", "real"])
def reranker(request, tmp_path_factory):
    if request.param == "fake":
        return WordReranker()
    return CrossEncoderReranker(APPROVED, made(tmp_path_factory.mktemp("models") / "tiny", 1), device="cpu")


def test_each_text_has_a_score(reranker):
    assert len(reranker.scores(QUESTION, TEXTS)) == len(TEXTS)


def test_scores_lie_between_0_and_1(reranker):
    assert all(0 <= score <= 1 for score in reranker.scores(QUESTION, TEXTS))


def test_no_texts_have_no_scores(reranker):
    assert reranker.scores(QUESTION, []) == []


def test_a_text_scores_the_same_beside_others_and_alone(reranker):
    alone = [reranker.scores(QUESTION, [text])[0] for text in TEXTS]
    assert reranker.scores(QUESTION, TEXTS) == pytest.approx(alone, abs=1e-4)


def test_the_score_depends_on_the_question(reranker):
    assert reranker.scores(QUESTION, TEXTS[:1]) != reranker.scores("seal week", TEXTS[:1])


def test_a_folder_that_is_missing_is_said(tmp_path):
    with pytest.raises(RerankerUnavailable, match="the folder is missing"):
        CrossEncoderReranker(APPROVED, tmp_path / "nothing", device="cpu")


def test_a_damaged_folder_is_said(tmp_path):
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(RerankerUnavailable):
        CrossEncoderReranker(APPROVED, tmp_path, device="cpu")


def test_a_model_that_gives_no_single_score_is_refused(tmp_path):
    with pytest.raises(RerankerUnavailable, match="3 things"):
        CrossEncoderReranker(APPROVED, made(tmp_path / "nli", 3), device="cpu")
