"""Personal data in what is kept of conversations, and on the way to the answer model."""

import pytest
from asgiref.sync import async_to_sync

from assistant import services
from assistant.masking import asked, without
from assistant.models import Citation, Conversation, Message, Sentence
from ingestion.access import scope_for
from ingestion.masking import FILL
from tests.factories import text_file, upload

RECORD = "点検記録\n\n佐々木翔太は軸受の交換周期を8,000時間と定めた。\n"
NAME, HIDDEN = "佐々木翔太", FILL * 5
QUESTION = "佐々木翔太は軸受の交換周期を何時間と定めましたか"
PROVED = "佐々木翔太は軸受の交換周期を8,000時間と定めた。[1]"


@pytest.fixture
def record(worked, owner, library, fake_embedder, open_index):
    return worked(lambda: upload(owner, library, text_file(RECORD), filename="record.txt")).document


def ask(user, question=QUESTION):
    async def collect():
        return [event async for event in services.ask(user=user, scope=scope, question=question)]

    scope = scope_for(user)
    return async_to_sync(collect)()


def test_the_model_reads_documents_masked(owner, record, mask, model):
    mask("name")
    model.answers.append("分かりません。")
    ask(owner, "軸受の交換周期は何時間ですか")
    told = model.asked[-1][-1].text
    assert (NAME in told, HIDDEN in told) == (False, True)


def test_a_question_is_searched_as_it_is_typed_and_kept_masked(owner, record, mask, model):
    mask("name")
    model.answers.append("分かりません。")
    ask(owner)
    assert NAME in model.asked[-1][-1].text
    kept = Message.objects.get(role="user").text, Conversation.objects.get().title
    assert kept == (QUESTION.replace(NAME, HIDDEN), QUESTION.replace(NAME, HIDDEN))


def test_a_question_is_masked_before_it_is_searched_where_the_library_says_so(owner, record, mask, model):
    mask("name", questions_searched=False)
    model.answers.append("分かりません。")
    ask(owner)
    assert NAME not in model.asked[-1][-1].text


def test_the_strictest_library_in_scope_decides_about_a_question(owner, library, mask, db):
    mask("name", questions_searched=False)
    assert asked(QUESTION, scope_for(owner)).searched == QUESTION.replace(NAME, HIDDEN)


def test_a_question_to_libraries_that_mask_nothing_is_kept_as_it_is(owner, library):
    assert asked(QUESTION, scope_for(owner)).kept == QUESTION


def test_what_an_answer_repeats_of_a_question_is_kept_masked(owner, record, mask, model):
    model.answers.append(PROVED)
    ask(owner)
    mask("phone", "name")
    model.answers.append(f"{NAME}は8,000時間と定めた。[1]")
    ask(owner)
    assert not Message.objects.filter(text__contains=NAME).exists()
    assert not Sentence.objects.filter(text__contains=NAME).exists()


def test_quotations_and_answers_that_were_kept_are_masked_with_their_page(owner, record, mask, model):
    model.answers.append(PROVED)
    ask(owner)
    assert NAME in Citation.objects.get().quote
    mask("name")
    answer = Message.objects.get(role="assistant")
    texts = Citation.objects.get().quote + Sentence.objects.get().text + answer.text
    assert (NAME in texts, texts.count(HIDDEN)) == (False, 3)


def test_a_quotation_is_copied_anew_when_its_page_is_shown_again(owner, record, mask, model):
    model.answers.append(PROVED)
    ask(owner)
    mask("name")
    mask()
    assert NAME in Citation.objects.get().quote


def test_every_place_of_a_word_is_masked_the_longest_first():
    assert without("山田太郎と山田", ["山田", "山田太郎"]) == f"{FILL * 4}と{FILL * 2}"
