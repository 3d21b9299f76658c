"""Reports: who may make them, whose inbox they land in, and what each owner sees of their evidence."""

import pytest

from assistant import reports
from assistant.models import Message, Report, Resolution
from assistant.reports_inbox import inbox, open_count, row_of
from assistant.selectors import citation_of, message_of
from ingestion.access import scope_for
from ingestion.errors import NotFound
from ingestion.models import AuditEvent, Document
from tests.assistant.reported import FANS_SAY, GUESS, PUMPS_SAY, told

PROVED, OF_BOTH, GUESSED = range(3)


@pytest.fixture
def said(library, owner, reader, queued):
    return told(library, owner, reader)


@pytest.fixture
def reported(said, reader):
    """`reported(ordinal)`: the reader's report of that sentence, or of the refusal."""

    def make(ordinal=None, comment=None):
        message = said.refusal if ordinal is None else said.answer
        return reports.report_make(
            user=reader, scope=scope_for(reader), message_id=message.id, ordinal=ordinal, comment=comment
        )

    return make


def seen(report, person):
    return row_of(inbox(scope_for(person)).get(id=report.id), scope_for(person))


# --- whose inbox -------------------------------------------------------------------------------------------------
def test_a_report_goes_to_the_owners_of_the_cited_document(said, reported, owner):
    made = reported(PROVED)
    assert list(inbox(scope_for(owner))) == [made]


def test_a_report_does_not_go_to_owners_of_what_is_not_cited(said, reported):
    reported(PROVED)
    assert not inbox(scope_for(said.fan_owner)).exists()


@pytest.mark.parametrize("person", ["owner", "fan owner"])
def test_a_report_that_cites_two_libraries_goes_to_both_owners(said, reported, owner, person):
    made = reported(OF_BOTH)
    assert list(inbox(scope_for({"owner": owner, "fan owner": said.fan_owner}[person]))) == [made]


def test_a_report_without_citations_goes_to_the_owners_of_all_that_was_searched(said, reported):
    assert set(reported(GUESSED).libraries.all()) == {said.pumps, said.fans}


def test_a_refusal_goes_to_the_owners_of_what_was_searched(said, reported):
    assert list(reported().libraries.all()) == [said.pumps]


def test_of_an_old_answer_what_the_reader_may_read_counts_as_searched(said, reported):
    Message.objects.update(searched=[])
    assert set(reported(GUESSED).libraries.all()) == {said.pumps, said.fans}


def test_a_reader_has_no_inbox(reported, reader):
    reported(PROVED)
    assert not inbox(scope_for(reader)).exists()


def test_a_report_for_two_of_my_libraries_is_listed_once(said, reported, owner):
    said.fans.owners.add(owner)
    reported(OF_BOTH)
    assert open_count(scope_for(owner)) == 1


def test_who_is_no_owner_any_more_sees_no_report(said, reported, owner):
    reported(PROVED)
    said.pumps.owners.clear()
    assert not inbox(scope_for(owner)).exists()


# --- what each owner sees ----------------------------------------------------------------------------------------
def test_an_owner_sees_the_sentence_that_their_document_proves(reported, owner):
    assert seen(reported(PROVED), owner).sentence == "Oil every 500 h."


def test_an_owner_sees_the_quotes_of_their_own_documents_only(said, reported):
    row = seen(reported(OF_BOTH), said.fan_owner)
    assert ([citation.quote for citation in row.citations], row.more) == ([FANS_SAY], 1)


def test_an_owner_does_not_see_a_sentence_that_another_library_proves_too(said, reported):
    assert seen(reported(OF_BOTH), said.fan_owner).sentence is None


def test_an_owner_who_may_read_both_libraries_sees_all_of_it(said, reported, owner, reader):
    owner.groups.add(*reader.groups.all())
    row = seen(reported(OF_BOTH), owner)
    assert (row.sentence, [one.quote for one in row.citations], row.more) == (
        "Oil, and belt BX-42.",
        [PUMPS_SAY, FANS_SAY],
        0,
    )


def test_an_unproved_sentence_is_not_shown_to_who_may_not_read_all_it_may_come_from(reported, owner):
    row = seen(reported(GUESSED), owner)
    assert (row.sentence, row.reasons) == (None, ())


def test_an_unproved_sentence_is_shown_to_who_may_read_all_it_may_come_from(reported, owner, reader):
    owner.groups.add(*reader.groups.all())
    assert seen(reported(GUESSED), owner).sentence == GUESS


def test_an_unproved_sentence_may_come_from_an_earlier_answer_of_the_conversation(said, reported, owner):
    said.answer.conversation.messages.update(found_in=[str(said.pumps.pk)])
    earlier = Message.objects.create(
        conversation=said.answer.conversation, role="assistant", found_in=[str(said.fans.pk)]
    )
    Message.objects.filter(pk=earlier.pk).update(created_at=said.answer.question.created_at)
    assert seen(reported(GUESSED), owner).sentence is None


def test_an_unproved_sentence_of_which_nobody_knows_the_sources_is_not_shown(said, reported, owner, reader):
    owner.groups.add(*reader.groups.all())
    Message.objects.update(found_in=None)
    assert seen(reported(GUESSED), owner).sentence is None


