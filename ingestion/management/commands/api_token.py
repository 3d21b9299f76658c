"""Makes a token for the HTTP API."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingestion.access import token_issue
from ingestion.audit import record
from ingestion.models import User


class Command(BaseCommand):
    """`manage.py api_token USERNAME [--name NAME]`."""

    help = "Print a new API token of a user, once. Only its hash is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="what the token is for")

    def handle(self, **options: Any) -> None:
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {options['username']!r}.")
        token = token_issue(user=user, name=options["name"])
        record("token.create", subject=f"user:{user.pk}", name=options["name"])
        self.stdout.write(token)
