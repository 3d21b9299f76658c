"""The second factor as people use it: an app with its codes, and a passkey that Chromium itself holds."""

import re

import pyotp
import pytest

from tests.journeys.conftest import Visitor
from tests.journeys.people import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.models]


@pytest.fixture
def browser(chromium, site, model):
    """A browser at the name `localhost`: passkeys belong to names, never to numbers."""
    visitor = Visitor(chromium, site.replace("127.0.0.1", "localhost"))
    yield visitor
    visitor.context.close()


def first_step(visitor, name):
    visitor.page.goto("/login/")
    visitor.page.get_by_label("User name").fill(name)
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Log in").click()


def log_out(visitor):
    visitor.page.goto("/account/")
    visitor.page.locator(".account summary").click()
    visitor.page.get_by_role("button", name="Log out").click()
    visitor.page.wait_for_url(re.compile("/login/"))


def add_app(visitor):
    """Set up an authenticator app; (its secret, the recovery codes)."""
    page = visitor.page
    page.goto("/account/")
    page.get_by_role("link", name="Add an authenticator app").click()
    secret = page.locator(".key").inner_text().replace(" ", "")
    page.get_by_label("The 6 digits").fill(pyotp.TOTP(secret).now())
    page.get_by_label("Your password, once more").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    codes = page.locator(".codes code").all_inner_texts()
    page.get_by_role("link", name="I have them. Go on").click()
    return secret, codes


def test_an_app_and_then_a_recovery_code_open_the_account(browser):
    browser.log_in("careful")
    _secret, codes = add_app(browser)
    log_out(browser)
    first_step(browser, "careful")
    browser.page.get_by_label("Code from your app, or a recovery code").fill(codes[3])
    browser.page.get_by_role("button", name="Log in").click()
    browser.page.goto("/account/")
    assert browser.page.get_by_text("9 recovery codes left").is_visible()


@pytest.fixture
def authenticator(browser):
    """Chromium's own virtual key, as a laptop's fingerprint reader would be."""
    tools = browser.context.new_cdp_session(browser.page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_opens_the_account(browser, authenticator):
    browser.log_in("keyed")
    page = browser.page
    page.goto("/account/factors/key/")
    page.get_by_label("A name by which you know it").fill("laptop")
    page.get_by_label("Your password, once more").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    page.get_by_role("link", name="I have them. Go on").click()
    log_out(browser)
    first_step(browser, "keyed")
    page.get_by_role("button", name="Use a passkey or security key").click()
    page.wait_for_url(re.compile(r"^(?!.*/login/)"))
    page.goto("/account/")
    assert page.get_by_text("laptop").is_visible()
    assert browser.complaints == []


@pytest.mark.parametrize("language", ["日本語", "English"])
def test_the_pages_of_setting_up_do_not_scroll_sideways_on_a_phone(phone, language):
    phone.log_in("stranger").page.locator(".account summary").click()
    phone.page.get_by_role("button", name=language).click()
    phone.page.wait_for_load_state()
    said = []
    for address in ("/account/", "/account/factors/app/", "/account/factors/key/"):
        phone.page.goto(address)
        said.append(phone.scrolls_sideways())
    assert (said, phone.complaints) == ([False] * 3, [])
