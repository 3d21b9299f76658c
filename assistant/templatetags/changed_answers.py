"""What the page of a document's changes says of answers."""

from collections.abc import Collection
from typing import Any

from django import template

from assistant import changed_answers
from ingestion.models import Revision

register = template.Library()


@register.simple_tag(takes_context=True)
def answers_citing(context: dict[str, Any], revision: Revision, pages: Collection[int]) -> changed_answers.Cited:
    """Recent answers that cite these pages of the revision."""
    return changed_answers.answers_citing(context["request"].user, revision, pages)
