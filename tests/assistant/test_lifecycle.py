"""Search, answers, nearest pages and citations of documents that are draft, upcoming, effective, expired, withdrawn."""

import pytest
from asgiref.sync import async_to_sync
from django.urls import reverse
from django.utils import translation

from assistant import selectors, services
from assistant.models import Message
from assistant.search import search
from ingestion.access import scope_for
from ingestion.lifecycle import Standing, warning
from ingestion.models import Document
from tests.factories import text_file, upload
from tests.lifecycles import OUT_OF_FORCE, put

QUESTION = "軸受の交換周期は何時間ですか"
PROVED = "軸受の交換周期は8,000時間です。[2]"
EN = {"Accept-Language": "en"}


def found(user, query=QUESTION, limit=10):
    return [place.passage.document_title for place in search(query, scope=scope_for(user), limit=limit).places]


def ask(user):
    async def last():
        return [event async for event in services.ask(user=user, scope=scope, question=QUESTION)][-1].data

    scope = scope_for(user)
    return async_to_sync(last)()


@pytest.fixture
def answered(owner, manual, model):
    """The data of an answer that cites the manual."""
    model.answers.append(PROVED)
    done = ask(owner)
    assert done["citations"]
    return done


@pytest.fixture
def refused(owner, manual, model):
    """The message of a refusal that lists the manual's pages as nearest."""
    model.answers.append("軸受の交換周期は9,000時間です。[2]")
    message = Message.objects.get(id=ask(owner)["message"])
    assert message.nearest
    return message


@pytest.mark.parametrize("standing", OUT_OF_FORCE)
def test_a_document_that_is_not_in_force_is_not_found(owner, manual, standing):
    put(manual, standing)
    assert found(owner) == []


def test_a_document_in_force_today_is_found(owner, manual):
    put(manual, Standing.EFFECTIVE)
    assert set(found(owner)) == {"pump"}


def test_a_document_set_back_is_found_at_the_next_question(owner, manual):
    put(manual, Standing.WITHDRAWN)
    found(owner)
    put(manual, Standing.EFFECTIVE)
    assert set(found(owner)) == {"pump"}


def test_what_is_not_in_force_does_not_crowd_out_what_is(owner, library, manual, worked):
    # More chunks than both legs bring, each nearer to the question than the manual's.
    pages = [f"{QUESTION}。{number}" for number in range(150)]
    crowd = worked(lambda: upload(owner, library, text_file(*pages), filename="crowd.txt")).document
    put(Document.objects.get(pk=crowd.pk), Standing.WITHDRAWN)
    assert set(found(owner)) == {"pump"}


@pytest.mark.parametrize("standing", OUT_OF_FORCE)
def test_a_question_is_not_answered_from_a_document_that_is_not_in_force(owner, manual, model, standing):
    put(manual, standing)
    done = ask(owner)
    assert (done["abstained"], done["citations"], done["nearest"], model.asked) == (True, [], [], [])


def test_a_question_is_answered_from_a_document_in_force_today(owner, manual, answered):
    put(manual, Standing.EFFECTIVE)
    assert [citation["document"] for citation in answered["citations"]] == [str(manual.id)]


@pytest.mark.parametrize("standing", Standing)
def test_an_old_citation_still_opens_its_page_and_says_how_the_document_stands(
    client, owner, manual, answered, standing
):
    put(manual, standing)
    client.force_login(owner)
    address = reverse("citation", args=[answered["citations"][0]["id"]])
    shown = client.get(address, headers={"X-Panel": "1", **EN})
    with translation.override("en"):
        words = warning(manual)
    page = shown.content.decode()
    assert ("8,000時間" in page, "out-of-force" in page, words.lower() in page.lower()) == (True, bool(words), True)


@pytest.mark.parametrize("standing", Standing)
def test_the_sources_of_an_old_answer_say_how_the_document_stands(client, owner, manual, answered, standing):
    put(manual, standing)
    client.force_login(owner)
    page = client.get(reverse("message", args=[answered["message"]]), headers=EN).content.decode()
    assert ("badge out-of-force" in page) == (standing != Standing.EFFECTIVE)


@pytest.mark.parametrize("standing", Standing)
def test_the_nearest_pages_of_an_old_refusal_say_how_the_document_stands(client, owner, manual, refused, standing):
    put(manual, standing)
    client.force_login(owner)
    page = client.get(reverse("message", args=[refused.id]), headers=EN).content.decode()
    assert ("badge out-of-force" in page) == (standing != Standing.EFFECTIVE)


@pytest.mark.parametrize("standing", OUT_OF_FORCE)
def test_no_example_asks_about_a_document_that_is_not_in_force(owner, manual, standing):
    manual.current.chunks.update(heading="Bearings")
    assert selectors.example_questions(scope_for(owner), "ja")
    put(manual, standing)
    assert selectors.example_questions(scope_for(owner), "ja") == []
