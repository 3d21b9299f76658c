import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from assistant import metrics
from assistant.services import AskEvent
from ingestion.errors import NotFound
from tests.assistant.answers import DONE, ERROR, PASSAGES, ScriptedAsk
from tests.factories import make_page, upload


def value(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0


async def told(*events, stop_after=None):
    counted = metrics.counted(ScriptedAsk(*events)(question="?", regenerate=None))
    told = 0
    async for _ in counted:
        told += 1
        if told == stop_after:
            break
    await counted.aclose()


@pytest.mark.parametrize(
    ("events", "outcome"),
    [
        ([("done", DONE)], "answered"),
        ([("done", DONE | {"abstained": True})], "abstained"),
        ([("passages", PASSAGES), ("error", ERROR)], "failed"),
    ],
)
async def test_a_question_is_counted_by_how_it_ended(events, outcome):
    before = value("tenkyo_questions_total", outcome=outcome)
    await told(*events)
    assert value("tenkyo_questions_total", outcome=outcome) == before + 1


async def test_a_question_nobody_waits_for_counts_as_stopped():
    before = value("tenkyo_questions_total", outcome="stopped")
    await told(("passages", PASSAGES), ("done", DONE), stop_after=1)
    assert value("tenkyo_questions_total", outcome="stopped") == before + 1


async def test_a_question_that_is_refused_counts_as_refused():
    before = value("tenkyo_questions_total", outcome="refused")
    with pytest.raises(NotFound):
        await told(NotFound())
    assert value("tenkyo_questions_total", outcome="refused") == before + 1


async def test_sentences_are_counted_by_verdict():
    before = value("tenkyo_sentences_total", verdict="unsupported")
    await told(("sentence", {"verdict": "unsupported"}), ("done", DONE))
    assert value("tenkyo_sentences_total", verdict="unsupported") == before + 1


async def test_stages_are_timed_in_seconds():
    before = value("tenkyo_turn_seconds_sum", stage="total")
    await told(("done", DONE))
    assert value("tenkyo_turn_seconds_sum", stage="total") == pytest.approx(before + 0.9)


async def test_events_pass_unchanged():
    counted = metrics.counted(ScriptedAsk(("done", DONE))(question="?", regenerate=None))
    assert [event async for event in counted] == [AskEvent("done", DONE)]


@pytest.mark.django_db
class TestEndpoint:
    def test_it_speaks_prometheus_text_format(self, client):
        families = text_string_to_metric_families(client.get("/metrics").content.decode())
        assert "tenkyo_questions" in {family.name for family in families}

    def test_runs_are_told_by_status(self, client, owner, library, queued):
        upload(owner, library)
        assert b'tenkyo_ingestion_runs{status="queued"} 1.0' in client.get("/metrics").content

    def test_pages_are_told_by_status(self, client, owner, library, queued):
        added = upload(owner, library)
        make_page(added.document.revisions.get(), status="empty")
        assert b'tenkyo_pages{status="empty"} 1.0' in client.get("/metrics").content

    def test_it_names_no_library_and_no_document(self, client, owner, library, queued):
        upload(owner, library, filename="geheim.txt")
        body = client.get("/metrics").content
        assert (b"Pumps" in body, b"geheim" in body) == (False, False)
