import pytest
from asgiref.sync import async_to_sync

from assistant import selectors, services
from assistant.errors import ModelUnavailable, QuestionEmpty
from assistant.models import Citation, Conversation, Message, Sentence
from ingestion.access import scope_for
from ingestion.errors import NotFound
from ingestion.models import AuditEvent, Page, Revision

QUESTION = "軸受の交換周期は何時間ですか"
PROVED = "軸受の交換周期は8,000時間です。[2]"


def ask(user, question=QUESTION, **more):
    async def collect():
        return [event async for event in services.ask(user=user, scope=scope, question=question, **more)]

    scope = scope_for(user)
    return async_to_sync(collect)()


def evidence_number(model, text):
    """The number under which the model was shown this text."""
    line = next(line for line in model.asked[-1][-1].text.split("\n") if text in line)
    return int(line[1 : line.index("]")])


def test_an_answer_is_told_event_by_event_and_ends_with_the_whole(owner, manual, model):
    model.answers.append(PROVED)
    names = [event.name for event in ask(owner)]
    assert names[0] == "passages"
    assert names[-1] == "done"
    assert names.index("citation") < names.index("sentence")


def test_a_proved_sentence_cites_the_page_with_the_pages_own_words(owner, manual, model):
    model.answers.append(PROVED)
    done = ask(owner)[-1].data
    citation = Citation.objects.get(id=done["citations"][0]["id"])
    page = Page.objects.get(revision=citation.revision, number=citation.page)
    assert citation.quote == page.text[citation.start : citation.end] == "軸受の交換周期は8,000時間です。"


def test_the_question_is_shown_the_evidence_as_numbered_sentences(owner, manual, model):
    model.answers.append(PROVED)
    ask(owner)
    assert evidence_number(model, "8,000時間") == 2


def test_a_changed_number_is_not_shown_as_proved(owner, manual, model):
    model.answers.append(f"{PROVED}\n軸受の交換周期は9,000時間です。[2]")
    sentences = ask(owner)[-1].data["sentences"]
    assert [one["verdict"] for one in sentences] == ["supported", "unsupported"]
    assert sentences[1]["reasons"][0] == {"check": "literal", "missing": ["9000時間"]}
    assert sentences[1]["citations"] == []


def test_an_answer_without_any_proof_becomes_an_abstention(owner, manual, model):
    model.answers.append("軸受の交換周期は9,000時間です。[2]")
    done = ask(owner)[-1].data
    assert done["abstained"] is True
    assert "9,000" not in done["answer"]
    assert done["nearest"][0]["page"] == 1
    assert not Sentence.objects.exists()


def test_a_question_that_nothing_in_the_documents_is_near_is_not_put_to_the_model(owner, manual, model):
    done = ask(owner, "社長の誕生日はいつ")[-1].data
    assert done["abstained"] is True
    assert model.asked == []


def test_a_question_whose_words_are_nowhere_is_searched_in_the_other_language_too(owner, manual, model):
    model.translations.append("軸受の交換周期")
    model.answers.append("The bearing is replaced every 8,000 hours. [2]")
    passages = ask(owner, "How long do they last before renewal?")[0].data["passages"]
    assert passages[0]["page"] == 1


def test_a_question_whose_words_are_found_is_not_translated(owner, manual, model):
    model.answers.append(PROVED)
    ask(owner)
    assert model.translated == []


def test_a_question_is_not_translated_where_no_document_is_in_the_other_language(owner, manual, model):
    Revision.objects.update(languages="ja")
    ask(owner, "社長の誕生日はいつ")
    assert model.translated == []


def test_the_source_is_quoted_where_the_models_own_words_are_not_proved(owner, manual, model):
    model.answers.append("8,000時間です。")
    done = ask(owner)[-1].data
    assert done["sentences"][0]["text"] == "「軸受の交換周期は8,000時間です。」"
    assert done["sentences"][0]["verdict"] == "supported"


def test_a_source_is_quoted_once(owner, manual, model):
    model.answers.append("交換するのは8,000時間です。周期としては8,000時間が目安です。")
    verdicts = [one["verdict"] for one in ask(owner)[-1].data["sentences"]]
    assert verdicts == ["supported", "unsupported"]


def test_a_model_without_marks_is_shown_the_evidence_without_numbers(owner, manual, model, monkeypatch):
    monkeypatch.setattr(model, "marks", False)
    model.answers.append(PROVED)
    ask(owner)
    assert "\n軸受の交換周期は8,000時間です。" in model.asked[-1][-1].text


def test_an_abstention_speaks_the_questions_language(owner, manual, model):
    assert "documents" in ask(owner, "What is the capital of France?")[-1].data["answer"]


