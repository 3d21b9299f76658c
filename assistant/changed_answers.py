"""Which answers rest on pages that a new revision changed: how many there are, and the person's own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from assistant.models import Message
from ingestion.models import Revision, User

RECENT_DAYS = 90
_OWN_LISTED = 10


@dataclass(frozen=True, slots=True)
class Cited:
    """Answers of the last `days` days that cite such pages. Of other people's, nothing is told but that they count."""

    count: int
    own: tuple[Message, ...]
    days: int = RECENT_DAYS


def answers_citing(user: User, revision: Revision, pages: Collection[int]) -> Cited:
    """Recent answers that cite these pages of the revision. Whether the person owns the document, the caller knows."""
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    found = Message.objects.filter(created_at__gte=since, citations__revision=revision, citations__page__in=pages)
    found = found.distinct()
    own = found.filter(conversation__user=user).select_related("question").order_by("-created_at")[:_OWN_LISTED]
    return Cited(found.count(), tuple(own))
