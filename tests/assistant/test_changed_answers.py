"""Answers that rest on changed pages: counted for owners, and nothing told of other people's."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assistant.changed_answers import RECENT_DAYS, answers_citing
from assistant.models import Citation, Conversation, Message
from ingestion.models import Document
from tests.assistant.conftest import MANUAL
from tests.factories import replace, text_file

SECRET = "Is the pump of my neighbour broken?"


@pytest.fixture
def changed(owner, manual, worked):
    """The manual with another first page; its old revision."""
    old = manual.current
    worked(lambda: replace(owner, manual, text_file(MANUAL[0].replace("8,000", "9,000"), MANUAL[1]), filename="p.txt"))
    assert Document.objects.get(pk=manual.pk).current_id != old.pk
    return old


def cite(user, revision, page, question):
    conversation = Conversation.objects.create(user=user)
    asked = Message.objects.create(conversation=conversation, role="user", text=question)
    answer = Message.objects.create(conversation=conversation, role="assistant", question=asked, text="Yes.")
    where = {"page": page, "start": 0, "end": 3, "quote": "The"}
    for number in (1, 2):
        Citation.objects.create(message=answer, number=number, revision=revision, document_title="pump", **where)
    return answer


def test_an_answer_counts_once_however_often_it_cites_the_page(owner, changed):
    cite(owner, changed, 1, "Oil?")
    assert answers_citing(owner, changed, [1]).count == 1


def test_an_answer_that_cites_another_page_does_not_count(owner, changed):
    cite(owner, changed, 2, "Oil?")
    assert answers_citing(owner, changed, [1]).count == 0


def test_an_old_answer_does_not_count(owner, changed):
    old = cite(owner, changed, 1, "Oil?")
    Message.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=RECENT_DAYS + 1))
    assert answers_citing(owner, changed, [1]).count == 0


def page(client, person, changed):
    client.force_login(person)
    address = reverse("document_changes", args=[changed.document_id])
    return client.get(address, headers={"Accept-Language": "en"}).content.decode()


def test_an_owner_is_told_how_many_answers_cite_changed_pages_and_sees_their_own(client, owner, reader, changed):
    own = cite(owner, changed, 1, "How often oil?")
    cite(reader, changed, 1, SECRET)
    shown = page(client, owner, changed)
    address = reverse("conversation", args=[own.conversation_id])
    assert ("2 answers of the last 90 days" in shown, address in shown, "How often oil?" in shown) == (True,) * 3


def test_an_owner_reads_nothing_of_other_peoples_questions(client, owner, reader, changed):
    others = cite(reader, changed, 1, SECRET)
    shown = page(client, owner, changed)
    assert (SECRET in shown, str(others.conversation_id) in shown) == (False, False)


def test_a_reader_is_not_told_of_answers(client, owner, reader, changed):
    cite(owner, changed, 1, SECRET)
    assert "answer of the last" not in page(client, reader, changed)
