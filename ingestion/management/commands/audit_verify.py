"""Checks the chain of the audit log."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from ingestion.audit import broken_links
from ingestion.audit_checks import flaw_words
from ingestion.audit_checks import newest as newest_seal
from ingestion.models import AuditEvent


class Command(BaseCommand):
    """`manage.py audit_verify [--expect DIGEST]`."""

    help = (
        "Check that no row of the audit log was changed or removed, and that every daily seal fits. "
        "Exit status 1 where one does not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--expect", metavar="DIGEST", help="a digest printed earlier, which must still be there")

    def handle(self, **options: Any) -> None:
        if broken := broken_links():
            raise CommandError(f"{len(broken)} rows do not follow from the row before them; the first: {broken[0]}.")
        if options["expect"] and not AuditEvent.objects.filter(digest=options["expect"]).exists():
            raise CommandError("The row of that digest is gone: the end of the log was removed.")
        with override("en"):
            if wrong := flaw_words():
                raise CommandError(" ".join(wrong))
        if sealed := newest_seal():
            self.stdout.write(f"Every seal fits; the last is of {sealed.day}, with {sealed.rows} rows.")
        newest = AuditEvent.objects.order_by("-id").first()
        self.stdout.write(f"{AuditEvent.objects.count()} rows, each following from the one before.")
        if newest is not None:
            self.stdout.write(f"Newest digest: {newest.digest}\nKeep it elsewhere and name it next time with --expect.")
