"""Why somebody may see something: the rule that decides is the Scope's, and a change can be tried out before."""

import random
import uuid

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from ingestion.access import scope_for
from ingestion.models import AuditEvent, Library, User
from ingestion.why import Rule, Verdict, explain, facts_of, reachable
from tests.factories import make_library, make_user, upload

PAGE = "/admin/ingestion/library/why/"


@pytest.mark.parametrize("seed", range(5))
def test_what_is_explained_is_what_the_scope_holds(db, seed):
    dice = random.Random(seed)  # noqa: S311  a test, repeatable
    groups = [Group.objects.create(name=f"g{number}") for number in range(4)]
    people = [
        make_user(f"p{number}", is_superuser=dice.random() < 0.2, is_active=dice.random() < 0.8) for number in range(8)
    ]
    for person in people:
        person.groups.set(dice.sample(groups, dice.randint(0, 3)))
    for number in range(6):
        made = make_library(f"l{number}")
        made.readers.set(dice.sample(groups, dice.randint(0, 2)))
        made.owners.set(dice.sample(people, dice.randint(0, 2)))
    for person in people:
        scope, facts = scope_for(person), facts_of(person)
        said = {library.pk: explain(facts, library).verdict for library in Library.objects.all()}
        assert {key for key, verdict in said.items() if verdict != Verdict.NOTHING} == scope.readable
        assert {key for key, verdict in said.items() if verdict == Verdict.CHANGE} == scope.owned
        assert reachable(facts, Library.objects.all()) == scope.readable


@pytest.mark.parametrize(
    ("person", "rule"),
    [("admin", Rule.ADMINISTRATOR), ("owner", Rule.OWNER), ("reader", Rule.READER), ("stranger", Rule.NONE)],
)
def test_the_rule_that_decides_is_named(request, library, person, rule):
    assert explain(facts_of(request.getfixturevalue(person)), library).rule == rule


def test_a_suspended_owner_sees_nothing_because_of_the_suspension(owner, library):
    owner.is_active = False
    found = explain(facts_of(owner), library)
    assert (found.rule, found.verdict, found.also) == (Rule.SUSPENDED, Verdict.NOTHING, (Rule.OWNER,))


def test_the_group_that_lets_somebody_read_is_named(reader, library):
    assert explain(facts_of(reader), library).groups == ("Maintenance",)


@pytest.fixture
def page(client, admin):
    """`page(person, object, **change)`: the administrator's page in English."""
    client.force_login(admin)

    def asked(person, what, **change):
        said = {"person": person, "object": str(what), **({"tried": "yes", "active": "on"} | change if change else {})}
        return client.get(PAGE, said, headers={"Accept-Language": "en"})

    return asked


def test_the_page_explains_a_document_by_its_address(page, owner, reader, library, queued):
    document = upload(owner, library).document
    answer = page("reader", f"https://tenkyo.example/documents/{document.pk}/pages/1/")
    text = answer.content.decode()
    assert ("reader may see it, but not change it." in text, "(Maintenance)" in text) == (True, True)


def test_the_page_explains_a_library(page, library, stranger):
    assert "stranger may not see it" in page("stranger", library.pk).content.decode()


def test_a_group_is_tried_out_without_a_change(page, stranger, library):
    answer = page("stranger", library.pk, groups=[library.readers.get().pk])
    told = (answer.context["then"].verdict, answer.context["gained"], answer.context["lost"])
    assert (told, stranger.groups.count()) == ((Verdict.READ, ["Pumps"], []), 0)


def test_leaving_a_group_is_tried_out(page, reader, library):
    answer = page("reader", library.pk, owner="")
    assert (answer.context["then"].verdict, answer.context["lost"]) == (Verdict.NOTHING, ["Pumps"])


def test_owning_is_tried_out(page, stranger, library):
    assert page("stranger", library.pk, owner="on").context["then"].verdict == Verdict.CHANGE


def test_suspending_is_tried_out(page, owner, library):
    answer = page("owner", library.pk, owner="on", active="")
    assert (answer.context["then"].rule, User.objects.get(pk=owner.pk).is_active) == (Rule.SUSPENDED, True)


def test_asking_is_recorded(page, reader, library):
    page("reader", library.pk)
    event = AuditEvent.objects.get(action="access.explained")
    facts = {"object": f"library:{library.pk}", "rule": "reader"}
    assert (event.actor, event.subject, event.facts) == ("admin", f"user:{reader.pk}", facts)


@pytest.mark.parametrize("what", ["", "x", uuid.UUID(int=7), "x" * 600])
def test_what_is_not_there_is_explained_to_nobody(page, reader, what):
    assert "now" not in page("reader", what).context


@pytest.fixture
def staff(client, stranger):
    """A person of the administration who may see people and libraries, and reads none."""
    stranger.is_staff = True
    stranger.save()
    stranger.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "view_library"]))
    client.force_login(stranger)
    return client


def test_staff_are_told_of_a_library_they_may_not_see_what_they_are_told_of_none(staff, library, reader):
    said = [
        staff.get(PAGE, {"person": "reader", "object": str(one)}).context["form"].errors["object"]
        for one in (library.pk, uuid.UUID(int=7))
    ]
    assert said[0] == said[1]


def test_staff_without_the_permission_to_see_people_are_refused(staff, stranger):
    stranger.user_permissions.set(Permission.objects.filter(codename="view_library"))
    assert staff.get(PAGE).status_code == 403


def test_who_is_not_staff_is_sent_to_the_administrations_door(client, reader):
    client.force_login(reader)
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("model", ["library", "document", "user"])
def test_the_lists_lead_to_the_page(client, admin, model):
    client.force_login(admin)
    assert PAGE in client.get(reverse(f"admin:ingestion_{model}_changelist")).content.decode()
