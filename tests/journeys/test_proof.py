"""From an uploaded manual to the sentence, its citation, and the highlighted page."""

import re
from io import BytesIO

import pytest
from PIL import Image

from tests.journeys.model_server import quoting

pytestmark = [pytest.mark.journey, pytest.mark.models]
QUESTION = "How often are the bearings of P-101 greased?"


@pytest.fixture
def answered(visitor, shelf, model):
    model.reply = quoting("500 hours", after=" Replace them with part X-999 at once.[1]")
    visitor.log_in().ask(QUESTION)
    visitor.answer()
    return visitor


@pytest.fixture
def two_pages(visitor, shelf, model):
    """An answer whose two sentences are proved on pages 1 and 2."""
    model.reply = quoting("500 hours", "45 N")
    visitor.log_in().ask("How often are the bearings of P-101 greased, and what torque do the cover bolts take?")
    visitor.answer()
    return visitor


def test_an_uploaded_manual_becomes_ready_by_itself(visitor, site, manual):
    visitor.log_in().make_library("Fresh")
    visitor.upload("fresh manual.pdf", manual)
    visitor.until_ready()


def test_a_proved_sentence_carries_its_citation(answered):
    sentence = answered.answer().locator(".sentence.supported")
    shown = (sentence.inner_text().split("operation.")[0], sentence.locator(".chip").inner_text())
    assert shown == ("Bearings are greased every 500 hours of ", "1")


def test_a_sentence_that_nothing_proves_says_so_in_words(answered):
    assert "Not proved" in answered.answer().locator(".sentence.unsupported").inner_text()


def test_a_sentence_that_nothing_proves_says_why_when_asked(answered):
    answered.answer().get_by_role("button", name="Not proved").click()
    assert "X-999" in answered.answer().locator(".reasons").inner_text()


def test_the_citation_opens_the_page_with_the_passage_highlighted(answered):
    answered.answer().locator(".chip").first.click()
    image = answered.page.locator(".panel img")
    image.wait_for()
    picture = Image.open(BytesIO(answered.context.request.get(image.evaluate("image => image.src")).body()))
    colours = picture.convert("RGB").resize((200, 280)).getdata()
    assert any(red > 200 and green > 180 and blue < 170 for red, green, blue in colours)


def test_the_panel_quotes_the_proving_passage(answered):
    answered.answer().locator(".chip").first.click()
    assert "every 500 hours" in answered.page.locator(".panel blockquote").inner_text()


def test_the_arrow_key_turns_to_the_next_page(answered):
    answered.answer().locator(".chip").first.click()
    answered.page.locator(".panel[data-number='1']").wait_for()
    answered.page.keyboard.press("ArrowRight")
    answered.page.locator(".panel[data-number='2']").wait_for()


def test_escape_closes_the_panel_and_gives_the_focus_back(answered):
    chip = answered.answer().locator(".chip").first
    chip.click()
    answered.page.locator(".panel").wait_for()
    answered.page.keyboard.press("Escape")
    assert chip.evaluate("chip => chip === document.activeElement")


def test_the_original_can_be_downloaded_from_the_panel(answered, manual):
    answered.answer().locator(".chip").first.click()
    with answered.page.expect_download() as download:
        answered.page.get_by_role("link", name="Download the original file").click()
    assert download.value.path().read_bytes() == manual


def test_a_conversation_is_there_again_after_a_reload(answered):
    answered.page.reload()
    assert answered.answer().locator(".sentence.supported").count() == 1


def test_an_abstention_lists_pages_to_look_at(visitor, shelf, model):
    model.reply = lambda _prompt: "The canteen opens at noon."
    visitor.log_in().ask("When is the strainer of the pump canteen open?")
    assert visitor.answer().locator(".abstained .source").count() > 0


def test_a_stranger_gets_not_found_for_library_document_page_and_image(answered, visitor, chromium, site, shelf):
    from tests.journeys.conftest import Visitor

    answered.answer().locator(".chip").first.click()
    image = answered.page.locator(".panel img").evaluate("image => image.src")
    document = re.search(r"/documents/([0-9a-f-]{36})/", image)[0]
    stranger = Visitor(chromium, site).log_in("stranger")
    addresses = [shelf, document, f"{document}pages/1/", f"{document}file", image, answered.page.url]
    answers = [stranger.context.request.get(address).status for address in addresses]
    stranger.context.close()
    assert answers == [404] * len(addresses)


def test_a_sentence_that_is_pointed_at_lights_its_proof_in_the_open_panel(two_pages):
    two_pages.answer().locator(".chip").first.click()
    two_pages.page.locator(".panel[data-number='1']").wait_for()
    two_pages.answer().locator(".sentence").nth(1).hover()
    two_pages.page.locator(".panel[data-number='2'] img[src*='citation=']").wait_for()
    assert "lit" in two_pages.answer().locator(".sentence").nth(1).get_attribute("class")


def test_a_sentence_that_is_focused_lights_its_proof_and_keeps_the_focus(two_pages):
    first, second = two_pages.answer().locator(".chip").all()[:2]
    first.click()
    two_pages.page.locator(".panel[data-number='1']").wait_for()
    second.focus()
    two_pages.page.locator(".panel[data-number='2']").wait_for()
    assert second.evaluate("chip => chip === document.activeElement")


def test_pointing_at_a_sentence_opens_no_panel(two_pages):
    two_pages.answer().locator(".sentence").nth(1).hover()
    two_pages.page.wait_for_timeout(500)
    assert two_pages.page.locator(".panel").count() == 0


def test_pointing_at_a_sentence_again_brings_back_its_page(two_pages):
    first = two_pages.answer().locator(".sentence").first
    first.locator(".chip").click()
    two_pages.page.locator(".panel[data-number='1']").wait_for()
    two_pages.page.keyboard.press("ArrowRight")
    two_pages.page.locator(".panel[data-number='2']").wait_for()
    two_pages.page.mouse.move(0, 0)
    first.hover()
    two_pages.page.locator(".panel[data-number='1'] img[src*='citation=']").wait_for()
