"""Search over HTTP on 20,000 chunks, against embedding the question and asking the engine alone. Target: p95 ≤ 1.5 ×.

    python -m benchmarks.search [--chunks 20000] [--questions 200]

The chunks are random words in both languages with random unit vectors: only time is measured here, not quality. Every
second document has a tag; the same questions within it are measured too.
"""

import argparse
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from benchmarks.harness import percentile, server, start_django

if TYPE_CHECKING:
    from ingestion.models import Chunk, ChunkVector, IndexBuild, Library, Page, Revision

WORDS = (
    "pump bearing seal torque inspection interval pressure valve manual error code alarm motor coupling shaft flange",
    "軸受 交換 周期 点検 締付 トルク 異音 振動 漏れ 圧力 流量 温度 停止 手順 警報 予備品 潤滑 給油 制御盤 安全弁",
)
PAGE_CHUNKS = 40


def main() -> None:
    """Print p50 and p95 of both, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=20_000)
    parser.add_argument("--questions", type=int, default=200)
    wanted = parser.parse_args()
    data = start_django()
    token = _fill(wanted.chunks)
    questions = [
        " ".join(random.Random(seed).choices(" ".join(WORDS).split(), k=6)) for seed in range(wanted.questions)
    ]
    raw = _raw(questions)
    http, within = _http(data, token, questions)
    print(f"chunks {wanted.chunks}, questions {len(questions)}")
    measured = {"raw: embed + engine": raw, "HTTP: POST /api/v1/search": http, "HTTP, half by a tag": within}
    for name, times in measured.items():
        print(f"{name:28} p50 {percentile(times, 0.5):7.1f} ms   p95 {percentile(times, 0.95):7.1f} ms")
    print(f"ratio of p95: {percentile(http, 0.95) / percentile(raw, 0.95):.2f} (target ≤ 1.50)")


def _fill(chunks: int) -> str:
    """Rows and points of one library, and an API token that may search it."""
    from ingestion.access import token_issue
    from ingestion.models import Library, User

    user = User.objects.create_superuser("bench", password=None)
    library = Library.objects.create(name="bench")
    for number in range(chunks // 1000):
        _document(library, number, 1000)
    return token_issue(user=user, name="bench")


def _document(library: "Library", number: int, chunks: int) -> None:
    from ingestion import tags
    from ingestion.index import vector_index
    from ingestion.models import Chunk, ChunkVector, Document, Page, Revision, Status
    from ingestion.stages import active_build, points_of

    document = Document.objects.create(library=library, title=f"bench {number}")
    tags.add(document, ["even"] if number % 2 == 0 else [])
    revision = Revision.objects.create(
        document=document, number=1, sha256=f"{number:064}", filename="b.txt", size=1, status=Status.READY
    )
    pages = Page.objects.bulk_create(
        Page(revision=revision, number=n + 1, text=text, width=595, height=842)
        for n, text in _page_texts(number, chunks)
    )
    rows = Chunk.objects.bulk_create(_chunks(revision, pages))
    build = active_build()
    ChunkVector.objects.bulk_create(_vectors(build, rows, seed=number))
    for points in points_of(revision, build):
        vector_index().upsert(points)
    document.current = revision
    document.save()


def _page_texts(seed: int, chunks: int) -> Iterator[tuple[int, str]]:
    words, vocabulary = random.Random(seed), " ".join(WORDS).split()
    for number in range(chunks // PAGE_CHUNKS):
        yield number, "\n".join(" ".join(words.choices(vocabulary, k=60)) for _ in range(PAGE_CHUNKS))


def _chunks(revision: "Revision", pages: "list[Page]") -> "Iterator[Chunk]":
    from ingestion.models import Chunk

    for number, page in enumerate(pages):
        start = 0
        for line, text in enumerate(page.text.split("\n")):
            ordinal = number * PAGE_CHUNKS + line
            span = {"start": start, "end": start + len(text), "text": text}
            yield Chunk(
                revision=revision, page=page, ordinal=ordinal, content_hash=f"{revision.id.hex}-{ordinal}", **span
            )
            start += len(text) + 1


def _vectors(build: "IndexBuild", rows: "list[Chunk]", *, seed: int) -> "Iterator[ChunkVector]":
    import numpy as np

    from ingestion.models import ChunkVector

    rng = np.random.default_rng(seed)
    for row in rows:
        vector = rng.standard_normal(build.dimension).astype(np.float32)
        yield ChunkVector(
            build=build, content_hash=row.content_hash, vector=(vector / np.linalg.norm(vector)).tobytes()
        )


def _raw(questions: list[str]) -> list[float]:
    """Milliseconds of embedding each question and asking the engine for both legs, in this process."""
    from ingestion.access import scope_for
    from ingestion.embedding import embed_query
    from ingestion.index import close_index, vector_index
    from ingestion.models import User

    close_index()  # both sides then search what was written, flushed and opened anew
    scope, times = scope_for(User.objects.get(username="bench")), []
    embed_query("warm up")
    for question in questions:
        began = time.perf_counter()
        vectors = embed_query(question)
        vector_index().search(vectors.dense, vectors.sparse, scope=scope, limit=60)
        times.append((time.perf_counter() - began) * 1000)
    close_index()
    return times


def _http(data: Path, token: str, questions: list[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of POST /api/v1/search for each question, over one kept connection: of everything, within a tag."""
    with (
        server(data, ANSWER_URL="http://127.0.0.1:9/v1") as (base, _process),
        httpx.Client(base_url=base, timeout=60) as client,
    ):
        client.headers["Authorization"] = f"Bearer {token}"
        return _asked(client, questions), _asked(client, questions, tags=["even"])


def _asked(client: httpx.Client, questions: list[str], **more: list[str]) -> list[float]:
    times = []
    for question in [*questions[:5], *questions]:
        began = time.perf_counter()
        client.post("/api/v1/search", json={"query": question, "limit": 10, **more}).raise_for_status()
        times.append((time.perf_counter() - began) * 1000)
    return times[5:]


if __name__ == "__main__":
    main()
