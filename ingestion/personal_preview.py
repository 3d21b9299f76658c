"""What would be masked in a library, before anybody decides: counts and examples of each kind, from its pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F, QuerySet

from ingestion.masking import find, policy_of, revealed
from ingestion.models import Library, MaskedSpan, Page, PersonalData

# Some 20 ms a page: what a person waits for.
PAGES_LOOKED_AT = 200
_EXAMPLES = 8
_AROUND = 24


@dataclass(frozen=True, slots=True)
class Example:
    """Words that would be masked, with what stands around them, on a page."""

    before: str
    text: str
    after: str
    document_id: UUID
    title: str
    page: int


@dataclass(slots=True)
class KindFound:
    """One kind of personal data: how often it was found, in how many different wordings, and the first of those."""

    kind: PersonalData
    count: int = 0
    wordings: set[str] = field(default_factory=set)
    examples: list[Example] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Preview:
    """What was found on `looked_at` pages of `pages`, spread over the library."""

    looked_at: int
    pages: int
    kinds: tuple[KindFound, ...]


def preview(library: Library, kinds: Sequence[str]) -> Preview:
    """What a policy of these kinds would mask in what is answered from, exceptions heeded."""
    policy = policy_of(library.pk, kinds=kinds)
    found = {kind: KindFound(kind) for kind in PersonalData if kind in kinds}
    ids = list(_pages(library).values_list("pk", flat=True))
    chosen = ids[:: max(1, -(-len(ids) // PAGES_LOOKED_AT))]
    for page, text in _texts(chosen):
        for span in find(text, policy.kinds, policy.spared):
            _note(found[span.kind], page, text, span.start, span.end)
    return Preview(len(chosen), len(ids), tuple(found.values()))


def pages_to_go(library: Library) -> tuple[int, int]:
    """How many of the library's pages the policy has not reached yet, and how many there are."""
    pages = Page.objects.filter(revision__document__library=library)
    return pages.exclude(masking=policy_of(library.pk).fingerprint).count(), pages.count()


def _pages(library: Library) -> QuerySet[Page]:
    answered = Page.objects.filter(revision__document__library=library, revision=F("revision__document__current"))
    return answered.exclude(text="").order_by("revision_id", "number")


def _texts(ids: Sequence[int]) -> Iterator[tuple[Page, str]]:
    """Pages with their text as it was read."""
    hidden: dict[int, list[MaskedSpan]] = {}
    for span in MaskedSpan.objects.filter(page__in=ids):
        hidden.setdefault(span.page_id, []).append(span)
    pages = Page.objects.filter(pk__in=ids).select_related("revision__document").defer("words", "headings")
    for page in pages.order_by("revision_id", "number").iterator(chunk_size=50):
        yield page, revealed(page.text, hidden.get(page.pk, ()))


def _note(found: KindFound, page: Page, text: str, start: int, end: int) -> None:
    found.count += 1
    said = text[start:end]
    if said in found.wordings:
        return
    found.wordings.add(said)
    if len(found.examples) < _EXAMPLES:
        before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
        document = page.revision.document
        shown = (before.rsplit("\n", 1)[-1], said, after.split("\n", 1)[0])
        found.examples.append(Example(*shown, document.pk, document.title, page.number))
