"""What an owner sees of the reports to their libraries: the evidence their Scope covers, and that there is more.

An answer is written from every library that was searched, and an owner may not be allowed to read all of them. So a
proved sentence is shown to whoever may read all that proves it (all it says stands there), and one that nothing proves
to whoever may read every library that passages were found in, for this answer and the ones before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assistant.models import Message, Report, Verdict
from assistant.selectors import CitationView, NearestPage, citation_view, nearest_view
from ingestion.access import Scope

STATES = {"open": _("Open"), "resolved": _("Resolved")}
_BESIDE = ("message__question", "sentence", "user", "resolved_by")
BELOW = ("libraries", "sentence__citations__revision__document")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report as this owner may see it. `refused`: it is about a refusal, and there is no sentence.

    `sentence` is None, and its `reasons` are withheld, where it may hold words the owner may not read; `more` counts
    its sources that are not shown.
    """

    report: Report
    question: str
    refused: bool
    sentence: str | None
    supported: bool
    reasons: tuple[dict[str, Any], ...]
    citations: tuple[CitationView, ...]
    more: int
    nearest: tuple[NearestPage, ...]
    libraries: tuple[str, ...]


def inbox(scope: Scope) -> QuerySet[Report]:
    """The reports to libraries this scope owns, newest first."""
    found = Report.objects.filter(libraries__in=scope.owned).distinct()
    return found.select_related(*_BESIDE).prefetch_related(*BELOW)


def open_count(scope: Scope) -> int:
    """How many of them wait for an owner."""
    return in_state(inbox(scope), "open").count() if scope.owned else 0


def in_state(found: QuerySet[Report], state: str) -> QuerySet[Report]:
    """Those that are open or resolved."""
    return found.filter(resolution="") if state == "open" else found.exclude(resolution="")


def row_of(report: Report, scope: Scope) -> ReportRow:
    """One report as this scope may see it."""
    message, sentence = report.message, report.sentence
    views = [citation_view(citation, scope) for citation in sentence.citations.all()] if sentence else []
    shown = tuple(view for view in views if not view.withheld)
    readable = sentence is not None and _readable(message, views, scope)
    return ReportRow(
        report=report,
        question=question_of(report),
        refused=sentence is None,
        sentence=sentence.text if sentence and readable else None,
        supported=bool(sentence and sentence.verdict == Verdict.SUPPORTED),
        reasons=tuple(sentence.reasons) if sentence and readable else (),
        citations=shown,
        more=len(views) - len(shown),
        nearest=nearest_view(message.nearest, scope) if message.nearest else (),
        libraries=libraries_of(report, scope),
    )


def question_of(report: Report) -> str:
    """What the reader had asked: their own words."""
    return report.message.question.text if report.message.question else ""


def libraries_of(report: Report, scope: Scope) -> tuple[str, ...]:
    """Names of the libraries it is for, as far as the scope covers them."""
    return tuple(library.name for library in report.libraries.all() if library.id in scope.readable)


def _readable(message: Message, cited: Sequence[CitationView], scope: Scope) -> bool:
    """Whether every word of its sentence comes from what the scope may read."""
    if cited:
        return not any(view.withheld for view in cited)
    talk = Message.objects.filter(
        conversation=message.conversation_id, role="assistant", created_at__lte=message.created_at
    )
    readable = {str(key) for key in scope.readable}
    # The model is shown earlier answers too. Where nobody wrote down what was found, nobody knows what is in there.
    return all(found is not None and readable.issuperset(found) for found in talk.values_list("found_in", flat=True))
