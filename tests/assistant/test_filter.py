"""A filter in searches and answers: before the best are chosen, kept with the answer, never wider than the scope."""

import pytest
from asgiref.sync import async_to_sync
from django.urls import reverse

from assistant import services
from assistant.models import Conversation, Message
from assistant.search import search
from ingestion import describing
from ingestion.access import scope_for
from ingestion.description import Description
from ingestion.filters import EVERYTHING, Filter
from ingestion.models import AuditEvent
from tests.factories import make_library, text_file, upload

QUESTION = "軸受の交換周期は何時間ですか"
PROVED = "軸受の交換周期は8,000時間です。[1]"
JSON = "application/json"
PUMP = Filter(("pump",))
EN = {"Accept-Language": "en"}


def describe(owner, document, *names, **said):
    act = {"user": owner, "scope": scope_for(owner), "document_id": document.pk}
    return describing.document_describe(**act, said=Description(names, **said))


@pytest.fixture
def tagged(owner, library, manual, worked):
    """The manual, tagged "pump"; and sixty pages that say nearly the same, tagged "fan"."""
    describe(owner, manual, "pump")
    pages = [f"軸受の交換周期は何時間ですか。{number}番ファンの軸受の交換周期" for number in range(70)]
    describe(owner, worked(lambda: upload(owner, library, text_file(*pages), filename="fan.txt")).document, "fan")
    return manual


def found(user, only, query=QUESTION):
    return [place.passage.document_title for place in search(query, scope=scope_for(user), limit=10, only=only).places]


def ask(user, only=EVERYTHING, question=QUESTION, **more):
    async def last():
        asked = services.ask(user=user, scope=scope, question=question, only=only, **more)
        return [event async for event in asked][-1].data

    scope = scope_for(user)
    return async_to_sync(last)()


def test_documents_within_the_filter_are_found_however_many_others_are_closer(tagged, owner):
    assert (set(found(owner, EVERYTHING)), set(found(owner, PUMP))) == ({"fan"}, {"pump"})


def test_a_tag_that_is_taken_away_is_not_found_at_the_next_search(tagged, owner):
    describe(owner, tagged)
    assert found(owner, PUMP) == []


def test_a_filter_opens_nothing_that_may_not_be_read(tagged, stranger):
    assert found(stranger, PUMP) == []


def test_a_filter_searches_in_the_other_language_too(tagged, owner):
    assert set(found(owner, PUMP, "How many hours until the mechanical seal is replaced?")) == {"pump"}


# --- over HTTP ---------------------------------------------------------------------------------------------------
@pytest.fixture
def post(client, bearer):
    return lambda door, **said: client.post(f"/api/v1/{door}", said, content_type=JSON, headers={**bearer, **EN})


@pytest.mark.parametrize(
    ("said", "titles"),
    [
        ({"tags": ["ＰＵＭＰ"]}, {"pump"}),
        ({"tags": ["pump", "fan"]}, set()),
        ({"tags": ["unknown"]}, set()),
        ({"tags": []}, {"fan"}),
        ({"department": "Nobody's"}, set()),
    ],
)
def test_a_search_over_http_is_narrowed(tagged, post, said, titles):
    hits = post("search", query=QUESTION, **said).json()["hits"]
    assert {hit["title"] for hit in hits} == titles


def test_where_nothing_is_within_the_filter_the_way_out_is_told(tagged, post):
    assert post("search", query=QUESTION, tags=["unknown"]).json()["note"] == (
        "No document you may read is inside the filter (tag “unknown”). Remove the filter to search them all."
    )


def test_where_something_is_found_nothing_is_noted(tagged, post):
    assert post("search", query=QUESTION, tags=["pump"]).json()["note"] == ""


