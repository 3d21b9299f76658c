import asyncio
import threading

import pytest

from assistant import health, pings
from assistant.errors import ModelUnavailable
from assistant.pings import AsyncPart, Part

NAMES = {"database", "broker", "index", "documents", "embedder", "answer_model"}


@pytest.fixture
def parts(monkeypatch):
    def put(*given):
        monkeypatch.setattr(health, "PARTS", given)

    return put


def fine():
    """Answer."""


def fails():
    raise ModelUnavailable


def breaks():
    message = "password=secret"
    raise RuntimeError(message)


def test_healthz_answers_without_a_database(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_readyz_asks_every_part_by_name():
    assert {part.name for part in pings.PARTS} == NAMES


@pytest.mark.django_db
class TestReady:
    def test_it_is_ready_when_every_part_answers(self, client, parts):
        parts(Part("database", fine))
        response = client.get("/readyz")
        assert (response.status_code, response.json()["ready"], response.json()["parts"]["database"]["ok"]) == (
            200,
            True,
            True,
        )

    def test_every_part_says_how_long_it_took(self, client, parts):
        parts(Part("database", fine))
        assert client.get("/readyz").json()["parts"]["database"]["ms"] >= 0

    def test_one_part_that_fails_is_named_and_makes_it_503(self, client, parts):
        parts(Part("database", fine), Part("answer_model", fails))
        response = client.get("/readyz")
        assert (response.status_code, response.json()["parts"]["answer_model"]["code"]) == (503, "model_unavailable")

    def test_the_message_names_the_parts_in_the_callers_language(self, client, parts):
        parts(Part("answer_model", fails))
        error = client.get("/readyz", headers={"Accept-Language": "ja"}).json()["error"]
        assert "準備ができていません: answer_model" in error["message"]

    def test_causes_are_kept_from_strangers(self, client, parts):
        parts(Part("database", breaks))
        assert b"secret" not in client.get("/readyz").content

    def test_causes_are_told_to_administrators(self, admin, client, parts):
        client.force_login(admin)
        parts(Part("database", breaks))
        assert "secret" in client.get("/readyz").json()["parts"]["database"]["cause"]


class TestPings:
    async def test_a_part_that_hangs_is_a_timeout(self):
        release = threading.Event()
        part = Part("slow", release.wait)
        answered = await part.ask(0.01)
        release.set()
        assert answered.code == "timeout"

    async def test_a_part_that_hangs_is_asked_once_however_often_it_is_polled(self):
        release, asked = threading.Event(), []
        part = Part("slow", lambda: (asked.append(1), release.wait(5)))
        await part.ask(0.05)
        await part.ask(0.05)
        release.set()
        assert len(asked) == 1

    async def test_a_part_is_asked_anew_once_it_has_answered(self):
        asked = []
        part = Part("quick", lambda: asked.append(1))
        await part.ask(5)
        await part.ask(5)
        assert len(asked) == 2

    async def test_a_coroutine_that_takes_too_long_is_cancelled(self):
        cancelled = []

        async def hang():
            try:
                await asyncio.sleep(30)
            except asyncio.CancelledError:
                cancelled.append(True)
                raise

        await AsyncPart("slow", hang).ask(0.01)
        await asyncio.sleep(0)
        assert cancelled

    @pytest.mark.django_db(transaction=True)
    async def test_the_database_answers(self):
        assert (await Part("database", pings.ping_database).ask(5)).code == ""

    async def test_the_embedded_broker_answers(self):
        assert (await Part("broker", pings.ping_broker).ask(5)).code == ""

    async def test_a_broker_that_is_not_there_is_named(self, monkeypatch):
        from config.celery import app

        monkeypatch.setitem(app.conf, "broker_url", "redis://127.0.0.1:1/0")
        monkeypatch.setattr(pings, "celery", app)
        monkeypatch.setattr(app, "connection_for_write", lambda: app.connection("redis://127.0.0.1:1/0"))
        assert (await Part("broker", pings.ping_broker).ask(10)).code == "failed"

    async def test_the_index_answers(self, open_index):
        assert (await Part("index", pings.ping_index).ask(5)).code == ""

    async def test_an_answer_model_that_is_not_there_is_named(self, settings):
        settings.ANSWER_URL = "http://127.0.0.1:1/v1"
        assert (await AsyncPart("answer_model", pings.ping_answer_model).ask(30)).code == "model_unavailable"

    @pytest.mark.django_db(transaction=True)
    async def test_documents_that_the_index_holds_answer(self, open_index):
        assert (await Part("documents", pings.ping_documents).ask(5)).code == ""
