"""Searches while another index is built, switched to, gone back from and removed: none fails, none mixes two builds."""

import json
import subprocess
import sys

import pytest
from django.conf import settings


@pytest.fixture(scope="module")
def drill(tmp_path_factory):
    command = [sys.executable, "-m", "tests.ingestion.switch_drill", str(tmp_path_factory.mktemp("switch"))]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_no_search_fails_misses_its_page_or_mixes_two_builds(drill):
    assert drill["failed"] == []


def test_searches_ran_throughout(drill):
    assert all(asked > 1 for _, asked in drill["phases"].values())
    assert drill["asked"] > sum(asked for _, asked in drill["phases"].values())


def test_each_phase_searched_with_its_own_model(drill):
    searched = {phase: models for phase, (models, _) in drill["phases"].items()}

    assert searched == {
        "before": ["tiny-old"],
        "built": ["tiny-new"],
        "gone back": ["tiny-old"],
        "removed": ["tiny-old"],
    }


def test_the_removed_builds_index_is_gone_in_the_end(drill):
    assert drill["kept"] == ["tiny-old"]
