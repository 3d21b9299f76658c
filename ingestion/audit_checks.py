"""Whether the audit log is whole: every row follows from the one before, and every seal still fits. Audited."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ingestion.audit import broken_links, record
from ingestion.audit_seals import Seal, flaws, newest
from ingestion.models import AuditEvent, User

__all__ = ["Check", "Seal", "check", "flaw_words", "last_check", "newest"]


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the whole log. `first`: the first row that does not follow; `flaws`: how many seals do not fit."""

    at: datetime
    by: str
    rows: int
    broken: int
    first: int | None
    flaws: int

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not (self.broken or self.flaws)


def check(*, user: User | None) -> Check:
    """Check every row and every seal, and write down who did and what was found."""
    rows, broken, wrong = AuditEvent.objects.count(), broken_links(), flaws()
    facts: dict[str, Any] = {
        "rows": rows,
        "broken": len(broken),
        "first": broken[0] if broken else None,
        "flaws": len(wrong),
    }
    return _of(record("audit.checked", actor=user, **facts))


def last_check() -> Check | None:
    """How the last one ended, or None where there was none yet."""
    found = AuditEvent.objects.filter(action="audit.checked").order_by("-id").first()
    return _of(found) if found else None


def flaw_words() -> list[str]:
    """What is wrong with seals now, a sentence each, in the language of now. Cheap: no row but the sealed is read."""
    said = {
        "unreadable": _("The seal of {day} cannot be read."),
        "unchained": _("The seal of {day} does not follow from the one before it: a seal was changed or removed."),
        "cut": _("The last row of {day} is gone or changed: the end was cut off, or an older database put back."),
        "fewer": _("There are not as many rows as on {day}: rows were removed from the beginning."),
        "missing": _("The seal of {day} is missing or is another one now."),
    }
    return [said[flaw.what].format(day=flaw.day) for flaw in flaws()]


def _of(event: AuditEvent) -> Check:
    facts = event.facts
    return Check(event.at, event.actor, facts["rows"], facts["broken"], facts["first"], facts["flaws"])
