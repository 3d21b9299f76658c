"""Kills a run at every step, lets it go on in a new process, and prints what the vault then holds, as JSON.

Twice: a second revision, indexed beside the first and then switched, and a first one, found while it is read.
Run by test_kills.py. Processes are forked from one that has loaded everything, so a step costs half a second.
"""

import json
import os
import shutil
import sys
from io import BytesIO
from pathlib import Path

import django

KILLED = 9


def steps_of_a_first():
    """The same for a first revision, in portions of 1, 4 and 8 pages."""
    from ingestion import as_read, reading, stages
    from ingestion.index.edge import EdgeIndex
    from ingestion.leases import Lease

    return {
        "before the first page is stored": (reading, "_store_pages", 1, "before"),
        "before the first chunks are stored": (stages, "_store_chunks", 1, "before"),
        "before the first points are written": (EdgeIndex, "upsert", 1, "before"),
        "after the first points are written": (EdgeIndex, "upsert", 1, "after"),
        "after the first page can be found": (as_read, "_answer_up_to", 1, "after"),
        "before going back to reading": (Lease, "hand_over", 2, "before"),
        "after going back to reading": (Lease, "hand_over", 2, "after"),
        "after the second portion is stored": (reading, "_store_pages", 2, "after"),
        "before the second chunks are stored": (stages, "_store_chunks", 2, "before"),
        "after the second chunks are stored": (stages, "_store_chunks", 2, "after"),
        "before the second vectors are stored": (stages, "_store_vectors", 2, "before"),
        "after the second vectors are stored": (stages, "_store_vectors", 2, "after"),
        "before the second portion can be found": (as_read, "_answer_up_to", 3, "before"),
        "before the last portion can be found": (as_read, "_answer_up_to", 6, "before"),
        "before the switch": (stages, "switch", 1, "before"),
        "after the switch": (stages, "switch", 1, "after"),
        "after the end": (Lease, "end", 1, "after"),
    }


def steps():
    """name → (object, attribute, die after this many calls, before or after the call)."""
    from ingestion import reading, stages
    from ingestion.index.edge import EdgeIndex
    from ingestion.leases import Lease

    return {
        "before the first pages are stored": (reading, "_store_pages", 1, "before"),
        "after the first pages are stored": (reading, "_store_pages", 1, "after"),
        "before the chunks are stored": (stages, "_store_chunks", 1, "before"),
        "after the chunks are stored": (stages, "_store_chunks", 1, "after"),
        "before the hand-over to embedding": (Lease, "hand_over", 1, "before"),
        "after the hand-over to embedding": (Lease, "hand_over", 1, "after"),
        "before the second vectors are stored": (stages, "_store_vectors", 2, "before"),
        "after the second vectors are stored": (stages, "_store_vectors", 2, "after"),
        "before the points are written": (EdgeIndex, "upsert", 1, "before"),
        "after some points are written": (EdgeIndex, "upsert", 1, "after"),
        "before the switch": (stages, "switch", 1, "before"),
        "after the switch": (stages, "switch", 1, "after"),
        "after the old points are removed": (stages, "remove_old_points", 1, "after"),
        "after the end": (Lease, "end", 1, "after"),
    }


def main(folder: Path) -> None:
    django.setup()
    import qdrant_edge  # noqa: F401  # loaded once, before the forks

    found = {}
    for kind, wanted in {"second": steps(), "first": steps_of_a_first()}.items():
        template = folder / kind
        in_a_process(lambda: prepare(template, second=kind == "second"))  # noqa: B023  # over before the next turn
        found[kind] = {"undisturbed": drilled(folder, template, None)}
        for name, step in wanted.items():
            found[kind][name] = drilled(folder, template, step)
    sys.stdout.write(json.dumps(found) + "\n")


def drilled(folder, template, step):
    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(template, data)
    if step is not None:
        status = in_a_process(lambda: (use(data), deadly(*step), work(data)))
        if status != KILLED:
            return {"never reached": status}
    in_a_process(lambda: (use(data), work(data), dump(data)))
    return json.loads((data / "dump.json").read_text())


