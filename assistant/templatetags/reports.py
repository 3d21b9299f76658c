"""What other pages say of reports."""

from typing import Any

from django import template

from assistant.reports_inbox import open_count
from ingestion.access import scope_for

register = template.Library()


@register.simple_tag(takes_context=True)
def open_reports(context: dict[str, Any]) -> int | None:
    """How many reports wait for the person; None for somebody who owns no library."""
    scope = scope_for(context["request"].user)
    return open_count(scope) if scope.owned else None
