"""The audit log: append-only, and whole or visibly not."""

from ingestion.audit import broken_links, record
from ingestion.models import AuditEvent


def test_each_row_covers_the_one_before_it(owner):
    first, second = record("one", actor=owner), record("two", actor=owner)

    assert (first.previous, second.previous) == ("", first.digest)


def test_a_log_nobody_touched_is_whole(owner):
    for number in range(5):
        record("page.read", actor=owner, subject="document:1", page=number, title="ポンプ")

    assert broken_links() == []


def test_a_row_changed_afterwards_is_found(owner):
    changed = record("one", actor=owner)
    record("two", actor=owner)
    AuditEvent.objects.filter(pk=changed.pk).update(actor="somebody else")

    assert broken_links() == [changed.pk]


def test_a_row_removed_afterwards_is_found(owner):
    removed, after = record("one", actor=owner), record("two", actor=owner)
    AuditEvent.objects.filter(pk=removed.pk).delete()

    assert broken_links() == [after.pk]
