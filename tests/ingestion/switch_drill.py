"""Asks without pause while the index is built with another model, switched, gone back from and removed; prints JSON.

Run by test_switch.py, in a process of its own: a database, a Qdrant Edge folder and two real models that belong to
nobody else, the question thread beside the working one.
"""

import json
import sys
from functools import partial
from io import BytesIO
from pathlib import Path
from threading import Event, Thread, local
from time import monotonic, sleep

import django

PAGES = [f"Part {number} of the pump is called seal{number}." for number in range(1, 61)]
OLD, NEW = "tiny-old", "tiny-new"
# So that every phase is long enough to be asked in.
_PHASE_SECONDS = 0.5


def main(folder: Path) -> None:
    django.setup()
    use(folder)
    from ingestion import building, builds
    from ingestion.models import IndexBuild

    owner, library, queue = prepared()
    work(queue)
    asking = Asking(owner)
    asking.start()
    phases = {"before": asking.for_a_while()}
    builds.build_begin(user=owner, model=NEW)
    upload_while_it_is_built(owner, library)
    work(queue)
    phases["built"] = asking.for_a_while()
    builds.build_begin(user=owner, model=OLD)
    work(queue)
    phases["gone back"] = asking.for_a_while()
    builds.build_remove(user=owner, build_id=IndexBuild.objects.get(model=NEW).pk)
    building.drop_unused()
    sleep(_PHASE_SECONDS)
    building.drop_unused()
    phases["removed"] = asking.for_a_while()
    asking.stop()
    from ingestion.index import kept_indexes

    found = {"phases": phases, "asked": asking.asked, "failed": asking.failed, "kept": kept_indexes()}
    sys.stdout.write(json.dumps(found) + "\n")


def use(data: Path) -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    from config import portfolio
    from ingestion import embedding, index, leases, sparse, stages
    from tests.ingestion import parts
    from tests.ingestion.tiny_model import tiny_model

    real = embedding.embedder, sparse.encode_passage
    parts.install(lambda where, name, value: setter(where)(name, value))
    embedding.embedder, sparse.encode_passage = real
    settings.DATA_DIR, settings.MEDIA_ROOT, settings.MODELS_DIR = data, data / "files", data / "models"
    settings.FILE_UPLOAD_TEMP_DIR, settings.EMBED_MODEL, settings.QDRANT_URL = data / "incoming", OLD, ""
    for made in (settings.FILE_UPLOAD_TEMP_DIR, settings.MODELS_DIR):
        made.mkdir(parents=True)
    approved = portfolio.models() + tuple(
        tiny_model(data / "models", name, dimension=size) for name, size in ((OLD, 32), (NEW, 48))
    )
    portfolio.models = index.models = lambda: approved
    if connections["default"].vendor == "sqlite":
        connections["default"].settings_dict["NAME"] = str(data / "db.sqlite3")
    leases.TURN_SECONDS, stages._TEXTS_AT_MOST = -1.0, 8  # many turns, many batches
    call_command("migrate", verbosity=0)


def setter(where):
    return where.__setitem__ if isinstance(where, dict) else lambda name, value: setattr(where, name, value)


def prepared():
    """The owner, the library with one document on its way, and the queue."""
    from ingestion import tasks
    from ingestion.models import Library, User

    queue = []
    tasks._sent = lambda task, argument: queue.append((task, argument)) or True
    tasks.embedded_worker.set()
    owner = User.objects.create_superuser("owner", password=None)
    library = Library.objects.create(name="Pumps")
    add(owner, library, "\f".join(PAGES))
    return owner, library, queue


def add(owner, library, text):
    from ingestion import services
    from ingestion.access import scope_for

    facts = {
        "library_id": library.id,
        "filename": f"{len(text)}.txt",
        "file": BytesIO(text.encode()),
        "size": len(text),
    }
    services.document_add(user=owner, scope=scope_for(owner), **facts)


def upload_while_it_is_built(owner, library):
    """A document comes between the last point of the new build and the switch to it."""
    from ingestion import building

    real = building._switched
    left = [partial(add, owner, library, "A later page about valves.")]

    def later(*given):
        if left:
            left.pop()()
        return real(*given)

    building._switched = later


def work(queue):
    while queue:
        task, argument = queue.pop(0)
        task(argument)


class Asking:
    """A thread that asks for one part after the other and keeps what was wrong."""

    def __init__(self, owner) -> None:
        from ingestion.index.edge import EdgeIndex

        self.owner, self.asked, self.failed, self.models = owner, 0, [], []
        self._ended, self._legs = Event(), local()
        self._thread = Thread(target=self._ask)
        real, legs = EdgeIndex.search, self._legs

        def noted(index, dense, sparse, **how):
            legs.seen.append((index._folder.name, index._dimension == len(dense)))
            return real(index, dense, sparse, **how)

        EdgeIndex.search = noted

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def for_a_while(self):
        """The models that were searched with in half a second in which nothing else happens, and how often."""
        sleep(_PHASE_SECONDS)  # whoever asked before has its answer
        self.models.clear()
        until = monotonic() + _PHASE_SECONDS
        while monotonic() < until or not self.models:
            sleep(0.01)
        return [sorted(set(self.models)), len(self.models)]

    def _ask(self) -> None:
        from django.db import connection

        while not self._ended.is_set():
            try:
                self._one(self.asked % len(PAGES))
            except Exception as error:  # noqa: BLE001  # every failure is what the drill looks for
                self.failed.append(repr(error))
            self.asked += 1
        connection.close()

    def _one(self, number: int) -> None:
        from assistant.retrieval import retrieve
        from ingestion.access import scope_for

        self._legs.seen = []
        found = retrieve(f"seal{number + 1}", scope=scope_for(self.owner), limit=5)
        names = {name for name, _ in self._legs.seen}
        if len(names) != 1 or not all(fits for _, fits in self._legs.seen):
            self.failed.append(f"mixed: {self._legs.seen}")
        if PAGES[number] not in [passage.text for passage in found]:
            self.failed.append(f"not found: {PAGES[number]} with {names}")
        self.models += names


if __name__ == "__main__":
    main(Path(sys.argv[1]))
