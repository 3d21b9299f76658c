"""Searches while another index is built and switched to, over PostgreSQL: its locks and its snapshots are others."""

import json
import subprocess
import sys

import psycopg
import pytest

from tests.conftest import REPOSITORY
from tests.services import programs

pytestmark = pytest.mark.services


def test_no_search_fails_misses_its_page_or_mixes_two_builds(postgres_url, tmp_path):
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE switched")
    env = programs.environment(tmp_path, DATABASE_URL=postgres_url.replace("/postgres", "/switched"))
    command = [sys.executable, "-m", "tests.ingestion.switch_drill", str(tmp_path / "drill")]

    done = subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["failed"], found["phases"]["built"][0], found["kept"]) == ([], ["tiny-new"], ["tiny-old"])
