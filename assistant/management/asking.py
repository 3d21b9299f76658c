"""Two ways to an answer for a command: in this process, or through the server that holds the index."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from tempfile import TemporaryFile
from typing import IO, Any

import httpx
from asgiref.sync import sync_to_async
from django.conf import settings

from assistant import services
from assistant.errors import AnswerServerFailed, ModelUnavailable
from assistant.llm import answer_model
from assistant.services import AskEvent
from ingestion.access import Scope, token_issue
from ingestion.errors import IndexHeld
from ingestion.index import vector_index
from ingestion.models import ApiToken, User
from ingestion.searched import look

_TOKEN_NAME = "manage.py ask"  # noqa: S105 - a name
_MODEL_SECONDS = 120
_SILENCE_SECONDS = 180.0


async def answer(user: User, scope: Scope, question: str) -> AsyncGenerator[AskEvent, None]:
    """The answer's events. Raises IndexHeld where whoever holds the index cannot be asked, and what services.ask does.

    One process at a time may have the index of Qdrant Edge open: where the server has, the server is asked.
    """
    try:
        await sync_to_async(lambda: vector_index(look()))()
    except IndexHeld as held:
        events = _through_the_server(user, scope, question, held)
    else:
        events = _in_this_process(user, scope, question)
    async with aclosing(events):
        async for event in events:
            yield event


async def _in_this_process(user: User, scope: Scope, question: str) -> AsyncGenerator[AskEvent, None]:
    async with answer_server(), aclosing(services.ask(user=user, scope=scope, question=question)) as events:
        async for event in events:
            yield event


async def _through_the_server(
    user: User, scope: Scope, question: str, held: IndexHeld
) -> AsyncGenerator[AskEvent, None]:
    asked = {"question": question, "libraries": sorted(str(key) for key in scope.readable), "stream": True}
    token = await sync_to_async(token_issue)(user=user, name=_TOKEN_NAME)
    try:
        # trust_env: a proxy named in the environment must not carry the question elsewhere.
        async with (
            httpx.AsyncClient(base_url=_address(), timeout=_SILENCE_SECONDS, trust_env=False) as client,
            client.stream("POST", "/api/v1/ask", json=asked, headers={"Authorization": f"Bearer {token}"}) as response,
        ):
            async for event in _events(response):
                yield event
    except httpx.ConnectError:
        raise held from None
    finally:
        await ApiToken.objects.filter(user=user, name=_TOKEN_NAME).adelete()


async def _events(response: httpx.Response) -> AsyncIterator[AskEvent]:
    if response.is_error:
        await response.aread()
        yield AskEvent("error", _error(response))
        return
    name: Any = ""
    async for line in response.aiter_lines():
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield AskEvent(name, json.loads(value))


def _error(response: httpx.Response) -> dict[str, Any]:
    try:
        found: dict[str, Any] = response.json()["error"]
    except (ValueError, KeyError):
        return {"code": "bad_gateway", "message": f"{_address()} is not Tenkyo.", "hint": "Set PORT as the server has."}
    return found


def _address() -> str:
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{settings.PORT}"  # noqa: S104 - compared, not bound


@asynccontextmanager
async def answer_server() -> AsyncIterator[None]:
    """The answer model, started for this block where it is ours to start and does not run."""
    try:
        await answer_model().ping()
    except ModelUnavailable:
        if not settings.ANSWER_BESIDE_WEB:
            raise
        async with _started():
            yield
    else:
        yield


@asynccontextmanager
async def _started() -> AsyncIterator[None]:
    """`manage.py answer_server` as a child. Raises AnswerServerFailed with its last words where it does not come up."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "answer_server"]
    with TemporaryFile() as words:
        child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL, stderr=words)
        try:
            await _healthy(child, words)
            yield
        finally:
            with suppress(ProcessLookupError):
                child.terminate()
            await child.wait()


async def _healthy(child: asyncio.subprocess.Process, words: IO[bytes]) -> None:
    address = httpx.URL(settings.ANSWER_URL).copy_with(path="/health")
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(_MODEL_SECONDS):
            with suppress(httpx.TransportError):
                if (await client.get(address)).is_success:
                    return
            if child.returncode is not None:
                break
            await asyncio.sleep(1)
    words.seek(0)
    said = words.read().decode(errors="replace").strip().splitlines() or ["it said nothing"]
    raise AnswerServerFailed(model=settings.ANSWER_MODEL, port=address.port, reason=said[-1])
