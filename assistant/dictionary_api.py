"""The HTTP API of a library's dictionary: its readers list it, its owners change it."""

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.errors import ValidationError
from pydantic import ValidationError as Invalid

from assistant import dictionary_entries as entries
from assistant.errors import BodyUnreadable
from ingestion.access import Scope, scope_for
from ingestion.models import User

router = Router(tags=["dictionary"])


class EntryIn(Schema):
    """Words that mean the same, the one it is listed by first, and a note."""

    words: list[str]
    note: str = Field("", max_length=entries.NOTE_CHARACTERS)


class EntryOut(EntryIn):
    """An entry as it is kept."""

    id: UUID


_ENTRY_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": EntryIn.json_schema()}}}}


@router.get("/libraries/{library_id}/dictionary", response=list[EntryOut])
def dictionary(request: HttpRequest, library_id: str, search: str = "") -> Any:
    """The entries of a library whose words or note hold every word of `search`."""
    return entries.entries_list(_scope(request), library_id, search)


@router.post("/libraries/{library_id}/dictionary", response={201: EntryOut}, openapi_extra=_ENTRY_BODY)
def entry_add(request: HttpRequest, library_id: str) -> Status[Any]:
    """Say that words mean the same in a library, from the next question on."""
    scope = _scope(request)
    scope.library(library_id, to_change=True)  # before the body is read
    said = _said(request)
    made = entries.entry_add(user=_user(request), scope=scope, library_id=library_id, words=said.words, note=said.note)
    return Status(HTTPStatus.CREATED, made)


@router.put("/libraries/{library_id}/dictionary/{entry_id}", response=EntryOut, openapi_extra=_ENTRY_BODY)
def entry_change(request: HttpRequest, library_id: str, entry_id: str) -> Any:
    """Give an entry other words and another note."""
    scope = _scope(request)
    entries.entry_of(scope, library_id, entry_id)  # before the body is read
    said, place = _said(request), {"library_id": library_id, "entry_id": entry_id}
    return entries.entry_change(user=_user(request), scope=scope, **place, words=said.words, note=said.note)


@router.delete("/libraries/{library_id}/dictionary/{entry_id}", response={204: None})
def entry_remove(request: HttpRequest, library_id: str, entry_id: str) -> Status[None]:
    """Remove an entry."""
    entries.entry_remove(user=_user(request), scope=_scope(request), library_id=library_id, entry_id=entry_id)
    return Status(HTTPStatus.NO_CONTENT, None)


def _said(request: HttpRequest) -> EntryIn:
    """The body. Raises BodyUnreadable, and ValidationError as ninja does for the bodies that it reads."""
    try:
        return EntryIn.model_validate_json(request.body)
    except Invalid as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise BodyUnreadable from None
        raise ValidationError(cast("list[dict[str, Any]]", error.errors())) from None


def _user(request: HttpRequest) -> User:
    return cast("User", request.auth)  # type: ignore[attr-defined]  # set by the API's authentication


def _scope(request: HttpRequest) -> Scope:
    return scope_for(_user(request))
