"""What an operator is told of the vault."""

from ingestion.gauges import vault_gauges
from ingestion.models import IngestionRun
from tests.factories import upload


def figures():
    return {
        (sample.name, *sample.labels.values()): sample.value for family in vault_gauges() for sample in family.samples
    }


def test_an_empty_vault_holds_nothing_and_nobody_waits(db):
    found = figures()

    assert (found["tenkyo_documents",], found["tenkyo_queue_oldest_seconds",]) == (0, 0)


def test_a_status_that_nothing_has_is_told_as_none(db):
    assert figures()["tenkyo_ingestion_runs", "failed"] == 0


def test_runs_are_counted_by_status_and_failures_by_code(owner, library):
    upload(owner, library, b"one")
    upload(owner, library, b"two")
    IngestionRun.objects.filter(pk=IngestionRun.objects.first().pk).update(status="failed", error_code="disk_full")

    found = figures()

    assert (found["tenkyo_ingestion_runs", "queued"], found["tenkyo_run_failures", "disk_full"]) == (1, 1)


def test_the_oldest_waiting_run_says_how_long_it_waits(owner, library):
    upload(owner, library)

    assert figures()["tenkyo_queue_oldest_seconds",] > 0
