"""Django admin of the vault: people, libraries, documents, revisions, pages, runs, tokens, the audit trail."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ingestion import describing, services
from ingestion.admin_bases import Acting, Inline, ReadOnly, Removable
from ingestion.admin_builds import IndexBuildAdmin
from ingestion.admin_directory import DirectoryGroupInline
from ingestion.admin_factors import Resetting
from ingestion.admin_lifecycle import Declaring, InForceFilter
from ingestion.admin_scope import BoundedSearch, LibraryFilter, ModelAdmin, scope_of
from ingestion.admin_why import Explaining
from ingestion.audit import record
from ingestion.audit_trail import is_auditor
from ingestion.forms import DescriptionForm
from ingestion.models import (
    UNSURE_BELOW,
    ApiToken,
    AuditEvent,
    Document,
    IndexBuild,
    IngestionRun,
    Library,
    Page,
    PageStatus,
    Revision,
    User,
    WatchedFolder,
)
from ingestion.sign_in_views import admin_sign_in
from ingestion.web import person

admin.site.site_header = admin.site.site_title = _("Tenkyo administration")
admin.site.index_title = _("Overview")
admin.site.login = admin_sign_in  # type: ignore[method-assign]  # as Django's own guide has it: one page to sign in on


@admin.register(User)
class UserAdmin(Resetting, DjangoUserAdmin):  # type: ignore[type-arg]  # takes none at run time
    """People: groups decide what they may read."""

    list_display = ("username", "email", "last_name", "first_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    fieldsets = (*(DjangoUserAdmin.fieldsets or ()), (_("Tenkyo"), {"fields": ("language",)}))


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(BoundedSearch, DjangoGroupAdmin):
    """Groups: libraries name those that may read them. With a name in the directory, that decides who is in it."""

    inlines = (DirectoryGroupInline,)


@admin.register(Library)
class LibraryAdmin(Explaining, Removable):
    """Libraries with their readers, owners and number of documents."""

    library_path = "pk"
    list_display = ("name", "documents", "readers_named", "proved_only", "created_at")
    list_filter = ("proved_only", ("readers", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "description")
    filter_horizontal = ("readers", "owners")
    below = ((Document, "library"), (Page, "revision__document__library"))

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the number of documents, in one query."""
        return (
            super()
            .get_queryset(request)
            .annotate(documents_count=Count("documents", distinct=True))
            .prefetch_related("readers")
        )

    @admin.display(description=_("documents"), ordering="documents_count")
    def documents(self, library: Library) -> int:
        """How many documents it holds."""
        return int(library.documents_count)  # type: ignore[attr-defined]

    @admin.display(description=_("groups that may read"))
    def readers_named(self, library: Library) -> str:
        """The groups' names."""
        return ", ".join(group.name for group in library.readers.all())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """With who may read and own it from now on in the audit log. Whoever makes a library owns it."""
        super().save_related(request, form, formsets, change)
        if not change:
            form.instance.owners.add(person(request))
        kept = {
            name: sorted(getattr(form.instance, name).values_list("pk", flat=True)) for name in ("readers", "owners")
        }
        record("library.grant", actor=request.user, subject=f"library:{form.instance.pk}", **kept)

    def delete_model(self, request: HttpRequest, obj: Library) -> None:
        """Through the service: rows, files and vectors."""
        services.library_delete(user=person(request), scope=scope_of(request), library_id=obj.pk)


class RevisionInline(Inline):
    """A document's files, newest first."""

    model = Revision
    fields = readonly_fields = ("number", "filename", "size", "status", "pages_total", "created_at", "sha256")
    ordering = ("-number",)


