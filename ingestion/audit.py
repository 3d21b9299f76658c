"""The only writer of AuditEvent: append-only, each row's hash covers the one before it."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from ingestion.models import AuditEvent


def record(action: str, *, actor: Any = None, subject: str = "", **facts: Any) -> AuditEvent:
    """Append who did what. `actor` is a user or None (the system); `facts` hold ids and counts, never document text."""
    name = getattr(actor, "username", "") or ""
    with transaction.atomic():
        # The last row is locked so that two writers cannot chain onto the same one.
        last = AuditEvent.objects.select_for_update().order_by("-id").first()
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


def digest_of(event: AuditEvent) -> str:
    """SHA-256 over everything the row says and the digest of the row before it."""
    said = [event.at.isoformat(), event.actor, event.action, event.subject, event.facts, event.previous]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
