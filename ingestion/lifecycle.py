"""Whether a document is in force: decided by its state and dates at the moment somebody asks, in the site's time zone.

Nothing has to run at midnight: every search filters by today's date.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ingestion.models import Document, DocumentState


class Standing(TextChoices):
    """Where a document stands today. Only what is effective is searched and answered from."""

    DRAFT = "draft", gettext_lazy("draft")
    UPCOMING = "upcoming", gettext_lazy("not yet effective")
    EFFECTIVE = "effective", gettext_lazy("effective")
    EXPIRED = "expired", gettext_lazy("no longer effective")
    WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What an owner says of a document: its state, its first and last effective day, the day it was withdrawn."""

    state: DocumentState = DocumentState.EFFECTIVE
    effective_from: date | None = None
    effective_until: date | None = None
    withdrawn_on: date | None = None


def today() -> date:
    """The date at the site (TIME_ZONE), whatever the person's own clock says."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def effective(path: str = "") -> Q:
    """Documents in force today. `path` leads to them from another row, as in `effective("document__")`."""
    day = today()
    begun = Q(**{f"{path}effective_from": None}) | Q(**{f"{path}effective_from__lte": day})
    lasts = Q(**{f"{path}effective_until": None}) | Q(**{f"{path}effective_until__gte": day})
    return Q(**{f"{path}state": DocumentState.EFFECTIVE}) & begun & lasts


def standing(document: Document) -> Standing:
    """Where the document stands today: `effective` for exactly those that `effective()` finds."""
    day = today()
    if document.state != DocumentState.EFFECTIVE:
        return Standing(document.state)
    if document.effective_from and document.effective_from > day:
        return Standing.UPCOMING
    if document.effective_until and document.effective_until < day:
        return Standing.EXPIRED
    return Standing.EFFECTIVE


def lifecycle_of(document: Document) -> Lifecycle:
    """What its owners have said of it."""
    dates = (document.effective_from, document.effective_until, document.withdrawn_on)
    return Lifecycle(DocumentState(document.state), *dates)


def in_words(document: Document) -> str:
    """The standing in short, with its date: “withdrawn since 3 May 2026”."""
    return _WORDS[standing(document)](document)


def warning(document: Document) -> str:
    """The standing in words where the document is not answered from today; empty where it is."""
    return "" if standing(document) == Standing.EFFECTIVE else in_words(document)


def _effective(document: Document) -> str:
    if document.effective_until:
        return _("effective until %(day)s") % {"day": _day(document.effective_until)}
    if document.effective_from:
        return _("effective since %(day)s") % {"day": _day(document.effective_from)}
    return str(Standing.EFFECTIVE.label)


def _withdrawn(document: Document) -> str:
    if document.withdrawn_on is None:
        return str(Standing.WITHDRAWN.label)
    return _("withdrawn since %(day)s") % {"day": _day(document.withdrawn_on)}


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


_WORDS: dict[Standing, Callable[[Document], str]] = {
    Standing.DRAFT: lambda _document: str(Standing.DRAFT.label),
    Standing.UPCOMING: lambda document: _("effective from %(day)s on") % {"day": _day(document.effective_from)},
    Standing.EFFECTIVE: _effective,
    Standing.EXPIRED: lambda document: (
        _("no longer effective since the end of %(day)s") % {"day": _day(document.effective_until)}
    ),
    Standing.WITHDRAWN: _withdrawn,
}
