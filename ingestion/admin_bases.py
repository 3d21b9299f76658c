"""What the admin pages of the vault are built from: rows nobody edits, rows a service removes, actions on documents."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ingestion import services
from ingestion.admin_scope import ModelAdmin, scope_of
from ingestion.errors import TenkyoError
from ingestion.layouts import drawn_otherwise
from ingestion.models import Document, IngestionRun, Library, Revision, Status
from ingestion.selectors import revision_states
from ingestion.web import person

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]
else:  # Django's own class takes no type arguments at run time
    TabularInline = admin.TabularInline

Service = Callable[..., object]


class Inline(TabularInline):
    """Rows below another row, to read."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds them by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes them by hand."""
        return False


class ReadOnly(ModelAdmin):
    """Rows that only the product writes: they can be searched and read here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds them by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes them by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes them by hand."""
        return False


class Removable(ModelAdmin):
    """Rows that a service removes, with everything below them. The confirmation counts instead of listing it all."""

    below: tuple[tuple[type[Model], str], ...] = ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may change such rows, and owns this one."""
        return super().has_change_permission(request, obj) and not self._others(request, [obj])

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may delete such rows, and owns this one."""
        return super().has_delete_permission(request, obj) and not self._others(request, [obj])

    def _others(self, request: HttpRequest, rows: Iterable[Any]) -> list[str]:
        found = [row for row in rows if row is not None]
        owned = scope_of(request).owned if found else ()
        return [str(row) for row in found if _library_id(row) not in owned]

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """What goes: the rows by name, the rest as counts (a library may hold a million chunks). Others' do not."""
        rows = list(objs)
        counts = {
            str(model._meta.verbose_name_plural): model._default_manager.filter(**{f"{path}__in": rows}).count()  # noqa: SLF001  Django documents _meta
            for model, path in self.below
        }
        return [str(row) for row in rows], counts, set(), self._others(request, rows)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Through the service, one by one."""
        for row in queryset:
            self.delete_model(request, row)


class Acting(ModelAdmin):
    """Lists whose actions run documents again or stop them."""

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Whoever may change documents."""
        return person(request).has_perm("ingestion.change_document")

    @admin.action(description=_("Run what failed or was cancelled again"), permissions=["act"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """What is done stays done."""
        ended = {Status.FAILED, Status.CANCELLED}
        found = Document.objects.filter(pk__in=document_ids(queryset))
        chosen = [key for key, state in revision_states(found).items() if state.status in ended]
        count = each(request, chosen, services.document_retry)
        messages.info(
            request, ngettext("%(n)s document runs again.", "%(n)s documents run again.", count) % {"n": count}
        )

    @admin.action(description=_("Stop reading"), permissions=["act"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Ask the runs under way to stop."""
        count = each(request, document_ids(queryset), services.document_cancel)
        said = ngettext("%(n)s document was told to stop.", "%(n)s documents were told to stop.", count)
        messages.info(request, said % {"n": count})

    @admin.action(description=_("Index again"), permissions=["act"])
    def reindex(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Run every chosen document again; only what is missing or outdated is computed."""
        count = each(request, document_ids(queryset), services.document_retry)
        said = ngettext("%(n)s document is indexed again.", "%(n)s documents are indexed again.", count)
        messages.info(request, said % {"n": count})

    @admin.action(description=_("Read again what an earlier version read"), permissions=["act"])
    def reread(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """As new revisions, where pages are drawn otherwise today; the others are left as they are."""
        found = Document.objects.filter(drawn_otherwise("current__"), pk__in=document_ids(queryset))
        count = each(request, list(found.values_list("pk", flat=True)), services.document_reread)
        said = ngettext("%(n)s document is read again.", "%(n)s documents are read again.", count)
        messages.info(request, said % {"n": count})


def each(request: HttpRequest, document_ids: Iterable[UUID], service: Service) -> int:
    """Do it to each of these documents; what is refused is said. Returns how many it was done to."""
    count, user = 0, person(request)
    scope = scope_of(request)
    for document_id in document_ids:
        try:
            service(user=user, scope=scope, document_id=document_id)
            count += 1
        except TenkyoError as error:
            messages.warning(request, " ".join(error.texts()))
    return count


def _library_id(row: Library | Document) -> UUID:
    return row.pk if isinstance(row, Library) else row.library_id


def document_ids(queryset: QuerySet[Any]) -> list[Any]:
    """The documents of the chosen rows, each once."""
    path = {Document: "pk", Revision: "document_id", IngestionRun: "revision__document_id"}[queryset.model]
    return list(dict.fromkeys(queryset.order_by().values_list(path, flat=True)))
