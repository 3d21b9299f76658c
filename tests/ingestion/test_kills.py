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


@pytest.fixture(scope="module")
def drill(tmp_path_factory):
    command = [sys.executable, "-m", "tests.ingestion.kill_drill", str(tmp_path_factory.mktemp("drill"))]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_an_undisturbed_run_ends_ready_with_a_point_for_every_chunk_of_the_current_revision(drill):
    found = drill["undisturbed"]

    assert found["runs"] == [["ready", False, ""], ["ready", False, ""]]
    assert found["current"] == [2]
    assert len(found["points"]) == 22


@pytest.mark.parametrize("step", STEPS)
def test_a_run_killed_at_this_step_leaves_the_same_rows_and_points_in_the_end(drill, step):
    state = {name: rows for name, rows in drill[step].items() if name != "computed"}

    assert state == {name: rows for name, rows in drill["undisturbed"].items() if name != "computed"}


@pytest.mark.parametrize("step", STEPS)
def test_a_run_killed_at_this_step_computes_at_most_the_unsaved_batch_again(drill, step):
    computed, undisturbed = drill[step]["computed"], drill["undisturbed"]["computed"]

    lost = 5 if step == "before the second vectors are stored" else 0
    assert len(computed) == len(undisturbed) + lost
