"""An owner tags documents, one and many at once, and a question is asked of those with a tag only."""

import re

import pytest

from tests.journeys.model_server import quoting

pytestmark = [pytest.mark.journey, pytest.mark.models]
QUESTION = "At how many bar does the safety valve open?"


@pytest.fixture
def two(visitor, model):
    """A library of two documents that say different things of the same matter."""
    visitor.log_in().make_library(f"Valves {id(visitor)}")
    visitor.library = visitor.page.url
    for name, bar in (("north", "12.5"), ("south", "7.5")):
        visitor.upload(f"{name}.txt", f"The safety valve of the {name} plant opens at {bar} bar.".encode())
    visitor.page.locator("#documents .badge.ready").nth(1).wait_for()
    visitor.page.locator("#uploads li").first.wait_for(state="detached")
    model.reply = quoting("opens at")
    return visitor


def tick(visitor, *titles):
    for title in titles:
        visitor.page.get_by_label(f"Choose {title}", exact=True).check()


def change(visitor, **said):
    visitor.page.locator("#change").evaluate("details => { details.open = true; }")
    for label, value in said.items():
        visitor.page.get_by_label(label.replace("_", " "), exact=True).fill(value)
    visitor.page.get_by_role("button", name="Change the chosen documents").click()
    visitor.page.locator("#changed .notice").wait_for()


def shown(visitor):
    return visitor.page.locator("#documents .tags a").all_inner_texts()


def open_chat(visitor):
    visitor.page.goto(f"/?library={re.search('[0-9a-f-]{36}', visitor.library)[0]}")


def narrow(visitor, tag):
    visitor.page.locator("#filter summary").press("Enter")
    visitor.page.locator("#filter-tag").press_sequentially(tag)
    visitor.page.locator("#filter-tag").press("Enter")
    visitor.page.locator("#filter summary").press("Escape")


def test_an_owner_tags_a_document_on_its_page(two):
    two.page.get_by_role("link", name="north").click()
    two.page.locator("#particulars summary").click()
    two.page.get_by_label("Tags", exact=True).fill("North plant, valve")
    two.page.locator("#particulars").get_by_role("button", name="Save").click()
    two.page.get_by_text("It holds from the next question on.").wait_for()
    assert two.page.locator(".facts .tags a").all_inner_texts() == ["North plant", "valve"]


def test_chosen_documents_are_tagged_at_once_and_set_back(two):
    tick(two, "north", "south")
    change(two, Add_tags="valve", Department="Maintenance")
    two.page.locator("#documents .tags a").nth(1).wait_for()
    tagged = shown(two)
    two.page.get_by_role("button", name="Undo: set it back").click()
    two.page.locator("#documents .tags").first.wait_for(state="detached")
    assert (tagged, "2 documents were set back." in two.page.locator("#changed").inner_text()) == (["valve"] * 2, True)


def test_documents_are_chosen_and_changed_by_keyboard_alone(two):
    two.page.locator("[data-choose-all]").focus()
    two.page.keyboard.press("Space")
    counted = two.page.locator("#chosen").inner_text()
    two.page.locator("#change summary").focus()
    for key in ("Enter", "Tab"):
        two.page.keyboard.press(key)
    two.page.keyboard.type("valve")
    two.page.keyboard.press("Enter")
    two.page.locator("#documents .tags a").nth(1).wait_for()
    assert (counted, shown(two)) == ("(2 chosen)", ["valve", "valve"])


def test_what_is_chosen_stays_chosen_while_the_list_is_refreshed(two):
    tick(two, "south")
    two.upload("east.txt", b"The east plant has no safety valve.")
    two.page.locator("#documents .badge.ready").nth(2).wait_for()
    assert [box.is_checked() for box in two.page.locator("#documents input[name=document]").all()] == [
        False,
        False,
        True,
    ]


def test_a_question_is_answered_from_documents_with_the_tag_until_it_is_removed(two):
    tick(two, "south")
    change(two, Add_tags="South plant")
    open_chat(two)
    narrow(two, "south PLANT")
    two.ask(QUESTION)
    answer = two.answer()
    answer.locator(".sentence.supported").wait_for()
    said = answer.inner_text()
    assert ("7.5 bar" in said, "12.5" in said, "Only documents with: tag “south PLANT”" in said) == (True, False, True)


def test_a_conversation_remembers_its_filter_and_lets_go_of_it(two):
    tick(two, "south")
    change(two, Add_tags="South plant")
    open_chat(two)
    narrow(two, "South plant")
    two.ask(QUESTION)
    two.answer()
    two.page.wait_for_url("**/c/*/")
    two.page.reload()
    chip = two.page.get_by_role("button", name="Remove the filter “Tag: South plant”")
    chip.wait_for()
    chip.press("Enter")
    assert (two.page.locator("#filtered li").count(), two.page.evaluate("document.activeElement.tagName")) == (
        0,
        "SUMMARY",
    )


def test_an_unknown_tag_says_so_and_one_click_asks_without_it(two):
    tick(two, "south")
    change(two, Add_tags="South plant")
    open_chat(two)
    narrow(two, "West plant")
    two.ask(QUESTION)
    refused = two.answer()
    said = refused.inner_text()
    refused.get_by_role("button", name="Ask again without the filter").click()
    two.page.locator(".sentence.supported").first.wait_for()
    assert ("No document you may read is inside the filter" in said, two.page.locator("#filtered li").count()) == (
        True,
        0,
    )


@pytest.mark.parametrize("where", ["library", "document", "chat"])
def test_everything_fits_a_phone(phone, shelf, where):
    phone.log_in().page.goto(shelf)
    phone.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    if where == "document":
        phone.page.get_by_role("link", name="pump manual").click()
        phone.page.wait_for_url("**/documents/*/")
        phone.page.locator("#particulars").evaluate("details => { details.open = true; }")
    if where == "chat":
        phone.page.goto("/")
        phone.page.evaluate("for (const one of document.querySelectorAll('details.filter')) one.open = true")
    assert not phone.scrolls_sideways()
