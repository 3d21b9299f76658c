"""How a document's state reads on a page: words, a bar, and which buttons make sense now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ingestion.models import ACTIVE, Document, IngestionRun, Page, PageStatus, Status
from ingestion.selectors import DocumentRow, RevisionState


@dataclass(frozen=True, slots=True)
class Row:
    """One document as a page shows it. `done` of `total` is the bar of the step that runs now; total 0 = no bar."""

    document: Document
    state: RevisionState
    label: str
    tone: str
    detail: str
    findable: str
    done: int
    total: int
    active: bool
    cancelling: bool
    pages_failed: bool

    @property
    def can_retry(self) -> bool:
        """Whether running it again makes sense."""
        return self.state.status in (Status.FAILED, Status.CANCELLED) or (not self.active and self.pages_failed)


def rows_of(found: Sequence[DocumentRow]) -> list[Row]:
    """The rows as a page shows them, in order, with one query for all runs under way and one for failed pages."""
    wanted = [row.state.id for row in found if row.state.status in ACTIVE]
    runs = {run.revision_id: run for run in IngestionRun.objects.filter(revision__in=wanted, finished_at=None)}
    unread = Page.objects.filter(revision__in=[row.state.id for row in found], status=PageStatus.FAILED)
    failed = set(unread.order_by().values_list("revision_id", flat=True).distinct())
    return [_row(row, runs, pages_failed=row.state.id in failed) for row in found]


def _row(row: DocumentRow, runs: dict[UUID, IngestionRun], *, pages_failed: bool) -> Row:
    state, run = row.state, runs.get(row.state.id)
    active = state.status in ACTIVE
    done, total = _bar(state, run)
    return Row(
        document=row.document,
        state=state,
        label=str(Status(state.status).label),
        tone="active" if active else state.status,
        detail=_detail(state, done, total),
        findable=_findable(row),
        done=done,
        total=total,
        active=active,
        cancelling=bool(run and run.cancel_requested),
        pages_failed=pages_failed,
    )


def _bar(state: RevisionState, run: IngestionRun | None) -> tuple[int, int]:
    if state.status == Status.PARSING:
        return state.pages_done, state.pages_total or 0
    if state.status in (Status.EMBEDDING, Status.INDEXING) and run:
        return run.chunks_done, run.chunks_total
    return 0, 0


def _findable(row: DocumentRow) -> str:
    """Which pages can be asked about while the rest is being read for the first time; nothing where none or all can."""
    current, total = row.document.current, row.state.pages_total
    if current is None or current.pk != row.state.id or not current.pages_findable or current.pages_findable == total:
        return ""
    said = ngettext(
        "Page %(n)s of %(total)s can be asked about already",
        "Pages 1–%(n)s of %(total)s can be asked about already",
        current.pages_findable,
    )
    return said % {"n": current.pages_findable, "total": total}


def _detail(state: RevisionState, done: int, total: int) -> str:
    values: dict[str, Any] = {"done": done, "total": total, "place": state.queue_position, "pages": state.pages_total}
    if state.status == Status.QUEUED and state.queue_position:
        return _("Number %(place)s in the queue") % values
    if state.status == Status.PARSING and total:
        return _("%(done)s of %(total)s pages") % values
    if state.status in (Status.EMBEDDING, Status.INDEXING) and total:
        return _("%(done)s of %(total)s passages") % values
    if state.status == Status.READY and state.pages_total:
        return ngettext("%(pages)s page", "%(pages)s pages", state.pages_total) % values
    return ""
