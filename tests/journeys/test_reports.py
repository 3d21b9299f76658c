"""From one click beside a sentence to the owner's inbox, the cited page, and the reader who sees what was done."""

import pytest

from tests.journeys.model_server import quoting

pytestmark = [pytest.mark.journey, pytest.mark.models]
QUESTION = "How often are the bearings of P-101 greased?"


@pytest.fixture
def answered(visitor, shelf, model):
    model.reply = quoting("500 hours")
    visitor.log_in().ask(QUESTION)
    visitor.answer()
    return visitor


@pytest.fixture
def reported(answered):
    answered.answer().get_by_role("button", name="Proved: why?").click()
    answered.answer().get_by_role("button", name="Report as wrong").click()
    answered.answer().get_by_text("Reported.", exact=True).wait_for()
    return answered


@pytest.fixture
def inbox(reported):
    reported.page.goto("/libraries/")
    reported.page.get_by_role("link", name="open report").click()
    reported.page.locator(".reported-card").first.wait_for()
    return reported


def test_why_shows_every_check_that_a_proved_sentence_passed(answered):
    answered.answer().get_by_role("button", name="Proved: why?").click()
    assert answered.answer().locator(".because .checks .passed").count() == 4


def test_a_sentence_is_reported_by_keyboard_alone(answered):
    why = answered.answer().get_by_role("button", name="Proved: why?")
    why.press("Enter")
    answered.page.keyboard.press("Tab")
    answered.page.keyboard.press("Enter")
    answered.answer().get_by_text("Reported.", exact=True).wait_for()


def test_a_reported_sentence_says_so_beside_it_at_once(reported):
    reported.answer().locator(".reported .badge", has_text="reported").wait_for()


def test_after_a_report_the_comment_has_the_focus_and_is_kept(reported):
    reported.answer().locator(".report textarea:focus").wait_for()
    reported.page.keyboard.type("It is 600 hours.")
    reported.answer().locator(".report").get_by_role("button", name="Send").click()
    reported.page.get_by_text("Thank you. Your feedback is kept.").wait_for()
    reported.page.reload()
    reported.answer().get_by_role("button", name="Proved: why?").click()
    assert reported.answer().locator(".report textarea").input_value() == "It is 600 hours."


def test_a_report_is_taken_back_in_one_click(reported):
    reported.answer().get_by_role("button", name="Take the report back").click()
    reported.answer().get_by_role("button", name="Report as wrong").wait_for()
    assert reported.answer().locator(".reported .badge").count() == 0


def test_the_inbox_shows_the_report_with_its_quote(inbox):
    card = inbox.page.locator(".reported-card").first
    assert "Bearings are greased every 500 hours" in card.locator(".proofs q").inner_text()


def test_the_inbox_opens_the_page_at_the_proof(inbox):
    inbox.page.locator(".reported-card .proofs a").first.click()
    inbox.page.locator(".panel img[src*='citation=']").wait_for()


def test_the_reader_sees_at_the_sentence_what_the_owner_did(inbox):
    card = inbox.page.locator(".reported-card").first
    card.get_by_label("Note to the reader (optional)").fill("See revision 2.")
    card.get_by_label("What was done").select_option("corrected")
    card.get_by_role("button", name="Resolve").click()
    card.get_by_text("The document was corrected").wait_for()
    inbox.page.goto("/")
    inbox.page.locator("#history-list").get_by_role("link", name=QUESTION).first.click()
    inbox.answer().get_by_role("button", name="Proved: why?").click()
    assert "See revision 2." in inbox.answer().locator(".report").inner_text()


def test_a_resolution_is_undone(inbox):
    card = inbox.page.locator(".reported-card").first
    card.get_by_label("What was done").select_option("right")
    card.get_by_role("button", name="Resolve").click()
    card.get_by_role("button", name="Undo: open it again").click()
    card.get_by_role("button", name="Resolve").wait_for()


def test_a_refusal_is_reported_in_one_click(visitor, shelf, model):
    model.reply = lambda _prompt: "The canteen opens at noon."
    visitor.log_in().ask("When is the strainer of the pump canteen open?")
    visitor.answer().get_by_role("button", name="this should have been answered").click()
    visitor.answer().get_by_text("Reported.", exact=True).wait_for()


def test_reports_fit_a_phone(phone, shelf, model):
    model.reply = quoting("500 hours")
    phone.log_in().ask(QUESTION)
    phone.answer().get_by_role("button", name="Proved: why?").click()
    phone.answer().get_by_role("button", name="Report as wrong").click()
    phone.answer().get_by_text("Reported.", exact=True).wait_for()
    wide = [phone.scrolls_sideways()]
    phone.page.goto("/reports/")
    assert [*wide, phone.scrolls_sideways()] == [False, False]
