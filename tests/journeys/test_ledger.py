"""The pages of a document as an owner sees them: counted, drawn small, tried again, and as search sees them."""

from io import BytesIO
from pathlib import Path

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.models]


@pytest.fixture(scope="module")
def valves():
    """A PDF of three pages; the text of the second is stored without readable characters, and none of it is drawn."""
    import reportlab
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("Vera", str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf")))
    held = BytesIO()
    canvas = Canvas(held, invariant=True)
    for text, mode in (
        ("Valve V-0 opens at 3 bar.", 0),
        ("\ue001\ue002\ue003\ue004", 3),
        ("Valve V-2 opens at 5 bar.", 0),
    ):
        canvas.setFont("Vera", 12)
        canvas.drawString(72, 700, text, mode=mode)
        canvas.showPage()
    canvas.save()
    return held.getvalue()


@pytest.fixture(scope="module")
def address(chromium, site, valves):
    """The page of that document, taken in."""
    from tests.journeys.conftest import Visitor

    person = Visitor(chromium, site).log_in()
    person.make_library("Valves")
    person.upload("valves.pdf", valves)
    person.until_ready()
    person.page.get_by_role("link", name="valves").click()
    person.page.wait_for_url("**/documents/*/")
    found = person.page.url
    person.context.close()
    return found


@pytest.fixture
def at_document(visitor, address):
    visitor.log_in().page.goto(address)
    return visitor


def test_the_sum_of_the_pages_is_stated_in_words(at_document):
    assert at_document.page.locator(".ledger-sum").inner_text() == "3 pages: 2 with text, 1 not read"


def test_every_page_is_drawn_small_without_being_asked_to_scroll(at_document):
    drawn = "() => [...document.querySelectorAll('.ledger img')].filter(image => image.naturalWidth).length === 3"
    at_document.page.wait_for_function(drawn)
    assert at_document.complaints == []


def test_a_tile_is_read_out_with_its_number_and_state(at_document):
    assert at_document.page.get_by_role("link", name="Page 2 Not read").count() == 1


def test_the_state_of_a_page_is_told_without_colour(at_document):
    marks = at_document.page.locator(".ledger .mark").all_inner_texts()
    assert marks == ["With text", "Not read", "With text"]


def test_a_tile_opens_its_page_by_keyboard(at_document):
    at_document.page.get_by_role("link", name="Page 3 With text").press("Enter")
    at_document.page.locator(".panel[data-number='3']").wait_for()


def test_only_pages_that_were_not_read_are_shown_on_demand(at_document):
    at_document.page.get_by_role("link", name="Not read 1").click()
    at_document.page.wait_for_url("**state=failed")
    assert at_document.page.locator("ul.unread.all li").count() == 1


def test_a_page_that_was_not_read_is_tried_again_on_its_own(at_document):
    with at_document.page.expect_navigation(), at_document.page.expect_response("**/pages/2/retry/") as answer:
        at_document.page.get_by_role("button", name="Try page 2 again").click()
    at_document.page.locator(".unread").wait_for()
    assert (answer.value.status, at_document.page.locator(".ledger-sum").inner_text()) == (
        204,
        "3 pages: 2 with text, 1 not read",
    )


def test_a_page_is_viewed_as_search_sees_it_beside_its_image(at_document):
    at_document.page.get_by_role("link", name="Page 1 With text").click()
    at_document.page.get_by_role("link", name="View as search sees it").click()
    at_document.page.locator(".passages").wait_for()
    assert "Valve V-0 opens at 3 bar." in at_document.page.locator(".passages li").inner_text()
    assert at_document.page.locator(".beside img").evaluate("image => image.decode().then(() => image.naturalWidth)")


@pytest.mark.parametrize("path", ["", "?state=failed", "pages/1/indexed/", "pages/2/indexed/"])
def test_the_ledger_fits_a_phone(phone, address, path):
    phone.log_in().page.goto(address + path)
    assert not phone.scrolls_sideways()
