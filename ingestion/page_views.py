"""Views of single pages: as image and text, as search sees them, as a thumbnail, and read once more."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET, require_POST

from ingestion import ledger, selectors, services
from ingestion.access import Scope, as_uuid, scope_for
from ingestion.models import Page
from ingestion.revealing import reveal
from ingestion.web import changed, page_facts, person


@login_required
@require_GET
def page(request: HttpRequest, document_id: UUID, number: int) -> HttpResponse:
    """One page as image and text: inside the panel, or as a page of its own when opened by its address."""
    scope = scope_for(person(request))
    found = _page(request, scope, document_id, number)
    selectors.record_page_read(scope, found, what="text")
    unmasked = request.GET.get("reveal") == "1"
    if unmasked:
        found = reveal(scope, found, what="text")
    cited = str(as_uuid(request.GET["cited"])) if request.GET.get("cited") else ""
    template = "partials/panel.html" if request.headers.get("X-Panel") else "ingestion/page.html"
    return render(request, template, {**page_facts(found, scope), "cited": cited, "unmasked": unmasked})


@login_required
@require_GET
def page_indexed(request: HttpRequest, document_id: UUID, number: int) -> HttpResponse:
    """The text of a page as search sees it, cut into its passages, beside the page's image."""
    scope = scope_for(person(request))
    found = _page(request, scope, document_id, number)
    selectors.record_page_read(scope, found, what="indexed")
    said = {**page_facts(found, scope), "stretches": list(ledger.stretches(found))}
    return render(request, "ingestion/page_indexed.html", said)


@login_required
@require_GET
def page_thumbnail(request: HttpRequest, document_id: UUID, number: int) -> HttpResponseBase:
    """The page as a small PNG."""
    found = _page(request, scope_for(person(request)), document_id, number)
    # A revision's page never changes but for its masks.
    etag = f'"{found.revision_id.hex}-{found.number}-{found.masking[:8]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(selectors.page_thumbnail(found), content_type="image/png")
    # Asked for again each time: who has lost access must not see it any more.
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    return response


@login_required
@require_POST
def page_retry(request: HttpRequest, document_id: UUID, number: int) -> HttpResponse:
    """Read one page of the newest revision again that could not be read."""
    scope = scope_for(person(request))
    services.page_retry(user=person(request), scope=scope, document_id=document_id, number=number)
    return changed(request, resolve_url("document", document_id))


def _page(request: HttpRequest, scope: Scope, document_id: UUID, number: int) -> Page:
    revision_id = as_uuid(request.GET["revision"]) if request.GET.get("revision") else None
    return selectors.page_of(scope, document_id, number, revision_id=revision_id)
