"""What every AnswerModel does: the scripted one, the served one over HTTP, and the real one."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from assistant.errors import ModelNotApproved, ModelUnavailable
from assistant.llm import ChatMessage, ServedModel, answer_model
from config.portfolio import model_named
from tests.fakes import ScriptedModel

ASKED = [ChatMessage("system", "Answer briefly."), ChatMessage("user", "Repeat only this: The pump runs well today.")]
SAID = "The pump runs well today."


class OpenAiServer:
    """As much of an OpenAI-compatible server as a chat needs; `gone` is set when a listener leaves early."""

    def __init__(self, *, status=200, pieces=(), pause=0.0, ending=True):
        self.status, self.pieces, self.pause, self.ending = status, pieces, pause, ending
        self.requests, self.gone = [], asyncio.Event()

    async def __call__(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next((int(x.split(":")[1]) for x in head.split("\r\n") if x.lower().startswith("content-length")), 0)
        self.requests.append(json.loads(await reader.readexactly(length) or b"{}"))
        if self.status != 200:
            writer.write(f"HTTP/1.1 {self.status} No\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        elif "GET" in head:
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"data":[]}')
        else:
            await self._stream(reader, writer)
        await writer.drain()
        writer.close()

    async def _stream(self, reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        left = asyncio.ensure_future(reader.read(1))
        for piece in self.pieces:
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
            chunk["choices"] = [{"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}]
            writer.write(f"data: {json.dumps(chunk)}\n\n".encode())
            await writer.drain()
            await asyncio.wait({left}, timeout=self.pause)
            if left.done():
                self.gone.set()
                return
        left.cancel()
        if self.ending:
            writer.write(b"data: [DONE]\n\n")


@asynccontextmanager
async def serving(server):
    listening = await asyncio.start_server(server, "127.0.0.1", 0)
    async with listening:
        yield served(listening.sockets[0].getsockname()[1])


def served(port):
    return ServedModel("qwen2.5-coder-1.5b-instruct", 900, 320, 8192, f"http://127.0.0.1:{port}/v1", "none")


@asynccontextmanager
async def scripted():
    yield ScriptedModel(SAID, SAID, piece=4)


@asynccontextmanager
async def over_http():
    async with serving(OpenAiServer(pieces=[SAID[at : at + 4] for at in range(0, len(SAID), 4)])) as model:
        yield model


@asynccontextmanager
async def real():
    port = free_port()
    environment = {**os.environ, "MODELS_DIR": os.environ["MODELS_DIR"]}
    command = [sys.executable, "manage.py", "answer_server", "--port", str(port)]
    quiet = subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=quiet, stderr=quiet)
    try:
        await healthy(port)
        yield replace(answer_model(), url=f"http://127.0.0.1:{port}/v1")
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 30)


async def healthy(port):
    until = time.monotonic() + 120
    async with httpx.AsyncClient(trust_env=False) as client:
        while time.monotonic() < until:
            try:
                if (await client.get(f"http://127.0.0.1:{port}/health")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.5)
    pytest.fail("answer_server did not come up")


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


each_model = pytest.mark.parametrize(
    "opened", [scripted, over_http, pytest.param(real, marks=pytest.mark.models)], ids=["scripted", "http", "real"]
)


@each_model
async def test_an_answer_comes_in_pieces_that_make_the_whole(opened):
    async with opened() as model:
        pieces = [piece async for piece in model.stream(ASKED, max_tokens=64)]
    assert len(pieces) > 2
    assert all(pieces)
    assert "pump runs" in "".join(pieces)


@each_model
async def test_complete_gives_what_stream_gives(opened):
    async with opened() as model:
        whole = await model.complete(ASKED, max_tokens=64)
        assert whole == "".join([piece async for piece in model.stream(ASKED, max_tokens=64)])


@each_model
async def test_a_stream_can_be_left_at_any_piece(opened):
    async with opened() as model, aclosing(model.stream(ASKED, max_tokens=64)) as pieces:
        assert await anext(pieces)


@each_model
async def test_a_running_model_answers_a_ping(opened):
    async with opened() as model:
        await model.ping()


async def test_leaving_a_stream_closes_it_at_the_server_at_once():
    server = OpenAiServer(pieces=["word "] * 1000, pause=0.02)
    async with serving(server) as model:
        async with aclosing(model.stream(ASKED, max_tokens=64)) as pieces:
            await anext(pieces)
        await asyncio.wait_for(server.gone.wait(), 2)


async def test_cancelling_the_listener_closes_the_stream_at_the_server():
    server = OpenAiServer(pieces=["word "] * 1000, pause=0.02)

    async def listen(model):
        async with aclosing(model.stream(ASKED, max_tokens=64)) as pieces:
            async for _ in pieces:
                pass

    async with serving(server) as model:
        task = asyncio.create_task(listen(model))
        await asyncio.sleep(0.3)
        task.cancel()
        await asyncio.wait_for(server.gone.wait(), 2)


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
async def test_a_refusing_server_is_an_unavailable_model(status):
    async with serving(OpenAiServer(status=status)) as model:
        with pytest.raises(ModelUnavailable):
            await model.complete(ASKED, max_tokens=8)


async def test_no_server_is_an_unavailable_model():
    model = served(free_port())
    with pytest.raises(ModelUnavailable):
        await model.complete(ASKED, max_tokens=8)
    with pytest.raises(ModelUnavailable):
        await model.ping()


async def test_the_request_is_greedy_and_bounded():
    server = OpenAiServer(pieces=["yes"])
    async with serving(server) as model:
        await model.complete(ASKED, max_tokens=8)
    sent = server.requests[0]
    assert (sent["temperature"], sent["max_tokens"], sent["stream"]) == (0, 8, True)
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]


@pytest.mark.parametrize(("gbnf", "held"), [(True, True), (False, False)])
async def test_only_a_server_that_takes_grammars_is_sent_one(gbnf, held):
    server = OpenAiServer(pieces=["yes"])
    async with serving(server) as model:
        _ = [piece async for piece in replace(model, gbnf=gbnf).stream(ASKED, max_tokens=8, evidence=3)]
    assert ("grammar" in server.requests[0]) is held


async def test_what_a_database_refuses_never_leaves_the_model():
    server = OpenAiServer(pieces=["be\0ar", "\ud83d", "ing"])
    async with serving(server) as model:
        assert await model.complete(ASKED, max_tokens=8) == "bearing"


@pytest.mark.models
async def test_the_real_model_ends_every_sentence_with_a_mark_of_the_evidence():
    evidence = "[1] Check the belt every month. [2] The bearing must stay below 70 C. [3] Never reuse grease."
    asked = [ChatMessage("system", evidence), ChatMessage("user", "How hot may the bearing be, and is grease reused?")]
    async with real() as model:
        answer = "".join([piece async for piece in model.stream(asked, max_tokens=120, evidence=3)])
    assert re.fullmatch(r"(?:[^\[\]]{10,}(?:\[[123]\]){1,3})+", answer), answer


def test_the_limits_are_the_portfolios(settings):
    approved = model_named(settings.ANSWER_MODEL, "answer")
    model = answer_model()
    assert (model.name, model.evidence_tokens) == (approved.name, approved.evidence_tokens)


def test_a_model_that_is_not_approved_is_refused():
    with pytest.raises(ModelNotApproved):
        answer_model("gpt-9")
