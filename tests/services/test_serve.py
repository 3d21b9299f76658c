"""`manage.py serve` as an operator runs it: a process of its own, ended by a signal."""

import signal
import socket
import subprocess
import sys

import pytest

from ingestion.management.commands import serve
from tests.conftest import REPOSITORY
from tests.services import programs

pytestmark = [pytest.mark.models, pytest.mark.services]


@pytest.fixture(scope="module")
def ended(tmp_path_factory):
    """A server that was started, asked and ended: (status of the login page, exit status, what it printed)."""
    folder = tmp_path_factory.mktemp("serve")
    port = programs.free_port()
    env = programs.environment(folder, PORT=str(port))
    log = folder / "log"
    with programs.running("manage.py", "serve", env=env, log=log) as server:
        programs.wait_until(lambda: programs.status_of(f"http://127.0.0.1:{port}/healthz") == 200, log=log)
        login = programs.status_of(f"http://127.0.0.1:{port}/login/")
        server.send_signal(signal.SIGTERM)
        code = server.wait(30)
    return login, code, log.read_text()


def test_it_serves_the_login_page(ended):
    assert ended[0] == 200


def test_sigterm_ends_it_cleanly(ended):
    assert ended[1] == 0, ended[2]


def test_its_last_words_are_no_traceback(ended):
    assert "Traceback" not in ended[2]


def test_a_port_that_is_taken_is_said_at_once(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        env = programs.environment(tmp_path, PORT=str(taken.getsockname()[1]))
        command = [sys.executable, "manage.py", "serve"]
        ran = subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, "Choose another port" in ran.stderr) == (1, True)


def test_missing_models_are_named_with_the_command_that_brings_them(tmp_path):
    env = programs.environment(tmp_path, PORT=str(programs.free_port()), MODELS_DIR=str(tmp_path / "none"))
    command = [sys.executable, "manage.py", "serve"]
    ran = subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert "multilingual-e5-small" in ran.stderr
    assert "Run `manage.py models_fetch` first" in ran.stderr


def test_small_answers_are_sent_at_once():
    with serve._listening("127.0.0.1", 0) as listening:
        # asyncio switches Nagle's algorithm off only where the socket names its protocol.
        assert listening.proto == socket.IPPROTO_TCP
