"""The vault's figures for `/metrics`, read from the database: right whichever process did the work."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from ingestion.models import Chunk, Document, IngestionRun, Page, Revision, Status


def ingestion_metrics() -> Iterator[Metric]:
    """How much the vault holds, how its runs stand and ended, and how long the oldest one has waited."""
    yield GaugeMetricFamily("tenkyo_documents", "Documents.", value=Document.objects.count())
    yield GaugeMetricFamily("tenkyo_chunks", "Chunks of all revisions.", value=Chunk.objects.count())
    yield _by("tenkyo_revisions", "Revisions by status.", "status", Revision.objects.all())
    yield _by("tenkyo_pages", "Pages by ledger status.", "status", Page.objects.all())
    yield _by("tenkyo_runs", "Ingestion runs by status.", "status", IngestionRun.objects.all())
    failed = IngestionRun.objects.filter(status=Status.FAILED)
    yield _by("tenkyo_run_failures", "Failed ingestion runs by error code.", "error_code", failed)
    waited = "Seconds the oldest queued ingestion run has waited."
    yield GaugeMetricFamily("tenkyo_queue_oldest_seconds", waited, value=_oldest_wait())


def _by(name: str, told: str, field: str, rows: "QuerySet[Any]") -> Metric:
    family = GaugeMetricFamily(name, told, labels=[field])
    for value, count in rows.order_by().values_list(field).annotate(count=Count("pk")):
        family.add_metric([str(value)], count)
    return family


def _oldest_wait() -> float:
    waiting = IngestionRun.objects.filter(status=Status.QUEUED, finished_at=None)
    oldest = waiting.aggregate(oldest=Min("queued_at"))["oldest"]
    return (timezone.now() - oldest).total_seconds() if oldest else 0.0
