"""Pages of the chat: one's own conversations, nobody else's, and what a failed or proved answer shows."""

import re

import pytest
from django.urls import reverse

from assistant.models import Citation, Conversation, Feedback, Message, Sentence
from ingestion.models import Library
from tests.factories import make_page, upload

QUOTE = "The pump P-101 needs oil every 500 h."


@pytest.fixture
def document(owner, library, queued):
    made = upload(owner, library).document
    revision = made.revisions.get()
    make_page(revision, 1, text=QUOTE)
    revision.status = "ready"
    revision.save()
    made.current = revision
    made.save()
    return made


@pytest.fixture
def answer(reader, document):
    conversation = Conversation.objects.create(user=reader, title="Oil")
    question = Message.objects.create(conversation=conversation, role="user", text="How often oil?")
    made = Message.objects.create(conversation=conversation, role="assistant", question=question, text=QUOTE)
    citation = Citation.objects.create(
        message=made,
        number=1,
        revision=document.current,
        document_title=document.title,
        page=1,
        start=0,
        end=len(QUOTE),
        quote=QUOTE,
    )
    proved = Sentence.objects.create(message=made, ordinal=0, text="Oil every 500 h.", verdict="supported")
    proved.citations.add(citation)
    Sentence.objects.create(
        message=made,
        ordinal=1,
        text="![x](https://evil.example/p.png) Use part <b>X-9</b>.",
        verdict="unsupported",
        reasons=[{"check": "literal", "missing": ["X-9"]}],
    )
    return made


@pytest.fixture
def addresses(answer):
    return [
        reverse("conversation", args=[answer.conversation_id]),
        reverse("message", args=[answer.id]),
        reverse("citation", args=[answer.citations.get().id]),
        reverse("conversation_title", args=[answer.conversation_id]),
    ]


def _text(client, address):
    return client.get(address, headers={"Accept-Language": "en"}).content.decode()


def test_a_person_sees_their_own_conversation(client, reader, addresses):
    client.force_login(reader)
    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)


def test_nobody_sees_another_persons_conversation_not_even_the_owner_of_the_library(client, owner, addresses):
    client.force_login(owner)
    assert [client.get(address).status_code for address in addresses] == [404] * len(addresses)


def test_whoever_is_not_signed_in_is_sent_to_the_login_page(client, addresses):
    assert {client.get(address)["Location"].split("?")[0] for address in ["/", *addresses]} == {"/login/"}


def test_an_answer_names_the_page_that_proves_it(client, reader, answer):
    client.force_login(reader)
    assert reverse("citation", args=[answer.citations.get().id]) in _text(client, reverse("message", args=[answer.id]))


def test_an_unproved_sentence_says_what_is_missing(client, reader, answer):
    client.force_login(reader)
    assert "Not found in the cited text: X-9" in _text(client, reverse("message", args=[answer.id]))


def test_an_answer_renders_no_html_of_its_own(client, reader, answer):
    client.force_login(reader)
    assert "&lt;b&gt;X-9" in _text(client, reverse("message", args=[answer.id]))


def test_the_cited_page_is_asked_for_with_its_highlight(client, reader, answer):
    client.force_login(reader)
    citation = answer.citations.get()
    page = _text(client, reverse("citation", args=[citation.id]))
    assert f"/pages/1.png?citation={citation.id}" in page


def test_a_panel_knows_how_far_down_the_page_the_proof_is(client, reader, answer):
    answer.citations.update(boxes=[[50, 421, 200, 433]])
    client.force_login(reader)
    assert 'data-top="50"' in _text(client, reverse("citation", args=[answer.citations.get().id]))


def test_a_source_that_may_no_longer_be_read_is_withheld(client, reader, answer):
    Library.objects.get().readers.clear()
    client.force_login(reader)
    page = _text(client, reverse("message", args=[answer.id]))
    assert ("You may no longer read this source" in page, QUOTE in page.split("<template")[0]) == (True, False)


def test_a_citation_that_may_no_longer_be_read_does_not_open(client, reader, answer):
    Library.objects.get().readers.clear()
    client.force_login(reader)
    assert client.get(reverse("citation", args=[answer.citations.get().id])).status_code == 404


def test_a_failed_answer_says_what_to_do(client, reader, answer):
    Message.objects.filter(pk=answer.pk).update(state="failed", error_code="model_unavailable")
    client.force_login(reader)
    assert "Your question is kept" in _text(client, reverse("message", args=[answer.id]))


def test_feedback_is_kept(client, reader, answer):
    client.force_login(reader)
    client.post(reverse("feedback", args=[answer.id]), {"helpful": "no", "comment": "Which oil?"})
    assert Feedback.objects.values_list("helpful", "comment").get() == (False, "Which oil?")


def test_nobody_gives_feedback_on_another_persons_answer(client, owner, answer):
    client.force_login(owner)
    assert client.post(reverse("feedback", args=[answer.id]), {"helpful": "no"}).status_code == 404


def test_a_conversation_gets_another_title(client, reader, answer):
    client.force_login(reader)
    client.post(reverse("conversation_title", args=[answer.conversation_id]), {"title": "Lubrication"})
    assert Conversation.objects.get().title == "Lubrication"


def test_nobody_deletes_another_persons_conversation(client, owner, answer):
    client.force_login(owner)
    client.post(reverse("conversation_delete", args=[answer.conversation_id]))
    assert Conversation.objects.count() == 1


def test_the_history_finds_a_conversation_by_its_words(client, reader, answer):
    client.force_login(reader)
    assert "Oil" in _text(client, reverse("history") + "?q=often")


def test_the_history_lists_only_ones_own(client, owner, answer):
    client.force_login(owner)
    assert str(answer.conversation_id) not in _text(client, reverse("history"))


def test_a_person_without_libraries_is_told_whom_to_ask(client, stranger):
    client.force_login(stranger)
    assert "Ask the owner of a library" in _text(client, "/")


@pytest.mark.parametrize("path", ["conversation", "message"])
def test_pages_hold_no_inline_script_and_no_inline_style(client, reader, answer, path):
    client.force_login(reader)
    ids = {"conversation": answer.conversation_id, "message": answer.id}
    page = _text(client, reverse(path, args=[ids[path]]))
    assert re.findall(r"<script(?![^>]*src=)(?![^>]*application/json)|\sstyle=|\son\w+=", page) == []
