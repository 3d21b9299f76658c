"""What is asked ends where the one who asked may ask no more, and a conversation tells a narrower token nothing."""

import json
from contextlib import suppress

import pytest
from asgiref.sync import sync_to_async

from assistant.models import Conversation, Message
from assistant.record_keeping import begin
from assistant.services import AskEvent
from ingestion import signed_in
from ingestion.access import scope_for, token_issue, user_for_token
from ingestion.errors import NotSignedIn
from ingestion.models import ApiToken, UserSession
from ingestion.sessions import session_end
from ingestion.signed_in import while_signed_in
from tests.assistant.answers import DONE, PASSAGES, frames
from tests.factories import make_library, upload

ASK = "/api/v1/ask"
JSON = "application/json"


@pytest.fixture(autouse=True)
def asked_at_each_event(monkeypatch):
    monkeypatch.setattr(signed_in, "_ASKED_EVERY_SECONDS", 0.0)


async def two_events(between):
    yield AskEvent("token", {"text": "one"})
    await sync_to_async(between)()
    yield AskEvent("token", {"text": "two"})


async def told(request, user, between):
    """The events that were told before the stream ended with NotSignedIn, or to its end."""
    found = []
    try:
        async for event in while_signed_in(request, user, two_events(between)):
            found.append(event.data["text"])  # noqa: PERF401  what was told before the end counts
    except NotSignedIn:
        found.append("ended")
    return found


@pytest.fixture
def by_token(owner, rf):
    return rf.post("/api/v1/ask"), user_for_token(token_issue(user=owner))


@pytest.fixture
def by_session(owner, client, rf):
    """A request of a browser that is signed in."""
    client.force_login(owner)
    client.get("/account/")
    request = rf.post("/api/v1/ask")
    request.session = client.session
    return request, owner


def suspend(person):
    person.is_active = False
    person.save()


@pytest.mark.django_db(transaction=True)
class TestStreams:
    async def test_an_answer_to_somebody_who_stays_is_told_to_its_end(self, by_token):
        assert await told(*by_token, lambda: None) == ["one", "two"]

    async def test_an_answer_ends_when_its_person_is_suspended(self, by_token, owner):
        assert await told(*by_token, lambda: suspend(owner)) == ["one", "ended"]

    async def test_an_answer_ends_when_its_token_is_withdrawn(self, by_token):
        assert await told(*by_token, lambda: ApiToken.objects.get().delete()) == ["one", "ended"]

    async def test_an_answer_ends_when_its_session_is_ended(self, by_session, owner):
        def end():
            session_end(user=owner, session_id=UserSession.objects.get().pk)

        assert await told(*by_session, end) == ["one", "ended"]


@pytest.mark.django_db(transaction=True)
class TestOverHttp:
    async def test_a_stream_to_somebody_suspended_ends_with_an_error_event_and_the_work_with_it(
        self, async_client, bearer, owner, script
    ):
        asked = script(("passages", PASSAGES), 0.2, ("token", {"text": "P"}), ("done", DONE))
        response = await async_client.post(ASK, {"question": "?", "stream": True}, content_type=JSON, headers=bearer)
        await sync_to_async(suspend)(owner)
        name, data = frames(b"".join([part async for part in response]).decode())[-1]
        assert (name, json.loads(data)["code"], asked.how) == ("error", "not_signed_in", "GeneratorExit")

    async def test_a_download_to_somebody_suspended_is_not_sent_to_its_end(self, async_client, owner, library):
        document = (await sync_to_async(upload)(owner, library, b"x" * 600_000)).document
        await async_client.aforce_login(owner)
        response = await async_client.get(f"/documents/{document.pk}/file")
        sent = []
        with suppress(NotSignedIn):
            async for part in response:
                sent.append(len(part))
                await sync_to_async(suspend)(owner)
        assert sent == [256 * 1024]


@pytest.fixture
def talked(owner, library):
    """A conversation about two libraries, and a token for one of them."""
    other = make_library("Secret plans", owner=owner)
    conversation = Conversation.objects.create(user=owner, title="Oil")
    for place in (library, other):
        asked = Message.objects.create(conversation=conversation, role="user", text=f"What of {place.name}?")
        said = {"text": f"Words of {place.name}.", "question": asked, "found_in": [str(place.pk)]}
        Message.objects.create(conversation=conversation, role="assistant", **said)
    return conversation, user_for_token(token_issue(user=owner, libraries=[library]))


def history(user, conversation):
    begun = begin(
        user=user, scope=scope_for(user), text="And?", conversation_id=conversation.pk, regenerate=None, model="m"
    )
    return [exchange.question for exchange in begun.history]


def test_a_conversation_tells_its_person_all_that_was_said(owner, talked):
    assert history(owner, talked[0]) == ["What of Pumps?", "What of Secret plans?"]


def test_a_conversation_tells_a_narrower_token_nothing_of_other_libraries(talked):
    assert history(talked[1], talked[0]) == ["What of Pumps?"]


def test_a_conversation_tells_nothing_of_a_library_that_was_closed(owner, library, talked):
    library.owners.clear()
    assert history(owner, talked[0]) == ["What of Secret plans?"]


def test_an_answer_of_which_nobody_wrote_down_the_libraries_counts_all_it_searched(talked, library):
    Message.objects.filter(role="assistant").update(found_in=None, searched=[str(library.pk), str(library.pk)])
    Message.objects.filter(text__contains="Secret").update(searched=["00000000-0000-4000-8000-000000000007"])
    assert history(talked[1], talked[0]) == ["What of Pumps?"]
