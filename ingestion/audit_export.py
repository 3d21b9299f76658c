"""Rows of the audit log as files: CSV for spreadsheets, JSON lines with the field names of OCSF for log systems."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from django.utils import translation

from ingestion.access import Scope
from ingestion.audit import record
from ingestion.audit_trail import Line, Wanted, events, lines
from ingestion.audit_words import ACTIONS, Action, Filed
from ingestion.models import AuditEvent, User
from ingestion.spreadsheet import MARK, rows_written

Format = Literal["csv", "jsonl"]
FORMATS: tuple[Format, ...] = ("csv", "jsonl")
OCSF_VERSION = "1.3.0"
_ROWS_AT_ONCE = 500
_COLUMNS = {
    "ja": ("番号", "日時", "実行者", "操作", "対象", "内容", "詳細", "ハッシュ"),
    "en": ("id", "at", "actor", "action", "subject", "what", "facts", "digest"),
}
_INFORMATIONAL, _SUCCESS, _FAILURE = 1, 1, 2
_OTHER = Action("", Filed.ENTITY_UPDATED)


def export(*, user: User | None, scope: Scope, wanted: Wanted, form: Format, language: str) -> Iterator[str]:
    """Export the rows that match and were there before this was asked, in pieces. Audited, with what was looked for."""
    last = AuditEvent.objects.order_by("-id").first()
    newest = last.pk if last else 0
    rows = events(wanted).filter(id__lte=newest).count()
    record("audit.exported", actor=user, rows=rows, format=form, wanted=wanted.facts())
    return exported(wanted, form, scope=scope, language=language, newest=newest)


def exported(wanted: Wanted, form: Format, *, scope: Scope, language: str, newest: int) -> Iterator[str]:
    """The rows that match, up to the row `newest`, oldest first, in pieces: each a query of its own, none held open."""
    if form == "csv":
        yield MARK + rows_written([_COLUMNS[language]])
    last = 0
    while True:
        part = events(wanted).filter(id__gt=last, id__lte=newest).order_by("id")
        rows = list(part[:_ROWS_AT_ONCE])
        if not rows:
            return
        last = rows[-1].pk
        with translation.override(language):
            said = lines(rows, scope)
            yield rows_written(map(_cells, said)) if form == "csv" else _json_lines(said)


def as_ocsf(line: Line) -> dict[str, Any]:
    """One row as an OCSF event. What OCSF has no field for stands under `unmapped`, with the digests to check it by."""
    event = line.event
    known = ACTIONS.get(event.action, _OTHER)
    class_uid, activity = known.filed.value
    said = {
        "class_uid": class_uid,
        "category_uid": class_uid // 1000,
        "activity_id": activity,
        "type_uid": class_uid * 100 + activity,
        "time": int(event.at.timestamp() * 1000),
        "severity_id": _INFORMATIONAL,
        "status_id": _FAILURE if known.failed else _SUCCESS,
        "message": line.sentence,
        "metadata": {
            "version": OCSF_VERSION,
            "product": {"name": "Tenkyo", "vendor_name": "Tenkyo"},
            "uid": str(event.pk),
            "event_code": event.action,
            "original_time": event.at.isoformat(),
        },
        "unmapped": {"facts": event.facts, "previous": event.previous, "digest": event.digest},
    }
    return said | _actor(event) | _object(event, class_uid)


def _actor(event: AuditEvent) -> dict[str, Any]:
    found: dict[str, Any] = {"actor": {"user": {"name": event.actor}}} if event.actor else {}
    if address := event.facts.get("address"):
        found["src_endpoint"] = {"ip": address}
    return found


def _object(event: AuditEvent, class_uid: int) -> dict[str, Any]:
    """What it was done to, under the name that the class has for it."""
    kind, _colon, key = event.subject.partition(":")
    match class_uid // 1000, class_uid:
        case _, 3001 | 3002:
            return {"user": {"uid": key} if kind == "user" else {"name": event.actor}}
        case _, 3006:
            others = ",".join(map(str, event.facts.get("ids", ())))
            user, group = (others, key) if kind == "group" else (key, others)
            return {"user": {"uid": user}, "group": {"uid": group}}
        case 6, _:
            return {"web_resources": [{"type": kind or "audit_event", "uid": key}]}
        case _:
            return {"entity": {"type": kind or "audit_event", "uid": key}}


def _cells(line: Line) -> tuple[object, ...]:
    event = line.event
    facts = json.dumps(event.facts, ensure_ascii=False, sort_keys=True)
    at = event.at.isoformat(timespec="seconds")
    return (event.pk, at, event.actor, event.action, event.subject, line.sentence, facts, event.digest)


def _json_lines(said: Iterable[Line]) -> str:
    return "".join(json.dumps(as_ocsf(line), ensure_ascii=False) + "\n" for line in said)
