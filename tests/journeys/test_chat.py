"""The composer and the conversation: Enter, the IME, stopping, failing, and what the history can do."""

import pytest

from tests.journeys.model_server import quoting

pytestmark = [pytest.mark.journey, pytest.mark.models]
LONG = "Bearings are greased often. " * 60


def _asked(visitor):
    return [url for url in visitor.requests if url.endswith("/api/v1/ask")]


@pytest.mark.parametrize("signal", [{"isComposing": True}, {"keyCode": 229}], ids=["isComposing", "keyCode 229"])
def test_enter_that_ends_a_conversion_does_not_send(visitor, shelf, signal):
    visitor.log_in().page.get_by_label("Your question").fill("じくうけ")
    visitor.page.get_by_label("Your question").dispatch_event("keydown", {"key": "Enter", "bubbles": True, **signal})
    visitor.page.wait_for_timeout(300)
    assert _asked(visitor) == []


def test_enter_during_a_real_conversion_does_not_send(visitor, shelf):
    visitor.log_in().page.get_by_label("Your question").focus()
    browser = visitor.context.new_cdp_session(visitor.page)
    browser.send("Input.imeSetComposition", {"text": "じくうけ", "selectionStart": 4, "selectionEnd": 4})
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_timeout(300)
    assert _asked(visitor) == []


def test_shift_enter_starts_a_new_line(visitor, shelf):
    box = visitor.log_in().page.get_by_label("Your question")
    box.fill("one")
    box.press("Shift+Enter")
    box.press_sequentially("two")
    assert (box.input_value(), _asked(visitor)) == ("one\ntwo", [])


def test_a_stopped_answer_keeps_what_was_written(visitor, shelf, model):
    model.reply, model.pause = (lambda _prompt: LONG), 0.05
    visitor.log_in().ask("How often are bearings greased?")
    visitor.page.locator(".draft", has_text="Bearings are greased often.").wait_for()
    visitor.page.get_by_role("button", name="Stop").click()
    visitor.page.locator(".answer[data-state=stopped]").wait_for()
    assert "Bearings are greased" in visitor.page.locator(".answer").last.inner_text()


def test_a_failed_answer_says_what_to_do(visitor, shelf, model):
    model.down = True
    visitor.log_in().ask("How often are bearings greased?")
    assert "Try again" in visitor.page.locator(".failure").inner_text()


def test_a_failed_question_can_be_tried_again(visitor, shelf, model):
    model.down = True
    visitor.log_in().ask("How often are bearings of P-101 greased?")
    visitor.page.locator(".failure").wait_for()
    model.down, model.reply = False, quoting("500 hours")
    visitor.page.locator(".failure").get_by_role("button", name="Try again").click()
    assert visitor.answer().locator(".sentence.supported").count() == 1


def test_answering_again_replaces_the_answer(visitor, shelf, model):
    model.reply = quoting("500 hours")
    visitor.log_in().ask("How often are bearings of P-101 greased?")
    visitor.answer().get_by_role("button", name="Answer again").click()
    visitor.page.get_by_text("answer 2 of 2").wait_for()
    assert visitor.page.locator(".answer").count() == 1


def test_a_conversation_is_renamed_in_the_history(visitor, shelf, model):
    model.reply = quoting("500 hours")
    visitor.log_in().ask("How often are bearings of P-101 greased?")
    visitor.answer()
    line = visitor.page.locator("#history-list li.here")
    line.hover()
    line.get_by_role("button", name="Rename").click()
    visitor.page.get_by_label("Title", exact=True).fill("Greasing")
    visitor.page.get_by_label("Title", exact=True).press("Enter")
    visitor.page.locator("#history-list").get_by_role("link", name="Greasing").wait_for()


def test_a_conversation_is_deleted_only_after_a_yes(visitor, shelf, model):
    model.reply = quoting("500 hours")
    visitor.log_in().ask("How often are bearings of P-101 greased?")
    visitor.answer()
    gone = visitor.page.url
    line = visitor.page.locator("#history-list li.here")
    line.hover()
    line.get_by_role("button", name="Delete").click()
    visitor.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    visitor.page.wait_for_url(f"{visitor.site}/")
    assert visitor.context.request.get(gone).status == 404


def test_feedback_is_kept_with_its_comment(visitor, shelf, model):
    model.reply = quoting("500 hours")
    visitor.log_in().ask("How often are bearings of P-101 greased?")
    visitor.answer().get_by_role("button", name="Not helpful").click()
    visitor.page.get_by_label("What was wrong or missing?").fill("Which grease?")
    visitor.page.locator(".feedback").get_by_role("button", name="Send").click()
    visitor.page.get_by_text("Your feedback is kept").wait_for()
    visitor.page.reload()
    assert visitor.answer().get_by_role("button", name="Not helpful").get_attribute("aria-pressed") == "true"


def test_the_whole_way_works_by_keyboard_alone(visitor, shelf, model):
    model.reply = quoting("500 hours")
    visitor.log_in().page.keyboard.type("How often are bearings of P-101 greased?")
    visitor.page.keyboard.press("Enter")
    visitor.answer()
    for _ in range(60):
        visitor.page.keyboard.press("Shift+Tab")
        if visitor.page.evaluate("document.activeElement.matches('.chip')"):
            break
    visitor.page.keyboard.press("Enter")
    visitor.page.locator(".panel blockquote").wait_for()


def test_an_example_question_fills_the_composer(visitor, shelf):
    visitor.log_in().page.locator("[data-example]").first.click()
    assert visitor.page.get_by_label("Your question").input_value() != ""
