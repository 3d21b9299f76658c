"""Personal data in what is kept of conversations: in questions as they are asked, in copies of pages masked later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model, Q

from assistant.models import Citation, Conversation, Message, Sentence
from ingestion.access import Scope
from ingestion.masking import FILL, find, masked
from ingestion.models import MaskedSpan, MaskingPolicy, Page

# Shorter words stand in too many others: 東 in 東京.
_LEAST_CHARACTERS = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is kept and as it is searched for, and the personal data in it that nothing kept may hold."""

    kept: str
    searched: str
    hidden: tuple[str, ...] = ()


def asked(text: str, scope: Scope) -> Asked:
    """A question under the policies of all libraries it goes to: the strictest holds."""
    policies = list(MaskingPolicy.objects.filter(library__in=scope.readable).exclude(kinds=[]))
    spans = find(text, {kind for policy in policies for kind in policy.kinds})
    kept = masked(text, spans)
    if not all(policy.questions_searched for policy in policies):
        return Asked(kept, kept)
    return Asked(kept, text, tuple(text[span.start : span.end] for span in spans))


def without(text: str, hidden: Iterable[str]) -> str:
    """The text with these words masked wherever they stand."""
    for word in sorted(hidden, key=len, reverse=True):
        text = text.replace(word, "".join(one if one.isspace() else FILL for one in word))
    return text


def correct_copies(page: Page, spans: Sequence[MaskedSpan]) -> None:
    """Of a page whose masks have changed: quotations are copied anew, and what was answered from it is masked."""
    hidden = [span.text for span in spans if len(span.text) >= _LEAST_CHARACTERS]
    citations = list(Citation.objects.filter(revision=page.revision_id, page=page.number))
    for one in citations:
        one.quote = page.text[one.start : one.end]
    Citation.objects.bulk_update(citations, ["quote"], batch_size=200)
    if hidden and citations:
        _mask_answers({one.message_id for one in citations}, hidden)


def _mask_answers(messages: set[UUID], hidden: Sequence[str]) -> None:
    """In these answers, their questions and the titles made of those."""
    rows = [
        *Message.objects.filter(Q(id__in=messages) | Q(answers__in=messages)).distinct(),
        *Sentence.objects.filter(message__in=messages),
    ]
    for row in rows:
        _mask_field(row, "text", hidden)
    for conversation in Conversation.objects.filter(messages__in=messages).distinct():
        _mask_field(conversation, "title", hidden)


def _mask_field(row: Model, name: str, hidden: Sequence[str]) -> None:
    said = getattr(row, name)
    shown = without(said, hidden)
    if shown != said:
        setattr(row, name, shown)
        row.save(update_fields=[name])
