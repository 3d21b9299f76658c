"""The answer server beside the web process: started again when it dies, ended with its parent."""

import sys
import time

import pytest

from ingestion.management import beside


def within(seconds, condition):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def child(tmp_path, monkeypatch):
    """Makes a watched child that notes each start in a file and then does what `after` says."""
    monkeypatch.setattr(beside, "_FIRST_WAIT_SECONDS", 0.05)
    notes = tmp_path / "starts"
    started = []

    def make(after):
        code = f"open({str(notes)!r}, 'a').write('x'); import time; {after}"
        server = beside.AnswerServer([sys.executable, "-c", code])
        server.notes = notes
        server.start()
        started.append(server)
        return server

    yield make
    for server in started:
        server.stop()


def starts(server):
    return len(server.notes.read_text()) if server.notes.exists() else 0


def test_a_child_that_dies_is_started_again(child):
    server = child("raise SystemExit(1)")
    assert within(20, lambda: starts(server) >= 3)


def test_stopping_ends_the_child(child):
    server = child("time.sleep(600)")
    within(20, lambda: starts(server) == 1)
    server.stop()
    assert server._child.poll() is not None


def test_a_child_that_was_told_to_stop_is_not_started_again(child):
    server = child("time.sleep(600)")
    within(20, lambda: starts(server) == 1)
    server.stop()
    time.sleep(0.3)
    assert starts(server) == 1


def test_a_child_that_ignores_the_signal_is_killed(child, monkeypatch):
    monkeypatch.setattr(beside, "_STOP_SECONDS", 0.5)
    server = child("import signal; signal.signal(15, signal.SIG_IGN); open('/dev/null'); time.sleep(600)")
    within(20, lambda: starts(server) == 1)
    time.sleep(0.3)
    server.stop()
    assert within(20, lambda: server._child.poll() is not None)
