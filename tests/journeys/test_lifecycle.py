"""A document is withdrawn and set back: what is answered meanwhile, and what an old citation says."""

import re

import pytest

from tests.journeys.model_server import quoting

pytestmark = [pytest.mark.journey, pytest.mark.models]
QUESTION = "At how many bar does the relief valve RV-77 open?"


@pytest.fixture
def at_document(visitor, model):
    """The page of a document that says one thing, in a library of its own."""
    visitor.log_in().make_library(f"Relief valves {id(visitor)}")
    library = re.search(r"[0-9a-f-]{36}", visitor.page.url)[0]
    visitor.upload("relief.txt", b"The relief valve RV-77 opens at 12.5 bar.")
    visitor.until_ready()
    model.reply = quoting("12.5 bar")
    visitor.page.goto(f"/?library={library}")
    visitor.ask(QUESTION)
    visitor.answer().locator(".sentence.supported").wait_for()
    visitor.conversation = visitor.page.url
    visitor.page.goto(f"/libraries/{library}/")
    visitor.page.get_by_role("link", name="relief").click()
    visitor.page.wait_for_url("**/documents/*/")
    visitor.library = library
    return visitor


def say(visitor, state, **days):
    form = visitor.page.locator("#lifecycle")
    form.evaluate("details => { details.open = true; }")
    form.get_by_label("State").select_option(state)
    for label, day in days.items():
        form.get_by_label(label.replace("_", " ")).fill(day)
    form.get_by_role("button", name="Save").click()
    visitor.page.get_by_text("It holds from the next question on.").wait_for()


def asked_again(visitor):
    visitor.page.goto(f"/?library={visitor.library}")
    visitor.ask(QUESTION)
    return visitor.answer()


def test_a_withdrawn_document_is_not_answered_from(at_document):
    say(at_document, "withdrawn")
    assert asked_again(at_document).locator(".abstained").count() == 1


def test_a_document_that_is_set_back_is_answered_from(at_document):
    say(at_document, "withdrawn")
    at_document.page.get_by_role("button", name="Undo: set it back").click()
    at_document.page.locator(".out-of-force").wait_for(state="hidden")
    assert asked_again(at_document).locator(".sentence.supported").count() == 1


def test_a_document_is_not_answered_from_before_its_first_day(at_document):
    say(at_document, "effective", Effective_from="2999-05-03")
    assert "Effective from May 3, 2999 on" in at_document.page.locator("#state").inner_text()
    assert asked_again(at_document).locator(".abstained").count() == 1


def test_an_old_citation_opens_its_page_and_says_since_when_it_is_withdrawn(at_document):
    say(at_document, "withdrawn", Withdrawn_since="2026-05-03")
    at_document.page.goto(at_document.conversation)
    at_document.answer().locator(".chip").first.click()
    panel = at_document.page.locator(".panel")
    panel.wait_for()
    shown = panel.inner_text()
    assert ("Withdrawn since May 3, 2026" in shown, "12.5 bar" in shown) == (True, True)


def test_days_that_make_no_sense_are_refused_beside_the_fields(at_document):
    form = at_document.page.locator("#lifecycle")
    form.evaluate("details => { details.open = true; }")
    form.get_by_label("Effective from").fill("2026-05-03")
    form.get_by_label("Effective until").fill("2026-05-02")
    form.get_by_role("button", name="Save").click()
    at_document.page.get_by_role("alert").wait_for()
    assert "would never be effective" in at_document.page.get_by_role("alert").inner_text()


def test_the_lifecycle_is_said_on_a_phone_without_scrolling_sideways(phone, shelf):
    phone.log_in().page.goto(shelf)
    phone.page.get_by_role("link", name="pump manual").click()
    phone.page.wait_for_url("**/documents/*/")
    phone.page.locator("#lifecycle").evaluate("details => { details.open = true; }")
    assert not phone.scrolls_sideways()
