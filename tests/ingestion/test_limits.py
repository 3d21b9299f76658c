"""How often a person, and an address, may ask, search and upload."""

import pytest

from ingestion import limits
from ingestion.access import token_issue
from tests.assistant.answers import has_error_shape
from tests.factories import upload

JSON = "application/json"


@pytest.fixture(autouse=True)
def twice(settings, monkeypatch):
    """Two of each a minute, in one minute."""
    settings.PER_MINUTE = {"ask": 2, "search": 2, "upload": 2}
    monkeypatch.setattr(limits, "time", lambda: 1_800_000_015.0)


@pytest.fixture
def doors(client, library, owner, queued, monkeypatch):
    """name → `send(person, address)`: the answer to one request of that kind."""
    monkeypatch.setattr("assistant.api.search", lambda *_, **__: _Nothing())
    document = upload(owner, library).document
    keys = {}

    def headers(person):
        if person.pk not in keys:
            keys[person.pk] = {"Authorization": f"Bearer {token_issue(user=person)}", "Accept-Language": "en"}
        return keys[person.pk]

    def send(method, path, **more):
        def sent(person, address="198.51.100.7"):
            return getattr(client, method)(f"/api/v1{path}", headers=headers(person), REMOTE_ADDR=address, **more)

        return sent

    return {
        "search": send("post", "/search", data={"query": "oil"}, content_type=JSON),
        "ask": send("post", "/ask", data={"question": ""}, content_type=JSON),
        "upload": send("post", f"/libraries/{library.pk}/documents"),
        "replace": send("put", f"/documents/{document.pk}/file"),
    }


class _Nothing:
    places, timings = (), {}


@pytest.mark.parametrize("door", ["search", "ask", "replace"])
def test_a_third_request_in_a_minute_is_refused(doors, owner, door):
    said = [doors[door](owner) for _ in range(3)]
    assert [answer.status_code == 429 for answer in said] == [False, False, True]


@pytest.mark.parametrize("door", ["search", "ask", "replace"])
def test_a_refusal_has_the_one_shape_and_says_when_to_come_back(doors, owner, door):
    refused = [doors[door](owner) for _ in range(3)][-1]
    assert (has_error_shape(refused), refused["Retry-After"]) == (True, "45")


def test_the_kinds_are_counted_apart(doors, owner):
    for _ in range(3):
        doors["search"](owner)
    assert doors["ask"](owner).status_code == 422  # an empty question


def test_people_are_counted_apart(doors, owner, reader):
    for _ in range(3):
        doors["search"](owner)
    assert doors["search"](reader).status_code == 200


def test_one_address_may_do_ten_times_as_much(doors, owner, reader):
    for _ in range(19):
        limits.count("search", "address:198.51.100.7", 60)
    assert [doors["search"](one).status_code for one in (owner, reader)] == [200, 429]


def test_the_next_minute_begins_anew(doors, owner, monkeypatch):
    for _ in range(3):
        doors["search"](owner)
    monkeypatch.setattr(limits, "time", lambda: 1_800_000_075.0)
    assert doors["search"](owner).status_code == 200


def test_nothing_is_refused_where_there_is_no_limit(doors, owner, settings):
    settings.PER_MINUTE = {"search": 0}
    assert {doors["search"](owner).status_code for _ in range(20)} == {200}


@pytest.mark.parametrize("address", ["/healthz", "/metrics"])
def test_health_is_never_refused(doors, client, owner, address):
    for _ in range(3):
        doors["search"](owner)
    assert {client.get(address, REMOTE_ADDR="198.51.100.7").status_code for _ in range(5)} == {200}


def test_what_is_refused_is_counted_for_operators(doors, owner):
    before = limits.REFUSED.labels("search")._value.get()
    for _ in range(3):
        doors["search"](owner)
    assert limits.REFUSED.labels("search")._value.get() == before + 1
