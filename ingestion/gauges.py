"""How the vault stands, for Prometheus. Read from the database, so that every process tells the same."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min, QuerySet, Sum
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily

from ingestion.models import (
    ACTIVE,
    Chunk,
    ChunkVector,
    Document,
    IngestionRun,
    Library,
    Page,
    PageStatus,
    Revision,
    Status,
)


def vault_gauges() -> Iterator[GaugeMetricFamily]:
    """Runs, revisions and pages by state, and how much there is. Numbers only, no names."""
    runs, failed = IngestionRun.objects.all(), IngestionRun.objects.filter(status=Status.FAILED)
    yield _by("tenkyo_ingestion_runs", "Ingestion runs by status.", runs, "status", Status.values)
    yield _by("tenkyo_revisions", "Revisions by status.", Revision.objects.all(), "status", Status.values)
    yield _by("tenkyo_pages", "Pages by ledger status.", Page.objects.all(), "status", PageStatus.values)
    yield _by("tenkyo_run_failures", "Failed ingestion runs by error code.", failed, "error_code")
    waiting = IngestionRun.objects.filter(status__in=ACTIVE, finished_at=None)
    yield GaugeMetricFamily("tenkyo_ingestion_unfinished", "Runs that are not finished.", value=waiting.count())
    attempts = waiting.aggregate(total=Sum("attempts"))["total"] or 0
    yield GaugeMetricFamily("tenkyo_ingestion_fruitless", "Fruitless attempts of unfinished runs.", value=attempts)
    waited = "Seconds the oldest queued ingestion run has waited."
    yield GaugeMetricFamily("tenkyo_queue_oldest_seconds", waited, value=_oldest_wait())
    yield GaugeMetricFamily("tenkyo_libraries", "Libraries.", value=Library.objects.count())
    yield GaugeMetricFamily("tenkyo_documents", "Documents.", value=Document.objects.count())
    yield GaugeMetricFamily("tenkyo_chunks", "Chunks of all revisions.", value=Chunk.objects.count())
    yield GaugeMetricFamily("tenkyo_vectors", "Vectors computed.", value=ChunkVector.objects.count())


def _by(
    name: str, says: str, rows: "QuerySet[Any]", field: str, always: "list[str] | tuple[str, ...]" = ()
) -> GaugeMetricFamily:
    """Rows by a field. Values in `always` are told also where there is none, so that a rate has a beginning."""
    counts = dict.fromkeys(always, 0) | dict(rows.order_by().values_list(field).annotate(count=Count("pk")))
    family = GaugeMetricFamily(name, says, labels=[field])
    for value, count in counts.items():
        family.add_metric([str(value)], count)
    return family


def _oldest_wait() -> float:
    waiting = IngestionRun.objects.filter(status=Status.QUEUED, finished_at=None)
    oldest = waiting.aggregate(oldest=Min("queued_at"))["oldest"]
    return (timezone.now() - oldest).total_seconds() if oldest else 0.0
