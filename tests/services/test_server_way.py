"""The server way: PostgreSQL, Valkey, a Celery worker and a web server in processes of their own, chosen by addresses.

What this proves: nothing is handed over inside a process; the queue, the database and the files are enough.
What it does not prove: Qdrant's server, unless QDRANT_URL names one. Without it the worker holds the index files, so
the search is asked after the worker has ended and the web process may open them.
"""

import os

import httpx
import psycopg
import pytest

from tests.services import programs

pytestmark = [pytest.mark.models, pytest.mark.services]
ENDED = ("ready", "failed", "cancelled")
TEXT = "The casing bolts of pump P-101 are tightened to 55 N·m.\n\nThe oil is changed every 4,000 hours."


@pytest.fixture(scope="module")
def env(postgres_url, valkey_url, tmp_path_factory):
    """The environment of every process here, with the database migrated."""
    port = programs.free_port()
    folder = tmp_path_factory.mktemp("server-way")
    made = programs.environment(folder, PORT=str(port), DATABASE_URL=postgres_url, BROKER_URL=valkey_url)
    programs.manage("migrate", "--no-input", env=made)
    return made


@pytest.fixture(scope="module")
def client(env):
    """A client with the administrator's token."""
    programs.manage("first_admin", env=env)
    token = programs.manage("api_token", "admin", env=env).strip()
    base = f"http://127.0.0.1:{env['PORT']}"
    with httpx.Client(base_url=f"{base}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=60) as made:
        yield made


@pytest.fixture(scope="module")
def seen(env, client, tmp_path_factory):
    """What the client was answered on the way from upload to search."""
    logs = tmp_path_factory.mktemp("logs")
    web = ["-m", "uvicorn", "config.asgi:application", "--port", env["PORT"], "--lifespan", "off"]
    worker = ["-m", "celery", "-A", "config", "worker", "-Q", "parse,embed", "--pool", "solo", "--loglevel", "WARNING"]
    found = {}
    with programs.running(*web, env=env, log=logs / "web"):
        alive = f"http://127.0.0.1:{env['PORT']}/healthz"
        programs.wait_until(lambda: programs.status_of(alive) == 200, log=logs / "web")
        library = client.post("/libraries", json={"name": "Pumps"}).json()["id"]
        found["upload"] = _upload(client, library)
        document = found["upload"].json()["id"]
        found["waiting"] = _state(client, document)
        with programs.running(*worker, env=env, log=logs / "worker"):
            programs.wait_until(lambda: _state(client, document)["status"] in ENDED, log=logs / "worker")
            if os.environ.get("QDRANT_URL"):
                found["search"] = _search(client)
        found["ended"] = _state(client, document)
        found["search"] = found.get("search") or _search(client)
        found["again"] = _upload(client, library)
    return found


def _upload(client, library):
    return client.post(f"/libraries/{library}/documents", files={"file": ("pump.txt", TEXT.encode())})


def _state(client, document):
    return client.get(f"/documents/{document}").json()["revision"]


def _search(client):
    return client.post("/search", json={"query": "torque of the casing bolts"})


def test_an_upload_is_accepted_while_no_worker_runs(seen):
    assert (seen["upload"].status_code, seen["waiting"]["status"]) == (202, "queued")


def test_a_worker_in_another_process_makes_it_ready(seen):
    assert seen["ended"]["status"] == "ready", seen["ended"]


def test_the_chunks_are_in_postgresql(seen, env):
    with psycopg.connect(env["DATABASE_URL"]) as connection:
        [count] = connection.execute("select count(*) from ingestion_chunk").fetchone()
    assert count == seen["ended"]["chunks"]


def test_a_search_finds_the_passage(seen):
    assert "55 N·m" in seen["search"].json()["hits"][0]["text"]


def test_the_same_bytes_again_are_the_same_document(seen):
    assert (seen["again"].status_code, seen["again"].json()["id"]) == (200, seen["upload"].json()["id"])
