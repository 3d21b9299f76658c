"""The auditor's pages: for auditors alone; rows found, told in sentences, checked and exported."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.urls import reverse

from ingestion import audit
from ingestion.audit import record
from ingestion.audit_trail import is_auditor
from ingestion.models import AuditEvent
from tests.factories import make_user, upload

DOORS = [("get", "/audit/"), ("post", "/audit/check/"), ("post", "/audit/export/")]


@pytest.fixture
def auditor(db):
    """A person who was given the permission, and reads no library."""
    person = make_user("auditor")
    person.user_permissions.add(Permission.objects.get(codename="view_auditevent"))
    return person


@pytest.fixture
def page(client, auditor):
    """`page(**fields)`: the audit page in English."""
    client.force_login(auditor)
    AuditEvent.objects.all().delete()  # the sign-in

    def asked(**fields):
        return client.get("/audit/", fields, headers={"Accept-Language": "en"})

    return asked


def shown(answer):
    return [line.event.subject for line in answer.context["lines"]]


@pytest.mark.parametrize(("method", "door"), DOORS)
@pytest.mark.parametrize("person", ["admin", "owner", "reader"])
def test_for_everybody_else_there_is_nothing_there(client, request, person, method, door):
    client.force_login(request.getfixturevalue(person))
    headers = {"X-Request-ID": "the-same-request"}
    there = getattr(client, method)(door, headers=headers)
    nowhere = getattr(client, method)("/no/such/page/", headers=headers)
    assert (there.status_code, there.content) == (404, nowhere.content)


def test_an_administrator_finds_no_audit_trail_in_the_administration_either(client, admin):
    client.force_login(admin)
    assert client.get(reverse("admin:ingestion_auditevent_changelist")).status_code == 403


def test_an_administrator_who_was_given_the_permission_sees_it(client, admin):
    admin.user_permissions.add(Permission.objects.get(codename="view_auditevent"))
    client.force_login(admin)
    assert client.get("/audit/").status_code == 200


def test_a_group_gives_the_permission(stranger):
    group = Group.objects.create(name="Revision")
    group.permissions.add(Permission.objects.get(codename="view_auditevent"))
    stranger.groups.add(group)
    assert is_auditor(stranger)


def test_there_is_a_group_of_auditors_and_nobody_is_in_it(db):
    group = Group.objects.get(name="Auditors")
    assert ([one.codename for one in group.permissions.all()], group.user_set.count()) == (["view_auditevent"], 0)


def test_a_suspended_auditor_is_none(auditor):
    auditor.is_active = False
    assert not is_auditor(auditor)


@pytest.mark.parametrize(("who", "there"), [("auditor", True), ("admin", False)])
def test_the_menu_names_the_audit_trail_to_auditors(client, request, who, there):
    client.force_login(request.getfixturevalue(who))
    assert ('href="/audit/"' in client.get("/libraries/").content.decode()) is there


def test_rows_are_told_as_sentences_the_newest_first(page, owner):
    record("user.signed_in", actor=owner, subject=f"user:{owner.pk}")
    record("page.read", actor=owner, subject="document:x", page=7)
    said = [line.sentence for line in page().context["lines"]]
    assert said == ["owner read page 7 of the document x.", "owner signed in."]


def test_sentences_are_in_the_readers_language(client, auditor, page, owner):
    record("user.signed_in", actor=owner)
    assert "owner がログインしました。" in client.get("/audit/", headers={"Accept-Language": "ja"}).content.decode()


def test_an_auditor_who_may_not_read_a_document_is_not_told_its_title(page, owner, library):
    upload(owner, library, filename="Secret plans.txt")
    assert "Secret plans" not in page().content.decode()


def test_an_auditor_who_may_read_a_document_is_told_its_title(page, auditor, owner, library):
    upload(owner, library, filename="Open plans.txt")
    auditor.groups.add(library.readers.get())
    assert "owner uploaded “Open plans”." in page().content.decode()


def test_an_auditor_does_not_read_documents(client, auditor, owner, library):
    document = upload(owner, library).document
    client.force_login(auditor)
    assert client.get(f"/documents/{document.pk}/").status_code == 404


def test_what_is_in_a_row_is_never_taken_for_html(page):
    record("page.read", subject="<script>alert(1)</script>", page="<b>")
    text = page().content.decode()
    assert ("<script>alert" in text, "<b>" in text.replace("<b></b>", "")) == (False, False)


def test_an_action_nobody_knows_is_told_as_it_is(page):
    record("something.else", subject="thing:1")
    assert page().context["lines"][0].sentence == "The system: something.else thing:1"


@pytest.fixture
def trail(page, owner, reader, monkeypatch):
    """Four rows on three days; `trail(**fields)` gives the subjects of those found."""
    rows = [
        (25, "page.read", owner, "document:a", {"page": 1, "title": "渦巻ポンプ"}),
        (26, "page.read", reader, "document:b", {"page": 2}),
        (26, "library.grant", owner, "library:c", {"groups": [4]}),
        (27, "user.sign_in_failed", None, f"user:{reader.pk}", {"address": "198.51.100.7"}),
    ]
    for day, action, actor, subject, facts in rows:
        at = datetime(2026, 11, day, 3, tzinfo=UTC)
        monkeypatch.setattr(audit.timezone, "now", lambda at=at: at)
        record(action, actor=actor, subject=subject, **facts)
    monkeypatch.undo()
    return lambda **fields: [one.partition(":")[2] for one in shown(page(**fields))]


def test_rows_are_found_by_person_as_doer_and_as_object(trail, reader):
    assert trail(person="reader") == [str(reader.pk), "b"]


def test_rows_are_found_by_action(trail):
    assert trail(action="page.read") == ["b", "a"]


def test_rows_are_found_by_object(trail):
    assert trail(subject="library:") == ["c"]


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ({"since": "2026-11-27"}, 1),
        ({"until": "2026-11-25"}, 1),
        ({"since": "2026-11-26", "until": "2026-11-26"}, 2),
    ],
)
def test_rows_are_found_by_day_both_ends_included(trail, days, found):
    assert len(trail(**days)) == found


def test_the_days_are_the_sites(trail):
    AuditEvent.objects.filter(subject="document:a").update(at=datetime(2026, 11, 25, 15, 30, tzinfo=UTC))
    assert "a" in trail(since="2026-11-26")  # half past midnight in Tokyo


@pytest.mark.parametrize(("words", "found"), [("198.51.100.7", 1), ("渦巻", 1), ("渦巻 ポンプ", 1), ("nothing", 0)])
def test_rows_are_found_by_words_of_their_details(trail, words, found):
    assert len(trail(words=words)) == found


@pytest.mark.parametrize("words", ["%", "_", "\\", '"', "a " * 3000])
def test_no_words_break_the_search(page, words):
    record("page.read", page=1)
    assert page(words=words[:200]).status_code == 200


def test_a_day_that_is_none_is_said_beside_it_and_finds_nothing(trail, page):
    answer = page(since="yesterday")
    assert ("since" in answer.context["form"].errors, shown(answer)) == (True, [])


def test_the_list_has_pages_that_keep_what_was_asked(page, owner):
    for number in range(51):
        record("page.read", actor=owner, subject=f"document:{number}", page=1)
    first, second = page(person="owner"), page(person="owner", page=2)
    assert (len(shown(first)), shown(second)) == (50, ["document:0"])
    assert "?person=owner&amp;page=2" in first.content.decode()


def test_a_check_that_finds_nothing_is_shown_and_recorded(page, client, owner):
    record("page.read", actor=owner, page=1)
    client.post("/audit/check/")
    answer = page()
    assert (answer.context["check"].whole, AuditEvent.objects.get(action="audit.checked").actor) == (True, "auditor")


def test_a_check_that_finds_a_changed_row_names_it(page, client, owner):
    changed = record("page.read", actor=owner, page=1)
    record("page.read", actor=owner, page=2)
    AuditEvent.objects.filter(pk=changed.pk).update(actor="somebody else")
    client.post("/audit/check/")
    text = page().content.decode()
    assert ("Not whole" in text, f"the first is no. {changed.pk}." in text) == (True, True)


@pytest.fixture
def export(client, page):
    """`export(format, **fields)`: the file's text."""

    def sent(kind, **fields):
        answer = client.post("/audit/export/", {"format": kind, **fields}, headers={"Accept-Language": "en"})
        assert answer.status_code == 200
        return b"".join(answer).decode()

    return sent


