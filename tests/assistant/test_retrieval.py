"""What is found for a question, in which order."""

import pytest

from assistant import reranking, retrieval
from assistant.retrieval import retrieve
from ingestion import embedding
from ingestion.sparse import term_id
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


JAPANESE = ("ポンプの軸受は8,000時間ごとに交換する。", "弁は閉じてから点検する。ANSI-300 の弁は赤い。")


@pytest.mark.django_db
class TestBothLanguages:
    @pytest.fixture
    def both(self, taken_in, owner, library, worked):
        worked(lambda: upload(owner, library, text_file(*JAPANESE), filename="ポンプ.txt"))

    def test_documents_in_the_other_language_are_searched_where_the_words_are_not_found(self, both, scope):
        found = retrieve("Which maintenance interval applies to ANSI-300?", scope=scope, limit=2)
        assert ("ポンプ", 2) in [(passage.document_title, passage.page) for passage in found]

    def test_they_are_searched_for_what_the_words_are_called_there(self, both, scope, monkeypatch):
        asked = {}
        monkeypatch.setattr(embedding.Asked, "vectors", spied(embedding.Asked.vectors, asked))
        retrieve("After how many hours is it exchanged?", scope=scope, limit=5)
        assert {term_id("交換"), term_id("時間"), term_id("exchang")} <= set(asked["ja"].sparse.indices)

    def test_the_question_is_embedded_once_for_both(self, both, scope, monkeypatch):
        read = []
        query = embedding.embedder().query
        monkeypatch.setattr(embedding.embedder(), "query", lambda text: read.append(text) or query(text))
        retrieve("Which maintenance interval applies to ANSI-300?", scope=scope, limit=2)
        assert read == ["Which maintenance interval applies to ANSI-300?"]

    def test_a_translation_is_what_they_are_searched_with(self, both, scope):
        asked = "What about the thing on the shaft?"
        found = retrieve(asked, scope=scope, limit=2, translation="軸受の交換")
        assert ("ポンプ", 1) in [(passage.document_title, passage.page) for passage in found]

    def test_nothing_else_is_searched_where_the_words_are_found(self, both, scope, monkeypatch):
        asked = []
        index = retrieval.vector_index()
        monkeypatch.setattr(
            retrieval, "vector_index", lambda _model: Spy(index, lambda **named: asked.append(named.get("language")))
        )
        retrieve("How often is the pump cleaned?", scope=scope, limit=2)
        assert asked == [None]

    def test_no_passage_is_found_twice(self, both, scope):
        found = retrieve("Which maintenance interval applies to ANSI-300?", scope=scope, limit=9)
        places = [(passage.revision_id, passage.page, passage.start) for passage in found]
        assert len(places) == len(set(places))


def spied(vectors, asked):
    """The same, keeping the vectors of each text by the language they are looked for in."""

    def embed(self, *given, into=None):
        asked[into] = vectors(self, *given, into=into)
        return asked[into]

    return embed


class Spy:
    """An index that tells of every search."""

    def __init__(self, index, tell):
        self.index, self.tell = index, tell

    def search(self, *given, **named):
        self.tell(**named)
        return self.index.search(*given, **named)
