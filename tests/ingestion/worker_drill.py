"""Starts and stops the embedded worker in a process of its own and prints what came of it, as JSON.

Run by test_worker.py.
"""

import json
import signal
import sys
import threading
import time
from io import BytesIO
from pathlib import Path

import django


def main(data: Path) -> None:
    django.setup()
    from django.core.management import call_command

    from ingestion import worker
    from ingestion.models import Library, User
    from tests.ingestion import kill_drill, parts

    data.mkdir(exist_ok=True)
    kill_drill.use(data)
    call_command("migrate", verbosity=0)
    Library.objects.create(name="Pumps").owners.add(User.objects.create_user("owner"))
    handlers = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    found = {}
    add("before the start")
    worker.start()
    add("after the start")
    found["ready"] = waited(lambda: states() == ["ready", "ready"])
    found["signals untouched"] = handlers == [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    parts.FormFeedReader.before_page = staticmethod(lambda _: time.sleep(0.05))
    add("\f".join(f"page {number}" for number in range(400)))
    waited(lambda: states()[-1] == "parsing")
    worker.stop()
    found["threads left"] = [thread.name for thread in threading.enumerate() if thread.name.startswith("ingestion")]
    found["put down"] = put_down()
    parts.FormFeedReader.before_page = staticmethod(parts.nothing)
    worker.start()
    found["taken up again"] = waited(lambda: states() == ["ready"] * 3)
    worker.stop()
    sys.stdout.write(json.dumps(found) + "\n")


def add(text: str) -> None:
    from ingestion import services
    from ingestion.access import scope_for
    from ingestion.models import Library, User

    owner = User.objects.get()
    services.document_add(
        user=owner,
        scope=scope_for(owner),
        library_id=Library.objects.get().id,
        file=BytesIO(text.encode()),
        filename="pump.txt",
        size=len(text),
    )


def states():
    from ingestion.models import Revision

    return list(Revision.objects.order_by("created_at").values_list("status", flat=True))


def put_down():
    from ingestion.models import IngestionRun, Page

    run = IngestionRun.objects.latest("id")
    pages = Page.objects.filter(revision=run.revision).count()
    return {"worker": run.worker, "finished": run.finished_at is not None, "pages kept": 0 < pages < 400}


def waited(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


if __name__ == "__main__":
    main(Path(sys.argv[1]))
