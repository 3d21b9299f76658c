"""Log lines say whose they are, and hold no text of documents, questions or answers."""

import json
import logging
from io import StringIO

import pytest
import structlog

from assistant.errors import ModelUnavailable
from config.logs import configure_logs, with_caller
from ingestion.models import IngestionRun, User
from tests.assistant.answers import PASSAGES
from tests.factories import text_file, upload

SECRET = "Geheimformel-9471"
log = structlog.get_logger(__name__)


@pytest.fixture
def lines():
    """`lines()`: what was logged so far, at the most talkative level, as an operator's collector reads it."""
    configure_logs(level="DEBUG", json=True)
    written = StringIO()
    [handler] = logging.getLogger().handlers
    handler.setStream(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    configure_logs(level="WARNING", json=False)


def named(found, event):
    return next(line for line in found if line["event"] == event)


class Asking:
    """A request as far as the logs look at it."""

    def __init__(self, **known):
        self.request_id = "abc"
        self.__dict__.update(known)


@pytest.mark.parametrize("name", ["auth", "_cached_user", "_acached_user"])
def test_a_line_names_the_person_who_is_known(name):
    assert with_caller(None, "", {"request": Asking(**{name: User(pk=7)})}) == {"request_id": "abc", "user": 7}


def test_nobody_is_looked_up_for_a_line():
    class Lazy(Asking):
        @property
        def user(self):
            raise AssertionError

    assert with_caller(None, "", {"request": Lazy()}) == {"request_id": "abc"}


def test_a_line_of_a_library_has_the_ids_too(lines):
    with structlog.contextvars.bound_contextvars(request=Asking(auth=User(pk=7))):
        logging.getLogger("some.library").warning("disk is slow")
    line = named(lines(), "disk is slow")
    assert (line["request_id"], line["user"]) == ("abc", 7)


def test_a_failure_in_the_api_is_logged_with_request_and_person(client, owner, bearer, lines, monkeypatch):
    monkeypatch.setattr("assistant.api.search", lambda *_, **__: 1 / 0)
    response = client.post("/api/v1/search", {"query": "oil"}, content_type="application/json", headers=bearer)
    line = named(lines(), "api_failed")
    assert (line["request_id"], line["user"]) == (response["X-Request-ID"], owner.pk)


@pytest.mark.django_db(transaction=True)
async def test_a_failure_while_an_answer_is_streamed_is_logged_with_request_and_person(
    async_client, owner, bearer, lines, script
):
    script(("passages", PASSAGES), RuntimeError("the model's socket broke"))
    asked = {"question": "oil?", "stream": True}
    response = await async_client.post("/api/v1/ask", asked, content_type="application/json", headers=bearer)
    [part async for part in response]
    line = named(lines(), "api_failed")
    assert (line["request_id"], line["user"]) == (response["X-Request-ID"], owner.pk)


def test_a_failed_run_is_logged_with_its_id(owner, library, worked, lines, monkeypatch):
    monkeypatch.setattr("ingestion.reading.read_pages", lambda *_, **__: 1 / 0)
    worked(lambda: upload(owner, library))
    run = IngestionRun.objects.get()
    assert next(line["run"] for line in lines() if "internal_error" in line["event"]) == run.pk


@pytest.fixture
def recipe(manual, lines, owner, library, worked):
    """A document with the secret in it, taken in while the logs are listened to."""
    return worked(lambda: upload(owner, library, text_file(f"The {SECRET} is mixed every 500 h."), filename="a.txt"))


@pytest.mark.usefixtures("recipe")
@pytest.mark.django_db(transaction=True)
async def test_no_line_holds_text_of_a_document_a_question_or_an_answer(async_client, bearer, lines, model):
    def post(path, **asked):
        return async_client.post(f"/api/v1/{path}", asked, content_type="application/json", headers=bearer)

    model.answers += [f"The {SECRET} is mixed every 500 h.[1]", ModelUnavailable()]
    for question in (f"How often is the {SECRET} mixed?", f"And who mixes the {SECRET}?"):
        said = b"".join([part async for part in await post("ask", question=question, stream=True)])
    hits = (await post("search", query=SECRET)).json()["hits"]
    # It went through all of it: what was found and the failed answer are proof that there was something to log.
    assert (SECRET in hits[0]["text"], b"event: error" in said) == (True, True)
    assert [line for line in lines() if SECRET in json.dumps(line)] == []


def test_celerys_workers_keep_our_format():
    from celery.signals import setup_logging

    import config.celery  # noqa: F401  # connects

    assert setup_logging.receivers
