"""Where a person is signed in: listed in words, ended by themselves, and all at once when they are suspended."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from ingestion import sessions
from ingestion.access import token_issue
from ingestion.models import AuditEvent, UserSession

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PASSWORD = "correct horse battery"


def signed_in(person, agent=FIREFOX, address="198.51.100.7"):
    """A browser of this person, which has asked for a page."""
    client = Client(headers={"User-Agent": agent, "Accept-Language": "en"}, REMOTE_ADDR=address)
    client.force_login(person)
    assert client.get("/account/").status_code == 200
    return client


def is_in(client):
    return client.get("/account/").status_code == 200


def ended(client, **said):
    return client.post("/account/sessions/end/", said).status_code


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/18 Safari/605", "Safari on macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1", "Safari on iOS"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5", "Unknown browser"),
    ],
)
def test_a_browser_is_told_in_words(agent, words):
    with override("en"):
        assert sessions.browser_words(agent) == words


def test_a_session_is_listed_with_browser_and_address(owner):
    shown = signed_in(owner).get("/account/").content.decode()
    assert ("Firefox on Windows" in shown, "from 198.51.100.7" in shown, "this one" in shown) == (True, True, True)


def test_a_session_is_not_written_at_every_page(owner):
    client = signed_in(owner)
    with CaptureQueriesContext(connection) as asked:
        client.get("/account/")
    assert [one["sql"] for one in asked if one["sql"].startswith(("UPDATE", "INSERT"))] == []


def test_the_session_follows_its_person_to_another_address(owner):
    client = signed_in(owner)
    client.get("/account/", REMOTE_ADDR="203.0.113.9")
    assert UserSession.objects.get().address == "203.0.113.9"


def test_what_a_browser_says_of_itself_is_never_taken_for_html(owner):
    client = signed_in(owner, agent="<b>Firefox/1 Windows</b>")
    assert "<b>Firefox" not in client.get("/account/").content.decode()


def test_a_session_that_is_ended_is_nobodys_at_the_next_request(owner):
    here, there = signed_in(owner), signed_in(owner, address="203.0.113.9")
    assert ended(here, session=UserSession.objects.get(address="203.0.113.9").pk) == 302
    assert (is_in(here), is_in(there)) == (True, False)


def test_all_other_sessions_are_ended_at_once(owner):
    here, *others = [signed_in(owner) for _ in range(3)]
    ended(here, others="yes")
    assert (is_in(here), [is_in(one) for one in others]) == (True, [False, False])


def test_other_peoples_sessions_go_on(owner, reader):
    here, other = signed_in(owner), signed_in(reader)
    ended(here, others="yes")
    assert is_in(other)


def test_another_persons_session_is_as_unknown_as_none(owner, reader):
    here, other = signed_in(owner), signed_in(reader)
    foreign = ended(here, session=UserSession.objects.get(user=reader).pk)
    unknown = [ended(here, session=given) for given in ("00000000-0000-4000-8000-000000000007", "malformed", "")]
    assert ({foreign, *unknown}, is_in(other)) == ({404}, True)


def test_an_ended_session_is_recorded(owner):
    client = signed_in(owner)
    key = UserSession.objects.get().pk
    ended(client, session=key)
    event = AuditEvent.objects.get(action="session.ended")
    assert (event.actor, event.facts) == ("owner", {"session": str(key)})


def test_logging_out_takes_the_session_from_the_list(owner):
    signed_in(owner).post("/logout/")
    assert not UserSession.objects.exists()


def test_a_session_signed_in_with_an_older_password_is_not_listed(owner):
    old = signed_in(owner, address="203.0.113.9")
    owner.set_password("another horse battery")
    owner.save()
    shown = signed_in(owner).get("/account/").content.decode()
    assert (is_in(old), "203.0.113.9" in shown) == (False, False)


def test_what_is_known_of_sessions_that_are_over_is_removed(owner):
    signed_in(owner)
    Session.objects.all().delete()
    sessions.forget_ended()
    assert not UserSession.objects.exists()


def test_who_is_suspended_is_out_at_the_next_request(owner):
    client = signed_in(owner)
    owner.is_active = False
    owner.save()
    assert not is_in(client)


def test_a_suspended_persons_sessions_do_not_come_back_with_them(owner):
    client = signed_in(owner)
    for active in (False, True):
        owner.is_active = active
        owner.save()
    assert not is_in(client)


def test_a_suspended_persons_tokens_do_not_come_back_with_them(owner, client):
    headers = {"Authorization": f"Bearer {token_issue(user=owner)}"}
    for active in (False, True):
        owner.is_active = active
        owner.save()
    assert client.get("/api/v1/libraries", headers=headers).status_code == 401


def test_a_suspension_is_recorded_with_what_it_ended(owner):
    signed_in(owner)
    token_issue(user=owner)
    owner.is_active = False
    owner.save()
    assert AuditEvent.objects.get(action="user.suspended").facts == {"sessions": 1, "tokens": 1}


def test_a_suspended_person_cannot_sign_in(owner):
    owner.is_active = False
    owner.save()
    answer = Client().post("/login/", {"username": "owner", "password": PASSWORD})
    assert answer.status_code == 200


@pytest.fixture
def changed(client, owner):
    """`changed(old)`: the answer to a change of the owner's password."""
    client.force_login(owner)

    def sent(old=PASSWORD, new="another horse battery"):
        said = {"old_password": old, "new_password1": new, "new_password2": new}
        return client.post("/password/", said, headers={"Accept-Language": "en"})

    return sent


def test_a_changed_password_ends_the_other_sessions(changed, client, owner):
    other = signed_in(owner)
    changed()
    assert (is_in(client), is_in(other)) == (True, False)


def test_a_changed_password_is_recorded(changed, owner):
    changed()
    event = AuditEvent.objects.get(action="user.password_changed")
    assert (event.actor, event.subject) == ("owner", f"user:{owner.pk}")


def test_the_old_password_cannot_be_guessed_at_length(changed, settings):
    settings.SIGN_IN_LIMIT = 3
    said = [changed(old="guessed").status_code for _ in range(3)]
    assert (said, changed().status_code) == ([200, 200, 200], 429)


def test_sessions_from_before_are_known_after_the_upgrade(client, owner):
    from importlib import import_module

    from django.apps import apps

    client.force_login(owner)
    UserSession.objects.all().delete()
    import_module("ingestion.migrations.0006_sessions_and_tokens").know_sessions(apps, None)
    assert list(UserSession.objects.values_list("user", "key")) == [(owner.pk, client.session.session_key)]


def test_a_page_is_answered_where_the_session_cannot_be_noted(client, owner, monkeypatch):
    from django.db import OperationalError

    def locked(*_, **__):
        raise OperationalError

    client.force_login(owner)
    monkeypatch.setattr(UserSession.objects, "get_or_create", locked)
    assert client.get("/libraries/").status_code == 200
