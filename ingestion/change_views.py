"""What a revision of a document changed, page by page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ingestion.access import as_uuid, scope_for
from ingestion.audit import record
from ingestion.comparison import Pair, Piece, aligned, marked
from ingestion.errors import NotFound
from ingestion.models import Document, PageStatus, Revision, Status, User

# Each changed page is compared word by word when it is shown.
_SHOWN = 5
_KINDS = ("changed", "added", "removed", "unchanged")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a revision as it is compared."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One page that is not as it was: its number before and now, and of a changed one the words in order."""

    kind: str
    label: str
    old: int | None
    new: int | None
    pieces: tuple[Piece, ...]


@login_required
@require_GET
def document_changes(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The pages that are changed, added or removed between two revisions: the current one and the one before it."""
    assert isinstance(request.user, User)
    scope = scope_for(request.user)
    found = scope.document(document_id)
    said = {"document": found, "owned": found.library_id in scope.owned}
    old, new = _compared(request, found)
    if old is None:
        return render(request, "ingestion/changes.html", said)
    facts = {"old": str(old.pk), "new": str(new.pk)}
    record("document.compare", actor=request.user, subject=f"document:{found.pk}", **facts)
    return render(request, "ingestion/changes.html", {**said, **_changes(request, old, new)})


def _compared(request: HttpRequest, found: Document) -> tuple[Revision | None, Revision]:
    """The last revision before it that was complete (None: there is none), and the one looked at. Raises NotFound."""
    revisions = list(found.revisions.order_by("-number"))
    wanted = as_uuid(request.GET["new"]) if request.GET.get("new") else found.current_id
    for place, revision in enumerate(revisions):
        if wanted in (None, revision.pk):
            complete = (one for one in revisions[place + 1 :] if one.status == Status.READY)
            return next(complete, None), revision
    raise NotFound


def _changes(request: HttpRequest, old: Revision, new: Revision) -> dict[str, object]:
    before, after = _sheets(old), _sheets(new)
    pairs = aligned([sheet.text for sheet in before], [sheet.text for sheet in after])
    counts = Counter(pair.kind for pair in pairs)
    part = Paginator([pair for pair in pairs if pair.kind != "unchanged"], _SHOWN).get_page(request.GET.get("page"))
    gone = [before[pair.old].number for pair in pairs if pair.old is not None and pair.kind != "unchanged"]
    return {
        "old": old,
        "new": new,
        "counts": _in_words(counts),
        "part": part,
        "changes": [_change(pair, before, after) for pair in part],
        "gone": gone,
        "unread": sum(one.pages.filter(status=PageStatus.FAILED).count() for one in (old, new)),
    }


def _sheets(revision: Revision) -> list[Sheet]:
    rows = revision.pages.order_by("number").values_list("number", "text")
    return [Sheet(number, text) for number, text in rows]


def _in_words(counts: Counter[str]) -> str:
    said = {
        "changed": _("%(n)s changed"),
        "added": _("%(n)s added"),
        "removed": _("%(n)s removed"),
        "unchanged": _("%(n)s unchanged"),
    }
    return _(", ").join(said[kind] % {"n": counts[kind]} for kind in _KINDS)


def _change(pair: Pair, before: Sequence[Sheet], after: Sequence[Sheet]) -> Change:
    old = before[pair.old] if pair.old is not None else None
    new = after[pair.new] if pair.new is not None else None
    label = {"changed": _("changed"), "added": _("added"), "removed": _("removed")}[pair.kind]
    pieces = tuple(marked(old.text, new.text)) if old and new else ()
    return Change(pair.kind, label, old.number if old else None, new.number if new else None, pieces)
