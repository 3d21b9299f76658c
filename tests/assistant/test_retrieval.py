"""What is found for a question, in which order."""

import pytest

from assistant import reranking, retrieval
from assistant.retrieval import retrieve
from tests.factories import text_file, upload

PAGES = ("Pump pump pump: the pump stands in the hall.", "The pump is cleaned every week.", "Valves are red.")


@pytest.fixture
def taken_in(owner, library, fake_embedder, open_index, worked):
    worked(lambda: upload(owner, library, text_file(*PAGES), filename="pump.txt"))


@pytest.fixture
def reranked(monkeypatch):
    """What the reranker was given to read: one that turns the order round."""
    model = LaterFirst()
    monkeypatch.setattr(reranking, "_loaded", [model])
    return model.read


class LaterFirst:
    """A reranker that turns every order round."""

    name = "later-first"

    def __init__(self):
        self.read = []

    def scores(self, _question, texts):
        self.read += texts
        return [number / len(texts) for number, _ in enumerate(texts)]


@pytest.mark.django_db
class TestReranked:
    def test_without_a_reranker_the_fused_order_stands(self, taken_in, scope):
        assert retrieve("clean the pump", scope=scope, limit=3)[0].page == 2

    def test_a_reranker_decides_the_order(self, taken_in, scope, reranked, settings):
        fused = [found.page for found in retrieve("clean the pump", scope=scope, limit=3)]
        settings.RERANK_MODEL = "bge-reranker-v2-m3"
        assert [found.page for found in retrieve("clean the pump", scope=scope, limit=3)] == fused[::-1]

    def test_a_reranker_gives_its_scores(self, taken_in, scope, reranked, settings):
        settings.RERANK_MODEL = "bge-reranker-v2-m3"
        found = retrieve("clean the pump", scope=scope, limit=3)
        assert [passage.score for passage in found] == sorted((passage.score for passage in found), reverse=True)

    def test_a_reranker_reads_more_than_is_wanted(self, taken_in, scope, reranked, settings):
        settings.RERANK_MODEL = "bge-reranker-v2-m3"
        retrieve("clean the pump", scope=scope, limit=1)
        assert len(reranked) > 1

    def test_a_reranker_reads_no_more_than_it_is_given_time_for(self, taken_in, scope, reranked, settings, monkeypatch):
        monkeypatch.setattr(retrieval, "RERANKED", 2)
        settings.RERANK_MODEL = "bge-reranker-v2-m3"
        retrieve("clean the pump", scope=scope, limit=1)
        assert len(reranked) == 2
