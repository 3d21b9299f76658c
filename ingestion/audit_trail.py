"""The audit log as auditors read it: who is one, rows found by person, action, subject, days and words, as sentences.

An auditor does not thereby read documents: titles and names of libraries are told where the auditor's own Scope holds
them; else the id stands there.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from ingestion.access import Scope, as_uuid
from ingestion.audit_words import in_words
from ingestion.errors import NotFound
from ingestion.models import AuditEvent, Document, Library, User
from ingestion.text import search_words


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an auditor looks for; what is left empty matches everything. Days are the site's, both included."""

    person: str = ""
    action: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None
    words: str = ""

    def facts(self) -> dict[str, str]:
        """What was chosen, for the audit log."""
        return {name: str(value) for name, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True)
class Line:
    """One row with its sentence. `subject`: what it was done to, by name where that may be told."""

    event: AuditEvent
    sentence: str
    subject: str


def is_auditor(user: User | AnonymousUser) -> bool:
    """Whether the person, or a group of theirs, was given the permission to see audit events.

    Given, not implied: administrators have every permission, and are those whom the audit log is about.
    """
    if not user.is_authenticated or not user.is_active:
        return False
    named = Permission.objects.filter(content_type__app_label="ingestion", codename="view_auditevent")
    return named.filter(Q(user=user) | Q(group__user=user)).exists()


def events(wanted: Wanted) -> QuerySet[AuditEvent]:
    """The rows that match, the newest first."""
    found = AuditEvent.objects.order_by("-id")
    if wanted.person:
        found = found.filter(_of_person(wanted.person))
    if wanted.action:
        found = found.filter(action=wanted.action)
    if wanted.subject:
        found = found.filter(subject__icontains=wanted.subject)
    if wanted.since:
        found = found.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        found = found.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    return _holding(found, search_words(wanted.words))


def lines(rows: Sequence[AuditEvent], scope: Scope) -> list[Line]:
    """The rows with their sentences, in the language of now. A few queries for all of them."""
    names = _names({row.subject for row in rows}, scope)
    return [_line(row, names.get(row.subject) or _plain(row.subject)) for row in rows]


def _line(row: AuditEvent, subject: str) -> Line:
    sentence = in_words(row.action, actor=row.actor, subject=subject, facts=row.facts)
    return Line(row, sentence, subject)


def _of_person(name: str) -> Q:
    ids = User.objects.filter(username__iexact=name).values_list("pk", flat=True)
    return Q(actor__iexact=name) | Q(subject__in=[f"user:{pk}" for pk in ids])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _holding(found: QuerySet[AuditEvent], words: Iterable[str]) -> QuerySet[AuditEvent]:
    """Those whose facts, subject, actor or action hold every word."""
    for word in words:
        # SQLite keeps JSON as it was written, with characters outside ASCII escaped; PostgreSQL does not.
        escaped = json.dumps(word)[1:-1]
        found = found.alias(said=Cast("facts", TextField())).filter(
            Q(said__icontains=word)
            | Q(said__icontains=escaped)
            | Q(subject__icontains=word)
            | Q(actor__icontains=word)
            | Q(action__icontains=word)
        )
    return found


def _names(subjects: Iterable[str], scope: Scope) -> dict[str, str]:
    """Each subject with the name that may be told."""
    ids: dict[str, list[str]] = {}
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        ids.setdefault(kind, []).append(key)
    found: dict[str, str] = {}
    for user in User.objects.filter(pk__in=_numbers(ids.get("user", ()))):
        found[f"user:{user.pk}"] = user.get_username()
    for group in Group.objects.filter(pk__in=_numbers(ids.get("group", ()))):
        found[f"group:{group.pk}"] = _("the group {name}").format(name=group.name)
    for library in scope.libraries().filter(pk__in=_uuids(ids.get("library", ()))):
        found[f"library:{library.pk}"] = _library(library)
    for document in scope.documents().filter(pk__in=_uuids(ids.get("document", ()))):
        found[f"document:{document.pk}"] = _document(document)
    return found


def _library(library: Library) -> str:
    return _("the library “{name}”").format(name=library.name)


def _document(document: Document) -> str:
    return _("“{title}”").format(title=document.title)


def _plain(subject: str) -> str:
    """What there is no name for, or none that may be told: its kind and id."""
    kind, _colon, key = subject.partition(":")
    kinds = {
        "user": _("the person no. {id}"),
        "group": _("the group no. {id}"),
        "library": _("the library {id}"),
        "document": _("the document {id}"),
        "conversation": _("the conversation {id}"),
        "message": _("the message {id}"),
    }
    if not subject:
        return _("a name there is not")
    return kinds[kind].format(id=key) if kind in kinds else subject


def _numbers(keys: Iterable[str]) -> list[int]:
    return [int(key) for key in keys if key.isascii() and key.isdecimal()]


def _uuids(keys: Iterable[str]) -> list[UUID]:
    found = []
    for key in keys:
        with suppress(NotFound):
            found.append(as_uuid(key))
    return found
