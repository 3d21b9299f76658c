"""What the admin pages of the conversation are built from: rows that only the product writes."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from ingestion.admin_scope import ModelAdmin

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]
else:  # Django's own class takes no type arguments at run time
    TabularInline = admin.TabularInline


class Kept(ModelAdmin):
    """Rows that only the product writes. They can be removed, with what belongs to them, but not changed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds them by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes them by hand."""
        return False


class Inline(TabularInline):
    """Rows below another row, to read."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds them by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes them by hand."""
        return False
