"""Template tags both rooms' pages share: icons, the texts scripts show, errors by code."""

from pathlib import PurePosixPath
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ingestion.audit_trail import is_auditor
from ingestion.description import written_in
from ingestion.errors import error_named
from ingestion.ledger import Entry
from ingestion.lifecycle import in_words, warning
from ingestion.models import Document, DocumentLanguage, Page
from ingestion.readable import FORMATS

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """The icon of that name from the sprite. Decoration only: the control beside it carries the words."""
    source = static("assistant/icons.svg")
    return format_html(
        '<svg class="glyph" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', source, name
    )


@register.simple_tag
def formats_read() -> str:
    """The formats that are read."""
    return FORMATS


@register.filter
def error_message(code: str, params: dict[str, Any] | None = None) -> str:
    """What happened, for an error code kept on a row."""
    return error_named(code, params).texts()[0]


@register.filter
def error_hint(code: str, params: dict[str, Any] | None = None) -> str:
    """What to do next, for an error code kept on a row."""
    return error_named(code, params).texts()[1]


@register.filter
def unread_message(page: Page | Entry) -> str:
    """Why the page could not be read."""
    return error_message(page.reason, _unread_facts(page))


@register.filter
def unread_hint(page: Page | Entry) -> str:
    """What to do about it."""
    return error_hint(page.reason, _unread_facts(page))


def _unread_facts(page: Page | Entry) -> dict[str, str]:
    # An attachment is a page under its name, which ends with its kind.
    return {"kind": PurePosixPath(page.label).suffix or "?"}


@register.filter
def standing_words(document: Document) -> str:
    """Whether the document is in force today, in words, with its date."""
    return in_words(document)


@register.filter
def standing_warning(document: Document) -> str:
    """The same where it is not in force; empty where it is."""
    return warning(document)


@register.filter
def languages_said(document: Document) -> str:
    """The languages a document is filtered by, in words."""
    return ", ".join(str(DocumentLanguage(code).label) for code in written_in(document))


@register.simple_tag(takes_context=True)
def may_audit(context: Context) -> bool:
    """Whether the person of the page is an auditor."""
    return is_auditor(context["user"])


@register.simple_tag
def js_texts() -> dict[str, str]:
    """The sentences that scripts show, in the page's language; `{name}` is filled by the script."""
    return {
        "copied": _("Copied with its sources."),
        "copy_failed": _("The browser did not allow copying. Select the text instead."),
        "delete": _("Delete"),
        "chosen": _("{count} chosen"),
        "filter_tags": _("Tag: {value}"),
        "filter_language": _("Language: {value}"),
        "filter_department": _("Department: {value}"),
        "filter_product": _("Product: {value}"),
        "filter_remove": _("Remove the filter “{value}”"),
        "folder_empty": _("There is no file in this folder that could be uploaded."),
        "leave": _("Open the link"),
        "leave_text": _("This link leads out of Tenkyo, to: {url}"),
        "leave_title": _("Leave Tenkyo?"),
        "network": _("The connection broke. What was stored before is safe."),
        "network_hint": _("Check the network and try again."),
        "offline_answer": _("The connection to the server broke while the answer was being written."),
        "proceed": _("Continue"),
        "in_line": _("Place {place} in line: others are answered first…"),
        "in_line_for": _("Place {place} in line, about {seconds} s: others are answered first…"),
        "proving": _("Checking a sentence against its page…"),
        "reported": _("Reported to the owners of the documents."),
        "retry": _("Try again"),
        "searching": _("Looking in the documents…"),
        "reading": _("Reading {count} passages…"),
        "checking": _("Checking each sentence against its page…"),
        "stopped": _("Stopped. What was written so far is kept."),
        "sending": _("Uploading {percent} %"),
        "waiting": _("Waiting"),
        "stored": _("Received. It is being read now."),
        "stored_before": _("This file is already here; nothing was added."),
        "upload_failed": _("Not uploaded"),
        "unpacking": _("Unpacking"),
        "unpacked": _("Unpacked: {fresh} received, {before} already here, {refused} not taken."),
        "not_taken": _("Not taken ({count}):"),
        "upload_waits": _("The connection broke. What has arrived is safe; it goes on by itself."),
        "upload_stop": _("Stop this upload"),
        "upload_later": _("Many files at once: this one is sent in {seconds} seconds."),
        "thanks": _("Thank you. Your feedback is kept."),
        "withdrawn": _("The report was taken back."),
        "unexpected": _("The server gave an unexpected answer ({status})."),
    }
