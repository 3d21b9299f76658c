"""How far a revision is: which of its pages are read, which are cut, and whether it is answered from as it is read."""

from django.db.models import F, Max, Q, QuerySet

from ingestion.models import Chunk, Document, Revision


def read_whole(revision: Revision) -> bool:
    """Whether every page of the file is in the ledger."""
    return revision.pages_total is not None and revision.pages.count() >= revision.pages_total


def pages_in_a_row(revision: Revision) -> int:
    """How many pages are read without a gap, from the first on."""
    numbers = revision.pages.order_by("number").values_list("number", flat=True)
    return next((place for place, number in enumerate(numbers) if number != place + 1), len(numbers))


def last_cut(revision: Revision) -> int:
    """The last page that has a chunk; 0 where none has. Pages after it that are read have no text, or are not cut."""
    return revision.chunks.aggregate(last=Max("page__number"))["last"] or 0


def answered_as_read(revision: Revision) -> bool:
    """Whether its pages are answered from as they are read: nothing else of its document is."""
    document = Document.objects.select_related("current").filter(id=revision.document_id).first()
    return document is not None and may_answer_in_part(document, revision)


def may_answer_in_part(document: Document, revision: Revision) -> bool:
    """The same of rows at hand. A revision that was whole once goes on as it is while pages are read again."""
    current = document.current
    return current is None or (current.pk == revision.pk and current.pages_findable is not None)


def current_revisions() -> QuerySet[Revision]:
    """The revisions that are answered from."""
    return Revision.objects.filter(document__current=F("id")).select_related("document").order_by("id")


def findable_chunks() -> QuerySet[Chunk]:
    """The chunks that the index must hold: of a revision that is still being read, those that can be found already."""
    current = Chunk.objects.filter(revision__document__current=F("revision"))
    return current.filter(Q(revision__pages_findable=None) | Q(page__number__lte=F("revision__pages_findable")))
