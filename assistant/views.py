"""Pages of the chat. The answer itself streams from the HTTP API; these render what has been kept."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assistant import selectors, services
from assistant.display import answer_page, turns
from ingestion.access import Scope, scope_for
from ingestion.errors import NotFound
from ingestion.filters import EVERYTHING, Filter, choices
from ingestion.models import DocumentLanguage, Page
from ingestion.selectors import Box, page_of
from ingestion.web import page_facts, person

HISTORY_LENGTH = 200


@login_required
@require_GET
def chat(request: HttpRequest) -> HttpResponse:
    """An empty conversation: what Tenkyo does, and questions to start with."""
    scope = scope_for(person(request))
    libraries = list(scope.libraries())
    said = {
        "libraries": libraries,
        "chosen": request.GET.get("library", ""),
        "examples": selectors.example_questions(scope, get_language() or "ja"),
        "may_upload": bool(scope.owned) or person(request).has_perm("ingestion.add_library"),
    }
    return render(request, "assistant/chat.html", {**said, **_narrowing(scope), **_history(request)})


@login_required
@require_GET
def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """One conversation of the person's own, with every answer's proofs."""
    scope = scope_for(person(request))
    found = selectors.transcript(person(request), scope, conversation_id)
    shown = [(turn.question, answer_page(turn.answer) if turn.answer else None) for turn in turns(found.messages)]
    said = {"conversation": found.conversation, "turns": shown, "libraries": list(scope.libraries())}
    # What was asked last is asked again within the same filter, until somebody removes it.
    last = found.messages[-1].only if found.messages else EVERYTHING
    said |= {**_narrowing(scope, last), **_history(request, here=conversation_id)}
    return render(request, "assistant/chat.html", said)


@login_required
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Only the list of conversations, searched."""
    return render(request, "assistant/_history.html", _history(request))


@login_required
@require_GET
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """One answer, as it replaces the draft once it is complete."""
    found = selectors.message_of(person(request), scope_for(person(request)), message_id)
    return render(request, "assistant/_answer.html", answer_page(found))


@login_required
@require_http_methods(["GET", "POST"])
def title(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The form for another title (GET), and the list with the new title (POST)."""
    if request.method == "GET":
        found = selectors.conversation_of(person(request), conversation_id)
        return render(request, "assistant/_title.html", {"conversation": found, "here": request.GET.get("here", "")})
    given = request.POST.get("title", "")
    services.conversation_rename(user=person(request), conversation_id=conversation_id, title=given)
    return render(request, "assistant/_history.html", _history(request))


@login_required
@require_POST
def delete(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Remove a conversation; the page asked for confirmation before."""
    services.conversation_delete(user=person(request), conversation_id=conversation_id)
    if not request.headers.get("HX-Request"):
        return redirect("chat")
    if request.POST.get("here") == str(conversation_id):
        return HttpResponse(headers={"HX-Redirect": "/"})
    return render(request, "assistant/_history.html", _history(request))


@login_required
@require_POST
def feedback(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Keep thumbs up or down; the answer's buttons come back with a field for a comment."""
    comment = request.POST.get("comment")
    helpful = request.POST.get("helpful") == "yes"
    services.feedback_give(user=person(request), message_id=message_id, helpful=helpful, comment=comment or "")
    found = selectors.message_of(person(request), scope_for(person(request)), message_id)
    response = render(request, "assistant/_feedback.html", {"message": found, "asking": comment is None})
    if comment is not None:
        response["HX-Trigger"] = '{"notify": "thanks"}'
    return response


@login_required
@require_GET
def citation(request: HttpRequest, citation_id: UUID) -> HttpResponse:
    """The cited page with the proving passage: inside the panel, or as a page of its own."""
    scope = scope_for(person(request))
    found = selectors.citation_of(person(request), scope, citation_id)
    if found.withheld or found.document is None or found.page is None:
        raise NotFound
    page = page_of(scope, found.document, found.page, revision_id=found.revision_id)
    template = "partials/panel.html" if request.headers.get("X-Panel") else "ingestion/page.html"
    more = {"citation": found, "cited": str(found.id), "proof_top": _proof_top(page, found.boxes)}
    return render(request, template, {**page_facts(page, scope), **more})


def _proof_top(page: Page, boxes: Sequence[Box]) -> int | None:
    """How far down the page the proving passage begins, in per cent of its height."""
    if not boxes or not page.height:
        return None
    return round(100 * min(top for _left, top, _right, _bottom in boxes) / page.height)


def _narrowing(scope: Scope, only: Filter = EVERYTHING) -> dict[str, object]:
    found = choices(scope)
    named = [(code, DocumentLanguage(code).label) for code in found.languages]
    return {"narrowing": found, "languages_named": named, "only": only}


def _history(request: HttpRequest, here: UUID | None = None) -> dict[str, object]:
    search = request.POST.get("q", request.GET.get("q", "")).strip()
    current = str(here) if here else request.POST.get("here", request.GET.get("here", ""))
    found = selectors.conversations_of(person(request), search)[:HISTORY_LENGTH]
    return {"conversations": found, "history_search": search, "here": current}
