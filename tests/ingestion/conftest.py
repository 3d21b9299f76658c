"""A vault whose runs go step by step: stand-ins for the slow parts, the real index, tasks that wait to be run."""

import os

import pytest

from ingestion import leases, pipeline, reading, tasks
from tests.factories import text_file
from tests.ingestion import parts


@pytest.fixture
def embedder(db, monkeypatch):
    """Stand-ins in place of reader, chunker and embedder."""

    def put(where, name, value):
        if isinstance(where, dict):
            monkeypatch.setitem(where, name, value)
        else:
            monkeypatch.setattr(where, name, value)

    monkeypatch.setattr(parts.FormFeedReader, "before_page", staticmethod(parts.nothing))
    return parts.install(put)


@pytest.fixture
def vault(embedder, open_index, queued, django_capture_on_commit_callbacks, monkeypatch):
    """`vault(action)` runs an action, commits, and works the queue to the end; `vault.waiting` is the queue."""
    monkeypatch.setattr(leases, "_BEAT_SECONDS", 0.0)
    monkeypatch.setattr(reading, "_OPENINGS", 0.0)  # portions by the number of pages alone: 1, 4, 20 …
    monkeypatch.setattr(pipeline, "_next_orphans", [0.0])
    tasks.embedded_worker.set()

    def committed(action):
        with django_capture_on_commit_callbacks(execute=True):
            return action()

    def settled(action=lambda: None):
        made = committed(action)
        while queued.waiting:
            committed(queued)
        return made

    settled.committed = committed
    settled.index = open_index
    settled.embedder = embedder
    settled.queued = queued
    yield settled
    tasks.embedded_worker.clear()
    leases.stopping.clear()


@pytest.fixture
def share(tmp_path):
    """`share(name, text)` writes a file that settled long ago, or removes it; `share.root` is the folder."""
    root = tmp_path / "share"
    root.mkdir()
    times = iter(range(parts.LONG_AGO, parts.LONG_AGO + 1000))

    def put(name, text=None):
        path = root / name
        if text is None:
            path.unlink()
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text_file(text))
        os.utime(path, (when := next(times), when))

    put.root = root
    return put