def test_a_tag_of_a_closed_library_is_told_apart_from_none_by_nothing(tagged, post, admin, worked):
    secret = worked(lambda: upload(admin, make_library("Secret", owner=admin))).document
    describe(admin, secret, "merger")
    real, other = (post("search", query=QUESTION, tags=[name]).json() for name in ("merger", "mergex"))
    assert (real["hits"], real["note"]) == ([], other["note"].replace("mergex", "merger"))


@pytest.mark.parametrize("door", ["search", "ask"])
@pytest.mark.parametrize(
    "said",
    [
        {"tags": "pump"},
        {"tags": [1]},
        {"tags": [""]},
        {"tags": [","]},
        {"tags": ["x" * 256]},
        {"tags": [str(number) for number in range(21)]},
        {"tags": None},
        {"language": "tlh"},
        {"department": ""},
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(post, library, door, said):
    answer = post(door, query="?", question="?", **said)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_request")


# --- answers -----------------------------------------------------------------------------------------------------
def test_an_answer_comes_from_within_the_filter(tagged, owner, model):
    model.answers.append(PROVED)
    assert [one["title"] for one in ask(owner, PUMP)["citations"]] == ["pump"]


def test_a_filter_that_leaves_nothing_says_so_without_asking_the_model(tagged, owner, model):
    done = ask(owner, Filter(("unknown",)))
    assert (done["abstained"], model.asked, done["answer"]) == (
        True,
        [],
        "閲覧できる文書に、絞り込み(タグ「unknown」)に当てはまるものがありません。外すと、すべての文書を検索します。",
    )


def test_a_refusal_within_a_filter_says_that_only_these_were_searched(tagged, owner, model):
    model.answers.append("軸受の交換周期は9,000時間です。[1]")
    assert "検索したのは、絞り込み(タグ「pump」)に当てはまる文書だけです。" in ask(owner, PUMP)["answer"]


def test_a_refusal_without_a_filter_speaks_of_none(tagged, owner, model):
    model.answers.append("軸受の交換周期は9,000時間です。[1]")
    assert "絞り込み" not in ask(owner)["answer"]


def test_the_filter_is_kept_with_the_answer_and_in_the_audit_log(tagged, owner, model):
    model.answers.append(PROVED)
    done = ask(owner, PUMP)
    facts = AuditEvent.objects.filter(action="question.asked").latest("pk").facts
    assert (Message.objects.get(id=done["message"]).narrowed, facts["filter"]) == ({"tags": ["pump"]},) * 2


# --- the chat ----------------------------------------------------------------------------------------------------
@pytest.fixture
def conversation(owner, library):
    made = Conversation.objects.create(user=owner, title="Oil")
    asked = Message.objects.create(conversation=made, role="user", text="Oil?")
    for only in (Filter(("fan",)), Filter(("pump",), language="ja")):
        Message.objects.create(
            conversation=made, role="assistant", question=asked, text="No.", abstained=True, narrowed=only.said()
        )
    return made


def test_a_conversation_goes_on_within_the_filter_it_was_last_asked_in(client, owner, conversation):
    client.force_login(owner)
    page = client.get(reverse("conversation", args=[conversation.pk]))
    assert page.context["only"] == Filter(("pump",), language="ja")


def test_an_answer_says_within_which_filter_it_was_given(client, owner, conversation):
    client.force_login(owner)
    page = client.get(reverse("conversation", args=[conversation.pk]), headers=EN).content.decode()
    assert "Only documents with: tag “pump”, language Japanese." in page


def test_a_new_conversation_has_no_filter(client, owner, conversation):
    client.force_login(owner)
    assert client.get(reverse("chat")).context["only"] == EVERYTHING


def test_the_chat_offers_what_there_is_to_choose(client, owner, tagged):
    client.force_login(owner)
    assert set(client.get(reverse("chat")).context["narrowing"].tags) == {"pump", "fan"}


def test_where_there_is_nothing_to_choose_no_filter_is_offered(client, owner, library):
    client.force_login(owner)
    assert 'id="filter"' not in client.get(reverse("chat")).content.decode()
