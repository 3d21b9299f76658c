"""The browser stays inside: whatever an answer or a document carries, no request leaves the origin."""

import pytest

from tests.journeys.model_server import quoting

pytestmark = [pytest.mark.journey, pytest.mark.models]
EVIL = "https://evil.example"
HOSTILE = f"""![p]({EVIL}/md.png) <img src="{EVIL}/html.png"> <svg><image href="{EVIL}/svg.png"/></svg>
<style>body{{background:url({EVIL}/css.png)}}</style> <div style="background:url({EVIL}/style.png)">x</div>
<link rel=stylesheet href="{EVIL}/l.css"><script src="{EVIL}/s.js"></script> [go]({EVIL}/link) [js](javascript:alert(1))
"""
PAGES = (
    "/",
    "/libraries/",
    "/password/",
    "/account/factors/app/",
    "/account/factors/key/",
    "/admin/",
    "/admin/ingestion/document/",
    "/admin/ingestion/ingestionrun/",
)


@pytest.fixture
def hostile(visitor, shelf, model):
    model.reply = quoting("500 hours", after="\n" + HOSTILE)
    visitor.log_in().ask("How often are the bearings of P-101 greased?")
    visitor.answer()
    return visitor


def test_a_hostile_answer_makes_no_request_off_the_origin(hostile):
    hostile.page.reload()
    hostile.answer().locator("[data-panel]").first.click()
    hostile.page.locator(".panel img").wait_for()
    hostile.page.wait_for_timeout(500)
    assert hostile.off_origin == []


def test_a_hostile_answer_becomes_no_image(hostile):
    assert hostile.answer().locator(".answer-text img, .answer-text svg image, .answer-text style").count() == 0


def test_a_link_that_no_document_holds_is_text(hostile):
    assert hostile.answer().locator("a.external").count() == 0


def test_a_link_of_a_document_asks_before_it_leads_away(visitor, model):
    visitor.log_in().make_library(f"Links {id(visitor)}")
    library = visitor.page.url.rstrip("/").rsplit("/", 1)[-1]
    visitor.upload("links.txt", f"Further data of grease G-7 stand at <{EVIL}/grease> in the data sheet.".encode())
    visitor.until_ready()
    model.reply = quoting("grease G-7")
    visitor.page.goto(f"/?library={library}")
    visitor.ask("Where do further data of grease G-7 stand?")
    visitor.answer().locator("a.external").first.click()
    assert EVIL in visitor.page.locator("#confirm-text").inner_text()


def test_a_hostile_document_makes_no_request_off_the_origin(visitor, model):
    visitor.log_in().make_library("Hostile")
    visitor.upload("hostile.html", f"<html><body><h1>Valve</h1>{HOSTILE}<p>Valve V-7 opens at 3 bar.</p>".encode())
    visitor.until_ready()
    visitor.page.locator("#documents .name a").click()
    visitor.page.locator(".ledger a").first.click()
    visitor.page.locator(".panel").wait_for()
    visitor.page.wait_for_timeout(500)
    assert visitor.off_origin == []


def test_no_page_breaks_the_content_security_policy(visitor, shelf):
    visitor.log_in()
    for address in (*PAGES, shelf):
        visitor.page.goto(address)
        visitor.page.wait_for_load_state("networkidle")
    assert visitor.complaints == []
