"""What the administration does about documents in force: a filter by today's standing, and two actions on many."""

from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ingestion import services
from ingestion.access import Scope
from ingestion.admin_bases import Acting, document_ids, each
from ingestion.lifecycle import Lifecycle, effective, lifecycle_of
from ingestion.models import Document, DocumentState, User


class InForceFilter(admin.SimpleListFilter):
    """Documents that are answered from today, or are not."""

    title = _("answered from today")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Yes or no."""
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the chosen kind; all where none is chosen."""
        if self.value() == "yes":
            return queryset.filter(effective())
        return queryset.exclude(effective()) if self.value() == "no" else queryset


class Declaring(Acting):
    """Documents whose lifecycle is set in bulk, by way of the service."""

    @admin.action(description=_("Withdraw from today on"), permissions=["act"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        """What is withdrawn already keeps its day."""
        count = each(request, document_ids(queryset), _withdrawn)
        said = ngettext("%(n)s document is withdrawn.", "%(n)s documents are withdrawn.", count)
        messages.info(request, said % {"n": count})

    @admin.action(description=_("Make effective at once, without an end"), permissions=["act"])
    def make_effective(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        """Whatever was said of them before."""
        count = each(request, document_ids(queryset), _effective)
        said = ngettext("%(n)s document is effective.", "%(n)s documents are effective.", count)
        messages.info(request, said % {"n": count})


def _withdrawn(*, user: User, scope: Scope, document_id: object) -> Document:
    before = lifecycle_of(scope.document(document_id, to_change=True))
    said = replace(before, state=DocumentState.WITHDRAWN)
    return services.document_declare(user=user, scope=scope, document_id=document_id, said=said)


def _effective(*, user: User, scope: Scope, document_id: object) -> Document:
    return services.document_declare(user=user, scope=scope, document_id=document_id, said=Lifecycle())
