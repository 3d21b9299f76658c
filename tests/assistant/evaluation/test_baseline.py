import numpy as np
import pytest
from asgiref.sync import async_to_sync

from assistant.errors import ModelUnavailable
from assistant.evaluation.baseline import answer_outcome, baseline, served_llm
from assistant.evaluation.golden import Question
from assistant.evaluation.places import Places
from assistant.evaluation.plan import Batch
from assistant.evaluation.vectors import VectorCache
from tests.fakes import HashEmbedder
from tests.journeys.model_server import ModelServer

QUESTION = Question(
    "q", "fact", "en", "How often must the mechanical seal MS-20 be replaced?", (("pump:2",),), (("16,000",),)
)


class CountingEmbedder(HashEmbedder):
    """Counts the passages it was given."""

    def __init__(self):
        self.count = 0

    def passages(self, texts, *, on_batch=None):
        self.count += len(texts)
        return super().passages(texts, on_batch=on_batch)


@pytest.fixture
def vectors(tmp_path):
    return VectorCache(tmp_path / "cache" / "vectors.sqlite3", CountingEmbedder())


@pytest.fixture
def server(settings):
    """An answer server that says what the test has it say."""
    made = ModelServer()
    settings.ANSWER_URL = made.url
    yield made
    made.close()


@pytest.fixture
def outcome(manual, scope, server, vectors):
    """`outcome(answer)`: what becomes of the question when the model answers so."""
    places = Places({manual.id: "pump"})

    async def ask():
        async with served_llm() as llm:
            system = await baseline(scope, places, llm, vectors)
            return await system(QUESTION, Batch(scope, places, (QUESTION,)))

    def told(answer):
        server.reply = answer if callable(answer) else lambda _prompt: answer
        return async_to_sync(ask)()

    return told


def test_a_mark_is_the_page_of_its_source(outcome):
    found = outcome("It must be replaced every 16,000 hours [1].")
    assert found["sentences"][0]["cited"] == found["pages"][:1] == ["pump:2"]


def test_an_answer_is_judged_as_the_product_s_is(outcome):
    assert [outcome(f"Every {hours} hours [1].")["right"] for hours in ("16,000", "9,000")] == [True, False]


def test_it_finds_no_more_pages_than_its_default(outcome):
    assert len(outcome("Every 16,000 hours [1].")["pages"]) == 2


def test_the_model_is_shown_numbered_sources(outcome, server):
    assert "16,000" in outcome(lambda prompt: prompt.split("Source 1:")[-1].split("Source 2:")[0])["answer"]


def test_the_time_of_search_is_part_of_the_whole(outcome):
    timings = outcome("Every 16,000 hours [1].")["timings"]
    assert 0 < timings["retrieve_ms"] < timings["total_ms"]


def test_a_server_that_is_down_is_told_as_such(outcome, server):
    server.down = True
    with pytest.raises(ModelUnavailable):
        outcome("x")


def test_a_repeat_embeds_nothing_again(outcome, vectors):
    outcome("x")
    first = vectors._embedder.count
    outcome("x")
    assert (first > 0, vectors._embedder.count) == (True, first)


def test_kept_vectors_are_the_embedder_s_own(vectors):
    texts = ["oil every 500 h", "清掃は毎月"]
    vectors.passages(texts[:1])
    assert np.allclose(vectors.passages(texts), HashEmbedder().passages(texts))


SOURCES = ["pump:2", "pump:2", "fan:1"]


def test_a_sentence_without_a_mark_is_shown_unsupported():
    assert [one["supported"] for one in answer_outcome("Oil it. Clean it [3].", SOURCES)["sentences"]] == [False, True]


def test_a_mark_that_names_no_source_is_no_citation():
    assert answer_outcome("Oil it [4].", SOURCES)["sentences"][0]["cited"] == []


def test_two_sources_of_one_page_are_one_citation():
    assert answer_outcome("Oil it [1][2][3].", SOURCES)["sentences"][0]["cited"] == ["pump:2", "fan:1"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The provided sources do not contain the answer.",
        "None of the sources are helpful.",
        "提供された資料には、その情報は含まれていません。",
        "その件はわかりません [1]。",
    ],
)
def test_saying_that_the_sources_do_not_help_is_a_refusal(text):
    assert answer_outcome(text, SOURCES)["abstained"]


@pytest.mark.parametrize(
    "text", ["It is not available in version 3.", "Every 16,000 hours [1]. Nothing else is mentioned in source 2."]
)
def test_an_answer_is_no_refusal(text):
    assert not answer_outcome(text, SOURCES)["abstained"]
