"""A seal a day: cutting off the log's end, or losing a seal, is found."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from ingestion import audit_seals
from ingestion.audit import record
from ingestion.audit_seals import flaws, folder, seal_if_due
from ingestion.models import AuditEvent


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def day(monkeypatch):
    """`day(n)`: it is the n-th of November."""

    def turn(number):
        monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 11, number))

    turn(25)
    return turn


@pytest.fixture
def sealed(day, owner):
    """Three days with two rows each, every evening sealed."""
    for number in (25, 26, 27):
        day(number)
        for page in (1, 2):
            record("page.read", actor=owner, page=page)
        assert seal_if_due()


def what(day):
    return {flaw.what for flaw in flaws() if flaw.day == f"2026-11-{day}"}


def test_a_log_nobody_touched_fits_its_seals(sealed):
    assert flaws() == []


def test_the_log_is_sealed_once_a_day(sealed):
    assert (seal_if_due(), len(list(folder().glob("*.json")))) == (False, 3)


def test_an_empty_log_is_not_sealed(db, day):
    assert not seal_if_due()


def test_the_next_day_is_sealed_anew(sealed, day):
    day(28)
    assert seal_if_due()


def test_a_seal_cannot_be_written_by_accident(sealed):
    assert {path.stat().st_mode & 0o777 for path in folder().glob("*.json")} == {0o400}


def test_two_workers_make_one_seal(day, owner, monkeypatch):
    record("page.read", actor=owner, page=1)
    path = audit_seals._path(timezone.localdate())
    path.parent.mkdir()
    path.write_text("the other worker's")
    assert audit_seals._written(path, b"{}") is False


def test_the_log_names_its_seals(sealed):
    assert [facts["rows"] for facts in AuditEvent.objects.filter(action="audit.sealed").values_list("facts", flat=True)]


def test_an_end_that_was_cut_off_is_found(sealed):
    AuditEvent.objects.filter(pk__in=AuditEvent.objects.order_by("-id").values("pk")[:3]).delete()
    assert what(27) == {"cut"}


def test_rows_made_anew_in_the_place_of_those_cut_off_are_found(sealed, owner):
    last = AuditEvent.objects.exclude(action="audit.sealed").order_by("-id").first()
    AuditEvent.objects.filter(pk__gte=last.pk).delete()
    record("page.read", actor=owner, page=99)
    AuditEvent.objects.filter(facts__page=99).update(id=last.pk)
    assert what(27) == {"cut"}


def test_rows_removed_from_the_beginning_are_found(sealed):
    AuditEvent.objects.order_by("id").first().delete()
    assert what(27) == {"fewer"}


def test_a_seal_that_was_removed_is_found(sealed):
    (folder() / "2026-11-26.json").unlink()
    assert (what(26), what(27)) == ({"missing"}, {"unchained"})


def test_the_last_seal_removed_is_found(sealed):
    (folder() / "2026-11-27.json").unlink()
    assert what(27) == {"missing"}


def test_a_seal_that_was_changed_is_found(sealed):
    path = folder() / "2026-11-26.json"
    path.chmod(0o600)
    path.write_text(path.read_text().replace('"rows": 5', '"rows": 4'))
    assert (what(26), what(27)) == ({"missing"}, {"unchained"})


def test_a_seal_that_is_no_seal_is_found(sealed):
    path = folder() / "2026-11-27.json"
    path.chmod(0o600)
    path.write_text("[]")
    assert what(27) == {"unreadable", "missing"}


def test_a_seal_says_whether_the_days_rows_followed(day, owner, sealed):
    day(28)
    changed = record("page.read", actor=owner, page=1)
    record("page.read", actor=owner, page=2)
    AuditEvent.objects.filter(pk=changed.pk).update(actor="somebody else")
    seal_if_due()
    assert AuditEvent.objects.filter(action="audit.sealed").order_by("-id").first().facts["broken"] == 1


def test_the_sweeper_seals(day, owner, queued):
    from ingestion import tasks

    record("page.read", actor=owner, page=1)
    tasks.sweep()
    assert (folder() / "2026-11-25.json").exists()


def test_the_command_finds_a_tail_that_was_cut_off(sealed):
    AuditEvent.objects.filter(pk__in=AuditEvent.objects.order_by("-id").values("pk")[:3]).delete()
    with pytest.raises(CommandError, match="the end was cut off"):
        call_command("audit_verify")


def test_the_command_says_that_every_seal_fits(sealed, capsys):
    call_command("audit_verify")
    assert "Every seal fits; the last is of 2026-11-27" in capsys.readouterr().out


def test_a_file_system_without_links_is_sealed_on_too(day, owner, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(audit_seals.os, "link", refuse)
    record("page.read", actor=owner, page=1)
    assert (seal_if_due(), flaws()) == (True, [])