@admin.register(Document)
class DocumentAdmin(Declaring, Removable):
    """Documents through all their revisions."""

    library_path = "library"
    list_display = (
        "title",
        "library",
        "state",
        "effective_from",
        "effective_until",
        "department",
        "product",
        "current",
        "revisions_count",
        "created_by",
        "created_at",
    )
    list_filter = (("library", LibraryFilter), InForceFilter, "state", "language", "revisions__status", "created_at")
    list_select_related = ("library", "current", "created_by")
    search_fields = ("title", "revisions__filename", "revisions__sha256", "tags__name")
    # The lifecycle is set on the document's page or by the actions: both go through the service and are audited.
    lifecycle = ("state", "effective_from", "effective_until", "withdrawn_on")
    readonly_fields = ("library", *lifecycle, "current", "created_by", "created_at")
    form = DescriptionForm
    fields = ("title", *DescriptionForm.field_order, *readonly_fields)
    inlines = (RevisionInline,)
    below = ((Revision, "document"), (Page, "revision__document"))
    actions = ("withdraw", "make_effective", "retry", "cancel", "reindex", "reread")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Documents come in through the library's page, the API or ingest_folder."""
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the number of revisions."""
        return super().get_queryset(request).annotate(number_of_revisions=Count("revisions", distinct=True))

    def save_model(self, request: HttpRequest, obj: Document, form: Any, change: bool) -> None:
        """The title as it stands; what the document is about through the service, which audits it."""
        Document.objects.filter(pk=obj.pk).update(title=obj.title)
        act = {"user": person(request), "scope": scope_of(request), "document_id": obj.pk}
        describing.document_describe(**act, said=form.described())  # type: ignore[arg-type]

    @admin.display(description=_("revisions"), ordering="number_of_revisions")
    def revisions_count(self, document: Document) -> int:
        """How many files it has had."""
        return int(document.number_of_revisions)  # type: ignore[attr-defined]

    def delete_model(self, request: HttpRequest, obj: Document) -> None:
        """Through the service: rows, files and vectors."""
        services.document_delete(user=person(request), scope=scope_of(request), document_id=obj.pk)


@admin.register(Revision)
class RevisionAdmin(Acting, ReadOnly):
    """Every uploaded file and its page ledger."""

    library_path = "document__library"
    list_display = (
        "document",
        "number",
        "filename",
        "size",
        "status",
        "pages_total",
        "indexed",
        "empty",
        "failed",
        "created_at",
    )
    list_filter = ("status", ("document__library", LibraryFilter), "created_at")
    list_select_related = ("document",)
    search_fields = ("document__title", "filename", "sha256")
    actions = ("retry", "cancel", "reindex")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the ledger's three counts."""
        counts = {f"{status}_pages": Count("pages", filter=Q(pages__status=status)) for status in PageStatus.values}
        return super().get_queryset(request).annotate(**counts)

    @admin.display(description=_("with text"))
    def indexed(self, revision: Revision) -> int:
        """Pages with text."""
        return int(revision.indexed_pages)  # type: ignore[attr-defined]

    @admin.display(description=_("without text"))
    def empty(self, revision: Revision) -> int:
        """Pages without text."""
        return int(revision.empty_pages)  # type: ignore[attr-defined]

    @admin.display(description=_("not readable"))
    def failed(self, revision: Revision) -> int:
        """Pages that could not be read."""
        return int(revision.failed_pages)  # type: ignore[attr-defined]


class UnsureFilter(admin.SimpleListFilter):
    """Pages that OCR read with low confidence."""

    title = _("read by OCR")
    parameter_name = "unsure"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """One choice beside "all"."""
        return [("yes", _("not surely"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Page]) -> QuerySet[Page]:
        """The chosen rows."""
        return queryset.filter(ocr=True, confidence__lt=UNSURE_BELOW) if self.value() else queryset


@admin.register(Page)
class PageAdmin(ReadOnly):
    """The page ledger."""

    library_path = "revision__document__library"
    list_display = ("revision", "number", "label", "status", "reason", "ocr", "confidence")
    list_filter = ("status", "reason", "ocr", UnsureFilter, ("revision__document__library", LibraryFilter))
    list_select_related = ("revision",)
    search_fields = ("revision__document__title", "revision__filename")
    exclude = ("words", "headings", "unseen")
    show_full_result_count = False


@admin.register(IngestionRun)
class IngestionRunAdmin(Acting, ReadOnly):
    """Every attempt to take a revision in: how far, how it ended, who asked."""

    library_path = "revision__document__library"
    list_display = (
        "revision",
        "status",
        "pages_done",
        "chunks_done",
        "chunks_total",
        "attempts",
        "error_code",
        "requested_by",
        "queued_at",
        "finished_at",
    )
    list_filter = ("status", "error_code", "queued_at", ("revision__document__library", LibraryFilter))
    list_select_related = ("revision", "requested_by")
    search_fields = ("revision__document__title", "revision__filename", "error_code")
    actions = ("retry", "cancel", "reindex")


@admin.register(WatchedFolder)
class WatchedFolderAdmin(ModelAdmin):
    """Folders that libraries follow. `manage.py sync_folder` makes them; here they are seen, and followed no more."""

    library_path = "library"
    list_display = ("path", "library", "watched", "removed", "added_by", "looked_at", "error_code")
    list_filter = ("watched", "removed", "error_code", ("library", LibraryFilter))
    list_select_related = ("library", "added_by")
    search_fields = ("path", "library__name")
    fields = ("path", "library", "watched", "removed", "added_by", "looked_at", "error_code")
    readonly_fields = ("path", "library", "added_by", "looked_at", "error_code")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A path of the server is named on the server."""
        return False


admin.site.register(IndexBuild, IndexBuildAdmin)


@admin.register(ApiToken)
class ApiTokenAdmin(ModelAdmin):
    """Keys of the HTTP API. `manage.py api_token` makes them; here they are seen and withdrawn."""

    list_display = ("user", "name", "scoped", "expires_on", "created_at", "last_used_at")
    list_filter = ("user", "scoped")
    search_fields = ("user__username", "name")
    readonly_fields = ("user", "scoped", "expires_on", "created_at", "last_used_at")
    exclude = ("digest", "libraries")  # libraries' names are for who may read them

    def delete_model(self, request: HttpRequest, obj: ApiToken) -> None:
        """With who withdrew it in the audit log."""
        obj.by = person(request)
        super().delete_model(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A key is shown once, where it is made."""
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    """Who did what. Nothing here can be changed. For auditors: to be an administrator is not enough."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the overview lists it."""
        return is_auditor(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether rows may be seen."""
        return is_auditor(request.user)

    list_display = ("at", "actor", "action", "subject", "facts")
    list_filter = ("action", "at")
    search_fields = ("actor", "subject", "action")
    show_full_result_count = False
