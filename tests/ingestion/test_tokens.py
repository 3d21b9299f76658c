"""API tokens: for chosen libraries or all, until a day, made and withdrawn by their person."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from ingestion.access import scope_for, token_issue, user_for_token
from ingestion.errors import TokenDayPast, TokenLibrariesNone
from ingestion.models import ApiToken, AuditEvent, Library
from tests.factories import make_library, upload

API = "/api/v1"
TODAY = date(2026, 11, 27)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)


@pytest.fixture
def other(owner):
    """A second library of the same owner."""
    return make_library("Fans", owner=owner)


@pytest.fixture
def call(client):
    """`call(token, method, path)`: the answer."""

    def asked(token, method, path, **more):
        return getattr(client, method)(f"{API}{path}", headers={"Authorization": f"Bearer {token}"}, **more)

    return asked


def named(*libraries, user, **more):
    return token_issue(user=user, libraries=libraries, **more)


def test_a_token_for_one_library_reads_that_one(call, owner, library, other):
    assert [one["name"] for one in call(named(library, user=owner), "get", "/libraries").json()] == ["Pumps"]


def test_a_token_for_all_libraries_reads_also_those_made_later(call, owner, library):
    token = token_issue(user=owner)
    make_library("Fans", owner=owner)
    assert len(call(token, "get", "/libraries").json()) == 2


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_a_document_outside_the_tokens_libraries_is_not_found(call, owner, library, other, method):
    document = upload(owner, other).document
    token = named(library, user=owner)
    door = "/file" if method == "put" else ""
    more = {"data": {}, "content_type": "application/json"} if method == "patch" else {}
    assert call(token, method, f"/documents/{document.pk}{door}", **more).status_code == 404


def test_a_token_does_not_add_to_what_its_person_may_read(call, reader, library, owner):
    token = named(library, user=reader)
    library.readers.clear()
    assert call(token, "get", "/libraries").json() == []


def test_an_administrators_token_is_narrowed_too(call, admin, library, other):
    assert [one["name"] for one in call(named(library, user=admin), "get", "/libraries").json()] == ["Pumps"]


def test_a_token_for_some_libraries_makes_no_other(call, admin, library):
    answer = call(
        named(library, user=admin), "post", "/libraries", data={"name": "New"}, content_type="application/json"
    )
    assert (answer.status_code, Library.objects.filter(name="New").exists()) == (403, False)


def test_a_token_whose_libraries_are_gone_reads_none(call, owner, library, other):
    token = named(other, user=owner)
    other.delete()
    assert call(token, "get", "/libraries").json() == []


def test_a_person_without_a_token_keeps_their_whole_scope(owner, library, other):
    named(library, user=owner)
    assert scope_for(owner).readable == {library.pk, other.pk}


def test_a_token_ends_after_ninety_days_unless_a_day_is_named(owner):
    token_issue(user=owner)
    assert ApiToken.objects.get().expires_on == TODAY + timedelta(days=90)


@pytest.mark.parametrize(("days", "works"), [(0, True), (1, False)])
def test_a_token_works_until_the_end_of_its_last_day(owner, monkeypatch, days, works):
    token = token_issue(user=owner, expires_on=TODAY)
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY + timedelta(days=days))
    assert (user_for_token(token) == owner) is works


def test_an_expired_token_is_answered_as_an_unknown_one(call, owner):
    token = token_issue(user=owner)
    ApiToken.objects.update(expires_on=TODAY - timedelta(days=1))
    said = [call(one, "get", "/libraries", HTTP_X_REQUEST_ID="the-same-request") for one in (token, "tenkyo_unknown")]
    assert (said[0].status_code, said[0].content) == (401, said[1].content)


def test_no_token_is_made_for_a_day_that_is_over(owner):
    with pytest.raises(TokenDayPast):
        token_issue(user=owner, expires_on=TODAY - timedelta(days=1))


def test_no_token_is_made_for_no_library(owner):
    with pytest.raises(TokenLibrariesNone):
        token_issue(user=owner, libraries=[])


def test_a_token_is_recorded_with_its_libraries_and_last_day(owner, library):
    named(library, user=owner, by=owner)
    event = AuditEvent.objects.get(action="token.issued")
    facts = {"token": ApiToken.objects.get().pk, "libraries": [str(library.pk)], "expires_on": "2027-02-25"}
    assert (event.actor, event.facts) == ("owner", facts)


def command(*said):
    out = StringIO()
    call_command("api_token", *said, stdout=out)
    return out.getvalue().strip()


def test_the_command_makes_a_token_for_the_libraries_it_names(owner, library, other):
    user = user_for_token(command("owner", "--libraries", "Pumps"))
    assert scope_for(user).readable == {library.pk}


def test_the_command_names_no_library_the_person_may_not_read(stranger, library):
    with pytest.raises(CommandError, match="may read no library 'Pumps'"):
        command("stranger", "--libraries", "Pumps")


@pytest.mark.parametrize(("given", "last"), [("2027-03-31", date(2027, 3, 31)), ("never", None)])
def test_the_command_takes_a_last_day(owner, given, last):
    command("owner", "--expires", given)
    assert ApiToken.objects.get().expires_on == last


@pytest.mark.parametrize("given", ["tomorrow", "2026-11-26"])
def test_the_command_refuses_a_day_that_is_none(owner, given):
    with pytest.raises(CommandError):
        command("owner", "--expires", given)


@pytest.fixture
def page(client, owner, library):
    """`page(**fields)`: the answer to the form for a new token."""
    client.force_login(owner)

    def send(**fields):
        said = {"name": "backup script", "reach": "all", "expires_on": "2027-01-31"} | fields
        return client.post("/account/tokens/", said, headers={"Accept-Language": "en"})

    return send


def test_the_page_shows_a_new_token_once(page, client):
    shown = page().context["made"]
    assert (user_for_token(shown) is not None, shown in client.get("/account/").content.decode()) == (True, False)


def test_the_page_makes_a_token_for_the_chosen_libraries(page, library, other):
    user = user_for_token(page(reach="chosen", libraries=[str(library.pk)]).context["made"])
    assert scope_for(user).readable == {library.pk}


def test_the_page_makes_no_token_for_libraries_that_were_not_chosen(page):
    assert (page(reach="chosen").context["made"], ApiToken.objects.count()) == ("", 0)


def test_the_page_makes_no_token_for_a_library_that_may_not_be_read(page):
    hidden = make_library("Secret")
    assert (page(reach="chosen", libraries=[str(hidden.pk)]).context["made"], ApiToken.objects.count()) == ("", 0)


def test_a_token_is_listed_with_its_name_libraries_and_end(page, client, library):
    page(reach="chosen", libraries=[str(library.pk)])
    shown = client.get("/account/", headers={"Accept-Language": "en"}).content.decode()
    assert [word in shown for word in ("backup script", "for Pumps", "never used", "until 01/31/2027")] == [True] * 4


def test_a_withdrawn_token_is_refused(page, client, call):
    token = page().context["made"]
    client.post("/account/tokens/withdraw/", {"token": ApiToken.objects.get().pk})
    client.logout()
    assert call(token, "get", "/libraries").status_code == 401


def test_a_withdrawal_is_recorded_with_who_withdrew(page, client):
    page()
    client.post("/account/tokens/withdraw/", {"token": ApiToken.objects.get().pk})
    assert AuditEvent.objects.get(action="token.withdrawn").actor == "owner"


@pytest.mark.parametrize("given", ["", "x", "-1", "٣", "9" * 30, "999999"])
def test_a_token_that_is_not_there_cannot_be_withdrawn(page, client, given):
    page()
    assert client.post("/account/tokens/withdraw/", {"token": given}).status_code == 404


def test_another_persons_token_is_as_unknown_as_none(page, client, reader):
    token_issue(user=reader)
    said = client.post("/account/tokens/withdraw/", {"token": ApiToken.objects.get(user=reader).pk})
    assert (said.status_code, ApiToken.objects.filter(user=reader).count()) == (404, 1)
