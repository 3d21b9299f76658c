"""The worker inside the web process: it starts, works, stops in between, and goes on."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from ingestion import worker
from ingestion.errors import IndexHeld
from ingestion.index.edge import EdgeIndex
from ingestion.models import IngestionRun
from tests.factories import upload


@pytest.fixture(scope="module")
def drill(tmp_path_factory):
    command = [sys.executable, "-m", "tests.ingestion.worker_drill", str(tmp_path_factory.mktemp("worker") / "data")]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_it_takes_what_was_uploaded_before_and_after_its_start(drill):
    assert drill["ready"]


def test_it_leaves_the_signal_handlers_of_the_web_server_alone(drill):
    assert drill["signals untouched"]


def test_told_to_stop_it_puts_the_run_down_with_the_pages_it_has(drill):
    assert drill["put down"] == {"worker": "", "finished": False, "pages kept": True}


def test_when_stop_returns_its_threads_have_ended(drill):
    assert drill["threads left"] == []


def test_started_again_it_finishes_what_was_put_down(drill):
    assert drill["taken up again"]


def test_it_does_not_start_where_another_process_holds_the_index(owner, library, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    upload(owner, library)
    IngestionRun.objects.update(worker="the other process")
    other = EdgeIndex(tmp_path / "index" / settings.EMBED_MODEL, 384)

    with pytest.raises(IndexHeld):
        worker.start()

    other.close()
    assert IngestionRun.objects.get().worker == "the other process"
