"""/metrics where several processes serve: one of them is asked, and tells what all of them counted."""

import os
import re
import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY
from tests.services import programs

pytestmark = pytest.mark.services
START = "import django; django.setup()\n"
ANSWER = START + "from assistant import metrics; metrics.QUESTIONS.labels('answered').inc(); metrics.ANSWERING.set(1)\n"
TELL = (
    START + "from django.test import Client; print(Client().get('/metrics', HTTP_HOST='localhost').content.decode())\n"
)


@pytest.fixture
def env(tmp_path):
    given = programs.environment(tmp_path / "data", PROMETHEUS_MULTIPROC_DIR=str(tmp_path / "metrics"))
    return {**given, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(REPOSITORY)}


def ran(code, env):
    ended = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60, check=True
    )
    return ended.stdout


def told(env, sample):
    return float(re.search(rf"^{re.escape(sample)} (\S+)$", ran(TELL, env), re.MULTILINE)[1])


def test_counts_of_processes_that_have_ended_are_added_up(env):
    ran(ANSWER, env)
    ran(ANSWER, env)
    assert told(env, 'tenkyo_questions_total{outcome="answered"}') == 2


def test_what_a_process_was_doing_ends_with_it(env):
    ran(ANSWER, env)
    assert told(env, "tenkyo_answers_running") == 0


def test_what_a_living_process_is_doing_is_told(env):
    living = subprocess.Popen(
        [sys.executable, "-c", ANSWER + "print('set', flush=True); input()"],
        env={**os.environ, **env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with living:
        living.stdout.readline()
        found = told(env, "tenkyo_answers_running")
        living.communicate(b"\n")
    assert found == 1
