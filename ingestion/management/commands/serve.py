"""Runs Tenkyo on one machine."""

import logging
import signal
import socket
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.portfolio import NEEDED_BY_ALL, models
from ingestion import worker
from ingestion.embedding import embedder
from ingestion.errors import TenkyoError
from ingestion.index import vector_index
from ingestion.index.standing import require_current
from ingestion.management.beside import AnswerServer
from ingestion.models import AuditEvent
from ingestion.searched import look

logger = logging.getLogger(__name__)
# Open answer streams are cut after this long when the server ends.
_GRACE_SECONDS = 3


class Command(BaseCommand):
    """`manage.py serve [--demo]`: checks, migrations, answer server, ingestion worker, web server."""

    help = (
        "Serve on HOST:PORT. Starts what the settings do not name elsewhere: the answer server where ANSWER_URL is "
        "unset, the ingestion worker where BROKER_URL is memory://. Ctrl-C or SIGTERM ends everything."
    )

    requires_system_checks = ()  # they run as a step of their own, once the models are there

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="first fetch the models, make an administrator and a sample library"
        )

    def handle(self, **options: Any) -> None:
        # The web server hands a signal on to the handler it found; the default one would skip the clean end.
        signal.signal(signal.SIGTERM, lambda *_: _leave())
        with ExitStack() as stack:
            try:
                self._serve(stack, demo=options["demo"])
            except TenkyoError as error:
                raise CommandError(str(error)) from error
            except KeyboardInterrupt:
                self._say("Ending")

    def _serve(self, stack: ExitStack, *, demo: bool) -> None:
        listening = stack.enter_context(_listening(settings.HOST, settings.PORT))
        if demo:
            self._say("Models")
            call_command("models_fetch", stdout=self.stdout)
        self._require_models()
        self._say("Checks and database")
        call_command("check", stdout=self.stdout)
        call_command("migrate", interactive=False, verbosity=0)
        if demo:
            self._prepare_demo()
        self._start_parts(stack)
        self._warn_of_outdated_index()
        self._say(f"Tenkyo is at http://{settings.HOST}:{settings.PORT}/  (Ctrl-C ends it)")
        _web(listening)

    def _prepare_demo(self) -> None:
        self._say("Administrator")
        call_command("first_admin", stdout=self.stdout)
        # Whoever deleted the samples does not want them back.
        if not AuditEvent.objects.filter(action="samples.add").exists():
            self._say("Sample library")
            call_command("sample_library", stdout=self.stdout)

    def _require_models(self) -> None:
        needed = {
            settings.EMBED_MODEL,
            *(model.name for model in models() if model.role in NEEDED_BY_ALL),
            *([settings.ANSWER_MODEL] if settings.ANSWER_BESIDE_WEB else []),
        }
        paths = [Path(settings.MODELS_DIR) / model.path for model in models() if model.name in needed]
        missing = [str(path) for path in paths if not path.exists()]
        if missing:
            raise CommandError(f"Missing: {', '.join(missing)}. Run `manage.py models_fetch` first.")

    def _start_parts(self, stack: ExitStack) -> None:
        if settings.CELERY_BROKER_URL.startswith("memory://"):
            self._say("Ingestion worker")
            stack.callback(worker.stop)
            worker.start()
        if settings.ANSWER_BESIDE_WEB:
            self._say(f"Answer server ({settings.ANSWER_MODEL}, loading in the background)")
            answers = AnswerServer()
            stack.callback(answers.stop)
            answers.start()
        Thread(target=_warm_up, name="warm-up", daemon=True).start()

    def _warn_of_outdated_index(self) -> None:
        try:
            require_current(vector_index(look()))
        except TenkyoError as error:  # no reason not to serve: pages can be read, and /readyz goes on saying it
            self._say(f"Warning: {error}")
        if (model := look()) != settings.EMBED_MODEL:
            self._say(
                f"EMBED_MODEL is {settings.EMBED_MODEL}, and searches use {model} until "
                f"`manage.py index_build {settings.EMBED_MODEL}` has built its index beside it."
            )

    def _say(self, line: str) -> None:
        self.stdout.write(f"== {line}")
        self.stdout.flush()


def _leave() -> None:
    # A second SIGTERM must not interrupt the clean end that the first one began.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _listening(host: str, port: int) -> socket.socket:
    """The web server's socket, taken before anything slow: two servers on one port are noticed at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol left at 0, asyncio does not switch Nagle's algorithm off, and every answer waits 40 ms.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen()
    except OSError as error:
        found.close()
        said = (
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another port, e.g.  PORT={port + 100} make demo"
        )
        raise CommandError(said) from error
    return found


def _web(listening: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(
        "config.asgi:application",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listening])


def _warm_up() -> None:
    """Load the embedder before the first person asks."""
    try:
        embedder(look()).query("warm-up")
    except Exception:
        logger.exception("Warming up failed; the first question will try again.")
