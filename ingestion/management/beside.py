"""The answer server as a child process of `manage.py serve`: started again when it dies, ended with its parent."""

import logging
import os
import subprocess
import sys
from contextlib import suppress
from threading import Event, Thread

from django.conf import settings

logger = logging.getLogger(__name__)
# Pages stay quick while the model computes.
_NICENESS = 5
_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0
_STOP_SECONDS = 5.0


class AnswerServer:
    """`manage.py answer_server`, watched by a thread."""

    def __init__(self, command: list[str] | None = None) -> None:
        """Nothing starts yet. `command` is what to run (default: this project's answer_server)."""
        self._command = command or [sys.executable, str(settings.BASE_DIR / "manage.py"), "answer_server"]
        self._ending = Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._watch, name="answer-server", daemon=True)

    def start(self) -> None:
        """Start the child and its watcher. Returns at once: loading the model takes a while."""
        self._thread.start()

    def stop(self) -> None:
        """End the child and wait for it, at most a few seconds."""
        self._ending.set()
        if self._child is not None:
            self._child.terminate()
        self._thread.join(_STOP_SECONDS)
        if self._child is not None and self._child.poll() is None:
            self._child.kill()

    def _watch(self) -> None:
        wait = _FIRST_WAIT_SECONDS
        while not self._ending.is_set():
            code = self._run_once()
            if self._ending.is_set():
                return
            logger.error("The answer server ended with code %s; it starts again in %.0f s.", code, wait)
            self._ending.wait(wait)
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)

    def _run_once(self) -> int:
        # A session of its own: Ctrl-C reaches this process only, which then ends the child in order.
        self._child = subprocess.Popen(self._command, start_new_session=True)  # noqa: S603 - our own command
        with suppress(OSError):  # it may have ended already
            os.setpriority(os.PRIO_PROCESS, self._child.pid, _NICENESS)
        if self._ending.is_set():
            self._child.terminate()  # told to stop while the child was being started
        return self._child.wait()