def read_csv(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_export_holds_the_rows_that_match_the_oldest_first(export, trail):
    rows = read_csv(export("csv", action="page.read"))
    assert [row[4] for row in rows[1:]] == ["document:a", "document:b"]


def test_no_cell_of_the_export_is_a_formula(export):
    record("page.read", subject="=1+1", page="@SUM(A1)")
    cells = [cell for row in read_csv(export("csv")) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_an_export_is_recorded_with_what_was_asked(export, trail):
    export("csv", action="page.read")
    event = AuditEvent.objects.get(action="audit.exported")
    assert (event.actor, event.facts) == ("auditor", {"rows": 2, "format": "csv", "wanted": {"action": "page.read"}})


def test_an_export_does_not_hold_itself(export, trail):
    assert "audit.exported" not in export("jsonl")


def test_an_export_of_many_rows_holds_each_once(export, owner):
    for number in range(1001):
        AuditEvent.objects.create(at=datetime.now(UTC), action="page.read", subject=f"x:{number}", digest=str(number))
    assert len({json.loads(line)["metadata"]["uid"] for line in export("jsonl").splitlines()}) == 1001


@pytest.mark.parametrize(("kind", "fields"), [("pdf", {}), ("", {}), ("csv", {"since": "yesterday"})])
def test_an_export_of_another_kind_is_not_there(client, page, kind, fields):
    assert client.post("/audit/export/", {"format": kind, **fields}).status_code == 404


def test_json_lines_have_the_names_of_ocsf(export, owner):
    event = record("page.read", actor=owner, subject="document:a", page=1)
    said = json.loads(export("jsonl"))
    assert {name: said[name] for name in ("class_uid", "category_uid", "activity_id", "type_uid", "status_id")} == {
        "class_uid": 6001,
        "category_uid": 6,
        "activity_id": 2,
        "type_uid": 600102,
        "status_id": 1,
    }
    assert (said["actor"], said["web_resources"]) == ({"user": {"name": "owner"}}, [{"type": "document", "uid": "a"}])
    assert (said["time"], said["unmapped"]["digest"]) == (int(event.at.timestamp() * 1000), event.digest)


def test_a_failed_sign_in_is_a_failed_logon_from_its_address(export, owner):
    record("user.sign_in_failed", subject=f"user:{owner.pk}", address="198.51.100.7")
    said = json.loads(export("jsonl"))
    assert (said["type_uid"], said["status_id"], said["src_endpoint"]) == (300201, 2, {"ip": "198.51.100.7"})


def test_somebody_who_got_into_groups_is_told_with_them(export, owner):
    record("access.groups_add", subject=f"user:{owner.pk}", ids=[4, 7])
    said = json.loads(export("jsonl"))
    assert (said["class_uid"], said["user"], said["group"]) == (3006, {"uid": str(owner.pk)}, {"uid": "4,7"})


def command(capsys, *said):
    call_command("audit_export", *said)
    return capsys.readouterr().out


def test_the_command_writes_json_lines(capsys, trail):
    subjects = [json.loads(line)["message"] for line in command(capsys, "--action", "page.read").splitlines()]
    assert subjects == ["owner read page 1 of the document a.", "reader read page 2 of the document b."]


def test_the_command_is_recorded(capsys, trail):
    command(capsys, "--since", "2026-11-27", "--format", "csv", "--as", "auditor")
    event = AuditEvent.objects.get(action="audit.exported")
    assert (event.actor, event.facts["rows"], event.facts["wanted"]) == ("auditor", 1, {"since": "2026-11-27"})


@pytest.mark.parametrize("said", [("--since", "x"), ("--action", "no.such"), ("--as", "nobody")])
def test_the_command_refuses_what_it_does_not_know(db, said):
    with pytest.raises(CommandError):
        call_command("audit_export", *said)
