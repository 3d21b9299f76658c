"""Which of the documents in scope are searched: with all of these tags, in this language, of this department.

Answered by the database at each request, as revision ids that the index is asked for: what an owner changes holds from
the next question on, and there is no second place that could disagree. A filter narrows a scope and never widens it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from ingestion import tags
from ingestion.access import Scope
from ingestion.lifecycle import effective
from ingestion.models import Document, DocumentLanguage
from ingestion.text import one_line

MOST_TAGS = 20


@dataclass(frozen=True, slots=True)
class Filter:
    """What a document must be; what is empty asks nothing. Words are compared as tags are."""

    tags: tuple[str, ...] = ()
    language: str = ""
    department: str = ""
    product: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))

    def said(self) -> dict[str, Any]:
        """What it asks, for a column, an audit row or a page."""
        return {name: value for name, value in asdict(self).items() if value}


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Choices:
    """What the documents in scope can be narrowed by, each with how many of them there are."""

    tags: dict[str, int]
    languages: dict[str, int]
    departments: dict[str, int]
    products: dict[str, int]


def filter_of(said: Mapping[str, Any]) -> Filter:
    """The filter that a request or a column holds, as any database keeps it. What makes no sense asks nothing."""
    words = {name: one_line(str(said.get(name) or "")) for name in ("department", "product")}
    language = str(said.get("language") or "")
    chosen = tuple(tags.distinct(str(name) for name in said.get("tags") or ()))[:MOST_TAGS]
    return Filter(chosen, language if language in DocumentLanguage.values else "", **words)


def documents_within(scope: Scope, only: Filter) -> QuerySet[Document]:
    """The documents in scope that the filter lets through."""
    found = scope.documents()
    for key in map(tags.key_of, only.tags):
        found = found.filter(tags__key=key)
    if only.language:
        detected = Q(language="", current__languages__contains=only.language)
        found = found.filter(Q(language=only.language) | detected)
    for name in ("department", "product"):
        if wanted := getattr(only, name):
            found = found.filter(**{f"{name}__in": _spellings(scope, name, wanted)})
    return found


def revisions_within(scope: Scope, only: Filter) -> list[UUID]:
    """The revisions that are answered from today and that the filter lets through."""
    found = documents_within(scope, only).filter(effective()).exclude(current=None)
    return list(found.order_by().values_list("current_id", flat=True))


def choices(scope: Scope) -> Choices:
    """What can be chosen: of tags and words that are compared equal, the spelling that most documents have."""
    there = scope.documents().filter(effective()).exclude(current=None).order_by()
    said = Counter[str]()
    for language, detected in there.values_list("language", "current__languages"):
        said.update([language] if language else detected.split())
    return Choices(
        tags=_counted(there.exclude(tags=None).values_list("tags__name", flat=True)),
        languages={code: said[code] for code in DocumentLanguage.values if said[code]},
        departments=_counted(there.exclude(department="").values_list("department", flat=True)),
        products=_counted(there.exclude(product="").values_list("product", flat=True)),
    )


def _spellings(scope: Scope, name: str, wanted: str) -> list[str]:
    """The spellings in scope of a department or product that are compared equal to this one."""
    there = scope.documents().exclude(**{name: ""}).order_by().values_list(name, flat=True).distinct()
    return [spelling for spelling in there if tags.key_of(spelling) == tags.key_of(wanted)]


def _counted(names: "Sequence[str] | QuerySet[Document, str]") -> dict[str, int]:
    counts, shown = Counter[str](), dict[str, str]()
    for name, count in Counter(names).most_common():
        key = tags.key_of(name)
        shown.setdefault(key, name)
        counts[key] += count
    return {shown[key]: counts[key] for key in sorted(counts, key=lambda key: (-counts[key], key))}
