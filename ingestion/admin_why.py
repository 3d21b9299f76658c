"""The administration's page "Why can this person see this?": the rule that decides, and a change tried out before."""

import re
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ingestion.access import Scope
from ingestion.admin_scope import ModelAdmin, scope_of
from ingestion.audit import record
from ingestion.errors import NotFound
from ingestion.lifecycle import in_words
from ingestion.models import Document, Library, User
from ingestion.web import person
from ingestion.why import Explanation, Facts, explain, facts_of, reachable

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class WhyForm(forms.Form):
    """Who, and what. `found` is what the id names, where this scope may see it."""

    person = forms.CharField(label=gettext_lazy("User name"), max_length=150)
    object = forms.CharField(
        label=gettext_lazy("Document or library"),
        max_length=500,
        help_text=gettext_lazy("Its id or its address, as the browser shows it."),
    )
    user: User
    library: Library
    document: Document | None = None

    def __init__(self, scope: Scope, data: Any = None) -> None:
        """Keep the scope of whoever asks."""
        super().__init__(data)
        self._scope = scope

    def clean_person(self) -> str:
        """The name of somebody there is."""
        found = User.objects.filter(username=self.cleaned_data["person"]).first()
        if found is None:
            raise forms.ValidationError(_("There is nobody of this name."))
        self.user = found
        return found.get_username()

    def clean_object(self) -> str:
        """The id of what whoever asks may see themselves."""
        given = str(self.cleaned_data["object"])
        for one in _ID.finditer(given):
            if self._named(one.group()):
                return given
        raise forms.ValidationError(_("There is no document or library of this id that you may see."))

    def _named(self, identity: str) -> bool:
        try:
            self.document = self._scope.document(identity)
            self.library = self.document.library
        except NotFound:
            self.document = None
        else:
            return True
        try:
            self.library = self._scope.library(identity)
        except NotFound:
            return False
        return True


class ChangeForm(forms.Form):
    """What would be otherwise: the person's groups, whether they own the library, whether they are active."""

    groups = forms.ModelMultipleChoiceField(
        label=gettext_lazy("In these groups"),
        queryset=Group.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    owner = forms.BooleanField(label=gettext_lazy("Owner of the library"), required=False)
    active = forms.BooleanField(label=gettext_lazy("Active"), required=False)


class Explaining(ModelAdmin):
    """Beside a list: the page that explains who sees what."""

    def get_urls(self) -> list[URLPattern]:
        """With the page."""
        view = self.admin_site.admin_view(self.why)
        return [path("why/", view, name="ingestion_why"), *super().get_urls()]

    def why(self, request: HttpRequest) -> HttpResponse:
        """The rule that decides now, and the one that would decide after a change. Nothing is changed; audited."""
        if not (self.has_view_permission(request) and person(request).has_perm("ingestion.view_user")):
            raise PermissionDenied
        scope = scope_of(request)
        form = WhyForm(scope, request.GET if "person" in request.GET else None)
        said = _answer(request, form, scope) if form.is_bound and form.is_valid() else {}
        title = _("Why can this person see this?")
        context = {**admin.site.each_context(request), "opts": self.opts, "title": title, "form": form, **said}
        return render(request, "admin/ingestion/why.html", context)


def _answer(request: HttpRequest, form: WhyForm, scope: Scope) -> dict[str, Any]:
    facts, library = facts_of(form.user), form.library
    now = explain(facts, library)
    tried = ChangeForm(request.GET if "tried" in request.GET else None, initial=_initial(facts, library))
    _write_down(request, form, now)
    more = _tried(form, facts, tried, scope) if tried.is_bound and tried.is_valid() else {}
    return {
        "who": form.user,
        "library": library,
        "document": form.document,
        "standing": in_words(form.document) if form.document else "",
        "now": now,
        "now_said": now.said_of(form.user),
        "change": tried,
        **more,
    }


def _tried(form: WhyForm, facts: Facts, tried: ChangeForm, scope: Scope) -> dict[str, Any]:
    changed = _changed(facts, tried, form.library)
    then = explain(changed, form.library)
    return {"then": then, "then_said": then.said_of(form.user), **_difference(facts, changed, scope)}


def _initial(facts: Facts, library: Library) -> dict[str, Any]:
    return {"groups": list(facts.groups), "owner": library.pk in facts.owned, "active": facts.active}


def _changed(facts: Facts, tried: ChangeForm, library: Library) -> Facts:
    said = tried.cleaned_data
    owned = facts.owned | {library.pk} if said["owner"] else facts.owned - {library.pk}
    groups = frozenset(group.pk for group in said["groups"])
    return replace(facts, active=said["active"], groups=groups, owned=owned)


def _difference(now: Facts, then: Facts, scope: Scope) -> dict[str, Any]:
    """Of all libraries that whoever asks may see: which the person would gain and lose."""
    libraries = scope.libraries()
    before, after = reachable(now, libraries), reachable(then, libraries)
    names = dict(libraries.values_list("pk", "name"))
    return {
        "gained": sorted(names[one] for one in after - before),
        "lost": sorted(names[one] for one in before - after),
    }


def _write_down(request: HttpRequest, form: WhyForm, found: Explanation) -> None:
    asked = f"document:{form.document.pk}" if form.document else f"library:{form.library.pk}"
    record("access.explained", actor=person(request), subject=f"user:{form.user.pk}", object=asked, rule=found.rule)
