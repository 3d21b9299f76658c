"""`manage.py answer_server`: serve ANSWER_MODEL on this machine."""

import os
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assistant import llama
from config.portfolio import model_named
from ingestion.errors import TenkyoError


class Command(BaseCommand):
    """llama.cpp's OpenAI-compatible server, until SIGTERM or until the parent process ends."""

    help = "Serve ANSWER_MODEL on 127.0.0.1 with an OpenAI-compatible API, for machines without a GPU server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="Port to listen on. Default: the one in ANSWER_URL.")

    def handle(self, **options: Any) -> None:
        parent = os.getppid()  # before the model is loaded: the parent may end meanwhile
        port = options["port"] or urlsplit(settings.ANSWER_URL).port or 80
        try:
            running = llama.start(model_named(settings.ANSWER_MODEL, "answer"), settings.MODELS_DIR, port=port)
        except (TenkyoError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{settings.ANSWER_MODEL} answers at {running.url}/v1")
        self.stdout.flush()
        llama.until_told_to_stop(parent)
        self.stdout.write("Stopped.")
        self.stdout.flush()
        # The engine's threads are C++ and hold no data of ours; waiting for a running answer would take minutes.
        os._exit(0)
