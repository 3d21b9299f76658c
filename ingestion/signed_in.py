"""What is on its way to somebody ends where they are suspended, or the session or token it was asked with is ended."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from time import monotonic
from typing import TypeVar

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest

from ingestion.errors import NotSignedIn
from ingestion.models import User
from ingestion.sessions import still_signed_in

# A question to the database for each token of an answer would be hundreds a second.
_ASKED_EVERY_SECONDS = 1.0
_Part = TypeVar("_Part")


async def while_signed_in(
    request: HttpRequest, user: User, parts: AsyncGenerator[_Part, None]
) -> AsyncGenerator[_Part, None]:
    """The same parts; NotSignedIn, and the end of the work, once what the request began with holds no more."""
    session = None if user.token is not None else request.session.session_key
    asked = monotonic()
    async with aclosing(parts):
        async for part in parts:
            if monotonic() - asked >= _ASKED_EVERY_SECONDS:
                asked = monotonic()
                if not await sync_to_async(_holds)(user, session):
                    raise NotSignedIn
            yield part


def _holds(user: User, session: str | None) -> bool:
    try:
        return still_signed_in(user, session)
    finally:
        if not connection.in_atomic_block:
            connection.close()  # none is held while the model thinks, or a client reads slowly
