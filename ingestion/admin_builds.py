"""Builds of the index in the administration: which one is searched, how far another is, and what may be done."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.portfolio import models
from ingestion import builds, searched
from ingestion.admin_bases import ReadOnly
from ingestion.errors import TenkyoError, error_named
from ingestion.models import IndexBuild
from ingestion.web import person

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[IndexBuild]
else:  # Django's own class takes no type arguments at run time
    ModelForm = forms.ModelForm


class BuildForm(ModelForm):
    """Which approved model is to be searched with. The service checks the rest when it begins."""

    model = forms.ChoiceField(label=_("embedding model"))

    class Meta:
        model = IndexBuild
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the approved models but for the one that is searched with."""
        super().__init__(*args, **kwargs)
        there = searched.look()
        names = [one.name for one in models() if one.role == "embed" and one.name != there]
        self.fields["model"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]  # a ChoiceField


class IndexBuildAdmin(ReadOnly):
    """Which model and recipe the vectors were made with; another is built beside it, searched once it is whole."""

    form = BuildForm
    list_display = ("model", "recipe", "dimension", "standing", "progress", "searched_at", "created_at")
    actions = ("search_this", "stop", "remove")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """To begin one is for superusers."""
        return person(request).is_superuser

    has_build_permission = has_add_permission

    def save_model(self, request: HttpRequest, obj: IndexBuild, form: Any, change: bool) -> None:
        """Begin, through the service. What it refuses is said."""
        obj.pk = self._begun(request, form.cleaned_data["model"]) or IndexBuild.objects.get(active=True).pk
        obj.refresh_from_db()

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The audit trail has it from the service."""

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> Any:
        """Back to the list, where its progress is."""
        return self.response_post_save_add(request, obj)

    @admin.display(description=_("state"))
    def standing(self, build: IndexBuild) -> str:
        """In a word, or the error's sentence."""
        if build.active:
            return gettext("searched")
        if build.error_code:
            return " ".join(error_named(build.error_code, build.error_params).texts())
        return gettext("being built") if build.wanted else gettext("kept")

    @admin.display(description=_("embedded"))
    def progress(self, build: IndexBuild) -> str:
        """How many of the passages have their vector."""
        return f"{build.chunks_done} / {build.chunks_total}" if build.chunks_total else "–"

    @admin.action(description=_("Build what is missing, then search this one"), permissions=["build"])
    def search_this(self, request: HttpRequest, queryset: QuerySet[IndexBuild]) -> None:
        """Also the way back to an earlier one."""
        for build in queryset:
            self._begun(request, build.model)

    @admin.action(description=_("Stop building"), permissions=["build"])
    def stop(self, request: HttpRequest, queryset: QuerySet[IndexBuild]) -> None:
        """Its vectors are kept."""
        for build in queryset:
            builds.build_stop(user=person(request), build_id=build.pk)

    @admin.action(description=_("Remove vectors and index"), permissions=["build"])
    def remove(self, request: HttpRequest, queryset: QuerySet[IndexBuild]) -> None:
        """Of builds that are neither searched nor being made."""
        for build in queryset:
            try:
                builds.build_remove(user=person(request), build_id=build.pk)
            except TenkyoError as error:
                messages.warning(request, " ".join(error.texts()))

    def _begun(self, request: HttpRequest, model: str) -> int | None:
        try:
            build = builds.build_begin(user=person(request), model=model)
        except TenkyoError as error:
            messages.warning(request, " ".join(error.texts()))
            return None
        said = gettext("The index of %(model)s is being built. Searches go on with the present one until it is whole.")
        messages.info(request, said % {"model": build.model})
        return build.pk
