"""The auditor's pages: the audit log searched and told in sentences, checked, and exported."""

from collections.abc import AsyncGenerator, Callable, Iterator
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ingestion import audit_checks
from ingestion.access import scope_for
from ingestion.audit_export import FORMATS, export
from ingestion.audit_trail import Wanted, events, is_auditor, lines
from ingestion.errors import NotFound
from ingestion.forms import AuditForm
from ingestion.signed_in import while_signed_in
from ingestion.web import person

ROWS_PER_PAGE = 50
_P = ParamSpec("_P")
_View = Callable[Concatenate[HttpRequest, _P], HttpResponseBase]
_KINDS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}


def auditors_only(view: _View[_P]) -> _View[_P]:
    """The view for auditors; for everybody else there is nothing at its address."""

    @login_required
    @wraps(view)
    def seen(request: HttpRequest, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
        if not is_auditor(person(request)):
            raise NotFound
        return view(request, *args, **kwargs)

    return cast("_View[_P]", seen)


@auditors_only
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """The rows that match, the newest first, and how the last check of the whole log ended."""
    form = AuditForm(request.GET or {})
    found = events(form.wanted()) if form.is_valid() else events(Wanted()).none()
    part = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    said = {
        "form": form,
        "part": part,
        "lines": lines(list(part), scope_for(person(request))),
        "query": asked.urlencode(),
        "filtered": form.is_valid() and form.wanted() != Wanted(),
        "check": audit_checks.last_check(),
        "flaws": audit_checks.flaw_words(),
        "seal": audit_checks.newest(),
    }
    return render(request, "ingestion/audit.html", said)


@auditors_only
@require_POST
def audit_check(request: HttpRequest) -> HttpResponse:
    """Check the whole log now, every row and every seal."""
    if audit_checks.check(user=person(request)).whole:
        messages.success(request, _("The audit trail is whole."))
    else:
        messages.error(request, _("The audit trail is not whole. What was found stands above the list."))
    return redirect("audit")


@auditors_only
@require_POST
def audit_export(request: HttpRequest) -> HttpResponseBase:
    """The rows that match as a file, oldest first. The export itself is in the log."""
    form, kind = AuditForm(request.POST), request.POST.get("format", "")
    if not form.is_valid() or kind not in FORMATS:
        raise NotFound
    pieces = export(
        user=person(request),
        scope=scope_for(person(request)),
        wanted=form.wanted(),
        form=kind,
        language=get_language() or "ja",
    )
    sent = while_signed_in(request, person(request), _sent(pieces))
    response = StreamingHttpResponse(sent, content_type=_KINDS[kind])
    name = f"audit {timezone.localtime():%Y-%m-%d %H%M}.{kind}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


async def _sent(pieces: Iterator[str]) -> AsyncGenerator[bytes, None]:
    # Django reads a plain iterator to its end before it sends the first byte.
    while (piece := await sync_to_async(_next)(pieces)) is not None:
        yield piece.encode()


def _next(pieces: Iterator[str]) -> str | None:
    return next(pieces, None)
