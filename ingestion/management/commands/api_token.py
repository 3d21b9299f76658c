"""Makes a token for the HTTP API."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingestion.access import TOKEN_DAYS, scope_for, token_issue
from ingestion.errors import TenkyoError
from ingestion.models import Library, User

_ENDLESS = "never"


class Command(BaseCommand):
    """`manage.py api_token USERNAME [--name NAME] [--libraries NAME …] [--expires DATE]`."""

    help = "Print a new API token of a user, once. Only its hash is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="what the token is for")
        parser.add_argument(
            "--libraries", nargs="+", metavar="NAME", help="libraries it is for (default: all the user may read)"
        )
        parser.add_argument(
            "--expires",
            metavar="DATE",
            help=f"its last day as YYYY-MM-DD, or `{_ENDLESS}` (default: {TOKEN_DAYS} days)",
        )

    def handle(self, **options: Any) -> None:
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {options['username']!r}.")
        expires = options["expires"]
        try:
            token = token_issue(
                user=user,
                name=options["name"],
                libraries=_libraries(user, options["libraries"]),
                expires_on=_day(expires) if expires not in (None, _ENDLESS) else None,
                endless=expires == _ENDLESS,
            )
        except TenkyoError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(token)


def _libraries(user: User, names: list[str] | None) -> list[Library] | None:
    if names is None:
        return None
    found = {library.name: library for library in scope_for(user).libraries().filter(name__in=names)}
    if missing := [name for name in names if name not in found]:
        raise CommandError(f"{user} may read no library {missing[0]!r}. No token was made.")
    return list(found.values())


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise CommandError(f"{given!r} is no date like 2027-03-31. No token was made.") from None
