"""The page ledger as people read it: every page of a revision counted once, by what became of it."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass

from django.db.models import Count, Q, QuerySet, TextChoices
from django.db.models.functions import Left
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ingestion.models import UNSURE_BELOW, Page, PageStatus, Revision

_FIRST_CHARACTERS = 120
_UNREAD_LISTED = 5
_UNSURE_LISTED = 40


class PageState(TextChoices):
    """What became of a page, as its reader would say it. `waiting`: it is in the file, and not in the ledger yet."""

    TEXT = "text", gettext_lazy("with text")
    OCR = "ocr", gettext_lazy("read by OCR")
    EMPTY = "empty", gettext_lazy("empty")
    FAILED = "failed", gettext_lazy("not read")
    WAITING = "waiting", gettext_lazy("still to be read")


_ROWS = {
    PageState.TEXT: Q(status=PageStatus.INDEXED, ocr=False),
    PageState.OCR: Q(status=PageStatus.INDEXED, ocr=True),
    PageState.EMPTY: Q(status=PageStatus.EMPTY),
    PageState.FAILED: Q(status=PageStatus.FAILED),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pages of a revision came to what. Every page of the file is in exactly one of them."""

    text: int
    ocr: int
    empty: int
    failed: int
    waiting: int

    @property
    def total(self) -> int:
        """Pages in the file, as far as it is known."""
        return sum(astuple(self))

    def of(self, state: PageState) -> int:
        """Those in one state."""
        return int(getattr(self, state.value))

    def in_words(self) -> str:
        """The sum as a sentence: “212 pages: 205 with text, 4 empty, 3 not read”."""
        said = {
            PageState.TEXT: _("%(n)s with text"),
            PageState.OCR: _("%(n)s read by OCR"),
            PageState.EMPTY: _("%(n)s empty"),
            PageState.FAILED: _("%(n)s not read"),
            PageState.WAITING: _("%(n)s still to be read"),
        }
        parts = [text % {"n": self.of(state)} for state, text in said.items() if self.of(state)]
        whole = ngettext("%(total)s page: %(parts)s", "%(total)s pages: %(parts)s", self.total)
        return whole % {"total": self.total, "parts": _(", ").join(parts)} if parts else _("No pages yet")


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the ledger. `first` is how its text begins; `reason` the code of the error that kept it unread."""

    number: int
    label: str
    state: PageState
    first: str
    reason: str
    drawable: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a page's text: a passage as it is searched, or (`passage` 0) what lies between two of them.

    `passage` is its number on the page, from 1; `context` is what is embedded before the text.
    """

    text: str
    passage: int
    context: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """The pages that OCR read and was not sure of: how many, and the numbers of the first."""

    total: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unseen:
    """The pages whose file says what they do not show: how many, and number and beginning of the first."""

    total: int
    pages: tuple[tuple[int, str], ...]


def counts_of(revision: Revision) -> Counts:
    """The ledger's sum, in one query."""
    found = revision.pages.aggregate(rows=Count("id"), **{state: Count("id", filter=q) for state, q in _ROWS.items()})
    waiting = max((revision.pages_total or 0) - found.pop("rows"), 0)
    return Counts(**found, waiting=waiting)


def state_named(name: str) -> PageState | None:
    """The state of that name; None where it names none that rows can be in."""
    return next((state for state in _ROWS if state == name), None)


def rows_in(revision: Revision, state: PageState | None = None) -> QuerySet[Page]:
    """The pages by number, only those in `state` where one is given; `first` is how the text begins."""
    rows = revision.pages.annotate(first=Left("text", _FIRST_CHARACTERS)).defer("text", "words", "headings", "unseen")
    return rows.filter(_ROWS[state] if state else Q()).order_by("number")


def entry_of(row: Page) -> Entry:
    """A row of `rows_in` as it is shown."""
    return Entry(
        number=row.number,
        label=row.label,
        state=_state_of(row),
        first=row.first,  # type: ignore[attr-defined]  # annotated by rows_in
        reason=row.reason,
        drawable=bool(row.width and row.height),
    )


def unread(revision: Revision) -> list[Entry]:
    """The first pages that could not be read."""
    return [entry_of(row) for row in rows_in(revision, PageState.FAILED)[:_UNREAD_LISTED]]


def unsure(revision: Revision) -> Unsure:
    """The pages of the revision whose text should be compared with the picture."""
    found = revision.pages.filter(ocr=True, confidence__lt=UNSURE_BELOW).order_by("number")
    return Unsure(found.count(), tuple(found.values_list("number", flat=True)[:_UNSURE_LISTED]))


def unseen(revision: Revision) -> Unseen:
    """The pages whose file says more than they show, with the beginning of what that is."""
    found = revision.pages.exclude(unseen="").order_by("number")
    listed = found.annotate(hidden=Left("unseen", _FIRST_CHARACTERS)).values_list("number", "hidden")
    return Unseen(found.count(), tuple(listed[:_UNREAD_LISTED]))


def stretches(page: Page) -> Iterator[Stretch]:
    """The page's text in order, cut where search cuts it. Blanks between two passages are left out."""
    at = 0
    for number, chunk in enumerate(page.chunks.order_by("start", "ordinal"), start=1):
        if between := page.text[at : chunk.start].strip():
            yield Stretch(between, 0, "")
        yield Stretch(chunk.text, number, chunk.context.strip())
        at = max(at, chunk.end)
    if rest := page.text[at:].strip():
        yield Stretch(rest, 0, "")


def _state_of(row: Page) -> PageState:
    if row.status == PageStatus.INDEXED:
        return PageState.OCR if row.ocr else PageState.TEXT
    return PageState(row.status)
