"""Programs that the tests start: this project's own commands, and real servers from wheels."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

from tests.conftest import REPOSITORY


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def environment(folder, **given):
    """A program's environment: data in the folder, no answer model, nothing of the test's own database."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "BROKER_URL")}
    return {**kept, "TENKYO_DATA": str(folder), "ANSWER_URL": "http://127.0.0.1:9/v1", "LOG_LEVEL": "WARNING", **given}


def manage(*arguments, env):
    """Run a management command to its end; its standard output."""
    command = [sys.executable, "manage.py", *arguments]
    ended = subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True, timeout=180, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@contextmanager
def running(*command, env, log):
    """A program for as long as the block runs; SIGTERM ends it."""
    with log.open("wb") as out:
        program = subprocess.Popen([sys.executable, *command], cwd=REPOSITORY, env=env, stdout=out, stderr=out)
    try:
        yield program
    finally:
        program.terminate()
        try:
            program.wait(40)
        except subprocess.TimeoutExpired:
            program.kill()


def status_of(address):
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def wait_until(condition, *, seconds=90, log=None):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(log.read_text(errors="replace")[-4000:] if log else "it did not happen in time")
