"""Django admin of evaluation: runs with figures over time, two runs compared, questions from conversations."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assistant.admin_bases import Kept
from assistant.evaluation import tables
from assistant.evaluation.comparison import Turn, changes
from assistant.evaluation.page import SYSTEMS
from assistant.evaluation.plot import Series, line_plot
from assistant.evaluation.summary import ALL
from assistant.models import EvaluationQuestion, EvaluationResult, EvaluationRun, RunState
from ingestion.access import Scope
from ingestion.admin_scope import LibraryFilter, ModelAdmin

MAIN = ("hit@5", "correct", "page_precision", "refused_unanswerable", "refused_answerable")
_HISTORY = 12
_PAGE = re.compile(r"\S.*:\d+")
_TURNS = {
    Turn.WORSE: _("right before, wrong now"),
    Turn.BETTER: _("wrong before, right now"),
    Turn.OTHER: _("answered otherwise"),
    Turn.GONE: _("not asked any more"),
    Turn.NEW: _("not asked before"),
    Turn.SAME: _("the same"),
}


@admin.register(EvaluationRun)
class EvaluationRunAdmin(Kept):
    """Every `manage.py evaluate` with its figures; its page shows them over time and leads to comparisons."""

    library_path = "library"
    list_display = ("__str__", "library", "state", "hit", "correct", "cited", "embedder", "model", "started_at")
    list_filter = ("state", ("library", LibraryFilter), "embedder", "model", "started_at")
    list_select_related = ("library",)
    search_fields = ("name", "model")
    fields = ("name", "library", "state", "embedder", "model", "started_at", "finished_at", "settings")

    @admin.display(description="hit@5")
    def hit(self, run: EvaluationRun) -> str:
        """Questions whose evidence is among the first five pages."""
        return _shown(run, "hit@5")

    @admin.display(description=_("answer correct"))
    def correct(self, run: EvaluationRun) -> str:
        """Answerable questions answered right."""
        return _shown(run, "correct")

    @admin.display(description=_("cited pages right"))
    def cited(self, run: EvaluationRun) -> str:
        """Cited pages that are evidence."""
        return _shown(run, "page_precision")

    def get_urls(self) -> list[URLPattern]:
        """With the comparison of two runs."""
        view = self.admin_site.admin_view(self.diff)
        return [path("<int:before>/diff/<int:after>/", view, name="assistant_evaluationrun_diff"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With figures, plot and the runs to compare with."""
        run = self.get_object(request, object_id)
        more = _run_context(run) if isinstance(run, EvaluationRun) else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def diff(self, request: HttpRequest, before: int, after: int) -> HttpResponse:
        """Question by question, what got worse first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        runs = [get_object_or_404(self.get_queryset(request), pk=key) for key in (before, after)]
        found = changes(*runs)
        counts = [(said, sum(one.turn == turn for one in found)) for turn, said in _TURNS.items()]
        shown = [(_TURNS[one.turn], one) for one in found if one.turn != Turn.SAME]
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Two runs compared"),
            "opts": self.opts,
            "before": runs[0],
            "after": runs[1],
            "counts": counts,
            "changes": shown,
        }
        return TemplateResponse(request, "admin/assistant/evaluationrun/diff.html", context)


@admin.register(EvaluationResult)
class EvaluationResultAdmin(Kept):
    """What became of each question in each run."""

    library_path = "run__library"
    list_display = ("question_id", "run", "system", "kind", "language", "right", "question")
    list_filter = ("system", "kind", "language", ("run", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("run",)
    search_fields = ("question_id", "question")

    @admin.display(description=_("right"), boolean=True)
    def right(self, result: EvaluationResult) -> bool | None:
        """Whether it went as expected; None where search alone cannot tell."""
        right: bool | None = result.outcome.get("right")
        return right


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    """An evaluation question; pages are written as title:page."""

    class Meta:
        model = EvaluationQuestion
        fields = ("library", "question", "kind", "unanswerable", "answer", "expect", "evidence")

    def clean_evidence(self) -> str:
        """Every page must be named as a document and a number."""
        text = str(self.cleaned_data["evidence"])
        parts = [part.strip() for line in text.splitlines() for part in line.split("|") if part.strip()]
        wrong = [part for part in parts if not _PAGE.fullmatch(part)]
        if wrong:
            raise forms.ValidationError(gettext("%(page)s is not written as title:page.") % {"page": wrong[0]})
        return text


@admin.register(EvaluationQuestion)
class EvaluationQuestionAdmin(ModelAdmin):
    """Questions that users asked, with what is expected of them. `manage.py evaluate` asks those that are ready."""

    form = QuestionForm
    list_display = ("question", "library", "kind", "unanswerable", "is_ready", "created_at")
    list_filter = (("library", LibraryFilter), "kind", "unanswerable")
    list_select_related = ("library",)
    search_fields = ("question", "answer")

    def in_scope(self, found: QuerySet[EvaluationQuestion], scope: Scope) -> QuerySet[EvaluationQuestion]:
        """Those of libraries in scope; where none is chosen yet, the person's own questions."""
        own = Q(library=None, message__conversation__user=scope.user_id)
        return found.filter(Q(library__in=scope.readable) | own)

    @admin.display(description=_("ready to be asked"), boolean=True)
    def is_ready(self, row: EvaluationQuestion) -> bool:
        """Whether it has a library and says what is expected."""
        return row.ready


def _figures(run: EvaluationRun) -> dict[str, Any]:
    summary = run.summary.get("tenkyo") or {}
    return dict(summary.get("groups", {}).get(ALL, {}))


def _shown(run: EvaluationRun, name: str) -> str:
    return tables.value(name, _figures(run).get(name))


def _run_context(run: EvaluationRun) -> dict[str, Any]:
    complete = EvaluationRun.objects.filter(library=run.library, state=RunState.COMPLETE).order_by("-id")
    history = sorted(complete[:_HISTORY], key=lambda one: one.pk)
    return {
        "figure_tables": [table for name, summary in run.summary.items() for table in _tables(name, summary["groups"])],
        "history": _history(history),
        "plot": _plot(history),
        "others": [other for other in complete[:_HISTORY] if other.pk != run.pk],
    }


def _tables(system: str, groups: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One system's figures by group, as tables narrow enough to read: search, answers, time."""
    for known in (tables.RETRIEVAL, tables.ANSWERS, tables.TIMES):
        names = [name for name in known if any(row.get(name) is not None for row in groups.values())]
        if names:
            names = ["questions", *names]
            rows = [
                (group, [tables.value(name, row.get(name)) for name in names]) for group, row in tables.ordered(groups)
            ]
            yield {"system": SYSTEMS.get(system, system), "head": _heads(names), "rows": rows}


def _history(runs: Sequence[EvaluationRun]) -> dict[str, Any]:
    """The plot's values as a table: one row for each run."""
    rows = [(run, [_shown(run, name) for name in MAIN]) for run in runs]
    return {"head": _heads(MAIN), "rows": rows}


def _plot(runs: Sequence[EvaluationRun]) -> SafeString:
    figures = [_figures(run) for run in runs]
    series = [
        Series(head, tuple(row.get(name) for row in figures)) for name, head in zip(MAIN, _heads(MAIN), strict=True)
    ]
    return line_plot(gettext("Main figures of each run"), [f"#{run.pk}" for run in runs], series)


def _heads(names: Sequence[str]) -> list[str]:
    return [gettext(tables.label(name)) for name in names]
