"""What commands that take files in share: on whose behalf, into which library, and the work itself."""

import time
from collections.abc import Callable, Sequence
from uuid import UUID

from django.core.management.base import CommandError

from ingestion import services, worker
from ingestion.access import scope_for
from ingestion.errors import IndexHeld
from ingestion.models import ACTIVE, Document, Library, User
from ingestion.selectors import revision_states

_LOOK_SECONDS = 1.0
Say = Callable[[str], object]


def person(username: str | None) -> User:
    """The active person of that name, or the first superuser. Raises CommandError."""
    people = User.objects.filter(is_active=True).order_by("id")
    found = people.filter(username=username).first() if username else people.filter(is_superuser=True).first()
    if found is None:
        raise CommandError("There is no such user. Make one first: `manage.py createsuperuser`.")
    return found


def library_named(user: User, name: str) -> Library:
    """The library of that name, made where there is none."""
    library = scope_for(user).libraries().filter(name=name).first()
    return library or services.library_create(user=user, name=name)


def work(document_ids: Sequence[UUID], say: Say) -> None:
    """Take the documents in, and say how far they are. A running server does it; where none runs, this process does."""
    try:
        worker.start()
    except IndexHeld as held:
        say(f"Process {held.params['pid']} is running and does the work.")
        return
    try:
        _watch(document_ids, say)
    except KeyboardInterrupt:
        say("Stopped. What is done is kept; a running server, or this command again, goes on.")
    finally:
        worker.stop()


def _watch(document_ids: Sequence[UUID], say: Say) -> None:
    said: dict[UUID, str] = {}
    while True:
        states = revision_states(Document.objects.filter(id__in=document_ids))
        for identity, state in states.items():
            reason = f" ({state.error['code']}: {state.error['message']})" if state.error else ""
            line = f"{state.status}{reason}, {state.pages_done} pages, {state.chunks} chunks"
            if said.get(identity) != line:
                said[identity] = line
                say(f"{Document.objects.get(id=identity).title}: {line}")
        if all(state.status not in ACTIVE for state in states.values()):
            return
        time.sleep(_LOOK_SECONDS)
