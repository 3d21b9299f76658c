"""Pages masked where they are kept: whoever reads a page's text, today or in a part written tomorrow, reads it masked.

A mask is as long as what it hides, so spans, boxes and citations stay right. What was there is kept in rows of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from django.db import transaction

from ingestion.masking.policy import Policy
from ingestion.masking.recognise import find
from ingestion.masking.spans import masked
from ingestion.models import MaskedSpan, Page

Told = Callable[[Page, Sequence[MaskedSpan]], None]
"""Told of a page whose masks have changed, inside the transaction that changes them."""
_told: list[Told] = []


def tell_of_masked_pages(told: Told) -> None:
    """Have another room correct what it has copied from pages."""
    if told not in _told:
        _told.append(told)


def masked_text(text: str, policy: Policy) -> str:
    """Any text as this policy shows it."""
    return masked(text, find(text, policy.kinds, policy.spared))


def mask(page: Page, policy: Policy) -> list[MaskedSpan]:
    """Mask a page whose text is as it was read; the rows to be kept with it."""
    text, page.masking = page.text, policy.fingerprint
    spans = find(text, policy.kinds, policy.spared)
    page.text, page.unseen = masked(text, spans), masked_text(page.unseen, policy)
    return [MaskedSpan(page=page, start=s.start, end=s.end, kind=s.kind, text=text[s.start : s.end]) for s in spans]


def revealed(text: str, spans: Iterable[MaskedSpan]) -> str:
    """A page's text as it was read."""
    for span in spans:
        text = text[: span.start] + span.text + text[span.end :]
    return text


def remask(pages: Sequence[Page], policy: Policy) -> list[Page]:
    """Bring pages to a policy, and tell who copied from them; those whose text or headings read otherwise now."""
    before = _spans_of(pages)
    with transaction.atomic():
        made, changed = [], []
        for page in pages:
            shown, page.text = page.text, revealed(page.text, before[page.pk])
            rows = mask(page, policy)
            made += rows
            if page.text != shown or any(masked_text(text, policy) != text for _, _, text in page.headings):
                changed.append((page, rows))
        MaskedSpan.objects.filter(page__in=pages).delete()
        Page.objects.bulk_update(pages, ["text", "unseen", "masking"], batch_size=100)
        MaskedSpan.objects.bulk_create(made, batch_size=500)
        for page, rows in changed:
            for told in _told:
                told(page, rows)
    return [page for page, _ in changed]


def _spans_of(pages: Sequence[Page]) -> dict[int, list[MaskedSpan]]:
    found: dict[int, list[MaskedSpan]] = defaultdict(list)
    for span in MaskedSpan.objects.filter(page__in=pages):
        found[span.page_id].append(span)
    return found
