"""Looks whether everything is there before Tenkyo is started."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from assistant.preflight import installation, machine, parts
from assistant.preflight.lines import Line

_STATES = {
    "en": {"ok": "ok", "warning": "warning", "problem": "PROBLEM"},
    "ja": {"ok": "正常", "warning": "注意", "problem": "問題"},
}


class Command(BaseCommand):
    """`manage.py preflight [--language ja|en] [--json]`."""

    help = (
        "Look at machine, settings, models and every part before Tenkyo is started, and say of each whether it is in "
        "order and what to do. Exit status 1 where there is a problem."
    )
    requires_system_checks = ()  # they are lines of the report

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", choices=("ja", "en"), help="of the report (default: DEFAULT_LANGUAGE)")
        parser.add_argument("--json", action="store_true", help="every line as JSON, in both languages")

    def handle(self, **options: Any) -> None:
        language = options["language"] or settings.LANGUAGE_CODE
        found: list[Line] = []
        with _logs_silent():
            self._look(found, language, told=not options["json"])
        counts = {state: sum(line.state == state for line in found) for state in _STATES["en"]}
        if options["json"]:
            said = {"states": counts, "lines": [line.as_json() for line in found]}
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
        if counts["problem"]:
            raise CommandError(_problems(counts["problem"], language))

    def _look(self, found: list[Line], language: Any, *, told: bool) -> None:
        for line in _lines():
            found.append(line)
            if told:
                self._tell(line, language)

    def _tell(self, line: Line, language: Any) -> None:
        what, todo = line.texts(language)
        self.stdout.write(f"{_STATES[language][line.state]:<8} {line.name:<15} {what}")
        if line.state != "ok" and todo:
            self.stdout.write(f"{'':<8} {'':<15} → {todo}")
        self.stdout.flush()


@contextmanager
def _logs_silent() -> Iterator[None]:
    """The report says what the log would."""
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _lines() -> Iterator[Line]:
    for room in (machine, installation, parts):
        yield from room.lines()


def _problems(count: int, language: str) -> str:
    return f"問題が {count} 件あります。" if language == "ja" else f"{count} to be put right."
