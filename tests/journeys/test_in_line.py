"""More questions than the model answers at once: the later one sees its place, and moves up when the first stops."""

import pytest

from tests.journeys.conftest import Visitor, _served
from tests.journeys.model_server import quoting

pytestmark = [pytest.mark.journey, pytest.mark.models]
LONG = "Bearings are greased often. " * 200


@pytest.fixture(scope="module")
def narrow(model, chromium, manual, tmp_path_factory):
    """A site that answers one question at once, with the manual in it."""
    for site in _served(tmp_path_factory.mktemp("narrow"), {"ANSWER_URL": model.url, "ANSWER_SLOTS": "1"}):
        person = Visitor(chromium, site).log_in()
        person.make_library("Pumps")
        person.upload("pump manual.pdf", manual)
        person.until_ready()
        person.context.close()
        yield site


@pytest.fixture
def first(narrow, chromium, model):
    """Somebody whose answer is being written, slowly."""
    model.reset()
    model.reply, model.pause = (lambda _prompt: LONG), 0.05
    person = Visitor(chromium, narrow).log_in()
    person.page.goto("/")
    person.ask("How often are bearings of P-101 greased?")
    person.page.locator(".draft", has_text="Bearings are greased often.").wait_for()
    yield person
    person.context.close()


@pytest.fixture(params=["wide", "phone"])
def second(narrow, chromium, first, request):
    """Somebody who asks meanwhile, at a desk or with a phone."""
    phone = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
    person = Visitor(chromium, narrow, **(phone if request.param == "phone" else {})).log_in()
    person.page.goto("/")
    person.ask("How often are bearings of P-101 greased?")
    person.page.locator(".step", has_text="Place 1 in line").wait_for()
    yield person
    person.context.close()


def test_the_place_is_read_out_to_who_cannot_see_it(second):
    assert "Place 1 in line" in second.page.get_by_role("status").filter(has_text="line").inner_text()


def test_the_line_fits_on_the_screen(second):
    assert not second.scrolls_sideways()


def test_stopping_the_first_answer_lets_the_second_begin(first, second, model):
    model.reply, model.pause = quoting("500 hours"), 0.0
    first.page.get_by_role("button", name="Stop").click()
    assert second.answer().locator(".sentence.supported").count() == 1


def test_closing_the_tab_of_the_first_lets_the_second_begin(first, second, model):
    model.reply, model.pause = quoting("500 hours"), 0.0
    first.context.close()
    assert second.answer().locator(".sentence.supported").count() == 1


def test_who_stops_waiting_is_told_so(second):
    second.page.get_by_role("button", name="Stop").click()
    second.page.locator(".answer[data-state=stopped]").wait_for()
    assert second.complaints == []
