"""LlamaIndex's default pipeline over the same pages, with the same embedder and answer model: what we are compared to.

As published (llama-index-core 0.14): SentenceSplitter (1,024 tokens, overlap 200), VectorStoreIndex in memory,
similarity_top_k 2, CitationQueryEngine (citation chunks of 512 tokens), nothing changed but the models.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings

from assistant.errors import ModelUnavailable
from assistant.evaluation.asking import Outcome, right
from assistant.evaluation.golden import Question
from assistant.evaluation.places import Places
from assistant.evaluation.plan import Batch
from assistant.evaluation.run import System
from assistant.evaluation.vectors import VectorCache
from assistant.marks import Draft, MarkParser, SentenceSplitter
from config.portfolio import model_named
from ingestion.access import Scope
from ingestion.lifecycle import effective
from ingestion.models import Page, PageStatus

_CONNECT_SECONDS, _READ_SECONDS = 3.0, 300.0
# How a model says that the sources do not help, which the engine's prompt asks it to.
_HELPLESS = re.compile(
    r"none of the (?:provided |given )?sources|(?:sources?|context|documents?) (?:provided )?(?:do|does)(?: not|n't) "
    r"(?:contain|mention|provide|include|specify|have|help)|no (?:relevant |specific )?information|not (?:explicitly |"
    r"specifically )?(?:mentioned|specified) in|(?:cannot|can't|unable to) (?:answer|determine|provide)|"
    r"(?:情報|記載|記述|言及|回答)[^。]{0,20}(?:ありません|ございません|見つかりません|含まれていません|されていません)"
    r"|(?:提供|お?答え)[^。]{0,6}できません|(?:わかり|分かり)ません",
    re.IGNORECASE,
)


@asynccontextmanager
async def served_llm() -> AsyncIterator[Any]:
    """LlamaIndex's client of the answer server, with the limits and temperature that the product uses."""
    import httpx
    from llama_index.llms.openai_like import OpenAILike

    model = model_named(settings.ANSWER_MODEL, "answer")
    timeout = httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS)
    # trust_env: a proxy named in the environment must not carry company text elsewhere.
    async with httpx.AsyncClient(timeout=timeout, trust_env=False) as connection:
        yield OpenAILike(
            model=model.name,
            api_base=settings.ANSWER_URL,
            api_key=settings.ANSWER_API_KEY or "none",
            context_window=model.context_tokens,
            max_tokens=model.answer_tokens,
            is_chat_model=True,
            temperature=0.0,
            max_retries=0,
            timeout=_READ_SECONDS,
            async_http_client=connection,
        )


async def baseline(scope: Scope, places: Places, llm: Any, vectors: VectorCache) -> System:
    """The pipeline over the scope's pages, as a system to put questions to. Embeds what `vectors` does not hold."""
    engine = await sync_to_async(_engine)(scope, places, llm, vectors)

    async def ask(question: Question, batch: Batch) -> Outcome:
        del batch
        return await _asked(engine, question)

    return ask


def plain_splitter(tokens: int) -> Callable[[str], list[str]]:
    """LlamaIndex's SentenceSplitter as published, without overlap: a text → its pieces in order."""
    from llama_index.core.node_parser import SentenceSplitter as Splitter

    split: Callable[[str], list[str]] = Splitter(chunk_size=tokens, chunk_overlap=0).split_text
    return split


def _engine(scope: Scope, places: Places, llm: Any, vectors: VectorCache) -> Any:
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter as Splitter
    from llama_index.core.query_engine import CitationQueryEngine

    # One document a page, as LlamaIndex's own PDF reader makes them; what it hides from the embedder is hidden here.
    documents = [
        Document(
            text=text,
            metadata={"page_label": str(number), "file_name": title, "place": place},
            excluded_embed_metadata_keys=["file_name", "place"],
            excluded_llm_metadata_keys=["file_name", "place"],
        )
        for title, number, place, text in _pages(scope, places)
    ]
    index = VectorStoreIndex.from_documents(documents, transformations=[Splitter()], embed_model=_embedding(vectors))
    return CitationQueryEngine.from_args(index, llm=llm)


def _pages(scope: Scope, places: Places) -> Iterator[tuple[str, int, str, str]]:
    """(file name, page number, place, text) of every page with text."""
    current = [one.current_id for one in scope.documents().filter(effective(), current__isnull=False)]
    found = Page.objects.filter(revision__in=current, status=PageStatus.INDEXED).select_related("revision")
    for page in found.defer("words").order_by("revision_id", "number"):
        place = places.page(page.revision.document_id, page.number)
        yield page.revision.filename, page.number, place, page.text


def _embedding(vectors: VectorCache) -> Any:
    """Our embedder as LlamaIndex sees one."""
    from llama_index.core.embeddings import BaseEmbedding

    class Ours(BaseEmbedding):  # type: ignore[misc]  # the package ships no types
        def _get_query_embedding(self, query: str) -> list[float]:
            return vectors.query(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return await sync_to_async(vectors.query)(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return vectors.passages([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return vectors.passages(texts)

    return Ours()


async def _asked(engine: Any, question: Question) -> Outcome:
    """Retrieve, then answer: the two halves of the engine's own `aquery`. Raises ModelUnavailable."""
    import httpx
    import openai
    from llama_index.core import QueryBundle

    asked, started = QueryBundle(question.text), perf_counter()
    nodes = await engine.aretrieve(asked)
    retrieved = perf_counter()
    try:
        response = await engine.asynthesize(asked, nodes)
    except (openai.OpenAIError, httpx.HTTPError, OSError, TimeoutError) as error:
        raise ModelUnavailable from error
    timings = {"retrieve_ms": _milliseconds(started, retrieved), "total_ms": _milliseconds(started, perf_counter())}
    sources = [str(node.node.metadata["place"]) for node in response.source_nodes]
    outcome = {
        "pages": list(dict.fromkeys(str(node.node.metadata["place"]) for node in nodes)),
        "confidence": round(max((float(node.score or 0) for node in nodes), default=0.0), 4),
        "timings": timings,
        **answer_outcome(str(response.response or ""), sources),
    }
    return {**outcome, "right": right(question, outcome)}


def answer_outcome(text: str, sources: Sequence[str]) -> Outcome:
    """The engine's answer as an outcome: [n] is the n-th source's page, and what cites one counts as supported.

    It abstains where it says that the sources do not help, and no other sentence cites anything.
    """
    drafts = list(_drafts(text))
    sentences = [_sentence(draft, sources) for draft in drafts]
    helpless = [bool(_HELPLESS.search(draft.text)) for draft in drafts]
    says_more = any(one["supported"] and not helpless[number] for number, one in enumerate(sentences))
    abstained = not drafts or (any(helpless) and not says_more)
    shown = [] if abstained else sentences
    answer = "".join(one["text"] for one in shown).strip()
    return {"answer": answer, "abstained": abstained, "sentences": shown}


def _sentence(draft: Draft, sources: Sequence[str]) -> dict[str, Any]:
    cited = list(dict.fromkeys(sources[number - 1] for number in draft.numbers if 1 <= number <= len(sources)))
    return {"text": draft.gap + draft.text, "supported": bool(cited), "reasons": [], "cited": cited}


def _drafts(text: str) -> Iterator[Draft]:
    """Sentences and their marks, read as the product reads its own model's."""
    marks, sentences = MarkParser(), SentenceSplitter()
    for part in [*marks.feed(text), *marks.close()]:
        yield from sentences.add(part)
    yield from sentences.close()


def _milliseconds(start: float, end: float) -> float:
    return round((end - start) * 1000, 1)
