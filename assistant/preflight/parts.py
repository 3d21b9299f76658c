"""The parts Tenkyo stands on, asked as /readyz asks them."""

import asyncio
from collections.abc import Iterator

from django.conf import settings

from assistant.pings import PARTS, Answered
from assistant.preflight.installation import waiting_migrations
from assistant.preflight.lines import Line
from ingestion.errors import IndexHeld

# The embedder is loaded from disk for the first time.
_LOADING_SECONDS = 120.0
_SECONDS = 15.0
_LOADED = frozenset({"embedder", "reranker"})
_VARIABLES = {
    "database": "DATABASE_URL",
    "broker": "BROKER_URL",
    "index": "QDRANT_URL",
    "documents": "EMBED_MODEL",
    "embedder": "EMBED_MODEL",
    "reranker": "RERANK_MODEL",
    "answer_model": "ANSWER_URL",
}


def lines() -> Iterator[Line]:
    """A line for each part."""
    # Documents cannot be counted before their tables are there.
    asked = [part for part in PARTS if not (part.name == "documents" and waiting_migrations() != 0)]
    for answered in asyncio.run(_answers([part.name for part in asked])):
        yield part_line(answered)
    yield from (Line(part.name, "part_waits") for part in PARTS if part not in asked)


def part_line(answered: Answered) -> Line:
    """What the answer of a part means before Tenkyo is started."""
    if not answered.code:
        return Line(answered.name, "part_answers", {"milliseconds": round(answered.milliseconds)})
    if isinstance(answered.error, IndexHeld):
        return Line(answered.name, "part_served", {"pid": answered.error.params["pid"]})
    if answered.name == "answer_model" and settings.ANSWER_BESIDE_WEB:
        return Line(answered.name, "part_beside")
    if answered.error is not None:
        return Line(answered.name, "part_failed", {"code": answered.code}, answered.error)
    return Line(answered.name, "part_silent", {"cause": answered.cause, "variable": _VARIABLES[answered.name]})


async def _answers(names: list[str]) -> list[Answered]:
    wanted = [part for part in PARTS if part.name in names]
    waits = (part.ask(_LOADING_SECONDS if part.name in _LOADED else _SECONDS) for part in wanted)
    return list(await asyncio.gather(*waits))
