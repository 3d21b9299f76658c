"""Pages of what a library masks: seen by its readers; tried out, decided and corrected by its owners."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ingestion import personal
from ingestion.access import Scope, scope_for
from ingestion.forms import MaskingForm
from ingestion.limits import allow
from ingestion.models import Library, MaskingPolicy
from ingestion.personal_preview import pages_to_go, preview
from ingestion.web import person

_ID_DIGITS = 18


@login_required
@require_http_methods(["GET", "POST"])
def masking(request: HttpRequest, library_id: UUID) -> HttpResponse:
    """What the library masks (GET); something else from now on (POST)."""
    scope = scope_for(person(request))
    library = scope.library(library_id, to_change=request.method == "POST")
    form = MaskingForm(scope, library, request.POST or None)
    if form.is_bound and form.is_valid():
        personal.library_mask(user=person(request), scope=scope, library_id=library.pk, **form.cleaned_data)
        messages.success(request, _("Kept. Pages whose masks change are indexed again."))
        return redirect("masking", library.pk)
    return render(request, "ingestion/masking.html", _page(scope, library, form))


@login_required
@require_POST
def masking_preview(request: HttpRequest, library_id: UUID) -> HttpResponse:
    """What the kinds chosen in the form would mask, with examples. Nothing is changed."""
    scope = scope_for(person(request))
    library = scope.library(library_id, to_change=True)
    allow(request, person(request), "search")
    form = MaskingForm(scope, library, request.POST)
    chosen = form.cleaned_data["kinds"] if form.is_valid() else []
    said = {"library": library, "found": preview(library, chosen)}
    if request.headers.get("HX-Request"):
        return render(request, "ingestion/_masking_preview.html", said)
    return render(request, "ingestion/masking.html", {**_page(scope, library, form), **said})


@login_required
@require_POST
def masking_exception(request: HttpRequest, library_id: UUID) -> HttpResponse:
    """Words that are no personal data (`text`, `kind`), or an exception taken back (`remove`)."""
    scope, sent = scope_for(person(request)), request.POST
    library = scope.library(library_id, to_change=True)
    facts: dict[str, Any] = {"user": person(request), "scope": scope, "library_id": library.pk}
    remove = sent.get("remove", "")[:_ID_DIGITS]
    if remove.isdecimal():
        personal.exception_remove(**facts, exception_id=int(remove))
        messages.success(request, _("Taken back. These words are masked again."))
    elif personal.exception_add(**facts, kind=sent.get("kind", ""), text=sent.get("text", "")):
        messages.success(request, _("Kept. These words are not masked in this library."))
    return redirect("masking", library.pk)


def _page(scope: Scope, library: Library, form: MaskingForm) -> dict[str, Any]:
    owned = library.pk in scope.owned
    policy = MaskingPolicy.objects.filter(library=library).first()
    said = {"library": library, "owned": owned, "form": form, "policy": policy, "chosen": form.chosen()}
    if owned:
        to_go, pages = pages_to_go(library)
        said |= {"exceptions": library.masking_exceptions.all(), "to_go": to_go, "pages": pages}
    return said
