"""A running Tenkyo with the real embedder and scripted answers, a real Chromium, a record of every request it makes."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from io import BytesIO
from pathlib import Path

import pytest

from tests.journeys.model_server import ModelServer
from tests.journeys.people import PASSWORD

REPOSITORY = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
WAIT_SECONDS = 90
MANUAL = (
    ("Maintenance of pump P-101", "Bearings are greased every 500 hours of operation.", "Use grease G-7 only."),
    ("Cover", "Tighten the cover bolts with a torque of 45 N·m.", "Check them again after one day of operation."),
    ("Alarms", "Alarm E-03 means that the strainer is blocked.", "Clean the strainer and press the reset button."),
)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("journey") and not Path(CHROMIUM).exists():
            item.add_marker(pytest.mark.skip(reason="apt-get install -y chromium fonts-noto-cjk"))


@pytest.fixture(autouse=True)
def media():
    """The files belong to the running product here, not to the test's process."""


@pytest.fixture(scope="session")
def model():
    server = ModelServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def site(model, tmp_path_factory):
    yield from _served(tmp_path_factory.mktemp("site"), {"ANSWER_URL": model.url})


@pytest.fixture(scope="session")
def real_site(tmp_path_factory):
    yield from _served(tmp_path_factory.mktemp("real"), {})


def _served(folder, settings):
    port = _free_port()
    environment = {
        **os.environ,
        "TENKYO_DATA": str(folder),
        "PORT": str(port),
        "PYTHONPATH": str(REPOSITORY),
        "ASKS_PER_MINUTE": "0",  # one administrator asks for every journey
        **settings,
    }
    log = (folder / "serve.log").open("w")
    command = [sys.executable, "-m", "tests.journeys.served"]
    process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        _until_up(f"http://127.0.0.1:{port}", process, folder / "serve.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def _until_up(url, process, log):
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            return urllib.request.urlopen(f"{url}/healthz", timeout=5).close()  # noqa: S310  our own server
        except OSError:
            time.sleep(0.3)
    message = f"Tenkyo did not start:\n{log.read_text()[-4000:]}"
    raise RuntimeError(message)


def _free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visitor:
    """A person at a browser: what they asked for, and what the browser complained about, is written down."""

    def __init__(self, browser, site, **options):
        self.site = site
        self.context = browser.new_context(base_url=site, locale="en-US", **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.requests, self.complaints = [], []
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _console(self, message):
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    @property
    def off_origin(self):
        return [url for url in self.requests if not url.startswith((self.site, "data:", "blob:", "about:"))]

    def log_in(self, name="admin"):
        self.page.goto("/login/")
        self.page.get_by_label("User name").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_url(re.compile(r"^(?!.*/login/)"))
        return self

    def make_library(self, name, shows="show them, marked “not proved”"):
        self.page.goto("/libraries/")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_role("button", name="Make library").click()
        self.page.wait_for_url(re.compile(r"/libraries/[0-9a-f-]{36}/"))
        self.choose(self.page.url, shows)
        return self.page.url

    def choose(self, library, shows):
        """What answers from the library do with sentences that are not proved."""
        self.page.goto(library)
        settings = self.page.locator("#answers")
        settings.evaluate("settings => { settings.open = true; }")
        settings.get_by_role("combobox").select_option(shows)
        settings.get_by_role("button", name="Save").click()
        self.page.get_by_text("It holds from the next question on.").wait_for()

    def upload(self, name, data):
        self.page.set_input_files("#files", {"name": name, "mimeType": "application/octet-stream", "buffer": data})

    def until_ready(self):
        self.page.locator("#documents .badge.ready").first.wait_for(timeout=60_000)

    def ask(self, question):
        self.page.get_by_label("Your question").fill(question)
        self.page.get_by_label("Your question").press("Enter")

    def answer(self):
        """The newest answer once the server has rendered it."""
        answer = self.page.locator(".answer[data-state]:not([data-state=streaming])").last
        answer.wait_for(timeout=60_000)
        return answer

    def scrolls_sideways(self):
        return self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.fixture
def visitor(chromium, site, model):
    model.reset()
    person = Visitor(chromium, site)
    yield person
    person.context.close()


@pytest.fixture
def phone(chromium, site, model):
    model.reset()
    person = Visitor(chromium, site, viewport={"width": 375, "height": 740}, has_touch=True, is_mobile=True)
    yield person
    person.context.close()


@pytest.fixture(scope="session")
def manual():
    """A three-page PDF with a text layer."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    held = BytesIO()
    canvas = Canvas(held, pagesize=A4, invariant=True)
    for heading, *lines in MANUAL:
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(72, 760, heading)
        canvas.setFont("Helvetica", 12)
        for place, line in enumerate(lines):
            canvas.drawString(72, 720 - 20 * place, line)
        canvas.showPage()
    canvas.save()
    return held.getvalue()


@pytest.fixture(scope="session")
def shelf(chromium, site, manual):
    """The address of a library that holds the manual, ready to be asked about."""
    person = Visitor(chromium, site).log_in()
    address = person.make_library("Pumps")
    person.upload("pump manual.pdf", manual)
    person.until_ready()
    person.context.close()
    return address