def in_a_process(action):
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        action()
    except BaseException:  # noqa: BLE001  # whatever it was, the parent must not run twice
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def use(data: Path) -> None:
    from django.conf import settings
    from django.db import connections

    from ingestion import leases, reading, stages
    from tests.ingestion import parts

    settings.DATA_DIR, settings.MEDIA_ROOT = data, data / "files"
    settings.FILE_UPLOAD_TEMP_DIR = data / "incoming"
    connections["default"].settings_dict["NAME"] = str(data / "db.sqlite3")
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
    leases._BEAT_SECONDS, reading._PAGES_AT_ONCE, stages._POINTS_AT_ONCE = 0.0, 4, 7
    reading._OPENINGS = 0.0
    stages.TEXTS_AT_FIRST = stages._TEXTS_AT_MOST = 5
    embedder = parts.install(lambda where, name, value: setter(where)(name, value))
    embedder.passages = counted(data, embedder.passages)


def setter(where):
    return where.__setitem__ if isinstance(where, dict) else lambda name, value: setattr(where, name, value)


def counted(data, passages):
    """Every text computed is written down outside the database, so that twice would show after a kill."""

    def counting(texts, **options):
        vectors = passages(texts, **options)
        with (data / "computed.txt").open("a") as out:
            out.writelines(f"{text!r}\n" for text in texts)
        return vectors

    return counting


def prepare(template: Path, *, second: bool) -> None:
    """A document whose first revision waits, or is answered from while the second one waits."""
    template.mkdir(parents=True)
    use(template)
    from django.core.management import call_command

    from ingestion import services
    from ingestion.access import scope_for
    from ingestion.models import Library, User

    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("owner")
    library = Library.objects.create(name="Pumps")
    library.owners.add(owner)
    who = {"user": owner, "scope": scope_for(owner), "filename": "pump.txt"}
    first, newer = text("first"), text("second")
    added = services.document_add(**who, library_id=library.id, file=BytesIO(first), size=len(first))
    if second:
        work(template)
        services.document_replace(**who, document_id=added.document.id, file=BytesIO(newer), size=len(newer))


def text(word: str) -> bytes:
    pages = [f"Page {page} of the {word} text.\n\nShared paragraph {page}." for page in range(1, 12)]
    return "\f".join([*pages, "", "UNREADABLE"]).encode()


def deadly(owner, attribute, calls, when):
    """Make the function end the process at its nth call, as `kill -9` would."""
    real, left = getattr(owner, attribute), [calls]

    def dying(*args, **kwargs):
        left[0] -= 1
        if left[0] == 0 and when == "before":
            os._exit(KILLED)
        answer = real(*args, **kwargs)
        if left[0] == 0:
            os._exit(KILLED)
        return answer

    setattr(owner, attribute, dying)


def work(data: Path) -> None:
    """What the embedded worker does at its start and afterwards, in this thread."""
    from ingestion import leases, tasks

    queue = []
    tasks._sent = lambda task, argument: queue.append((task, argument)) or True
    tasks.embedded_worker.set()
    leases.release_all()
    tasks.sweep()
    while queue:
        task, argument = queue.pop(0)
        task(argument)


def dump(data: Path) -> None:
    from ingestion.index import vector_index
    from ingestion.models import Chunk, ChunkVector, Document, IngestionRun, Page, Revision

    rows = {
        "pages": list(Page.objects.order_by("revision", "number").values_list("number", "text", "status", "reason")),
        "chunks": list(Chunk.objects.order_by("revision__number", "ordinal").values_list("ordinal", "content_hash")),
        "vectors": sorted(ChunkVector.objects.values_list("content_hash", flat=True)),
        "current": list(Document.objects.values_list("current__number", "current__pages_findable")),
        "revisions": list(Revision.objects.order_by("number").values_list("number", "status", "pages_total")),
        "runs": [[run.status, run.finished_at is None, run.worker] for run in IngestionRun.objects.order_by("id")],
        "points": sorted(str(identity) for identity, _ in vector_index().point_ids()),
        "computed": sorted((data / "computed.txt").read_text().splitlines()),
    }
    (data / "dump.json").write_text(json.dumps(rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
