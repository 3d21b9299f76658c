"""A worker killed at any step loses nothing, repeats nothing, and ends where an undisturbed one ends."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

STEPS = [
    "before the first pages are stored",
    "after the first pages are stored",
    "before the chunks are stored",
    "after the chunks are stored",
    "before the hand-over to embedding",
    "after the hand-over to embedding",
    "before the second vectors are stored",
    "after the second vectors are stored",
    "before the points are written",
    "after some points are written",
    "before the switch",
    "after the switch",
    "after the old points are removed",
    "after the end",
]


STEPS_OF_A_FIRST = [
    "before the first page is stored",
    "before the first chunks are stored",
    "before the first points are written",
    "after the first points are written",
    "after the first page can be found",
    "before going back to reading",
    "after going back to reading",
    "after the second portion is stored",
    "before the second chunks are stored",
    "after the second chunks are stored",
    "before the second vectors are stored",
    "after the second vectors are stored",
    "before the second portion can be found",
    "before the last portion can be found",
    "before the switch",
    "after the switch",
    "after the end",
]
ALL = [("second", step) for step in STEPS] + [("first", step) for step in STEPS_OF_A_FIRST]


@pytest.fixture(scope="module")
def drill(tmp_path_factory):
    command = [sys.executable, "-m", "tests.ingestion.kill_drill", str(tmp_path_factory.mktemp("drill"))]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_an_undisturbed_run_ends_ready_with_a_point_for_every_chunk_of_the_current_revision(drill):
    found = drill["second"]["undisturbed"]

    assert found["runs"] == [["ready", False, ""], ["ready", False, ""]]
    assert found["current"] == [[2, None]]
    assert len(found["points"]) == 22


def test_so_does_a_first_revision_that_is_found_while_it_is_read(drill):
    found = drill["first"]["undisturbed"]

    assert found["runs"] == [["ready", False, ""]]
    assert found["current"] == [[1, None]]
    assert len(found["points"]) == 22


@pytest.mark.parametrize(("kind", "step"), ALL)
def test_a_run_killed_at_this_step_leaves_the_same_rows_and_points_in_the_end(drill, kind, step):
    state = {name: rows for name, rows in drill[kind][step].items() if name != "computed"}

    assert state == {name: rows for name, rows in drill[kind]["undisturbed"].items() if name != "computed"}


@pytest.mark.parametrize(("kind", "step"), ALL)
def test_a_run_killed_at_this_step_computes_at_most_the_unsaved_batch_again(drill, kind, step):
    computed, undisturbed = drill[kind][step]["computed"], drill[kind]["undisturbed"]["computed"]

    batch = {"second": 5, "first": 6}[kind]  # whole pages, of two chunks each
    assert len(computed) == len(undisturbed) + (batch if step == "before the second vectors are stored" else 0)
