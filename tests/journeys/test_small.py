"""At 375 px, in both languages, and when a file is no good."""

import pytest

from tests.journeys.model_server import quoting

pytestmark = [pytest.mark.journey, pytest.mark.models]


@pytest.mark.parametrize("language", ["日本語", "English"])
def test_no_page_scrolls_sideways_on_a_phone(phone, shelf, language):
    phone.log_in().page.locator(".account summary").click()
    phone.page.get_by_role("button", name=language).click()
    phone.page.wait_for_load_state()
    wide = []
    for address in ("/", "/libraries/", shelf, "/account/", "/password/", "/no/such/page"):
        phone.page.goto(address)
        if phone.scrolls_sideways():
            wide.append(address)
    assert wide == []


def test_the_choice_of_many_libraries_does_not_widen_a_phone(phone, shelf):
    phone.log_in()
    for name in ("Aoi Seiki sample / 見本", "Manuals of the second plant", "Safety and environment"):
        phone.make_library(name)
    phone.page.goto("/")
    assert not phone.scrolls_sideways()


def test_an_answer_and_its_page_fit_a_phone(phone, shelf, model):
    model.reply = quoting("500 hours")
    phone.log_in().ask("How often are the bearings of P-101 greased?")
    phone.answer().locator(".chip").first.click()
    phone.page.locator(".panel img").wait_for()
    assert (phone.scrolls_sideways(), phone.page.locator("#panel").bounding_box()["width"]) == (False, 375)


def test_the_history_opens_and_closes_on_a_phone(phone, shelf):
    phone.log_in().page.get_by_role("button", name="Conversations").click()
    phone.page.get_by_role("link", name="New question").wait_for()
    phone.page.keyboard.press("Escape")
    phone.page.locator("#history").wait_for(state="hidden")


def test_an_empty_file_says_what_to_do(visitor):
    visitor.log_in().make_library("Empty files")
    visitor.upload("empty.pdf", b"")
    said = visitor.page.locator("#uploads li.bad")
    said.wait_for()
    assert "Not uploaded" in said.inner_text()


def test_a_broken_file_says_what_to_do(visitor):
    visitor.log_in().make_library("Broken files")
    visitor.upload("broken.pdf", b"%PDF-1.7 this is not a PDF")
    visitor.page.locator("#documents .trouble").wait_for(timeout=60_000)


def test_the_same_file_twice_is_one_document(visitor, manual):
    visitor.log_in().make_library("Twice")
    visitor.upload("one.pdf", manual)
    visitor.until_ready()
    visitor.upload("two.pdf", manual)
    visitor.page.get_by_text("already here").wait_for()
    assert visitor.page.locator("#documents li").count() == 1


def test_a_document_is_deleted_only_after_a_yes(visitor):
    visitor.log_in().make_library("Deleted")
    visitor.upload("note.txt", b"Valve V-7 opens at 3 bar.")
    visitor.until_ready()
    visitor.page.get_by_role("button", name="Delete note").click()
    visitor.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    visitor.page.get_by_text("No documents yet.").wait_for()
