"""The same way with the real embedder and the real answer model on this machine."""

import pytest

from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.models, pytest.mark.timeout(600)]


def test_a_real_answer_is_proved_on_the_page(chromium, real_site, manual):
    visitor = Visitor(chromium, real_site).log_in()
    visitor.make_library("Pumps")
    visitor.upload("pump manual.pdf", manual)
    visitor.until_ready()
    visitor.page.goto("/")
    visitor.ask("How often are the bearings of pump P-101 greased?")
    visitor.page.locator(".answer[data-state=complete]").wait_for(timeout=240_000)
    visitor.page.locator(".sentence.supported .chip").first.click()
    assert "500 hours" in visitor.page.locator(".panel blockquote").inner_text()
