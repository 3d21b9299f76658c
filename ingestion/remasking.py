"""A run brings its document's pages to the library's policy before anything else is made of them."""

from django.db import transaction
from django.db.models import QuerySet

from ingestion.chunking import RECIPE
from ingestion.leases import Lease
from ingestion.masking import masked_text, policy_of, remask
from ingestion.masking.policy import Policy
from ingestion.models import Chunk, ChunkVector, Page, Revision

_PAGES_AT_ONCE = 20
_OUTDATED = "remasked"


def mask_pages(lease: Lease, revision: Revision) -> None:
    """Mask, or show again, the pages of all revisions of the run's document. The run's own is then cut anew."""
    policy = policy_of(revision.document.library_id)
    while pages := list(_outdated(revision, policy)[:_PAGES_AT_ONCE]):
        with transaction.atomic():  # a page that is masked and passages that are not would never meet again
            changed = remask(pages, policy)
            _outdate(revision, [page for page in changed if page.revision_id == revision.pk])
            _follow([page for page in changed if page.revision_id != revision.pk], policy)
        lease.beat()


def is_outdated(revision: Revision) -> bool:
    """Whether the policy has changed since the run's pages were masked."""
    return _outdated(revision, policy_of(revision.document.library_id)).exists()


def _outdated(revision: Revision, policy: Policy) -> QuerySet[Page]:
    pages = Page.objects.filter(revision__document=revision.document_id)
    return pages.exclude(masking=policy.fingerprint).order_by("revision_id", "number")


def _outdate(revision: Revision, pages: list[Page]) -> None:
    """Have the revision's chunks cut anew, and forget the vectors of what they said."""
    if not pages:
        return
    if revision.recipe == RECIPE:
        revision.recipe = _OUTDATED
        revision.save(update_fields=["recipe"])
    _forget_vectors(Chunk.objects.filter(page__in=pages))


def _follow(pages: list[Page], policy: Policy) -> None:
    """Chunks of revisions that are searched no more: nothing is made of them, but their text is shown."""
    texts = {page.pk: page.text for page in pages}
    chunks = list(Chunk.objects.filter(page__in=pages))
    _forget_vectors(Chunk.objects.filter(page__in=pages))
    for chunk in chunks:
        chunk.text = texts[chunk.page_id][chunk.start : chunk.end]
        chunk.heading, chunk.context = masked_text(chunk.heading, policy), masked_text(chunk.context, policy)
    Chunk.objects.bulk_update(chunks, ["text", "heading", "context"], batch_size=200)


def _forget_vectors(chunks: QuerySet[Chunk]) -> None:
    hashes = list(chunks.values_list("content_hash", flat=True).distinct())
    ChunkVector.objects.filter(content_hash__in=hashes).delete()
