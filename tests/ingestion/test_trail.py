"""What Django itself does to people and their access is in the audit log, and the log can be checked."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.urls import reverse

from ingestion.access import token_issue
from ingestion.audit import record
from ingestion.models import AuditEvent

PASSWORD = "correct horse battery"


# What the form says of the directory: nothing.
NO_DIRECTORY = {"directory-TOTAL_FORMS": "0", "directory-INITIAL_FORMS": "0"}


def events(action):
    return list(AuditEvent.objects.filter(action=action).values_list("actor", "subject"))


@pytest.fixture
def at_work(client, admin):
    """A signed-in administrator's client."""
    client.force_login(admin)
    return client


def test_a_sign_in_is_recorded(client, owner):
    client.post("/login/", {"username": "owner", "password": PASSWORD})
    assert events("user.signed_in") == [("owner", f"user:{owner.pk}")]


def test_a_sign_out_is_recorded(client, owner):
    client.force_login(owner)
    client.post("/logout/")
    assert events("user.signed_out") == [("owner", f"user:{owner.pk}")]


def test_a_failed_sign_in_is_recorded(client, owner):
    client.post("/login/", {"username": "owner", "password": "guessed"})
    assert events("user.sign_in_failed") == [("", f"user:{owner.pk}")]


def test_a_password_typed_as_a_name_is_not_kept(client, owner):
    client.post("/login/", {"username": PASSWORD, "password": "x"})
    assert PASSWORD not in str(AuditEvent.objects.values())


def test_a_token_is_recorded_and_not_shown(owner):
    token = token_issue(user=owner)
    assert (events("token.issued"), token in str(AuditEvent.objects.values())) == ([("", f"user:{owner.pk}")], False)


def test_a_token_that_is_withdrawn_is_recorded(owner):
    token_issue(user=owner)
    owner.api_tokens.get().delete()
    assert events("token.withdrawn") == [("", f"user:{owner.pk}")]


def test_a_person_who_gets_into_a_group_is_recorded(stranger):
    group = Group.objects.create(name="Design")
    stranger.groups.add(group)
    assert AuditEvent.objects.get(action="access.groups_add").facts == {"ids": [group.pk]}


def test_a_person_who_is_removed_is_recorded(stranger):
    key = stranger.pk
    stranger.delete()
    assert events("user.removed") == [("", f"user:{key}")]


def test_a_change_in_the_admin_is_recorded_with_who_made_it(at_work):
    at_work.post(reverse("admin:auth_group_add"), {"name": "Design", **NO_DIRECTORY})
    assert events("admin.added") == [("admin", f"group:{Group.objects.get(name='Design').pk}")]


def test_who_may_read_a_library_after_a_change_in_the_admin_is_recorded(at_work, library, owner, reader):
    group = Group.objects.create(name="Design")
    said = {"name": library.name, "description": "", "readers": [group.pk], "owners": [owner.pk]}
    at_work.post(reverse("admin:ingestion_library_change", args=[library.pk]), said)
    event = AuditEvent.objects.get(action="library.grant")
    assert (event.actor, event.facts) == ("admin", {"readers": [group.pk], "owners": [owner.pk]})


def test_a_download_says_which_revision_it_was(client, owner, library):
    from tests.factories import upload

    document = upload(owner, library).document
    client.force_login(owner)
    client.get(f"/documents/{document.pk}/file")
    facts = AuditEvent.objects.get(action="document.download").facts
    assert facts == {"revision": str(document.revisions.get().pk)}


def test_a_whole_log_is_called_whole(owner, capsys):
    record("one", actor=owner)
    call_command("audit_verify")
    assert "1 rows, each following" in capsys.readouterr().out


def test_a_log_that_was_changed_is_refused(owner):
    changed = record("one", actor=owner)
    AuditEvent.objects.filter(pk=changed.pk).update(actor="somebody else")
    with pytest.raises(CommandError, match="do not follow"):
        call_command("audit_verify")


def test_a_log_whose_end_was_removed_is_refused(owner):
    record("one", actor=owner)
    last = record("two", actor=owner)
    last.delete()
    with pytest.raises(CommandError, match="the end of the log was removed"):
        call_command("audit_verify", expect=last.digest)
