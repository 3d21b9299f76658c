"""The only door to the answer model: an OpenAI-compatible server, spoken to through LlamaIndex."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Protocol

import structlog
from django.conf import settings

from assistant.errors import ModelNotApproved, ModelUnavailable
from config.portfolio import model_named
from ingestion.text import one_line

log = structlog.get_logger(__name__)
# Seconds. `read` is the longest silence: a CPU may read a long prompt for a minute before the first token.
_CONNECT, _READ, _PING = 3.0, 180.0, 3.0


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    text: str


class AnswerModel(Protocol):
    """A model that answers chats. Limits are in its own tokens."""

    @property
    def name(self) -> str:
        """The portfolio's name of it, which the server knows too."""

    @property
    def evidence_tokens(self) -> int:
        """How much evidence it is shown."""

    @property
    def answer_tokens(self) -> int:
        """The longest answer."""

    @property
    def marks(self) -> bool:
        """Whether it is asked to mark its sentences with the evidence they rest on. Else the server finds the proof."""

    @property
    def proved_only(self) -> bool:
        """Whether users do not get what it writes and nothing proves, in libraries that do not say otherwise."""

    def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int, evidence: int = 0
    ) -> AsyncGenerator[str, None]:
        """The answer piece by piece. Closing the generator stops the model at once. Raises ModelUnavailable.

        `evidence`: each sentence is to end with a mark from [1] to [evidence]. A server that can be held to it is.
        """

    async def complete(self, messages: Sequence[ChatMessage], *, max_tokens: int) -> str:
        """The whole answer. Raises ModelUnavailable."""

    async def ping(self) -> None:
        """Return if the server answers within seconds. Raises ModelUnavailable."""


def answer_model(name: str | None = None) -> AnswerModel:
    """The approved model of that name, or of ANSWER_MODEL. Raises ModelNotApproved."""
    try:
        model = model_named(name or settings.ANSWER_MODEL, "answer")
    except ValueError:
        raise ModelNotApproved(model=one_line(name or "")[:100]) from None
    return ServedModel(
        name=model.name,
        evidence_tokens=model.evidence_tokens,
        answer_tokens=model.answer_tokens,
        context_tokens=model.context_tokens,
        url=settings.ANSWER_URL,
        key=settings.ANSWER_API_KEY or "none",
        marks=model.marks,
        proved_only=model.proved_only,
        gbnf=model.grammar == "gbnf",
        control_tokens=model.control_tokens,
    )


def marks_grammar(evidence: int) -> str:
    """A llama.cpp grammar: one to four sentences, each ended by one to three marks from [1] to [evidence].

    Which number is the model's own choice; that it must choose one is given, for a small model forgets it. The least
    length keeps it from answering with a bare value, the most from rambling.
    """
    numbers = " | ".join(f'"{number}"' for number in range(1, evidence + 1))
    return "\n".join(
        (
            'root ::= sentence (" " sentence){0,3}',
            'sentence ::= text end? " "? mark mark? mark?',
            "text ::= char unit{9,240}",
            'unit ::= " "? char',
            r"char ::= [^\[\]\x00-\x20\x7f-\xa0。！？　]",
            "end ::= [。！？]",
            f'mark ::= "[" ({numbers}) "]"',
        )
    )


@dataclass(frozen=True, slots=True)
class ServedModel:
    """An `AnswerModel` behind an OpenAI-compatible server. Temperature 0: the same prompt gives the same answer."""

    name: str
    evidence_tokens: int
    answer_tokens: int
    context_tokens: int
    url: str
    key: str
    marks: bool = True
    proved_only: bool = False
    gbnf: bool = False
    control_tokens: tuple[int, ...] = ()

    async def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int, evidence: int = 0
    ) -> AsyncGenerator[str, None]:
        """The answer piece by piece. Closing the generator stops the model at once. Raises ModelUnavailable."""
        try:
            async with self._connected() as client:
                held = self._held_to_marks(evidence) if self.gbnf and evidence else {}
                responses = await client.astream_chat(_as_llama_index(messages), max_tokens=max_tokens, **held)
                async for response in responses:
                    if piece := _storable(response.delta):
                        yield piece
        except _failures() as error:
            raise self._unavailable(error) from error

    async def complete(self, messages: Sequence[ChatMessage], *, max_tokens: int) -> str:
        """The whole answer. Raises ModelUnavailable."""
        async with aclosing(self.stream(messages, max_tokens=max_tokens)) as pieces:
            return "".join([piece async for piece in pieces])

    async def ping(self) -> None:
        """Return if the server lists its models within seconds. Raises ModelUnavailable."""
        import httpx

        headers = {"Authorization": f"Bearer {self.key}"}
        try:
            async with httpx.AsyncClient(timeout=_PING, trust_env=False, verify=_certificates()) as client:
                (await client.get(f"{self.url}/models", headers=headers)).raise_for_status()
        except _failures() as error:
            raise self._unavailable(error) from error

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Any]:
        """A LlamaIndex client on a connection of its own.

        LlamaIndex leaves a stream that nobody reads to the garbage collector, and the model goes on meanwhile;
        closing the connection frees its slot at once.
        """
        import httpx

        # Imported in a thread: the first import takes seconds, and everybody's requests share this event loop.
        make = await asyncio.to_thread(_open_ai_like)
        # trust_env: a proxy named in the environment must not carry company text elsewhere.
        timeout = httpx.Timeout(_READ, connect=_CONNECT)
        async with httpx.AsyncClient(timeout=timeout, trust_env=False, verify=_certificates()) as connection:
            yield make(
                model=self.name,
                api_base=self.url,
                api_key=self.key,
                context_window=self.context_tokens,
                is_chat_model=True,
                temperature=0.0,
                max_retries=0,
                timeout=_READ,
                async_http_client=connection,
            )

    def _held_to_marks(self, evidence: int) -> dict[str, Any]:
        """Parameters of llama.cpp's server. Control tokens are text of no length, which every grammar lets pass."""
        silent = [[token, False] for token in self.control_tokens]
        return {"extra_body": {"grammar": marks_grammar(evidence), "logit_bias": silent}}

    def _unavailable(self, error: BaseException) -> ModelUnavailable:
        log.warning(
            "answer_model_failed", model=self.name, url=self.url, reason=f"{type(error).__name__}: {error}"[:500]
        )
        return ModelUnavailable()


def _storable(piece: str | None) -> str:
    """The piece without what a database refuses: NUL and halves of surrogate pairs."""
    return (piece or "").replace("\0", "").encode("utf-8", "ignore").decode()


def _open_ai_like() -> Any:
    from llama_index.llms.openai_like import OpenAILike

    return OpenAILike


def _as_llama_index(messages: Sequence[ChatMessage]) -> list[Any]:
    from llama_index.core.base.llms.types import ChatMessage as TheirMessage

    return [TheirMessage(role=message.role, content=message.text) for message in messages]


def _failures() -> tuple[type[BaseException], ...]:
    import httpx
    import openai

    return (openai.OpenAIError, httpx.HTTPError, OSError, TimeoutError)


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """The machine's certificates, read once: reading them takes longer than connecting."""
    return ssl.create_default_context()
