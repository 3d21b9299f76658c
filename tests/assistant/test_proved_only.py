"""Where only proved sentences are shown: nothing else is told, all is kept, and a line says that there was more."""

import pytest
from asgiref.sync import async_to_sync
from django.urls import reverse

from assistant import services
from assistant.models import Message, Sentence
from ingestion.access import scope_for
from ingestion.models import AuditEvent, Library
from tests.factories import make_library

QUESTION = "軸受の交換周期は何時間ですか"
PROVED = "軸受の交換周期は8,000時間です。"
WRONG = "軸受の交換周期は9,000時間です。"
SPARE = "Oリングの再使用は禁止です。"
ANSWER = f"{PROVED}[2]{WRONG}[2]{SPARE}[3]"


@pytest.fixture
def asked(owner, manual, model):
    """`asked(answer)`: the events of the owner's question to the manual's library."""

    def ask(answer=ANSWER):
        async def collect():
            return [event async for event in services.ask(user=owner, scope=scope, question=QUESTION)]

        scope = scope_for(owner)
        model.answers.append(answer)
        return async_to_sync(collect)()

    return ask


@pytest.fixture
def strict(library):
    """The library shows proved sentences only."""
    Library.objects.filter(pk=library.pk).update(proved_only=True)
    return library


def test_the_answer_holds_only_what_is_proved(strict, asked):
    assert asked()[-1].data["answer"] == f"{PROVED}[1]{SPARE}[2]"


def test_the_sentences_of_the_answer_are_the_proved_ones(strict, asked):
    done = asked()[-1].data
    assert ([one["text"] for one in done["sentences"]], done["withheld"]) == ([PROVED, SPARE], 1)


def test_no_event_tells_a_word_of_what_is_withheld(strict, asked):
    assert "9,000" not in str([event.data for event in asked()])


def test_a_sentence_is_told_only_once_it_is_proved(strict, asked):
    told = [event.data["text"] for event in asked() if event.name == "token"]
    assert [text for text in told if text] == [PROVED, SPARE]


def test_each_sentence_that_is_begun_is_told_of_before_its_words(strict, asked):
    told = [event.data["text"] for event in asked() if event.name == "token"]
    assert told == ["", PROVED, "", "", SPARE]


def test_what_is_withheld_is_kept(strict, asked):
    asked()
    assert [row.text for row in Sentence.objects.filter(withheld=True)] == [WRONG]


def test_what_is_withheld_of_a_refused_answer_is_kept(strict, asked):
    done = asked(WRONG)[-1].data
    assert (done["abstained"], done["sentences"], Sentence.objects.get().withheld) == (True, [], True)


def test_the_audit_log_counts_what_is_withheld(strict, asked):
    asked()
    facts = AuditEvent.objects.get(action="question.answered").facts
    assert [facts[name] for name in ("supported", "unsupported", "withheld")] == [2, 0, 1]


def test_the_page_says_in_one_line_that_a_sentence_is_withheld(strict, asked, client, owner):
    asked()
    client.force_login(owner)
    address = reverse("message", args=[Message.objects.get(role="assistant").id])
    page = client.get(address, headers={"Accept-Language": "ja"}).content.decode()
    assert ("1文は根拠を確認できないため表示していません。" in page, "9,000" in page) == (True, False)


def test_the_next_question_is_not_asked_with_what_was_withheld(strict, asked, owner, model):
    asked()
    conversation = Message.objects.first().conversation_id

    async def collect():
        events = services.ask(user=owner, scope=scope, question="では Oリングは?", conversation_id=conversation)
        return [event async for event in events]

    scope = scope_for(owner)
    model.answers += ["Oリングの再使用は?", SPARE]
    async_to_sync(collect)()
    assert "9,000" not in str(model.asked[-2:])


def test_where_unproved_sentences_are_shown_they_stream_as_they_are_written(asked):
    told = [event.data["text"] for event in asked() if event.name == "token"]
    assert ("".join(told), len(told) > 3) == (PROVED + WRONG + SPARE, True)


@pytest.mark.parametrize(("model_says", "withheld"), [(True, 1), (False, 0)])
def test_a_library_that_says_nothing_follows_the_answer_model(asked, model, model_says, withheld):
    model.proved_only = model_says
    assert asked()[-1].data["withheld"] == withheld


def test_a_library_that_shows_everything_does_so_whatever_the_model(asked, model, library):
    Library.objects.update(proved_only=False)
    model.proved_only = True
    assert asked()[-1].data["withheld"] == 0


def test_one_strict_library_among_those_searched_is_enough(asked, owner):
    made = make_library("Strict", owner=owner)
    made.proved_only = True
    made.save()
    assert asked()[-1].data["withheld"] == 1


def test_an_answer_remembers_what_was_searched_and_where_its_passages_were_found(asked, owner, library):
    other = make_library("Empty", owner=owner)
    asked()
    answer = Message.objects.get(role="assistant")
    assert (set(answer.searched), answer.found_in) == ({str(library.pk), str(other.pk)}, [str(library.pk)])
