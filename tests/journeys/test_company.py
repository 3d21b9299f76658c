"""Signing in by the company as people do it: to the provider, back, and out of both."""

import re

import httpx
import pyotp
import pytest

from tests.company_provider import CLIENT, SECRET, provider_running
from tests.journeys.conftest import Visitor, _served
from tests.journeys.people import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.models]


@pytest.fixture(scope="module")
def provider():
    with provider_running() as address:
        claims = {"preferred_username": "hanako", "given_name": "花子", "groups": ["Staff"]}
        httpx.put(f"{address}/users/h-1", json=claims).raise_for_status()
        yield address


@pytest.fixture(scope="module")
def company_site(provider, model, tmp_path_factory):
    settings = {
        "OIDC_ISSUER": provider,
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": SECRET,
        "SECOND_FACTOR": "everybody",
    }
    yield from _served(tmp_path_factory.mktemp("company"), {"ANSWER_URL": model.url, **settings})


@pytest.fixture
def worker(chromium, company_site):
    visitor = Visitor(chromium, company_site)
    visitor.context.route(
        "https://**", lambda route: route.abort()
    )  # the provider's page asks for a style sheet outside
    yield visitor
    visitor.context.close()


def test_a_person_comes_by_the_company_and_leaves_by_it(worker, provider):
    page = worker.page
    page.goto("/account/")
    page.get_by_role("link", name="Log in with the company's account").click()
    page.get_by_placeholder("sub").fill("h-1")
    page.get_by_role("button", name="Authorize").click()
    page.get_by_role("heading", name="Your sessions and tokens").wait_for()
    page.locator(".account summary").click()
    assert page.locator(".account").get_by_text("hanako").first.is_visible()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("link", name="Log out of the company's account too").click()
    page.wait_for_url(re.compile(re.escape(f"{provider}/oauth2/end_session")))
    assert worker.complaints == []


def test_who_comes_by_password_sets_up_a_second_factor_before_anything_else(worker):
    page = worker.page
    page.goto("/libraries/")
    page.get_by_label("User name").fill("stranger")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("heading", name="Set up a second factor").wait_for()
    page.goto("/libraries/")
    assert "/login/" in page.url
    page.goto("/login/set-up/")
    page.get_by_role("link", name="Use an app on my phone").click()
    secret = page.locator(".key").inner_text().replace(" ", "")
    page.get_by_label("The 6 digits").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Set up").click()
    page.get_by_role("link", name="I have them. Go on").click()
    page.wait_for_url(re.compile("/libraries/"))


@pytest.mark.parametrize("language", ["日本語", "English"])
def test_the_sign_in_page_does_not_scroll_sideways_on_a_phone(chromium, company_site, language):
    phone = Visitor(chromium, company_site, viewport={"width": 375, "height": 740}, has_touch=True, is_mobile=True)
    phone.page.goto("/login/")
    phone.page.get_by_role("button", name=language).click()
    phone.page.wait_for_load_state()
    assert not phone.scrolls_sideways()
    phone.context.close()
