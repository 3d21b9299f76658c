"""Pages of libraries, and what is done to documents: they read through the Scope and change through services."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ingestion import selectors, services
from ingestion.access import as_uuid, scope_for
from ingestion.audit import record
from ingestion.errors import TenkyoError
from ingestion.folder_states import folder_states
from ingestion.forms import ChangeForm, LibraryForm, ProofForm
from ingestion.models import User
from ingestion.rows import rows_of
from ingestion.signed_in import while_signed_in
from ingestion.text import search_words
from ingestion.web import changed, person

ROWS_PER_PAGE = 50
_PIECE = 256 * 1024


@login_required
@require_http_methods(["GET", "POST"])
def libraries(request: HttpRequest) -> HttpResponse:
    """The libraries a person may read, and the form for a new one where they may make one."""
    form = LibraryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.library_create(user=person(request), **form.cleaned_data)
        except TenkyoError as error:
            form.add_error("name", " ".join(error.texts()))
        else:
            return redirect("library", made.id)
    search = request.GET.get("q", "").strip()
    found = selectors.libraries_list(scope_for(person(request)))
    for word in search_words(search):
        found = found.filter(Q(name__icontains=word) | Q(description__icontains=word))
    said = {"libraries": found, "search": search, "form": form, "may_create": _may_create(person(request))}
    return render(request, "ingestion/libraries.html", said)


@login_required
@require_GET
def library(request: HttpRequest, library_id: UUID) -> HttpResponse:
    """One library: its documents, their states, and the upload area for its owners."""
    return render(request, "ingestion/library.html", library_page(request, library_id))


@login_required
@require_GET
def library_rows(request: HttpRequest, library_id: UUID) -> HttpResponse:
    """Only the documents of the library: what the page asks for again while something is under way."""
    return render(request, "ingestion/_documents.html", library_page(request, library_id))


@login_required
@require_POST
def library_prove(request: HttpRequest, library_id: UUID) -> HttpResponse:
    """Choose what answers from the library do with sentences that nothing proves."""
    scope = scope_for(person(request))
    form = ProofForm(request.POST)
    if form.is_valid():
        services.library_prove(user=person(request), scope=scope, library_id=library_id, **form.cleaned_data)
        messages.success(request, _("Kept. It holds from the next question on."))
    return redirect("library", scope.library(library_id, to_change=True).id)


@login_required
@require_POST
def document_cancel(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Ask the run to stop."""
    services.document_cancel(user=person(request), scope=scope_for(person(request)), document_id=document_id)
    return changed(request, resolve_url("document", document_id))


@login_required
@require_POST
def document_retry(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Run the newest revision again."""
    services.document_retry(user=person(request), scope=scope_for(person(request)), document_id=document_id)
    return changed(request, resolve_url("document", document_id))


@login_required
@require_POST
def document_delete(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Remove the document; the page asked for confirmation before."""
    scope = scope_for(person(request))
    home = resolve_url("library", scope.document(document_id, to_change=True).library_id)
    services.document_delete(user=person(request), scope=scope, document_id=document_id)
    if request.headers.get("HX-Target") == "state":  # asked for on the page of the document that is gone now
        return HttpResponse(headers={"HX-Redirect": home})
    return changed(request, home)


@login_required
@require_GET
def document_file(request: HttpRequest, document_id: UUID) -> StreamingHttpResponse:
    """The original file as an attachment, never shown inside the site. Audited."""
    scope = scope_for(person(request))
    revision_id = as_uuid(request.GET["revision"]) if request.GET.get("revision") else None
    path, filename = selectors.original_file(scope, document_id, revision_id=revision_id)
    kept = Path(path).name  # files are named by revision: the log says which one it was
    record("document.download", actor=request.user, subject=f"document:{document_id}", revision=str(UUID(kept)))
    pieces = while_signed_in(request, person(request), _pieces(path))
    response = StreamingHttpResponse(pieces, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename)
    response["Content-Length"] = str(Path(path).stat().st_size)
    response["Cache-Control"] = "private, no-store"
    return response


async def _pieces(path: str) -> AsyncGenerator[bytes, None]:
    # Django reads a plain iterator to its end before it sends the first byte: a gigabyte in memory per download.
    with Path(path).open("rb") as file:  # noqa: ASYNC230  opening a local file; the reads go to a thread
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece


def library_page(request: HttpRequest, library_id: UUID) -> dict[str, object]:
    """What the page of a library and the list on it show."""
    scope = scope_for(person(request))
    found = scope.library(library_id)
    search = request.GET.get("q", "").strip()
    listed = selectors.documents_list(scope, library_id, search)
    part = Paginator(listed, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    rows = rows_of(list(part))
    return {
        "library": found,
        "owned": found.id in scope.owned,
        "proof": ProofForm(instance=found),
        "folders": folder_states(found) if found.id in scope.owned else [],
        "change": ChangeForm() if found.id in scope.owned else None,
        "search": search,
        "part": part,
        "rows": rows,
        "active": any(row.active for row in rows),
    }


def _may_create(user: User) -> bool:
    return user.has_perm("ingestion.add_library")
