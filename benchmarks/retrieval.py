"""`python -m benchmarks.retrieval [--data FOLDER]`: how well sparse, dense and fused search find what was asked for.

Real weights, the product's own sparse vectors, the real Qdrant Edge. Sets: JSQuAD validation (1,000 questions over
1,145 Japanese paragraphs), LIT-RAGBench in both languages, and sections that stand in both languages in Debian's
manuals. Vectors are kept by content hash in the user's cache, so that a second run only searches.
"""

import argparse
import hashlib
import json
import random
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid5

import numpy as np

from assistant.evaluation import scores
from benchmarks.harness import start_django

SEED = 20261122
_NAMESPACE = UUID(int=0)
Ranking = list[int]
Language = Literal["ja", "en"]
Scores = dict[int, float]


@dataclass(frozen=True, slots=True)
class Task:
    """Questions over passages; `gold[i]` are the positions of the passages that answer question i."""

    name: str
    passages: list[str]
    questions: list[str]
    gold: list[set[int]]
    into: Language | None = None
    """The passages' language, where the questions are in the other one."""


def published(corpus: Any, name: str) -> Task:
    """A published set as positions: its evidence are groups of one passage each, "jsquad:12"."""
    gold = [{int(page.rpartition(":")[2]) - 1 for (page,) in question.evidence} for question in corpus.questions]
    return Task(name, list(corpus.passages), [question.text for question in corpus.questions], gold)


def sections(data: Path, asked: Language, into: Language) -> Task:
    """The title of a section in one language, over 500 sections (their first 600 characters) in one."""
    rows = random.Random(SEED).sample(_lines(data / "ja-en-sections/sections.jsonl"), 500)
    questions, passages = [_bare(row[f"{asked}_title"]) for row in rows], [row[into][:600] for row in rows]
    across = into if asked != into else None
    return Task(f"section titles {asked} → {into}", passages, questions, [{n} for n in range(500)], across)


def _bare(title: str) -> str:
    return re.sub(r"^[\dA-Z]{1,2}(\.\d+)*\.\s*", "", title)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def vectors(texts: list[str], kind: str) -> Any:
    """(n, dimension): the embedder's vectors of passages or questions, from the cache where it has them."""
    from django.conf import settings

    from ingestion.embedding import embedder

    key = hashlib.sha256(json.dumps([settings.EMBED_MODEL, kind, texts]).encode()).hexdigest()
    kept = settings.CACHE_DIR / "bench" / f"{key}.npy"
    if not kept.is_file():
        made = (
            embedder().passages(texts) if kind == "passages" else np.stack([embedder().query(text) for text in texts])
        )
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, made)
    return np.load(kept)


def legs(task: Task, folder: Path) -> Iterator[tuple[Any, Any]]:
    """(dense hits, sparse hits) of every question, from the product's index with the product's sparse vectors."""
    from assistant.retrieval import LEG_LIMIT
    from ingestion.access import Scope
    from ingestion.index import Point
    from ingestion.index.edge import EdgeIndex
    from ingestion.lexicon import renderings
    from ingestion.sparse import encode_passage, encode_query

    dense, asked = vectors(task.passages, "passages"), vectors(task.questions, "questions")
    revision = uuid5(_NAMESPACE, task.name)
    index = EdgeIndex(folder, dense.shape[1])
    index.upsert(
        [
            Point(uuid5(revision, str(n)), revision, n, str(revision), "ja", dense[n].tolist(), encode_passage(text))
            for n, text in enumerate(task.passages)
        ]
    )
    scope = Scope(user_id=None, readable=frozenset({revision}), owned=frozenset())
    for question, vector in zip(task.questions, asked, strict=True):
        said = renderings(question, task.into) if task.into else ()
        found = index.search(vector.tolist(), encode_query(question, said), scope=scope, limit=LEG_LIMIT)
        yield found.dense, found.sparse
    index.close()


def scored(hits: Any) -> Scores:
    """Position → score."""
    return {hit.ordinal: hit.score for hit in hits}


def rrf(dense: Scores, sparse: Scores, constant: int = 60) -> Scores:
    """Reciprocal rank fusion."""
    fused: Scores = {}
    for leg in (dense, sparse):
        for rank, key in enumerate(best(leg), start=1):
            fused[key] = fused.get(key, 0.0) + 1 / (constant + rank)
    return fused


