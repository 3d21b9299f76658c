"""The only writer of AuditEvent: append-only, each row's hash covers the one before it."""

import hashlib
import json
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from ingestion.models import AuditEvent

# Any number that no other lock of this database uses.
_TURN = 7_210_033


def record(action: str, *, actor: Any = None, subject: str = "", **facts: Any) -> AuditEvent:
    """Append who did what. `actor` is a user or None (the system); `facts` hold ids and counts, never document text."""
    name = getattr(actor, "username", "") or ""
    with transaction.atomic():
        _take_turn()
        last = AuditEvent.objects.order_by("-id").first()
        event = AuditEvent(
            at=timezone.now(),
            actor=name,
            action=action,
            subject=subject,
            facts=facts,
            previous=last.digest if last else "",
        )
        event.digest = digest_of(event)
        event.save(force_insert=True)
    return event


def broken_links(*, after: int = 0) -> list[int]:
    """Ids of the rows that were changed, or whose row before was changed or removed. Empty: the log is whole.

    `after`: the row to begin behind, itself taken as it is.
    """
    before = AuditEvent.objects.filter(id=after).first() if after else None
    broken, previous = [], before.digest if before else ""
    for event in AuditEvent.objects.filter(id__gt=after).order_by("id").iterator(chunk_size=1000):
        if event.previous != previous or event.digest != digest_of(event):
            broken.append(event.pk)
        previous = event.digest
    return broken


def _take_turn() -> None:
    # Two writers must not chain onto the same row. SQLite's transactions take turns by themselves; in PostgreSQL
    # a lock on the last row would not do: who waited for it would still get that row, not the one added meanwhile.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])


def digest_of(event: AuditEvent) -> str:
    """SHA-256 over everything the row says and the digest of the row before it."""
    said = [event.at.isoformat(), event.actor, event.action, event.subject, event.facts, event.previous]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
