import asyncio
import json

import httpx
import pytest

from assistant.errors import ModelUnavailable
from assistant.services import AskEvent
from ingestion.errors import NotFound
from tests.assistant.answers import CONVERSATION, DONE, ERROR, MESSAGE, PASSAGES, frames, has_error_shape, serving

ASK = "/api/v1/ask"
JSON = "application/json"


@pytest.fixture
def post(async_client, bearer):
    async def send(headers=bearer, **payload):
        return await async_client.post(ASK, payload, content_type=JSON, headers=headers)

    return send


@pytest.fixture
def open_sqlite(transactional_db):
    """Rows that other threads of this process can read."""


async def body_of(response):
    return b"".join([part async for part in response]).decode()


@pytest.mark.django_db(transaction=True)
class TestWhole:
    async def test_an_answer_has_what_the_contract_names(self, post, script):
        script()
        assert (await post(question="給油は?")).json() == DONE

    async def test_the_question_and_the_conversation_reach_the_service(self, post, script, owner):
        asked = script()
        await post(question="給油は?", conversation=CONVERSATION, model="m")
        given = asked.asked[0]
        assert (given["question"], given["conversation_id"], given["model"], given["user"]) == (
            "給油は?",
            CONVERSATION,
            "m",
            owner,
        )

    async def test_libraries_narrow_the_scope(self, post, script, library):
        asked = script()
        await post(question="?", libraries=[str(library.id)])
        assert asked.asked[0]["scope"].readable == {library.id}

    async def test_a_library_one_may_not_read_is_not_found(self, post, script, library, stranger):
        from asgiref.sync import sync_to_async

        from ingestion.access import token_issue

        script()
        token = await sync_to_async(token_issue)(user=stranger)
        response = await post(question="?", libraries=[str(library.id)], headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == 404

    async def test_a_failed_answer_has_the_errors_own_status_and_shape(self, post, script):
        script(("passages", PASSAGES), ("error", ERROR))
        response = await post(question="?")
        assert (response.status_code, has_error_shape(response)) == (ModelUnavailable.status, True)

    async def test_regenerate_needs_no_question(self, post, script):
        asked = script()
        await post(regenerate=MESSAGE)
        assert asked.asked[0]["regenerate"] == MESSAGE


@pytest.mark.django_db(transaction=True)
class TestStream:
    async def test_it_is_an_event_stream_that_nothing_keeps(self, post, script):
        script()
        response = await post(question="?", stream=True)
        assert (response["Content-Type"].split(";")[0], response["Cache-Control"], response["X-Accel-Buffering"]) == (
            "text/event-stream",
            "private, no-store",
            "no",
        )
        await body_of(response)

    async def test_every_event_arrives_in_order(self, post, script):
        script()
        text = await body_of(await post(question="?", stream=True))
        assert [name for name, _ in frames(text)] == ["passages", "token", "done"]

    async def test_done_carries_the_whole_answer_with_japanese_as_it_is(self, post, script):
        script()
        _, data = frames(await body_of(await post(question="?", stream=True)))[-1]
        assert (json.loads(data), "給油" in data) == (DONE, True)

    async def test_an_error_event_carries_the_request_id(self, post, script):
        script(("passages", PASSAGES), ("error", ERROR))
        response = await post(question="?", stream=True)
        _, data = frames(await body_of(response))[-1]
        assert json.loads(data) == ERROR | {"request_id": response["X-Request-ID"]}

    async def test_what_nobody_foresaw_ends_the_stream_with_an_error_event(self, post, script):
        script(("passages", PASSAGES), RuntimeError("secret"))
        text = await body_of(await post(question="?", stream=True))
        name, data = frames(text)[-1]
        assert (name, json.loads(data)["code"], "secret" in text) == ("error", "internal_error", False)

    async def test_what_is_refused_has_a_status_and_no_stream(self, post, script):
        script(NotFound())
        response = await post(question="?", stream=True)
        assert (response.status_code, has_error_shape(response)) == (404, True)

    async def test_silence_is_bridged_by_comments(self, script, monkeypatch):
        from assistant.api_stream import bridged

        async def slow():
            await asyncio.sleep(0.05)
            yield "late"

        sent = [frame async for frame in bridged(slow(), seconds=0.01)]
        assert (sent[0], sent[-1]) == (": waiting\n\n", "late")

    async def test_closing_the_response_closes_what_makes_it_before_it_returns(self):
        from assistant.api_stream import EventStreamResponse

        closed = []

        async def frames_of():
            try:
                yield "one"
                yield "two"
            finally:
                await asyncio.sleep(0)
                closed.append(True)

        sent = aiter(EventStreamResponse(frames_of()))
        await anext(sent)
        await sent.aclose()
        assert closed

    async def test_closing_while_it_waits_cancels_what_it_waits_for(self):
        from assistant.api_stream import bridged

        ended = []

        async def frames_of():
            try:
                await asyncio.sleep(30)
                yield "never"
            finally:
                ended.append(True)

        sent = bridged(frames_of(), seconds=0.01)
        await anext(sent)
        await sent.aclose()
        assert ended


class TestOverTheWire:
    """uvicorn, a socket, and a client that goes away."""

    def test_a_token_leaves_before_the_answer_is_finished(self, open_sqlite, bearer, script):
        asked = script(("passages", PASSAGES), ("token", {"text": "P"}), 30, ("done", DONE))
        with serving() as url, stream(url, bearer) as response:
            lines = response.iter_lines()
            first = [next(lines) for _ in range(5)]
            assert ("event: token" in first, asked.ended.is_set()) == (True, False)

    def test_a_client_that_goes_away_cancels_the_answer(self, open_sqlite, bearer, script):
        asked = script(("passages", PASSAGES), 30, ("done", DONE))
        with serving() as url:
            with stream(url, bearer) as response:
                next(response.iter_lines())
            asked.ended.wait(10)
            assert asked.how == "CancelledError"

    def test_a_client_that_goes_away_while_the_wire_is_full_ends_the_answer(self, open_sqlite, bearer, script):
        flood = ("token", {"text": "水" * 100_000})
        asked = script(("passages", PASSAGES), *[flood] * 400, ("done", DONE))
        with serving() as url:
            with stream(url, bearer) as response:
                next(response.iter_lines())
            asked.ended.wait(10)
            assert asked.how in {"CancelledError", "GeneratorExit"}

    def test_a_client_that_goes_away_cancels_an_answer_that_is_not_streamed(self, open_sqlite, bearer, script):
        asked = script(("passages", PASSAGES), 30, ("done", DONE))
        with serving() as url:
            with pytest.raises(httpx.ReadTimeout):
                httpx.post(url + ASK, json={"question": "?"}, headers=bearer, timeout=1)
            asked.ended.wait(10)
            assert asked.how == "CancelledError"

    def test_an_answer_that_nobody_reads_to_the_end_may_still_be_saved(self, open_sqlite, bearer, owner, monkeypatch):
        import threading

        saved = threading.Event()

        async def ask(**asked):
            from django.contrib.auth import get_user_model

            try:
                for _ in range(400):  # more than the wire takes: the client leaves while the server is sending
                    yield AskEvent("token", {"text": "水" * 100_000})
            finally:
                await asyncio.sleep(0.2)  # by now a request that did not wait for this has let go of its thread
                await asyncio.shield(get_user_model().objects.filter(pk=owner.pk).aupdate(first_name="stopped"))
                saved.set()

        monkeypatch.setattr("assistant.services.ask", ask)
        with serving() as url:
            with stream(url, bearer) as response:
                next(response.iter_lines())
            assert saved.wait(10)
        owner.refresh_from_db()
        assert owner.first_name == "stopped"


def stream(url, headers):
    return httpx.stream("POST", url + ASK, json={"question": "?", "stream": True}, headers=headers, timeout=20)
