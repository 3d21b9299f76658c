"""Pages of a library's dictionary: the list for its readers; adding, changing, trying out and files for its owners."""

from functools import partial
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assistant import dictionary_entries as entries
from assistant.dictionary_preview import SHOWN, Preview, preview, questions_with
from assistant.errors import DictionaryFileUnreadable
from assistant.models import DictionaryEntry
from ingestion.access import Scope, scope_for
from ingestion.errors import TenkyoError
from ingestion.limits import allow
from ingestion.models import Library
from ingestion.web import person

ROWS_PER_PAGE = 50


class EntryForm(forms.Form):
    """An entry, and the question it is tried out with. Whether its words are usable the service decides."""

    words = forms.CharField(
        label=gettext_lazy("Words that mean the same, one a line"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "placeholder": "MCCB\n配線用遮断器"}),
    )
    note = forms.CharField(label=gettext_lazy("Note (optional)"), required=False, max_length=entries.NOTE_CHARACTERS)
    question = forms.CharField(
        label=gettext_lazy("Try it out with a question"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    @property
    def lines(self) -> list[str]:
        """The words as they were written."""
        return str(self.cleaned_data["words"]).splitlines()


@login_required
@require_http_methods(["GET", "POST"])
def dictionary(request: HttpRequest, library_id: UUID) -> HttpResponse:
    """The entries of a library, searched (GET); one more (POST)."""
    scope = _scope(request)
    library = scope.library(library_id, to_change=request.method == "POST")
    form = EntryForm(request.POST or None)
    if form.is_bound and _kept(request, library, form):
        messages.success(request, _("Kept. It holds from the next question on."))
        return redirect("dictionary", library.id)
    return _listed(request, scope, library, form)


@login_required
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, library_id: UUID, entry_id: UUID) -> HttpResponse:
    """One entry with its form (GET); other words or another note (POST)."""
    scope = _scope(request)
    found = entries.entry_of(scope, library_id, entry_id)
    initial = {"words": "\n".join(found.words), "note": found.note}
    form = EntryForm(request.POST or None, initial=initial)
    if form.is_bound and _kept(request, found.library, form, found):
        messages.success(request, _("Kept. It holds from the next question on."))
        return redirect("dictionary", library_id)
    return _form_page(request, found, _facts(request, scope, found.library, form))


@login_required
@require_POST
def entry_delete(request: HttpRequest, library_id: UUID, entry_id: UUID) -> HttpResponse:
    """Remove an entry; the page asked for confirmation before."""
    entries.entry_remove(user=person(request), scope=_scope(request), library_id=library_id, entry_id=entry_id)
    messages.success(request, _("The entry was deleted. It holds from the next question on."))
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": resolve_url("dictionary", library_id)})
    return redirect("dictionary", library_id)


@login_required
@require_POST
def tried(request: HttpRequest, library_id: UUID) -> HttpResponse:
    """What the entry would change, saved or not: the preview for htmx; without scripts the form's page with it."""
    scope = _scope(request)
    library = scope.library(library_id, to_change=True)
    allow(request, person(request), "search")
    given = request.POST.get("entry", "")
    found = entries.entry_of(scope, library_id, given) if given else None
    form = EntryForm(request.POST)
    shown = _preview(scope, library, form, found)
    said = {**_facts(request, scope, library, form), "preview": shown}
    if request.headers.get("HX-Request"):
        return render(request, "assistant/_dictionary_preview.html", said)
    return _form_page(request, found, said)


@login_required
@require_POST
def imported(request: HttpRequest, library_id: UUID) -> HttpResponse:
    """Take a CSV file in."""
    scope = _scope(request)
    scope.library(library_id, to_change=True)  # before the file is looked at
    file = request.FILES.get("file")
    if file is None:
        raise DictionaryFileUnreadable(limit_mb=entries.FILE_MB)
    done = entries.entries_import(user=person(request), scope=scope, library_id=library_id, data=file.read())
    said = ngettext("%(n)s entry was added", "%(n)s entries were added", done.added) % {"n": done.added}
    more = _("changed: %(changed)s, as they were: %(unchanged)s") % {
        "changed": done.changed,
        "unchanged": done.unchanged,
    }
    messages.success(request, f"{said} ({more})")
    return redirect("dictionary", library_id)


@login_required
@require_GET
def exported(request: HttpRequest, library_id: UUID) -> HttpResponse:
    """The dictionary as a CSV file."""
    scope = _scope(request)
    library = scope.library(library_id)
    response = HttpResponse(entries.entries_export(scope, library_id), content_type="text/csv; charset=utf-8")
    name = _("dictionary %(library)s.csv") % {"library": library.name}
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def _kept(request: HttpRequest, library: Library, form: EntryForm, found: DictionaryEntry | None = None) -> bool:
    """Whether the form could be saved; what is wrong with it stands beside the words."""
    if not form.is_valid():
        return False
    save = partial(entries.entry_change, entry_id=found.id) if found else entries.entry_add
    note = form.cleaned_data["note"]
    try:
        save(user=person(request), scope=_scope(request), library_id=library.id, words=form.lines, note=note)
    except TenkyoError as error:
        form.add_error("words", " ".join(error.texts()))
        return False
    return True


def _preview(scope: Scope, library: Library, form: EntryForm, found: DictionaryEntry | None) -> Preview | None:
    """None where there is nothing to try out, or the form says why not."""
    if not form.is_valid() or not form.cleaned_data["question"].strip():
        return None
    question = form.cleaned_data["question"]
    try:
        words = entries.usable(form.lines)
        return preview(question, words, scope=scope, library=library, entry_id=found.id if found else None)
    except TenkyoError as error:
        form.add_error("question", " ".join(error.texts()))
        return None


def _listed(request: HttpRequest, scope: Scope, library: Library, form: EntryForm) -> HttpResponse:
    search = request.GET.get("q", "").strip()
    part = Paginator(entries.entries_list(scope, library.id, search), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    said = {"search": search, "part": part, **_facts(request, scope, library, form)}
    return render(request, "assistant/dictionary.html", said)


def _form_page(request: HttpRequest, found: DictionaryEntry | None, said: dict[str, object]) -> HttpResponse:
    return render(request, "assistant/dictionary_entry.html", {**said, "entry": found})


def _facts(request: HttpRequest, scope: Scope, library: Library, form: EntryForm) -> dict[str, object]:
    """What the form and its preview show."""
    words = str(form["words"].value() or "").splitlines()
    owned = library.id in scope.owned
    asked = questions_with(words, user=person(request), scope=scope, library=library) if owned and words else []
    return {"library": library, "owned": owned, "form": form, "asked": asked, "shown": SHOWN}


def _scope(request: HttpRequest) -> Scope:
    return scope_for(person(request))
