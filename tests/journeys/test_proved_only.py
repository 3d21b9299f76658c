"""A library that shows proved sentences only: what is checked is seen, what is not proved never is."""

import pytest

from tests.journeys.conftest import Visitor
from tests.journeys.model_server import quoting

pytestmark = [pytest.mark.journey, pytest.mark.models]
QUESTION = "How often are the bearings of P-101 greased, and what torque do the cover bolts take?"
GUESS = " Replace them with part X-999 at once.[1] "
# Keeps all the text that the page ever showed of an answer.
WATCH = """() => {
  window.everShown = "";
  new MutationObserver(() => { window.everShown += document.getElementById("turns").innerText; })
    .observe(document.getElementById("turns"), { childList: true, subtree: true, characterData: true });
}"""


@pytest.fixture
def strict(chromium, site, shelf):
    """The shelf shows proved sentences only, until the test is over."""
    person = Visitor(chromium, site).log_in()
    person.choose(shelf, "never show them")
    yield
    person.choose(shelf, "show them, marked “not proved”")
    person.context.close()


@pytest.fixture
def asked(visitor, strict, model):
    """Asked of a slow model that proves two sentences and guesses one between them."""
    said = quoting("500 hours", "45 N")

    def reply(prompt):
        # Asked to translate the question, because other journeys left Japanese documents, it finds no evidence.
        lines = said(prompt).splitlines(keepends=True)
        return "".join([*lines[:1], GUESS, *lines[1:]]) if lines else ""

    model.reply, model.pause = reply, 0.02
    visitor.log_in().page.evaluate(WATCH)
    visitor.ask(QUESTION)
    return visitor


def test_what_is_not_proved_is_never_seen_while_the_answer_streams(asked):
    asked.answer()
    shown = asked.page.evaluate("everShown")
    assert ("every 500 hours" in shown, "X-999" in shown, "Replace" in shown) == (True, False, False)


def test_a_sentence_is_said_to_be_checked_while_it_is_written(asked):
    asked.page.locator(".draft", has_text="every 500 hours").wait_for()
    asked.page.locator(".step", has_text="Checking a sentence").wait_for()


def test_one_line_says_how_many_sentences_are_not_shown(asked):
    line = asked.answer().locator(".held-back").inner_text()
    assert line.strip() == "1 sentence could not be proved and is not shown."


def test_the_proved_sentences_are_shown(asked):
    assert asked.answer().locator(".sentence.supported").count() == 2


def test_a_copied_answer_says_that_sentences_are_not_shown(asked):
    text = asked.answer().locator("template.plain").evaluate("plain => plain.content.textContent")
    assert ("X-999" in text, "1 sentence could not be proved" in text) == (False, True)
