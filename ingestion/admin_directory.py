"""The administration's part of the company's directory: whose account an identity is, which groups follow it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from ingestion.admin_bases import TabularInline
from ingestion.admin_scope import ModelAdmin
from ingestion.models import CompanyIdentity, DirectoryGroup


class DirectoryGroupInline(TabularInline):
    """The name that the directory has for the group."""

    model = DirectoryGroup
    extra = 0
    max_num = 1


@admin.register(CompanyIdentity)
class CompanyIdentityAdmin(ModelAdmin):
    """Whose account an identity of the directory opens. For superusers: whoever links one gets into it."""

    list_display = ("user", "source", "subject", "created_at", "last_used_at")
    search_fields = ("user__username", "subject")
    list_select_related = ("user",)
    autocomplete_fields = ("user",)
    fields = ("user", "source", "subject")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the overview lists it."""
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether rows may be seen."""
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether an account may be linked."""
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A link is removed and made anew, never turned to somebody else."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether a link may be removed."""
        return bool(request.user.is_superuser)
