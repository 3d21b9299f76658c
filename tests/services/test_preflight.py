"""`manage.py preflight` as an operator runs it, before the first start and beside a running server."""

import json
import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY
from tests.services import programs

pytestmark = [pytest.mark.models, pytest.mark.services]


def report(env):
    """(exit status, the lines by name) of a report."""
    command = [sys.executable, "manage.py", "preflight", "--json"]
    ended = subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True, timeout=120, check=False)
    return ended.returncode, {line["name"]: line for line in json.loads(ended.stdout)["lines"]}


def test_the_part_that_is_missing_is_the_one_problem(tmp_path):
    env = programs.environment(tmp_path / "data", PORT=str(programs.free_port()))  # no answer model
    programs.manage("migrate", "--verbosity", "0", env=env)
    code, lines = report(env)
    assert (code, [name for name, line in lines.items() if line["state"] == "problem"]) == (1, ["answer_model"])


def test_beside_a_running_server_its_ports_and_its_index_are_in_order(tmp_path):
    env = programs.environment(tmp_path / "data", PORT=str(programs.free_port()))
    log = tmp_path / "log"
    with programs.running("manage.py", "serve", env=env, log=log):
        programs.wait_until(lambda: programs.status_of(f"http://127.0.0.1:{env['PORT']}/healthz") == 200, log=log)
        lines = report(env)[1]
    assert [lines[name]["code"] for name in ("port_web", "index", "documents")] == [
        "port_ours",
        "part_served",
        "part_served",
    ]


def test_a_data_folder_that_tenkyo_made_is_closed_to_others(tmp_path):
    env = programs.environment(tmp_path / "data", PORT=str(programs.free_port()))
    programs.manage("migrate", "--verbosity", "0", env=env)
    assert report(env)[1]["permissions"]["code"] == "permissions_closed"