def test_a_stranger_is_told_nothing_of_a_library_they_may_not_read(stranger, manual, model):
    events = ask(stranger)
    assert events[0].data["passages"] == []
    assert events[-1].data["abstained"] is True


def test_the_question_is_kept_when_the_model_is_down(owner, manual, model):
    model.answers.append(ModelUnavailable())
    last = ask(owner)[-1]
    assert (last.name, last.data["code"]) == ("error", "model_unavailable")
    assert Message.objects.get(role="user").text == QUESTION
    assert Message.objects.get(role="assistant").state == "failed"


def test_an_unforeseen_failure_is_an_error_event_too(owner, manual, model):
    model.answers.append(ZeroDivisionError())
    assert ask(owner)[-1].data["code"] == "internal_error"


def test_whoever_stops_listening_stops_the_model_and_keeps_what_was_written(owner, manual, model):
    model.answers.append(PROVED * 5)
    scope = scope_for(owner)

    async def leave_early():
        events = services.ask(user=owner, scope=scope, question=QUESTION)
        async for event in events:
            if event.name == "token":
                break
        await events.aclose()

    async_to_sync(leave_early)()
    answer = Message.objects.get(role="assistant")
    assert (answer.state, model.closed) == ("stopped", 1)
    assert answer.text


def test_a_follow_up_question_is_rewritten_before_it_is_searched(owner, manual, model):
    model.answers.append(PROVED)
    first = ask(owner)[-1].data
    model.answers += ["メカニカルシール MS-20 の交換周期は?", "The seal is replaced. [9]"]
    ask(owner, "シールは?", conversation_id=first["conversation"])
    assert QUESTION in model.asked[1][-1].text
    assert "MS-20 の交換周期は?" in model.asked[2][-1].text


def test_an_answer_made_again_stands_beside_the_old_one(owner, manual, model):
    model.answers += [PROVED, PROVED]
    first = ask(owner)[-1].data
    again = ask(owner, "", regenerate=first["message"])[-1].data
    assert again["question"] == first["question"]
    view = selectors.message_of(owner, scope_for(owner), again["message"])
    assert (view.attempt, view.attempts) == (2, 2)


def test_another_persons_conversation_cannot_be_continued(reader, owner, manual, model):
    model.answers.append(PROVED)
    done = ask(owner)[-1].data
    with pytest.raises(NotFound):
        ask(reader, conversation_id=done["conversation"])


def test_an_empty_question_leaves_nothing_behind(owner, manual, model):
    with pytest.raises(QuestionEmpty):
        ask(owner, " \x00\n")
    assert not Conversation.objects.exists()


def test_asking_and_answering_are_audited_without_the_text(owner, manual, model):
    model.answers.append(PROVED)
    ask(owner)
    events = AuditEvent.objects.filter(action__startswith="question.")
    assert {event.action for event in events} == {"question.asked", "question.answered"}
    assert not any("軸受" in str(event.facts) for event in events)


def test_a_citation_is_withheld_from_who_may_no_longer_read_the_document(reader, library, manual, model):
    model.answers.append(PROVED)
    done = ask(reader)[-1].data
    library.readers.clear()
    view = selectors.message_of(reader, scope_for(reader), done["message"])
    assert (view.citations[0].withheld, view.citations[0].quote) == (True, "")
    with pytest.raises(NotFound):
        selectors.citation_of(reader, scope_for(reader), done["citations"][0]["id"])


def test_a_transcript_shows_each_question_with_its_newest_answer(owner, manual, model):
    model.answers += [PROVED, PROVED]
    first = ask(owner)[-1].data
    again = ask(owner, "", regenerate=first["message"])[-1].data
    shown = selectors.transcript(owner, scope_for(owner), first["conversation"])
    assert [str(one.id) for one in shown.messages] == [first["question"], again["message"]]


def test_a_second_thumb_replaces_the_first(owner, manual, model):
    model.answers.append(PROVED)
    message = ask(owner)[-1].data["message"]
    services.feedback_give(user=owner, message_id=message, helpful=True)
    services.feedback_give(user=owner, message_id=message, helpful=False, comment="wrong page")
    view = selectors.message_of(owner, scope_for(owner), message)
    assert (view.helpful, view.comment) == (False, "wrong page")


def test_only_ones_own_conversation_can_be_renamed_or_deleted(owner, reader, manual, model):
    model.answers.append(PROVED)
    found = ask(owner)[-1].data["conversation"]
    with pytest.raises(NotFound):
        services.conversation_delete(user=reader, conversation_id=found)
    services.conversation_rename(user=owner, conversation_id=found, title="軸受\x00 の件")
    assert selectors.conversation_of(owner, found).title == "軸受 の件"
    services.conversation_delete(user=owner, conversation_id=found)
    assert not Message.objects.exists()
