"""An owner looks at what would be masked, spares what is no name, saves, and meets it masked wherever it stood."""

from io import BytesIO

import pytest
from PIL import Image

pytestmark = [pytest.mark.journey, pytest.mark.models]


@pytest.fixture(scope="session")
def record():
    """A page with two names and a telephone number."""
    from reportlab.pdfgen.canvas import Canvas

    held = BytesIO()
    canvas = Canvas(held, pagesize=(420, 300), invariant=True)
    canvas.setFont("Helvetica", 14)
    lines = (
        "Repair record of pump P-101",
        "Emily Thompson replaced the bearings.",
        "Approved by: Robert Miller, 212-555-0143",
    )
    for place, line in enumerate(lines):
        canvas.drawString(40, 240 - 30 * place, line)
    canvas.save()
    return held.getvalue()


def at_library(person, record):
    person.log_in().make_library(f"Records {id(person)}")
    library = person.page.url
    person.upload("record.pdf", record)
    person.until_ready()
    person.library = library
    person.page.goto(f"{library}masking/")
    return person


@pytest.fixture
def at_masking(visitor, record):
    return at_library(visitor, record)


def choose(person, *kinds):
    for kind in kinds:
        person.page.get_by_label(kind, exact=True).check()


def save(person):
    person.page.get_by_role("button", name="Save").click()
    person.page.get_by_text("Pages whose masks change are indexed again.").wait_for()


def page_once_masked(person):
    """The page of the document in its panel, once its run is through."""
    for _ in range(60):
        person.page.goto(f"{person.library}masking/")
        if not person.page.locator(".notice[role=status]", has_text="being indexed again").count():
            break
        person.page.wait_for_timeout(500)
    person.page.goto(person.library)
    person.page.get_by_role("link", name="record").click()
    person.page.locator(".ledger a").first.click()
    person.page.locator(".panel .masked").wait_for()
    return person.page


def test_what_would_be_masked_is_shown_before_anything_is(at_masking):
    choose(at_masking, "names", "phone numbers")
    at_masking.page.get_by_role("button", name="Show what would be masked").click()
    at_masking.page.locator("#masking-preview mark").first.wait_for()
    found = at_masking.page.locator("#masking-preview mark").all_inner_texts()
    assert found == ["Emily Thompson", "Robert Miller", "212-555-0143"]
    assert at_masking.complaints == []


def test_a_name_is_masked_on_its_page_and_shown_to_an_owner_who_asks(at_masking):
    choose(at_masking, "names")
    save(at_masking)
    page = page_once_masked(at_masking)
    assert "Thompson" not in page.locator(".page-text").inner_text(timeout=5000)
    page.get_by_role("link", name="Show it (this is logged)").click()
    page.get_by_text("Personal data on this page is shown to you.").wait_for()
    assert "Emily Thompson" in page.locator(".page-text").text_content()


def test_the_picture_of_the_page_has_the_name_painted_over(at_masking):
    choose(at_masking, "names")
    save(at_masking)
    page = page_once_masked(at_masking)
    address = page.locator(".viewport img").get_attribute("src")
    dark = [
        sum(Image.open(BytesIO(page.request.get(one).body())).convert("L").histogram()[:60])
        for one in (address, f"{address}&reveal=true")
    ]
    assert dark[0] > 3 * dark[1]


def test_what_is_no_name_is_spared_by_one_press(at_masking):
    choose(at_masking, "names")
    at_masking.page.get_by_role("button", name="Show what would be masked").click()
    at_masking.page.get_by_role("button", name="“Robert Miller” is no personal data").click()
    at_masking.page.get_by_text("These words are not masked in this library.").wait_for()
    assert "Robert Miller" in at_masking.page.locator(".found").inner_text()


def test_a_phone_shows_it_without_scrolling_sideways(phone, record):
    at_library(phone, record)
    choose(phone, "names", "addresses")
    phone.page.get_by_role("button", name="Show what would be masked").click()
    phone.page.locator("#masking-preview mark").first.wait_for()
    assert not phone.scrolls_sideways()
