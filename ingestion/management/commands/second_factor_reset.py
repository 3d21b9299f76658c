"""Resets a second factor from the server: for the only administrator, who has nobody else to ask."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingestion.errors import TenkyoError
from ingestion.models import User
from ingestion.second_factor import factor_reset


class Command(BaseCommand):
    """`manage.py second_factor_reset USERNAME --reason TEXT`."""

    help = "Remove a person's second factors and recovery codes, and end their sessions and tokens. Audited."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="why, for the audit trail")

    def handle(self, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['username']!r}.")
        try:
            factor_reset(by=None, user=user, reason=options["reason"])
        except TenkyoError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The second factor of {user} was reset.")
