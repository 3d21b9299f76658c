"""A person's sessions and tokens, and the auditor's pages, as people use them."""

import re

import pytest

from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.models]


@pytest.fixture
def account(visitor):
    """The stranger's page of sessions and tokens, by way of the menu."""
    visitor.log_in("stranger").page.locator(".account summary").click()
    visitor.page.get_by_role("link", name="Sessions and tokens").click()
    visitor.page.get_by_role("heading", name="Your sessions and tokens").wait_for()
    return visitor


def test_a_token_is_made_shown_once_and_withdrawn_with_the_keyboard(account):
    page = account.page
    page.get_by_label("What it is for").fill("nightly copy")
    page.get_by_label("all libraries that I may read").check()
    page.get_by_role("button", name="Make token").press("Enter")
    key = page.locator(".key").inner_text()
    page.goto("/account/")
    assert (key.startswith("tenkyo_"), key in page.content()) == (True, False)
    page.get_by_role("button", name="Withdraw the token nightly copy").press("Enter")
    page.get_by_text("The token was withdrawn.").wait_for()
    assert page.get_by_text("No program acts for you.").is_visible()


def test_a_session_elsewhere_is_ended_from_here(account, chromium, site):
    other = Visitor(chromium, site).log_in("stranger")
    account.page.reload()
    account.page.get_by_role("button", name="End all other sessions").click()
    account.page.get_by_text(re.compile(r"other sessions? w(as|ere) ended")).wait_for()
    other.page.goto("/libraries/")
    assert "/login/" in other.page.url
    other.context.close()


@pytest.fixture
def trail(visitor):
    """The audit trail in the auditor's browser."""
    visitor.log_in("auditor").page.locator(".account summary").click()
    visitor.page.get_by_role("link", name="Audit trail").click()
    visitor.page.get_by_role("heading", name="Audit trail", exact=True).wait_for()
    return visitor


def test_an_auditor_searches_the_trail(trail):
    trail.page.get_by_label("Person").fill("auditor")
    trail.page.get_by_role("button", name="Search").click()
    trail.page.wait_for_url(re.compile("person=auditor"))
    assert trail.page.locator(".trail li").first.get_by_text("auditor signed in.").is_visible()


def test_an_auditor_exports_what_was_found(trail):
    with trail.page.expect_download() as waiting:
        trail.page.get_by_role("button", name="CSV").click()
    assert re.fullmatch(r"audit .*\.csv", waiting.value.suggested_filename)


def test_an_auditor_checks_the_whole_trail(trail):
    trail.page.get_by_role("button", name="Check every row now").click()
    trail.page.get_by_role("heading", name="Whole", exact=True).wait_for()
    assert trail.complaints == []


@pytest.mark.parametrize("language", ["日本語", "English"])
@pytest.mark.parametrize("address", ["/audit/", "/audit/?person=nobody&since=2026-11-27"])
def test_the_trail_does_not_scroll_sideways_on_a_phone(phone, language, address):
    phone.log_in("auditor").page.locator(".account summary").click()
    phone.page.get_by_role("button", name=language).click()
    phone.page.wait_for_load_state()
    phone.page.goto(address)
    assert not phone.scrolls_sideways()
