"""The page of one document: its state, its lifecycle, its revisions, and the ledger of its pages."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ingestion import describing, ledger, selectors, services
from ingestion.access import Scope, as_uuid, scope_for
from ingestion.errors import DatesReversed, NotFound, TagsTooMany, WithdrawnInFuture
from ingestion.forms import DescriptionForm, LifecycleForm
from ingestion.layouts import drawn_as_read
from ingestion.lifecycle import Lifecycle, lifecycle_of
from ingestion.models import Document, Revision
from ingestion.revealing import may_download
from ingestion.rows import rows_of
from ingestion.web import person

PAGES_PER_PAGE = 60
_WAS = "was"


@login_required
@require_GET
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """One document: state, revisions, and the ledger of its pages."""
    scope = scope_for(person(request))
    found = scope.document(document_id)
    return render(request, "ingestion/document.html", _document_page(request, scope, found))


@login_required
@require_POST
def document_declare(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Say whether and when the document is effective; the page then offers to set it back."""
    scope = scope_for(person(request))
    found = scope.document(document_id, to_change=True)
    before, form = lifecycle_of(found), LifecycleForm(request.POST)
    try:
        if form.is_valid():
            services.document_declare(user=person(request), scope=scope, document_id=document_id, said=form.said())
            messages.success(request, _("Kept. It holds from the next question on."))
            return redirect(f"{resolve_url('document', found.pk)}?{_as_it_was(before)}")
    except (DatesReversed, WithdrawnInFuture) as error:
        form.add_error(None, " ".join(error.texts()))
    said = {**_document_page(request, scope, found), "lifecycle": form}
    return render(request, "ingestion/document.html", said, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@login_required
@require_POST
def document_reread(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Read the newest file once more, as a new revision."""
    scope = scope_for(person(request))
    services.document_reread(user=person(request), scope=scope, document_id=document_id)
    return redirect("document", document_id)


@login_required
@require_POST
def document_describe(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Say what the document is about."""
    scope = scope_for(person(request))
    found = scope.document(document_id, to_change=True)
    form = DescriptionForm(request.POST)
    try:
        if form.is_valid():
            act = {"user": person(request), "scope": scope, "document_id": document_id}
            describing.document_describe(**act, said=form.described())  # type: ignore[arg-type]
            messages.success(request, _("Kept. It holds from the next question on."))
            return redirect("document", found.pk)
    except TagsTooMany as error:
        form.add_error("tag_names", " ".join(error.texts()))
    said = {**_document_page(request, scope, found), "description": form}
    return render(request, "ingestion/document.html", said, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@login_required
@require_GET
def document_state(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Only the state of the document: what its page asks for again while something is under way."""
    scope = scope_for(person(request))
    said = _document_state(scope, scope.document(document_id))
    response = render(request, "ingestion/_state.html", said)
    if not said["row"].active:
        response["HX-Refresh"] = "true"  # the ledger below has changed as well
    return response


def _document_state(scope: Scope, found: Document) -> dict[str, Any]:
    (row,) = rows_of([selectors.DocumentRow(found, selectors.revision_state(found))])
    said = {"owned": found.library_id in scope.owned, "may_download": may_download(scope, found)}
    return {"document": found, "row": row, **said}


def _document_page(request: HttpRequest, scope: Scope, found: Document) -> dict[str, Any]:
    revisions = list(found.revisions.select_related("created_by"))
    shown = _revision_shown(request, found, revisions)
    said = {**_document_state(scope, found), "revisions": revisions, "shown": shown, **_ledger(request, shown)}
    if said["owned"]:
        said |= {"lifecycle": LifecycleForm(instance=found), "undo": _undo(request, found)}
        said |= {"description": DescriptionForm(instance=found)}
    may_reread = revisions[0] == shown and not said["row"].active
    return {**said, "drawn_otherwise": not drawn_as_read(shown), "may_reread": may_reread}


def _as_it_was(before: Lifecycle) -> str:
    """What the document was said to be, as the address of its page carries it: a way back that nothing has to keep."""
    return urlencode({f"{_WAS}-{name}": str(value) for name, value in asdict(before).items() if value})


def _undo(request: HttpRequest, found: Document) -> LifecycleForm | None:
    """The way back to what the document was before, where the address carries one that is not how it is now."""
    form = LifecycleForm(request.GET, prefix=_WAS)
    if f"{_WAS}-state" not in request.GET or not form.is_valid() or form.said() == lifecycle_of(found):
        return None
    return form


def _revision_shown(request: HttpRequest, found: Document, revisions: list[Revision]) -> Revision:
    wanted = as_uuid(request.GET["revision"]) if request.GET.get("revision") else found.current_id
    for revision in revisions:
        if wanted in (None, revision.pk):
            return revision
    raise NotFound


def _ledger(request: HttpRequest, shown: Revision) -> dict[str, Any]:
    counts = ledger.counts_of(shown)
    state = ledger.state_named(request.GET.get("state", ""))
    pages = Paginator(ledger.rows_in(shown, state), PAGES_PER_PAGE).get_page(_part_wanted(request))
    return {
        "counts": counts,
        "states": [(one, counts.of(one)) for one in ledger.PageState if counts.of(one)],
        "state": state or "",
        "pages": pages,
        "entries": [ledger.entry_of(row) for row in pages],
        "unread": ledger.unread(shown) if counts.failed and not state else [],
        "unsure": ledger.unsure(shown),
        "unseen": ledger.unseen(shown),
    }


def _part_wanted(request: HttpRequest) -> str | int | None:
    """Which part of the ledger: the one named, or the one that holds the page a person typed."""
    at = request.GET.get("at", "")
    return (int(at) - 1) // PAGES_PER_PAGE + 1 if at.isascii() and at.isdigit() else request.GET.get("page")
