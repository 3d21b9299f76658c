"""Vectors of texts, computed once: kept by the content's hash in a file below TENKYO_DATA."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from django.conf import settings

from ingestion.embedding import Embedder

_BATCH = 64


class VectorCache:
    """The embedder's vectors of passages, from the file where it has them. One file may serve several embedders."""

    def __init__(self, path: Path, embedder: Embedder) -> None:
        """Make the file where there is none."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._embedder = path, embedder
        with closing(self._connected()) as rows, rows:
            rows.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL)")

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector for each text, in order. What is computed is kept batch by batch, so that a stop loses little."""
        keys = {text: self._key(text) for text in texts}
        with closing(self._connected()) as rows:
            for missing in _batches([text for text, key in keys.items() if _kept(rows, key) is None]):
                made = np.asarray(self._embedder.passages(missing), dtype=np.float32)
                with rows:
                    for text, vector in zip(missing, made, strict=True):
                        rows.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?)", (keys[text], vector.tobytes()))
            found = {text: _kept(rows, key) for text, key in keys.items()}
        return [np.frombuffer(found[text] or b"", dtype=np.float32).tolist() for text in texts]

    def query(self, text: str) -> list[float]:
        """The vector of a question; never kept, for its time is measured."""
        return [float(value) for value in self._embedder.query(text)]

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=60)

    def _key(self, text: str) -> str:
        return hashlib.sha256(f"{self._embedder.name}\0passage\0{text}".encode()).hexdigest()


def kept_vectors(embedder: Embedder) -> VectorCache:
    """Those that every evaluation on this machine shares."""
    return VectorCache(Path(settings.DATA_DIR) / "cache" / "evaluation.sqlite3", embedder)


def _kept(rows: sqlite3.Connection, key: str) -> bytes | None:
    row = rows.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
    return bytes(row[0]) if row else None


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), _BATCH):
        yield list(texts[start : start + _BATCH])
