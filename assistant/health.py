"""Is it alive, is it ready, and what has it done: /healthz, /readyz, /metrics."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from assistant.api_errors import error_facts
from assistant.errors import NotReady
from assistant.pings import PARTS, Answered
from ingestion.gauges import vault_gauges

log = structlog.get_logger(__name__)
PING_SECONDS = 5.0


@never_cache
@require_safe
async def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """The process answers. It touches nothing else: a part that is down is no reason to restart this one."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
async def readyz(request: HttpRequest) -> HttpResponse:
    """Every part it stands on, by name: whether it answered, in how many milliseconds. 503 where one did not."""
    answers = await asyncio.gather(*(part.ask(PING_SECONDS) for part in PARTS))
    in_full = await _may_see_causes(request)
    parts = {answer.name: _said(answer, in_full=in_full) for answer in answers}
    silent = [answer.name for answer in answers if answer.code]
    if not silent:
        return JsonResponse({"ready": True, "parts": parts})
    error = error_facts(request, NotReady(parts=", ".join(silent)))
    said = {"ready": False, "parts": parts, "error": error}
    return JsonResponse(said, status=NotReady.status, json_dumps_params={"ensure_ascii": False})


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """Counts and times in Prometheus' text format. They name no person, library or document."""
    vault = CollectorRegistry()
    vault.register(_Vault())
    return HttpResponse(generate_latest(_counts()) + generate_latest(vault), content_type=CONTENT_TYPE_LATEST)


def _counts() -> CollectorRegistry:
    """What this process counted; with METRICS_DIR, what all of this machine's web processes did."""
    if settings.METRICS_DIR is None:
        return REGISTRY
    together = CollectorRegistry()
    _forget_the_dead(settings.METRICS_DIR)
    MultiProcessCollector(together, path=str(settings.METRICS_DIR))  # type: ignore[no-untyped-call]
    return together


def _forget_the_dead(folder: Path) -> None:
    """A killed process's gauges are gone with it; what it counted stays."""
    for file in folder.glob("gauge_live*_*.db"):
        if not Path("/proc", file.stem.rpartition("_")[2]).exists():
            file.unlink(missing_ok=True)


class _Vault:
    """The vault's figures, and whether the database gave them."""

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not ask the database."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Read them now. Without a database the process's own figures are still told."""
        try:
            found: list[Metric] = list(vault_gauges())
        except DatabaseError:
            log.exception("metrics_without_database")
            found = []
        return [*found, GaugeMetricFamily("tenkyo_database_up", "1 where the database answered.", value=bool(found))]


def _said(answer: Answered, *, in_full: bool) -> dict[str, object]:
    said: dict[str, object] = {"ok": not answer.code, "ms": answer.milliseconds}
    if answer.code:
        said["code"] = answer.code
    if answer.cause and in_full:
        said["cause"] = answer.cause
    return said


async def _may_see_causes(request: HttpRequest) -> bool:
    """Causes name folders and processes: they are for administrators who are signed in."""
    try:
        user = await request.auser()
    except DatabaseError:
        return False
    return user.is_active and user.is_superuser
