"""Pages of reports: the button under a sentence for its reader, the inbox for owners of libraries."""

import re
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from assistant import reports
from assistant.display import checks
from assistant.models import Resolution
from assistant.reports_inbox import STATES, ReportRow, in_state, inbox, row_of
from assistant.selectors import ReportView
from ingestion.access import Scope, scope_for
from ingestion.errors import NotFound
from ingestion.web import person

ROWS_PER_PAGE = 20
_ORDINAL = re.compile("[0-9]{1,5}")


class ResolveForm(forms.Form):
    """What an owner did about a report."""

    resolution = forms.ChoiceField(label=_("What was done"), choices=[("", _("Choose")), *Resolution.choices])
    note = forms.CharField(
        label=_("Note to the reader (optional)"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


@login_required
@require_POST
def report(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Report a sentence or a refusal; the answer is what stands in the button's place."""
    ordinal, comment = _ordinal(request), request.POST.get("comment")
    made = reports.report_make(
        user=person(request), scope=_scope(request), message_id=message_id, ordinal=ordinal, comment=comment
    )
    response = _button(request, message_id, ordinal, ReportView(made.resolution, made.note, made.comment))
    response["HX-Trigger"] = '{"notify": "reported"}' if comment is None else '{"notify": "thanks"}'
    return response


@login_required
@require_POST
def withdraw(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Take a report back; the button stands there again."""
    ordinal = _ordinal(request)
    reports.report_withdraw(user=person(request), message_id=message_id, ordinal=ordinal)
    response = _button(request, message_id, ordinal, None)
    response["HX-Trigger"] = '{"notify": "withdrawn"}'
    return response


@login_required
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The inbox: reports to the libraries a person owns, open ones first to be seen."""
    scope = _scope(request)
    state = "resolved" if request.GET.get("state") == "resolved" else "open"
    library = request.GET.get("library", "")
    found = inbox(scope)
    if library:
        found = found.filter(libraries=scope.library(library, to_change=True))
    counts = {name: in_state(found, name).count() for name in STATES}
    part = Paginator(in_state(found, state), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    said = {
        "rows": [_card(row_of(one, scope)) for one in part],
        "part": part,
        "state": state,
        "states": [(name, label, counts[name]) for name, label in STATES.items()],
        "library": library,
        "libraries": scope.libraries().filter(id__in=scope.owned),
    }
    return render(request, "assistant/reports.html", said)


@login_required
@require_POST
def resolve(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Keep what was done about a report."""
    form = ResolveForm(request.POST)
    if form.is_valid():
        done, note = Resolution(form.cleaned_data["resolution"]), form.cleaned_data["note"]
        reports.report_resolve(
            user=person(request), scope=_scope(request), report_id=report_id, resolution=done, note=note
        )
    return _changed(request, report_id)


@login_required
@require_POST
def reopen(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Undo a resolution."""
    reports.report_reopen(user=person(request), scope=_scope(request), report_id=report_id)
    return _changed(request, report_id)


def _changed(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """For htmx the report as it is now; without scripts the inbox."""
    scope = _scope(request)
    found = inbox(scope).filter(id=report_id).first()
    if found is None:
        raise NotFound
    if not request.headers.get("HX-Request"):
        return redirect("reports")
    return render(request, "assistant/_report_card.html", _card(row_of(found, scope)) | {"again": True})


def _card(row: ReportRow) -> dict[str, object]:
    form = ResolveForm(initial={"note": row.report.note}, auto_id=f"%s-{row.report.id}")
    known = row.sentence is not None
    return {
        "row": row,
        "report": row.report,
        "checks": checks(row.supported, row.reasons) if known else [],
        "form": form,
    }


def _button(request: HttpRequest, message_id: UUID, ordinal: int | None, made: ReportView | None) -> HttpResponse:
    said = {"message_id": message_id, "ordinal": ordinal, "report": made, "changed": True}
    return render(request, "assistant/_report.html", said)


def _ordinal(request: HttpRequest) -> int | None:
    """The sentence that is meant; none where the whole answer is. Raises NotFound."""
    given = request.POST.get("sentence", "")
    if given and not _ORDINAL.fullmatch(given):
        raise NotFound
    return int(given) if given else None


def _scope(request: HttpRequest) -> Scope:
    return scope_for(person(request))
