"""What the admin pages of both rooms share: rows of what the person may read, and a search of bounded length.

A superuser sees every row. Staff see those of libraries they may read, and their own conversations: a permission says
what kind of row somebody may see in the admin, the Scope says which.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest

from ingestion.access import Scope, scope_for
from ingestion.models import Library
from ingestion.text import search_words
from ingestion.web import person

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:  # Django's own class takes no type arguments at run time
    _ModelAdmin = admin.ModelAdmin


class BoundedSearch(_ModelAdmin):
    """A list whose search takes as many words as the pages' own."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows that hold the first words: SQLite refuses an expression a thousand words deep."""
        return super().get_search_results(request, queryset, " ".join(search_words(search_term)))


class ModelAdmin(BoundedSearch):
    """Rows by way of the Scope. `library_path` leads from a row to its library, `person_path` to whose it is."""

    library_path: ClassVar[str] = ""
    person_path: ClassVar[str] = ""

    def get_queryset(self, request: HttpRequest) -> Any:
        """The rows this person may see."""
        found = super().get_queryset(request)
        return found if person(request).is_superuser else self.in_scope(found, scope_of(request))

    def in_scope(self, found: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
        """Those of the rows that this scope may read."""
        if self.library_path:
            return found.filter(**{f"{self.library_path}__in": scope.readable})
        return found.filter(**{self.person_path: scope.user_id}) if self.person_path else found

    def formfield_for_foreignkey(self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """Of libraries, only those this person may read can be chosen."""
        if db_field.related_model is Library:
            kwargs["queryset"] = scope_of(request).libraries()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class LibraryFilter(admin.RelatedFieldListFilter):
    """Filters by library, and names only those this person may read."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """(id, name) of each."""
        return [(str(library.pk), library.name) for library in scope_of(request).libraries()]


def scope_of(request: HttpRequest) -> Scope:
    """What they may read and change."""
    return scope_for(person(request))
