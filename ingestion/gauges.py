"""How the vault stands, for Prometheus. Read from the database, so that every process tells the same."""

from collections.abc import Iterator

from django.db.models import Count, Sum
from prometheus_client.core import GaugeMetricFamily

from ingestion.models import ACTIVE, Chunk, Document, IngestionRun, Library, Page, PageStatus, Status


def vault_gauges() -> Iterator[GaugeMetricFamily]:
    """Runs and pages by state, and how much there is. Numbers only, no names."""
    yield _by_status("tenkyo_ingestion_runs", "Ingestion runs by status.", Status.values, _counted(IngestionRun))
    yield _by_status("tenkyo_pages", "Pages by status.", PageStatus.values, _counted(Page))
    waiting = IngestionRun.objects.filter(status__in=ACTIVE, finished_at=None)
    yield GaugeMetricFamily("tenkyo_ingestion_unfinished", "Runs that are not finished.", value=waiting.count())
    attempts = waiting.aggregate(total=Sum("attempts"))["total"] or 0
    yield GaugeMetricFamily("tenkyo_ingestion_fruitless", "Fruitless attempts of unfinished runs.", value=attempts)
    for name, model in (("libraries", Library), ("documents", Document), ("chunks", Chunk)):
        yield GaugeMetricFamily(f"tenkyo_{name}", f"How many {name} there are.", value=model.objects.count())


def _counted(model: type[IngestionRun] | type[Page]) -> dict[str, int]:
    rows = model.objects.order_by().values_list("status").annotate(count=Count("pk"))
    return dict(rows)


def _by_status(name: str, says: str, statuses: list[str], counts: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=["status"])
    for status in statuses:
        family.add_metric([status], counts.get(status, 0))
    return family
