"""A large file is sent over a connection that breaks, and over a page that is closed: it arrives whole."""

import base64
import hashlib
import re

import httpx
import pytest

from tests.journeys.conftest import Visitor
from tests.journeys.cutting import Wire

pytestmark = [pytest.mark.journey, pytest.mark.models]
MIB = 1024 * 1024
LARGE = b"<!doctype html><title>Big</title><p>The flange FL-9 takes 70 N m.</p><!--" + b"x" * (10 * MIB) + b"-->"
TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture
def wire(site):
    made = Wire(int(site.rsplit(":", 1)[1]))
    yield made
    made.close()


@pytest.fixture
def far(chromium, wire, model):
    """A person at the other end of the wire, on the page of a library of their own."""
    model.reset()
    person = Visitor(chromium, wire.url).log_in()
    person.library = person.make_library(f"Far {id(person)}")
    yield person
    person.context.close()


def pieces_sent(person):
    offsets = []
    person.page.on("request", lambda asked: offsets.append(asked.headers.get("upload-offset")))
    return offsets


def sent_until_it_breaks(person, wire):
    # Chromium itself sends once more over a connection that was kept open: the wire stays broken.
    wire.cut_after = 5 * MIB
    person.upload("big.html", LARGE)
    person.page.locator("#uploads .said", has_text="it goes on by itself").wait_for()


def stored_sum(person):
    """SHA-256 of the file that the only document of the library keeps."""
    person.page.locator("#documents .badge.ready").wait_for()
    person.page.locator("#documents .name a").first.click()
    person.page.wait_for_url("**/documents/*/")
    document = re.search("[0-9a-f-]{36}", person.page.url)[0]
    return hashlib.sha256(person.context.request.get(f"/documents/{document}/file").body()).hexdigest()


def test_a_connection_that_is_cut_twice_costs_no_more_than_a_piece_each_time(far, wire):
    offsets = pieces_sent(far)
    sent_until_it_breaks(far, wire)
    wire.mend(cut_after=3 * MIB)
    while wire.cuts < 2:
        far.page.wait_for_timeout(50)
    wire.mend()
    whole = stored_sum(far)
    begun = [int(offset) for offset in offsets if offset is not None]
    assert (whole, wire.cuts, begun.count(0)) == (hashlib.sha256(LARGE).hexdigest(), 2, 1)


def test_a_page_that_is_closed_while_the_network_is_away_goes_on_when_it_is_opened_again(far, wire):
    sent_until_it_breaks(far, wire)
    far.page.close()
    wire.mend()
    far.page = far.context.new_page()
    far.page.set_default_timeout(60_000)
    offsets = pieces_sent(far)
    far.page.goto(far.library)
    whole = stored_sum(far)
    assert (whole, next(offset for offset in offsets if offset is not None)) == (
        hashlib.sha256(LARGE).hexdigest(),
        str(4 * MIB),
    )


def test_an_upload_that_is_stopped_is_gone_and_not_sent_again(far, wire):
    sent_until_it_breaks(far, wire)
    wire.mend()
    far.page.get_by_label("Stop this upload: big.html").click()
    far.page.locator("#uploads li").wait_for(state="detached")
    offsets = pieces_sent(far)
    far.page.goto(far.library)
    far.page.wait_for_load_state("networkidle")
    assert [offset for offset in offsets if offset is not None] == []


def test_a_program_goes_on_after_its_connection_is_cut_in_the_middle_of_a_piece(far, wire, site):
    library = re.search("[0-9a-f-]{36}", far.library)[0]
    cookies = {one["name"]: one["value"] for one in far.context.cookies()}
    headers = {**TUS, "X-CSRFToken": cookies["csrftoken"]}
    filename = base64.b64encode(b"big.html").decode()
    announced = {**headers, "Upload-Length": str(len(LARGE)), "Upload-Metadata": f"filename {filename}"}
    piece = {**headers, "Content-Type": "application/offset+octet-stream"}
    with httpx.Client(base_url=site, cookies=cookies, timeout=60) as client:
        address = client.post(f"/api/v1/libraries/{library}/uploads", headers=announced).headers["Location"]
        client.patch(address, headers={**piece, "Upload-Offset": "0"}, content=LARGE[: 2 * MIB])
        wire.cut_after = MIB
        with pytest.raises(httpx.TransportError):
            httpx.patch(
                f"{wire.url}{address}",
                cookies=cookies,
                headers={**piece, "Upload-Offset": str(2 * MIB)},
                content=LARGE[2 * MIB :],
            )
        arrived = int(client.head(address, headers=headers).headers["Upload-Offset"])
        client.patch(address, headers={**piece, "Upload-Offset": str(arrived)}, content=LARGE[arrived:])
        outcome = client.get(address).json()["outcome"]
    assert (arrived, outcome["status"]) == (2 * MIB, 202)
