"""The audit log on PostgreSQL: searched by words, exported, checked; and counters shared in Valkey."""

import json
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.core.cache import caches

from ingestion import limits
from tests.services import programs

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def env(postgres_url, tmp_path_factory):
    """A database of its own, migrated, with two rows in the log."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE audited")
    url = postgres_url.replace("/postgres", "/audited")
    made = programs.environment(tmp_path_factory.mktemp("audited"), DATABASE_URL=url)
    programs.manage("migrate", "--no-input", env=made)
    programs.manage("first_admin", env=made)
    programs.manage("api_token", "admin", "--expires", "2030-01-31", env=made)
    return made


def actions(env, *said):
    exported = programs.manage("audit_export", *said, env=env)
    return [json.loads(line)["metadata"]["event_code"] for line in exported.splitlines()]


def test_rows_are_found_by_words_of_their_details(env):
    assert actions(env, "--words", "2030-01-31") == ["token.issued"]


def test_rows_are_found_by_person_as_object(env):
    assert actions(env, "--person", "admin")[:2] == ["admin.create", "token.issued"]


def test_the_log_is_whole(env):
    assert "each following from the one before" in programs.manage("audit_verify", env=env)


@pytest.fixture
def shared(valkey_url, settings):
    """The limits' counters in Valkey, as the server way has them."""
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": valkey_url}
    }
    caches["default"].clear()


def test_counters_are_kept_in_valkey(shared, monkeypatch):
    monkeypatch.setattr(limits, "time", lambda: 1_800_000_015.0)
    limits.count("ask", "user:1", 60)
    assert [caches[name].get(limits._key("ask", "user:1", 60)) for name in ("default", "memory")] == [1, None]


def test_nothing_is_lost_when_many_count_at_once(shared, monkeypatch):
    monkeypatch.setattr(limits, "time", lambda: 1_800_000_015.0)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: limits.count("ask", "user:1", 60), range(200)))
    assert limits.counted("ask", "user:1", 60) == 200
