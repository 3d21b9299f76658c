"""Signing in fails slowly: by name, by address, for names there are and names there are not alike."""

from typing import ClassVar

import pytest
from django.contrib.auth import authenticate
from django.core.cache import caches
from django.urls import reverse

from ingestion import limits
from ingestion.models import AuditEvent

PASSWORD = "correct horse battery"
WRONG = "guessed"


@pytest.fixture(autouse=True)
def few_tries(settings, monkeypatch):
    """Three tries a pair, fifteen a name or an address; all in one window."""
    settings.SIGN_IN_LIMIT = 3
    monkeypatch.setattr(limits, "time", lambda: 1_800_000_030.0)


@pytest.fixture
def tried(client):
    """`tried(name, password)`: the answer to one sign-in."""

    def send(name="owner", password=WRONG, door="/login/", address="198.51.100.7", **headers):
        said = {"username": name, "password": password}
        return client.post(door, said, REMOTE_ADDR=address, headers={"Accept-Language": "en"} | headers)

    return send


@pytest.fixture
def refused(tried, owner):
    """The name `owner` has failed too often from one address."""
    for _ in range(3):
        tried()


def test_a_few_wrong_passwords_are_answered_by_the_form(tried, owner):
    assert [tried().status_code for _ in range(3)] == [200, 200, 200]


def test_the_next_one_is_refused(tried, refused):
    assert tried().status_code == 429


def test_the_right_password_is_refused_with_it(tried, refused, client):
    tried(password=PASSWORD)
    assert "_auth_user_id" not in client.session


def test_a_refusal_says_when_to_come_back(tried, refused):
    assert tried()["Retry-After"] == str(15 * 60 - 1_800_000_030 % (15 * 60))


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Too many sign-ins failed"), ("ja", "ログインの失敗が多すぎます")]
)
def test_a_refusal_is_a_page_in_the_persons_language(tried, refused, language, words):
    assert words in tried(**{"Accept-Language": language}).content.decode()


def test_the_administrations_own_door_is_held_by_the_same_count(tried, refused):
    assert tried(door=reverse("admin:login")).status_code == 429


def test_another_address_may_still_try(tried, refused):
    assert tried(address="203.0.113.9", password=PASSWORD).status_code == 302


def test_another_name_may_still_try(tried, refused, reader):
    assert tried("reader", PASSWORD).status_code == 302


def test_the_next_window_begins_anew(tried, refused, monkeypatch):
    monkeypatch.setattr(limits, "time", lambda: 1_800_000_030.0 + 15 * 60)
    assert tried(password=PASSWORD).status_code == 302


def test_one_name_from_many_addresses_is_refused_at_last(tried, owner):
    said = [tried(address=f"203.0.113.{number}").status_code for number in range(16)]
    assert said == [200] * 15 + [429]


def test_many_names_from_one_address_are_refused_at_last(tried, db):
    said = [tried(f"name{number}").status_code for number in range(16)]
    assert said == [200] * 15 + [429]


def test_the_addresses_of_one_ipv6_network_count_as_one(tried, owner):
    said = [tried(address=f"2001:db8:1:2::{number}").status_code for number in range(4)]
    assert said == [200, 200, 200, 429]


def test_a_header_of_the_callers_own_is_no_other_address(tried, refused):
    assert tried(**{"X-Forwarded-For": "203.0.113.9"}).status_code == 429


def test_sign_ins_that_succeed_are_not_counted(tried, owner, client):
    for _ in range(20):
        assert tried(password=PASSWORD).status_code == 302
        client.logout()


def test_a_name_is_the_same_in_other_letters(tried, owner):
    for name in ("owner", "OWNER", "owner"):
        tried(name)
    assert tried("Owner").status_code == 429


@pytest.mark.parametrize("tries", [1, 4])
def test_a_name_there_is_and_one_there_is_not_answer_alike(tried, owner, tries):
    said = []
    for name in ("owner", "nobody"):
        for _ in range(tries):
            answer = tried(name)
        text = answer.content.decode().replace(f'value="{name}"', "")
        said.append((answer.status_code, sorted(answer.headers), len(text)))
    assert said[0] == said[1]


def test_a_name_there_is_not_costs_the_same_work(db, owner, monkeypatch, settings):
    hashed = []
    settings.PASSWORD_HASHERS = ["tests.ingestion.test_sign_in.CountingHasher"]
    monkeypatch.setattr(CountingHasher, "made", hashed)
    owner.set_password(PASSWORD)
    owner.save()
    hashed.clear()
    authenticate(None, username="owner", password="guessed")
    known, hashed[:] = len(hashed), []
    authenticate(None, username="nobody", password="guessed")
    assert known == len(hashed) == 1


def test_a_refused_try_looks_at_no_password(tried, refused, monkeypatch):
    def never(*_, **__):
        raise AssertionError

    monkeypatch.setattr("django.contrib.auth.backends.ModelBackend.authenticate", never)
    assert tried().status_code == 429


def test_a_refusal_is_recorded_once_a_window(tried, refused, owner):
    for _ in range(5):
        tried()
    event = AuditEvent.objects.get(action="user.sign_in_refused")
    assert (event.subject, event.facts) == (f"user:{owner.pk}", {"address": "198.51.100.7"})


def test_no_counter_keeps_the_name_that_was_typed(tried, db):
    tried(PASSWORD)
    assert PASSWORD not in str(caches["default"]._cache)


def test_where_the_shared_counters_are_away_the_process_counts_itself(tried, owner, settings):
    settings.CACHES = settings.CACHES | {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 1},
        }
    }
    assert [tried().status_code for _ in range(4)] == [200, 200, 200, 429]


class CountingHasher:
    """Counts what is hashed."""

    algorithm = "counting"
    made: ClassVar = []

    def encode(self, password, salt):
        self.made.append(password)
        return f"counting${salt}${password}"

    def salt(self):
        return "salt"

    def verify(self, password, encoded):
        return self.encode(password, "salt") == encoded

    def must_update(self, encoded):
        return False

    def decode(self, encoded):
        return {"algorithm": self.algorithm}

    def harden_runtime(self, password, encoded):
        pass
