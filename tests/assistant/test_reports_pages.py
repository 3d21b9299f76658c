"""The button under a sentence and the owners' inbox, as pages."""

import pytest
from django.urls import reverse

from assistant.models import Report
from tests.assistant.reported import FANS_SAY, GUESS, PUMPS_SAY, told


@pytest.fixture
def said(library, owner, reader, queued):
    return told(library, owner, reader)


@pytest.fixture
def clicked(client, said, reader):
    """`clicked(ordinal)`: the reader clicks the button of that sentence; without one, of the refusal."""

    def click(ordinal="", **more):
        message = said.answer if ordinal != "" else said.refusal
        client.force_login(reader)
        return client.post(reverse("report", args=[message.id]), {"sentence": ordinal, **more})

    return click


@pytest.fixture
def shown(client):
    """`shown(person, …)`: the text of the inbox that this person sees."""

    def show(person, **query):
        client.force_login(person)
        return client.get(reverse("reports"), query, headers={"Accept-Language": "en"}).content.decode()

    return show


def test_one_click_reports_a_sentence(said, clicked):
    clicked(2)
    assert Report.objects.get().sentence.text == GUESS


def test_one_click_reports_a_refusal(said, clicked):
    clicked()
    assert (Report.objects.get().message, Report.objects.get().sentence) == (said.refusal, None)


@pytest.mark.parametrize("ordinal", ["x", "-1", "9", "²", "1" * 400])
def test_a_sentence_that_does_not_exist_is_not_found(clicked, ordinal):
    assert clicked(ordinal).status_code == 404


def test_the_click_answers_that_it_was_sent_and_how_to_take_it_back(clicked):
    page = clicked(0).content.decode()
    assert ("Reported." in page or "報告しました" in page, "/report/withdraw/" in page) == (True, True)


def test_the_answer_says_beside_the_sentence_that_it_was_reported(client, said, clicked):
    clicked(0)
    page = client.get(reverse("message", args=[said.answer.id]), headers={"Accept-Language": "en"}).content.decode()
    assert page.count('class="badge superseded"') == 1


def test_an_inbox_shows_question_sentence_verdict_quote_and_reader(owner, clicked, shown):
    clicked(0)
    page = shown(owner)
    expected = ["How often oil", "Oil every 500 h.", "Shown as proved", PUMPS_SAY, "Reported by reader", "/citations/"]
    assert [text for text in expected if text not in page] == []


def test_an_inbox_shows_no_word_of_a_library_its_owner_may_not_read(owner, clicked, shown):
    for ordinal in (0, 1, 2, ""):
        clicked(ordinal)
    page = shown(owner)
    assert [text for text in (FANS_SAY, "BX-42", GUESS, "Fans") if text in page] == []


def test_an_inbox_says_that_there_is_more(owner, clicked, shown):
    clicked(1)
    assert "1 more source is not shown" in shown(owner)


def test_an_empty_inbox_says_what_to_do(owner, library, shown):
    assert "upload it as a new revision" in shown(owner)


def test_who_owns_nothing_is_told_so(reader, shown):
    assert "You own no library." in shown(reader)


def test_an_inbox_is_filtered_by_library(said, clicked, shown, owner):
    said.fans.owners.add(owner)
    clicked(0)
    clicked("")
    assert "How often oil" not in shown(owner, library=said.fans.pk)


def test_an_inbox_is_not_filtered_by_a_library_of_others(client, said, owner):
    client.force_login(owner)
    assert client.get(reverse("reports"), {"library": said.fans.pk}).status_code == 404


def test_a_long_inbox_has_pages(said, clicked, shown, owner, monkeypatch):
    monkeypatch.setattr("assistant.reports_views.ROWS_PER_PAGE", 1)
    clicked(0)
    clicked(1)
    assert "1 / 2" in shown(owner)


def test_a_resolved_report_is_listed_with_what_was_done(client, owner, clicked, shown):
    clicked(0)
    client.force_login(owner)
    given = {"resolution": "corrected", "note": "Revision 2 says so."}
    client.post(reverse("report_resolve", args=[Report.objects.get().id]), given)
    page = shown(owner, state="resolved")
    assert ("The document was corrected" in page, "Revision 2 says so." in page) == (True, True)


def test_a_resolution_nobody_knows_leaves_the_report_open(client, owner, clicked):
    clicked(0)
    client.force_login(owner)
    client.post(reverse("report_resolve", args=[Report.objects.get().id]), {"resolution": "ignored"})
    assert Report.objects.get().open


def test_the_page_of_libraries_tells_an_owner_how_many_reports_are_open(client, owner, clicked):
    clicked(0)
    client.force_login(owner)
    assert "1 open report" in client.get(reverse("libraries"), headers={"Accept-Language": "en"}).content.decode()


def test_the_page_of_libraries_tells_a_reader_nothing_of_reports(client, reader, clicked):
    clicked(0)
    assert reverse("reports") not in client.get(reverse("libraries")).content.decode()
