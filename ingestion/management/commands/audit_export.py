"""Writes the audit log out, for log systems and archives."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingestion.access import scope_for
from ingestion.audit_export import FORMATS, export
from ingestion.audit_trail import Wanted
from ingestion.audit_words import ACTIONS
from ingestion.models import User


class Command(BaseCommand):
    """`manage.py audit_export [--format jsonl] [--since DATE] [--until DATE] [--as AUDITOR] …`."""

    help = (
        "Write the rows of the audit log that match to standard output, oldest first: JSON lines with the field names "
        "of OCSF, or CSV. The export itself is recorded."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=FORMATS, default="jsonl", help="`jsonl` (default) or `csv`")
        parser.add_argument("--since", metavar="DATE", help="the first day, YYYY-MM-DD")
        parser.add_argument("--until", metavar="DATE", help="the last day, YYYY-MM-DD")
        parser.add_argument("--person", default="", help="only what this person did, or was done to them")
        parser.add_argument("--action", default="", help="only this action, e.g. `document.add`")
        parser.add_argument("--subject", default="", help="only objects whose kind or id holds this")
        parser.add_argument("--words", default="", help="only rows whose details hold these words")
        parser.add_argument("--language", choices=("en", "ja"), default="en", help="of sentences and columns")
        parser.add_argument(
            "--as",
            dest="auditor",
            metavar="USERNAME",
            help="who exports: titles they may read are told (default: none)",
        )

    def handle(self, **options: Any) -> None:
        if options["action"] and options["action"] not in ACTIONS:
            raise CommandError(f"There is no action {options['action']!r}.")
        wanted = Wanted(
            person=options["person"],
            action=options["action"],
            subject=options["subject"],
            since=_day(options["since"]),
            until=_day(options["until"]),
            words=options["words"],
        )
        user = _person(options["auditor"])
        scope = scope_for(user or User(is_active=False))
        for piece in export(
            user=user, scope=scope, wanted=wanted, form=options["format"], language=options["language"]
        ):
            self.stdout.write(piece, ending="")


def _person(name: str | None) -> User | None:
    if name is None:
        return None
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise CommandError(f"There is no active user {name!r}.")
    return found


def _day(given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise CommandError(f"{given!r} is no date like 2027-03-31.") from None
