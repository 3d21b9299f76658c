"""Reports: a reader makes and withdraws one, an owner resolves and reopens it. Checks, writes, audits."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assistant.models import Citation, Message, Report, Resolution, Sentence
from assistant.questions import remark
from assistant.reports_inbox import inbox
from ingestion.access import Scope, as_uuid
from ingestion.audit import record
from ingestion.errors import NotFound
from ingestion.models import Library, User


def report_make(
    *, user: User, scope: Scope, message_id: object, ordinal: int | None, comment: str | None = None
) -> Report:
    """Report a sentence of one's own answer as wrong, or (no `ordinal`) that it should not have been refused.

    Once per person: again with a `comment`, it adds or changes that while the report is open. Raises NotFound.
    """
    message, sentence = _reportable(user, message_id, ordinal)
    with transaction.atomic():
        report, made = Report.objects.get_or_create(message=message, sentence=sentence, user=user)
        if made:
            report.libraries.set(_libraries(message, sentence, scope))
            _record("report.made", user, report)
        if comment is not None and report.open:
            report.comment = remark(comment)
            report.save(update_fields=["comment"])
    return report


def report_withdraw(*, user: User, message_id: object, ordinal: int | None) -> None:
    """Take back one's own report while no owner has resolved it. Raises NotFound."""
    message, sentence = _reportable(user, message_id, ordinal)
    with transaction.atomic():
        found = Report.objects.filter(message=message, sentence=sentence, user=user, resolution="").first()
        if found is None:
            raise NotFound
        _record("report.withdrawn", user, found)
        found.delete()


def report_resolve(*, user: User, scope: Scope, report_id: object, resolution: Resolution, note: str = "") -> Report:
    """Say what was done about a report to one of the person's libraries; the reader sees it. Raises NotFound."""
    return _decided(user, scope, report_id, resolution, remark(note))


def report_reopen(*, user: User, scope: Scope, report_id: object) -> Report:
    """Undo a resolution; its note is kept for the next one. Raises NotFound."""
    return _decided(user, scope, report_id, None)


def _reportable(user: User, message_id: object, ordinal: int | None) -> tuple[Message, Sentence | None]:
    """The person's own answer with the sentence of it that was shown, or without one where it was refused."""
    mine = Message.objects.filter(role="assistant", conversation__user=user)
    message = mine.filter(id=as_uuid(message_id), abstained=ordinal is None).first()
    if message is None:
        raise NotFound
    if ordinal is None:
        return message, None
    sentence = message.sentences.filter(ordinal=ordinal, withheld=False).first()
    if sentence is None:
        raise NotFound
    return message, sentence


def _libraries(message: Message, sentence: Sentence | None, scope: Scope) -> QuerySet[Library]:
    """Whose owners a report is for: of the documents cited; where none is, of all that was searched."""
    cited = Citation.objects.filter(sentences=sentence, revision__isnull=False) if sentence else Citation.objects.none()
    if cited.exists():
        return Library.objects.filter(documents__revisions__in=cited.values("revision_id")).distinct()
    return Library.objects.filter(id__in=message.searched or scope.readable)


def _decided(
    user: User, scope: Scope, report_id: object, resolution: Resolution | None, note: str | None = None
) -> Report:
    with transaction.atomic():
        report = inbox(scope).filter(id=as_uuid(report_id)).first()
        if report is None:
            raise NotFound
        report.resolution = resolution or ""
        report.resolved_by, report.resolved_at = (user, timezone.now()) if resolution else (None, None)
        report.note = report.note if note is None else note
        report.save(update_fields=["resolution", "resolved_by", "resolved_at", "note"])
        _record("report.resolved" if resolution else "report.reopened", user, report, resolution=report.resolution)
    return report


def _record(action: str, user: User, report: Report, **facts: str) -> None:
    record(action, actor=user, subject=f"message:{report.message_id}", report=str(report.id), **facts)