def test_an_unproved_sentence_is_not_shown_once_one_of_its_libraries_is_gone(said, reported, owner, reader):
    owner.groups.add(*reader.groups.all())
    made = reported(GUESSED)
    said.fans.delete()
    assert seen(made, owner).sentence is None


def test_a_report_names_only_libraries_its_owner_may_read(said, reported):
    assert seen(reported(OF_BOTH), said.fan_owner).libraries == ("Fans",)


def test_a_refusal_names_only_nearest_pages_its_owner_may_read(said, reported):
    made = reported()
    made.libraries.add(said.fans)
    assert seen(made, said.fan_owner).nearest == ()


def test_an_owner_opens_the_citation_of_a_report(reported, owner):
    cited = reported(PROVED).sentence.citations.get()
    assert citation_of(owner, scope_for(owner), cited.id).quote == PUMPS_SAY


def test_an_owner_opens_no_citation_that_nobody_reported(said, owner):
    with pytest.raises(NotFound):
        citation_of(owner, scope_for(owner), said.answer.citations.first().id)


def test_an_owner_does_not_open_a_reports_citation_of_another_library(said, reported, owner):
    cited = reported(OF_BOTH).sentence.citations.get(number=2)
    with pytest.raises(NotFound):
        citation_of(owner, scope_for(owner), cited.id)


# --- making and withdrawing --------------------------------------------------------------------------------------
def test_a_sentence_is_reported_once_however_often_one_clicks(reported):
    reported(PROVED)
    reported(PROVED)
    assert Report.objects.count() == 1


def test_a_comment_is_added_to_a_report(reported):
    reported(PROVED)
    reported(PROVED, comment=" It is 600 h.\x00 ")
    assert Report.objects.get().comment == "It is 600 h."


def test_nobody_reports_another_persons_answer(said, owner):
    with pytest.raises(NotFound):
        reports.report_make(user=owner, scope=scope_for(owner), message_id=said.answer.id, ordinal=PROVED)


def test_a_sentence_that_was_withheld_cannot_be_reported(said, reported):
    said.answer.sentences.filter(ordinal=GUESSED).update(withheld=True)
    with pytest.raises(NotFound):
        reported(GUESSED)


def test_an_answer_that_was_given_is_not_reported_as_a_refusal(said, reader):
    with pytest.raises(NotFound):
        reports.report_make(user=reader, scope=scope_for(reader), message_id=said.answer.id, ordinal=None)


def test_a_report_is_taken_back(said, reported, reader):
    reported(PROVED)
    reports.report_withdraw(user=reader, message_id=said.answer.id, ordinal=PROVED)
    assert not Report.objects.exists()


def test_a_resolved_report_is_not_taken_back(said, reported, reader, owner):
    made = reported(PROVED)
    reports.report_resolve(user=owner, scope=scope_for(owner), report_id=made.id, resolution=Resolution.RIGHT)
    with pytest.raises(NotFound):
        reports.report_withdraw(user=reader, message_id=said.answer.id, ordinal=PROVED)


# --- resolving ---------------------------------------------------------------------------------------------------
def test_a_reader_sees_at_the_sentence_what_became_of_their_report(said, reported, reader, owner):
    made = reported(PROVED)
    decided = {"resolution": Resolution.CORRECTED, "note": "Revision 2 says 600 h."}
    reports.report_resolve(user=owner, scope=scope_for(owner), report_id=made.id, **decided)
    view = message_of(reader, scope_for(reader), said.answer.id).sentences[PROVED].report
    assert (view.resolution, view.note) == ("corrected", "Revision 2 says 600 h.")


def test_a_resolved_report_is_opened_again_with_its_note(reported, owner):
    made = reported(PROVED)
    reports.report_resolve(user=owner, scope=scope_for(owner), report_id=made.id, resolution=Resolution.OTHER, note="N")
    again = reports.report_reopen(user=owner, scope=scope_for(owner), report_id=made.id)
    assert (again.open, again.resolved_by, again.resolved_at, again.note) == (True, None, None, "N")


def test_an_owner_of_another_library_does_not_resolve_it(said, reported):
    made, scope = reported(PROVED), scope_for(said.fan_owner)
    with pytest.raises(NotFound):
        reports.report_resolve(user=said.fan_owner, scope=scope, report_id=made.id, resolution=Resolution.RIGHT)


def test_the_audit_log_has_every_step_of_a_report_and_no_text(said, reported, reader, owner):
    made = reported(PROVED, comment="It is 600 h.")
    owned = {"user": owner, "scope": scope_for(owner), "report_id": made.id}
    reports.report_resolve(**owned, resolution=Resolution.RIGHT, note="It is 500 h.")
    reports.report_reopen(**owned)
    reports.report_withdraw(user=reader, message_id=said.answer.id, ordinal=PROVED)
    events = AuditEvent.objects.filter(action__startswith="report.").order_by("id")
    assert ([event.action for event in events], " h" in str([event.facts for event in events])) == (
        ["report.made", "report.resolved", "report.reopened", "report.withdrawn"],
        False,
    )


def test_a_report_outlives_the_document_it_cites(said, reported, owner):
    made = reported(PROVED)
    Document.objects.all().delete()
    row = seen(made, owner)
    assert (row.sentence, row.citations, row.more) == (None, (), 1)
