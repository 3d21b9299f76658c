"""What the pages of a library are called in questions: "manual:12", or the passage that a page holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from assistant.evaluation.golden import Manual, Question
from assistant.evaluation.published import Corpus
from ingestion.access import Scope
from ingestion.models import Page


@dataclass(frozen=True, slots=True)
class Places:
    """Names of documents by id, and for documents of passages which passage each page (1-based) holds."""

    documents: Mapping[UUID, str]
    passages: Mapping[UUID, Sequence[int]] = field(default_factory=dict)

    def page(self, document_id: UUID, number: int) -> str:
        """The page's name. A document that no set knows goes by its id."""
        passages = self.passages.get(document_id)
        place = passages[number - 1] if passages and number <= len(passages) else number
        return f"{self.documents.get(document_id, document_id)}:{place}"

    def holds(self, question: Question) -> bool:
        """Whether every evidence group has a page of a document that is here."""
        here = set(self.documents.values())
        return all(any(page.rpartition(":")[0] in here for page in group) for group in question.evidence)


def manuals_in(scope: Scope, manuals: Iterable[Manual]) -> Places:
    """The documents of the scope: manuals by their key (found by SHA-256), others by their title."""
    keys = {manual.sha256: manual.key for manual in manuals}
    found = scope.documents().filter(current__isnull=False).select_related("current")
    return Places({one.id: keys.get(one.current.sha256, one.title) for one in found if one.current})


def missing_manuals(places: Places, manuals: Iterable[Manual]) -> list[Manual]:
    """The manuals that are not there, or not ready."""
    here = set(places.documents.values())
    return [manual for manual in manuals if manual.key not in here]


def corpus_in(scope: Scope, corpus: Corpus, sha256: str) -> Places:
    """The corpus's document in the scope, found by SHA-256; no place where it is not there.

    Raises EvaluationSetUnreadable where its pages are not those of the corpus.
    """
    document = scope.documents().filter(current__sha256=sha256).first()
    if document is None:
        return Places({})
    texts = Page.objects.filter(revision=document.current_id).order_by("number").values_list("text", flat=True)
    return Places({document.id: corpus.name}, {document.id: corpus.placed(texts)})
