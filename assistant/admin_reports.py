"""Django admin of reports: searched, filtered and counted here; owners resolve them in their inbox."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from assistant.admin_bases import Kept
from assistant.models import Report
from assistant.reports_inbox import BELOW, STATES, in_state, libraries_of, question_of, row_of
from ingestion.access import Scope
from ingestion.admin_scope import LibraryFilter, scope_of

_FACTS = ("created_at", "user", "comment", "resolution", "note", "resolved_by", "resolved_at")


class StateFilter(admin.SimpleListFilter):
    """Open or resolved."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """(value, name) of each."""
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        """Those in the chosen state."""
        state = self.value()
        return in_state(queryset, state) if state else queryset


@admin.register(Report)
class ReportAdmin(Kept):
    """What readers reported as wrong, and what owners did about it."""

    library_path = "libraries"
    list_filter = (StateFilter, "resolution", ("libraries", LibraryFilter), "created_at")
    list_select_related = ("user", "resolved_by", "sentence", "message__question")
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ("comment", "note", "user__username", "message__question__text")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what the columns need."""
        return super().get_queryset(request).prefetch_related(*BELOW)

    def in_scope(self, found: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
        """Each once, though it may be for several libraries."""
        return super().in_scope(found, scope).distinct()

    def get_list_display(self, request: HttpRequest) -> Any:
        """With what this person may see of question, sentence and libraries."""
        return ("created_at", "user", *_columns(scope_of(request)), "resolution", "resolved_by")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The same, in full."""
        return self.get_readonly_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The same, in full."""
        return (*_columns(scope_of(request)), *_FACTS)


def _columns(scope: Scope) -> list[Callable[[Report], str]]:
    """Columns of what a report is about, as this scope may see it."""

    @admin.display(description=_("question"))
    def question(report: Report) -> str:
        return question_of(report)

    @admin.display(description=_("sentence"))
    def sentence(report: Report) -> str:
        return row_of(report, scope).sentence or ""

    @admin.display(description=_("libraries"))
    def libraries(report: Report) -> str:
        return ", ".join(libraries_of(report, scope))

    return [question, sentence, libraries]
