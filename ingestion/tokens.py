"""A person's own API tokens: made for some libraries or all, listed without the key, withdrawn."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from ingestion.access import Scope, token_issue
from ingestion.errors import NotFound
from ingestion.models import ApiToken, User
from ingestion.text import one_line

NAME_CHARACTERS = 100


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """The person's tokens, the newest first."""
    return ApiToken.objects.filter(user=user).prefetch_related("libraries").order_by("-created_at", "-id")


def token_make(
    *, user: User, scope: Scope, name: str, library_ids: Sequence[object] | None, expires_on: date | None
) -> str:
    """Make a token of the person's own and return it, this once. `library_ids` None: for all they may read.

    Raises NotFound for a library they may not read, TokenDayPast, TokenLibrariesNone.
    """
    chosen = None if library_ids is None else [scope.library(one) for one in library_ids]
    shown = one_line(name)[:NAME_CHARACTERS]
    return token_issue(user=user, name=shown, libraries=chosen, expires_on=expires_on, by=user)


def token_withdraw(*, user: User, token_id: object) -> None:
    """Withdraw one of the person's own tokens: its next request is nobody's. Raises NotFound."""
    given = str(token_id)
    found = ApiToken.objects.filter(user=user, pk=int(given)).first() if _is_number(given) else None
    if found is None:
        raise NotFound
    found.by = user
    found.delete()


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdecimal() and len(given) <= 18  # noqa: PLR2004  what a database's number holds
