"""Django admin of dictionaries: searched and read here; owners change them on their library's page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from assistant.admin_bases import Kept
from assistant.models import DictionaryEntry
from ingestion.admin_scope import LibraryFilter


@admin.register(DictionaryEntry)
class DictionaryEntryAdmin(Kept):
    """Words that mean the same in a library."""

    library_path = "library"
    list_display = ("listed", "library", "note", "changed_by", "changed_at")
    list_filter = (("library", LibraryFilter), "changed_at")
    list_select_related = ("library", "changed_by")
    search_fields = ("spelt__text", "note")
    fields = readonly_fields = ("listed", "library", "note", "changed_by", "changed_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With their words."""
        return super().get_queryset(request).prefetch_related("spelt")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes them here: only owners may, on their library's page."""
        return False

    @admin.display(description=_("words"))
    def listed(self, entry: DictionaryEntry) -> str:
        """All of them."""
        return str(entry)
