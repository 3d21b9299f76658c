"""A document's first revision is answered from as it is read: what is cut is indexed part by part, from the first page.

Why, and what of it is provisional: docs/decisions/0018-pages-as-they-are-read.md.
"""

from time import monotonic

from django.db import transaction

from ingestion import stages
from ingestion.leases import Lease
from ingestion.models import IndexBuild, Revision
from ingestion.progress import may_answer_in_part, pages_in_a_row


def index_what_is_cut(lease: Lease, revision: Revision, build: IndexBuild) -> None:
    """Make the pages that are cut findable, some at a time; after each part the document is answered from it."""
    whole = pages_in_a_row(revision)
    size = stages.TEXTS_AT_FIRST
    first = _first_ordinal(revision)
    lease.beat(force=True, chunks_total=revision.chunks.count(), chunks_done=first)
    while part := _part(revision, first, size):
        begun = monotonic()
        page, end = part
        stages.index_chunks(lease, revision, build, range(first, end))
        _answer_up_to(lease, revision, build, page)
        size, first = stages.next_size(size, monotonic() - begun), end
        lease.give_way()
    _answer_up_to(lease, revision, build, whole)


def _first_ordinal(revision: Revision) -> int:
    """The first chunk of those that cannot be found yet."""
    done = Revision.objects.values_list("pages_findable", flat=True).get(id=revision.id) or 0
    return revision.chunks.filter(page__number__lte=done).count()


def _part(revision: Revision, first: int, size: int) -> tuple[int, int] | None:
    """(last page, ordinal after it) of about `size` chunks. A page is found whole or not at all."""
    chunks = revision.chunks.filter(ordinal__gte=first).order_by("ordinal")
    pages = chunks.values_list("page__number", flat=True)[:size]
    if not pages:
        return None
    last = pages[len(pages) - 1]
    return last, first + chunks.filter(page__number__lte=last).count()


def _answer_up_to(lease: Lease, revision: Revision, build: IndexBuild, page: int) -> None:
    """Answer from the revision's pages up to this one, unless something else of the document is answered from."""
    with transaction.atomic():
        document = stages.locked_document(lease, revision, build)
        if may_answer_in_part(document, revision):
            document.current = revision
            document.save(update_fields=["current"])
            Revision.objects.filter(id=revision.id).update(pages_findable=page)
