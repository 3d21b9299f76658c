"""The HTTP API under /api/v1/: search, ask, and pages as pictures, beside the vault's own part."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language_from_request
from ninja.renderers import JSONRenderer

from assistant import metrics, selectors, services
from assistant.api_docs import DescribedApi, LocalSwagger
from assistant.api_errors import as_tenkyo_error, error_facts, install
from assistant.api_schemas import AskIn, AskOut, SearchIn, SearchOut
from assistant.api_sign_in import SessionKey, TokenKey
from assistant.api_stream import EventStreamResponse, bridged, event_frame
from assistant.dictionary_api import router as dictionary_router
from assistant.narrowing import Language, nothing_within
from assistant.search import Place, search
from assistant.services import AskEvent
from ingestion.access import Scope, as_uuid, scope_for
from ingestion.errors import InternalError, NotFound, error_named
from ingestion.limits import allow
from ingestion.models import User
from ingestion.selectors import Box, page_image, page_of
from ingestion.signed_in import while_signed_in

Events = AsyncGenerator[AskEvent, None]


class _Renderer(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}  # noqa: RUF012 - ninja's name for it


api = DescribedApi(
    title="Tenkyo",
    version="1",
    description="Ask your own documents; every sentence of an answer is proved on one of their pages.",
    urls_namespace="api",
    docs=LocalSwagger(),
    auth=[TokenKey(), SessionKey()],
    renderer=_Renderer(),
)
install(api)
# A name, not an import: the assistant does not know the vault's doors.
api.add_router("", "ingestion.api.router")
api.add_router("", "ingestion.tus_api.router")
api.add_router("", dictionary_router)


@api.post("/search", response=SearchOut, tags=["questions"])
def search_passages(request: HttpRequest, payload: SearchIn) -> Any:
    """The passages that fit best, without an answer."""
    allow(request, _user(request), "search")
    with metrics.SEARCHES.time():
        scope, only = _scope(request, payload.libraries), payload.only()
        found = search(payload.query, scope=scope, limit=payload.limit, only=only)
    note = nothing_within(only, _language(request)) if only and not found.places else ""
    return {"hits": [_hit(place) for place in found.places], "timings": found.timings, "note": note}


@api.post("/ask", response=AskOut, tags=["questions"])
async def ask(request: HttpRequest, payload: AskIn) -> Any:
    """Answer a question. With `stream`: as events waiting, passages, token, sentence, citation, done, error."""
    scope = await sync_to_async(_asking)(request, payload.libraries)
    events = while_signed_in(request, _user(request), metrics.counted(_events(_user(request), scope, payload)))
    if not payload.stream:
        return await _whole(request, events)
    # What is refused is refused with a status of its own, before the stream begins.
    first = await anext(events)
    return EventStreamResponse(bridged(_frames(request, first, events)))


@api.get("/documents/{document_id}/pages/{int:number}.png", tags=["documents"])
def page_picture(  # noqa: PLR0917 - ninja passes them by name
    request: HttpRequest,
    document_id: str,
    number: int,
    citation: str | None = None,
    revision: str | None = None,
    reveal: bool = False,
) -> HttpResponseBase:
    """The page as PNG: of the current revision, of the one named, or as a citation of yours marks it.

    `reveal`: with the personal data that is painted over otherwise, for whom an owner allows it. Audited.
    """
    scope = _scope(request)
    revision_id, boxes = _marked(request, scope, document_id, number, citation)
    if revision_id is None and revision is not None:
        revision_id = as_uuid(revision)
    page = page_of(scope, document_id, number, revision_id=revision_id)
    # A revision's page never changes but for its masks, so what is drawn is told by these and by what is asked for.
    drawn = (page.revision_id, page.number, boxes, page.masking, reveal)
    etag = f'"{sha256(repr(drawn).encode()).hexdigest()[:32]}"'
    response = None if reveal else get_conditional_response(request, etag=etag)  # each reveal is asked for and audited
    if response is None:
        png = page_image(scope, document_id, number, revision_id=page.revision_id, boxes=boxes, unmasked=reveal)
        response = HttpResponse(png, content_type="image/png")
    # Kept by the browser alone, and asked for again each time: who has lost access must not see it any more.
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    return response


def _user(request: HttpRequest) -> User:
    return cast("User", request.auth)  # type: ignore[attr-defined]  # set by TokenKey or SessionKey


def _scope(request: HttpRequest, libraries: list[str] | None = None) -> Scope:
    scope = scope_for(_user(request))
    return scope.narrowed(libraries) if libraries else scope


def _asking(request: HttpRequest, libraries: list[str] | None) -> Scope:
    """What is asked, of a person who has not asked too often."""
    allow(request, _user(request), "ask")
    return _scope(request, libraries)


def _language(request: HttpRequest) -> Language:
    return "ja" if get_language_from_request(request).startswith("ja") else "en"


def _hit(place: Place) -> dict[str, Any]:
    found = place.passage
    return {
        "rank": place.rank,
        "score": found.score,
        "document": found.document_id,
        "title": found.document_title,
        "revision": found.revision_number,
        "page": found.page,
        "heading": found.heading,
        "text": found.text,
        "boxes": place.boxes,
    }


def _events(user: User, scope: Scope, payload: AskIn) -> Events:
    return services.ask(
        user=user,
        scope=scope,
        question=payload.question,
        conversation_id=payload.conversation,
        regenerate=payload.regenerate,
        model=payload.model,
        only=payload.only(),
    )


async def _frames(request: HttpRequest, first: AskEvent, events: Events) -> AsyncGenerator[str, None]:
    async with aclosing(events):
        yield _frame(request, first)
        try:
            async for event in events:
                yield _frame(request, event)
        except Exception as exception:  # noqa: BLE001 - the status has been sent: the stream itself must say it
            yield event_frame("error", error_facts(request, as_tenkyo_error(exception)))


def _frame(request: HttpRequest, event: AskEvent) -> str:
    more = {"request_id": getattr(request, "request_id", "")} if event.name == "error" else {}
    return event_frame(event.name, event.data | more)


async def _whole(request: HttpRequest, events: Events) -> Any:
    """The data of `done`, or the error as a response."""
    last: AskEvent | None = None
    async with aclosing(events):
        async for event in events:
            last = event if event.name in {"done", "error"} else last
    if last is None:
        raise InternalError
    return _failed(request, last) if last.name == "error" else last.data


def _failed(request: HttpRequest, event: AskEvent) -> JsonResponse:
    said = error_facts(request, error_named(event.data["code"]))
    # The event's own words: they name what failed.
    said |= {"message": event.data["message"], "hint": event.data["hint"]}
    status = error_named(event.data["code"]).status
    return JsonResponse({"error": said}, status=status, json_dumps_params={"ensure_ascii": False})


def _marked(
    request: HttpRequest, scope: Scope, document_id: str, number: int, citation: str | None
) -> tuple[UUID | None, tuple[Box, ...]]:
    """The revision and boxes a citation points at. Raises NotFound where it points at another page."""
    if citation is None:
        return None, ()
    found = selectors.citation_of(_user(request), scope, citation)
    if found.revision_id is None or (found.document, found.page) != (as_uuid(document_id), number):
        raise NotFound
    return found.revision_id, found.boxes
