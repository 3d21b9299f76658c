"""The HTTP API of a library's dictionary: its readers list it, its owners change it."""

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from assistant import dictionary_entries as entries
from ingestion.access import Scope, scope_for
from ingestion.models import User

router = Router(tags=["dictionary"])


class EntryIn(Schema):
    """Words that mean the same, the one it is listed by first, and a note."""

    words: list[str]
    note: str = ""


class EntryOut(Schema):
    """An entry as it is kept."""

    id: UUID
    words: list[str]
    note: str


@router.get("/libraries/{library_id}/dictionary", response=list[EntryOut])
def dictionary(request: HttpRequest, library_id: str, search: str = "") -> Any:
    """The entries of a library whose words or note hold every word of `search`."""
    return entries.entries_list(_scope(request), library_id, search)


@router.post("/libraries/{library_id}/dictionary", response={201: EntryOut})
def entry_add(request: HttpRequest, library_id: str, payload: EntryIn) -> Status[Any]:
    """Say that words mean the same in a library, from the next question on."""
    made = entries.entry_add(user=_user(request), scope=_scope(request), library_id=library_id, **payload.dict())
    return Status(HTTPStatus.CREATED, made)


@router.put("/libraries/{library_id}/dictionary/{entry_id}", response=EntryOut)
def entry_change(request: HttpRequest, library_id: str, entry_id: str, payload: EntryIn) -> Any:
    """Give an entry other words and another note."""
    place = {"library_id": library_id, "entry_id": entry_id}
    return entries.entry_change(user=_user(request), scope=_scope(request), **place, **payload.dict())


@router.delete("/libraries/{library_id}/dictionary/{entry_id}", response={204: None})
def entry_remove(request: HttpRequest, library_id: str, entry_id: str) -> Status[None]:
    """Remove an entry."""
    entries.entry_remove(user=_user(request), scope=_scope(request), library_id=library_id, entry_id=entry_id)
    return Status(HTTPStatus.NO_CONTENT, None)


def _user(request: HttpRequest) -> User:
    return cast("User", request.auth)  # type: ignore[attr-defined]  # set by the API's authentication


def _scope(request: HttpRequest) -> Scope:
    return scope_for(_user(request))
