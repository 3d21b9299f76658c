"""Particulars of many documents changed at once, from the list of their library, with a way back."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ingestion import describing
from ingestion.access import scope_for
from ingestion.errors import DatesReversed, TagsTooMany
from ingestion.forms import ChangeForm
from ingestion.models import Library
from ingestion.views import library_page
from ingestion.web import person


@login_required
@require_POST
def documents_change(request: HttpRequest, library_id: UUID) -> HttpResponse:
    """Change all chosen documents of the library, or none; what is answered offers to undo it."""
    scope = scope_for(person(request))
    library = scope.library(library_id, to_change=True)
    form, chosen = ChangeForm(request.POST), request.POST.getlist("document")
    if not form.is_valid():
        return _said(
            request, library, wrong=" ".join(str(error) for errors in form.errors.values() for error in errors)
        )
    if not chosen:
        return _said(request, library, wrong=_("No document is chosen. Tick some in the list first."))
    try:
        changed = describing.documents_change(
            user=person(request), scope=scope.narrowed([library.pk]), document_ids=chosen, change=form.change()
        )
    except (DatesReversed, TagsTooMany) as error:
        return _said(request, library, wrong=" ".join(error.texts()))
    said = ngettext("%(n)s document was changed.", "%(n)s documents were changed.", changed.documents)
    return _said(request, library, said=said % {"n": changed.documents}, undo=changed.undo if changed.documents else "")


@login_required
@require_POST
def documents_change_undo(request: HttpRequest, library_id: UUID) -> HttpResponse:
    """Set back what the change before changed."""
    scope = scope_for(person(request))
    library = scope.library(library_id, to_change=True)
    undo = request.POST.get("undo", "")
    count = describing.documents_change_undo(user=person(request), scope=scope.narrowed([library.pk]), undo=undo)
    said = ngettext("%(n)s document was set back.", "%(n)s documents were set back.", count)
    return _said(request, library, said=said % {"n": count})


def _said(request: HttpRequest, library: Library, **facts: str) -> HttpResponse:
    """Beside the form for htmx, whose lists ask again; without scripts the whole page."""
    if not request.headers.get("HX-Request"):
        return render(request, "ingestion/library.html", {**library_page(request, library.pk), **facts})
    response = render(request, "ingestion/_changed.html", {"library": library, **facts})
    response["HX-Trigger"] = "documents-changed"
    return response