def min_max(dense: Scores, sparse: Scores, weight: float) -> Scores:
    """Scores of each leg stretched to 0..1 and added; `weight` is the dense leg's share."""
    stretched = [_stretched(leg) for leg in (dense, sparse)]
    keys = stretched[0].keys() | stretched[1].keys()
    return {key: weight * stretched[0].get(key, 0.0) + (1 - weight) * stretched[1].get(key, 0.0) for key in keys}


def _stretched(leg: Scores) -> Scores:
    low, high = min(leg.values(), default=0.0), max(leg.values(), default=0.0)
    return {key: (value - low) / (high - low) if high > low else 1.0 for key, value in leg.items()}


def best(scores: Scores) -> Ranking:
    """Positions, best first; equal scores in the order of the passages."""
    return sorted(scores, key=lambda key: (-scores[key], key))


def measures(rankings: Sequence[Ranking], gold: Sequence[set[int]]) -> tuple[float, float, float, float]:
    """(nDCG@10, R@1, R@10, share of questions with all evidence in the first 10)."""
    rows = [_row(ranking, [[one] for one in wanted]) for ranking, wanted in zip(rankings, gold, strict=True)]
    ndcg, first, tenth, everything = np.mean(rows, axis=0).tolist()
    return ndcg, first, tenth, everything


def _row(ranking: Ranking, groups: list[list[int]]) -> tuple[float, float, float, float]:
    return (
        scores.ndcg_at(ranking, groups, 10),
        scores.recall_at(ranking, groups, 1),
        scores.recall_at(ranking, groups, 10),
        scores.all_evidence_at(ranking, groups, 10),
    )


WAYS: dict[str, Callable[[Scores, Scores], Scores]] = {
    "sparse": lambda _, sparse: sparse,
    "dense": lambda dense, _: dense,
    "RRF60": rrf,
    "min-max 0.3": lambda dense, sparse: min_max(dense, sparse, 0.3),
    "min-max 0.4": lambda dense, sparse: min_max(dense, sparse, 0.4),
    "min-max 0.5": lambda dense, sparse: min_max(dense, sparse, 0.5),
    "min-max 0.6": lambda dense, sparse: min_max(dense, sparse, 0.6),
    "min-max 0.7": lambda dense, sparse: min_max(dense, sparse, 0.7),
}


def product(task: Task, question: str, found: tuple[Any, Any]) -> Ranking:
    """Positions as the product ranks them: fused, the best read again for the question's words."""
    from assistant.fusion import READ, fuse, reread
    from assistant.wording import Wording

    fused, wording = fuse(*found), Wording(question)
    shares = {one.key: wording.share_in(task.passages[one.key[1]]) for one in fused[:READ]}
    return [one.key[1] for one in [*reread(fused[:READ], shares), *fused[READ:]]]


def report(task: Task, folder: Path) -> None:
    """Print one row per way of ranking."""
    hits = list(legs(task, folder))
    found = [(scored(dense), scored(sparse)) for dense, sparse in hits]
    print(f"\n{task.name}: {len(task.questions)} questions, {len(task.passages)} passages")
    print("| ranking | nDCG@10 | R@1 | R@10 | all evidence@10 |\n|---|---|---|---|---|")
    ranked = {name: [best(way(dense, sparse)) for dense, sparse in found] for name, way in WAYS.items()}
    ranked["the product"] = [product(task, *pair) for pair in zip(task.questions, hits, strict=True)]
    for name, rankings in ranked.items():
        figures = measures(rankings, task.gold)
        print(f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |", flush=True)


def main() -> None:
    """Measure every set and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="Folder of the evaluation sets.")
    parser.add_argument("--after", type=int, default=0, help="How many of the sets are left out, from the first.")
    parser.add_argument("--most", type=int, default=8, help="How many of the sets, from the first.")
    wanted = parser.parse_args()
    data = wanted.data
    if not data.is_dir():
        raise SystemExit(f"{data} is not there: name the folder of JSQuAD, LIT-RAGBench and the sections with --data.")
    start_django()
    from assistant.evaluation.published import jsquad, lit

    tasks = [
        published(jsquad(data), "JSQuAD"),
        published(jsquad(data, held_out=True), "JSQuAD, questions on which nothing was chosen"),
        published(lit(data, "ja", asked_in="ja"), "LIT-RAGBench ja"),
        published(lit(data, "en", asked_in="en"), "LIT-RAGBench en"),
        sections(data, "en", "en"),
        sections(data, "ja", "ja"),
        sections(data, "ja", "en"),
        sections(data, "en", "ja"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        for number, task in enumerate(tasks[wanted.after : wanted.most]):
            report(task, Path(folder) / str(number))


if __name__ == "__main__":
    main()
