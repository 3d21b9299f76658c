"""`python -m benchmarks.dictionary [--data FOLDER]`: what entries of a dictionary do to search, right and wrong ones.

JSQuAD's paragraphs; in questions of which nothing was chosen, the most telling word that the right paragraph holds is
replaced by a code or an invented word, and the dictionary says what it means. Real weights, index and fusion.
"""

import argparse
import random
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from benchmarks.harness import start_django
from benchmarks.retrieval import SEED, Task, measures, published, vectors

_WORD = re.compile("[ァ-ヺー]{3,}|[一-龠々]{2,}|[A-Za-z]{4,}")
_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモ"
Also = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Case:
    """A question as it is asked, what the dictionary adds to it, and the position of the paragraph that answers it."""

    asked: str
    also: Also
    gold: set[int]


def telling(task: Task, most: int) -> list[tuple[str, str, set[int]]]:
    """(question, its word that stands in the fewest paragraphs and in the right one, position of that)."""
    found = []
    for question, gold in zip(task.questions, task.gold, strict=True):
        words = [word for word in _WORD.findall(question) if any(word in task.passages[place] for place in gold)]
        if words:
            rarest = min(words, key=lambda word: (sum(word in passage for passage in task.passages), -len(word)))
            found.append((question, rarest, gold))
    return random.Random(SEED).sample(found, min(most, len(found)))


def sets(task: Task, most: int) -> Iterator[tuple[str, list[Case]]]:
    """Name and cases of each set."""
    chance, chosen = random.Random(SEED), telling(task, most)
    pool = sorted({word for passage in task.passages[::5] for word in _WORD.findall(passage)})

    def code() -> str:
        return f"{chance.choice('QXZVK')}{chance.choice('QXZVK')}-{chance.randint(100, 999)}"

    def kana() -> str:
        return "".join(chance.sample(_KANA, 5))

    yield "as the questions are", [Case(question, [], gold) for question, _, gold in chosen]
    coded = [(question, word, gold, code()) for question, word, gold in chosen]
    yield "a code for the word", [Case(q.replace(word, new), [(new, word)], gold) for q, word, gold, new in coded]
    named = [(question, word, gold, kana()) for question, word, gold in chosen]
    yield (
        "an invented word, the entry has a code too",
        [Case(q.replace(word, new), [(new, word), (new, code())], gold) for q, word, gold, new in named],
    )
    yield (
        "the word itself, the entry has two wrong ones",
        [Case(q, [(word, wrong) for wrong in chance.sample(pool, 2)], gold) for q, word, gold in chosen],
    )


def ways() -> dict[str, Callable[[Case], tuple[str, Any]]]:
    """Name → (what is embedded, the sparse vector) of a case."""
    from ingestion.lexicon import Rendering
    from ingestion.sparse import SparseVector, encode_query

    def at_full_weight(case: Case) -> SparseVector:
        every = [encode_query(case.asked), *(encode_query(other) for _, other in case.also)]
        weights: dict[int, float] = {}
        for one in every:
            weights |= {
                key: max(weights.get(key, 0.0), value) for key, value in zip(one.indices, one.values, strict=True)
            }
        return SparseVector(tuple(sorted(weights)), tuple(weights[key] for key in sorted(weights)))

    def read(case: Case) -> str:
        return " ".join([case.asked, *(other for _, other in case.also)])

    def expanded(case: Case) -> SparseVector:
        return encode_query(case.asked, [Rendering(*pair) for pair in case.also])

    return {
        "without the dictionary": lambda case: (case.asked, encode_query(case.asked)),
        "the product": lambda case: (read(case), expanded(case)),
        "sparse leg only": lambda case: (case.asked, expanded(case)),
        "every term at full weight": lambda case: (read(case), at_full_weight(case)),
    }


def main() -> None:
    """Measure every way on every set and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="Folder of the evaluation sets.")
    parser.add_argument("--most", type=int, default=250, help="How many questions.")
    wanted = parser.parse_args()
    start_django()
    from assistant.evaluation.published import jsquad

    task = published(jsquad(wanted.data, held_out=True), "JSQuAD")
    with tempfile.TemporaryDirectory() as folder:
        search = _searcher(task, Path(folder))
        print("| questions | way | nDCG@10 | R@1 | R@10 |\n|---|---|---|---|---|")
        for name, cases in sets(task, wanted.most):
            for way, vector_of in ways().items():
                figures = measures([search(*vector_of(case)) for case in cases], [case.gold for case in cases])
                print(f"| {name} | {way} | " + " | ".join(f"{one:.3f}" for one in figures[:3]) + " |", flush=True)


def _searcher(task: Task, folder: Path) -> Callable[[str, Any], list[int]]:
    """Ranks the paragraphs for what is embedded and a sparse vector, as the product does."""
    from assistant.fusion import fuse
    from assistant.retrieval import LEG_LIMIT
    from ingestion.access import Scope
    from ingestion.embedding import embedder
    from ingestion.index import Point
    from ingestion.index.edge import EdgeIndex
    from ingestion.sparse import encode_passage

    dense, revision = vectors(task.passages, "passages"), uuid5(UUID(int=0), task.name)
    index = EdgeIndex(folder, dense.shape[1])
    index.upsert(
        [
            Point(uuid5(revision, str(n)), revision, n, str(revision), "ja", dense[n].tolist(), encode_passage(text))
            for n, text in enumerate(task.passages)
        ]
    )
    scope = Scope(user_id=None, readable=frozenset({revision}), owned=frozenset())
    read: dict[str, list[float]] = {}

    def search(text: str, sparse: Any) -> list[int]:
        if text not in read:
            read[text] = embedder().query(text).tolist()
        found = index.search(read[text], sparse, scope=scope, limit=LEG_LIMIT)
        return [one.key[1] for one in fuse(found.dense, found.sparse)]

    return search


if __name__ == "__main__":
    main()
