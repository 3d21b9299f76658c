"""From a question whose words the documents do not use to an entry, its preview, and the answer by way of it."""

import pytest

from tests.journeys.model_server import quoting

pytestmark = [pytest.mark.journey, pytest.mark.models]
MANUAL = (
    "Switchboard\nMolded case circuit breakers are inspected every 24 months.\n",
    "Parking\nThe car park of the MCCB building closes in winter.\n",
    "Store\nShelves are inspected every month.\n",
    "Gate\nThe gate closes at six.\n",
)
QUESTION = "How often is the MCCB inspected?"
ENTRY = "MCCB\nmolded case circuit breaker"


@pytest.fixture
def dictionary(visitor, request):
    """The dictionary of a library with the manual, open in the owner's browser."""
    visitor.log_in()
    visitor.library = visitor.make_library(f"Switches {request.node.name[:60]}")
    visitor.upload("switches.txt", "\f".join(MANUAL).encode())
    visitor.until_ready()
    visitor.page.get_by_role("link", name="Dictionary").click()
    visitor.page.get_by_role("heading", name="New entry").wait_for()
    return visitor


@pytest.fixture
def previewed(dictionary):
    dictionary.page.get_by_label("Words that mean the same").fill(ENTRY)
    dictionary.page.get_by_label("Try it out with a question").fill(QUESTION)
    dictionary.page.get_by_role("button", name="Preview").click()
    dictionary.page.get_by_role("heading", name="With this entry").wait_for()
    return dictionary


@pytest.fixture
def saved(previewed):
    previewed.page.get_by_role("button", name="Save entry").click()
    previewed.page.get_by_text("It holds from the next question on.").wait_for()
    return previewed


def test_the_preview_shows_both_rankings_beside_each_other_in_words(previewed):
    now, then = (previewed.page.locator(".beside section").nth(place).inner_text() for place in (0, 1))
    assert ("switches · p. 1" in then, "same place" in then or "up from" in then, "switches" in now) == (
        True,
        True,
        True,
    )


def test_the_preview_says_what_is_searched_for_too(previewed):
    assert "MCCB → molded case circuit breaker" in previewed.page.locator("#preview").inner_text()


def test_a_question_in_one_word_is_answered_from_the_page_that_uses_the_other(saved, model):
    model.reply = quoting("24 months")
    saved.page.goto(f"/?library={saved.library.rstrip('/').rsplit('/', 1)[-1]}")
    saved.ask(QUESTION)
    assert "24 months" in saved.answer().inner_text()


def test_a_question_that_was_asked_is_offered_to_be_tried(dictionary, model):
    dictionary.page.goto(f"/?library={dictionary.library.rstrip('/').rsplit('/', 1)[-1]}")
    dictionary.ask("Where is the MCCB?")
    dictionary.answer()
    dictionary.page.goto(f"{dictionary.library}dictionary/")
    dictionary.page.get_by_label("Words that mean the same").press_sequentially(ENTRY)
    dictionary.page.get_by_role("button", name="Where is the MCCB?").click()
    dictionary.page.get_by_role("heading", name="Results for “Where is the MCCB?”").wait_for()


def test_an_entry_is_added_by_keyboard_alone(dictionary):
    dictionary.page.get_by_label("Words that mean the same").focus()
    dictionary.page.keyboard.type("P-101\nfeed pump")
    for _ in range(4):
        dictionary.page.keyboard.press("Tab")
    dictionary.page.keyboard.press("Enter")
    dictionary.page.locator(".entries", has_text="feed pump").wait_for()


def test_an_entry_is_deleted_after_a_question(saved):
    saved.page.get_by_role("button", name="Delete MCCB").click()
    saved.page.get_by_role("button", name="Delete", exact=True).click()
    saved.page.get_by_text("No entries yet.").wait_for()


def test_a_refused_entry_says_why_and_keeps_what_was_typed(dictionary):
    dictionary.page.get_by_label("Words that mean the same").fill("MCCB")
    dictionary.page.get_by_role("button", name="Save entry").click()
    dictionary.page.get_by_text("at least two words").wait_for()
    assert dictionary.page.get_by_label("Words that mean the same").input_value() == "MCCB"


def test_a_file_is_exported_and_imported(saved, tmp_path):
    with saved.page.expect_download() as held:
        saved.page.get_by_role("link", name="Export as CSV").click()
    held.value.save_as(tmp_path / "words.csv")
    saved.page.locator("details.settings summary").click()
    saved.page.set_input_files("#csv", tmp_path / "words.csv")
    saved.page.get_by_role("button", name="Import").click()
    saved.page.get_by_text("as they were: 1").wait_for()


def test_the_pages_obey_the_content_security_policy_and_load_nothing_from_elsewhere(saved):
    assert (saved.complaints, saved.off_origin) == ([], [])


def test_the_dictionary_fits_a_phone(phone, shelf):
    phone.log_in().page.goto(f"{shelf}dictionary/")
    phone.page.get_by_label("Words that mean the same").fill("P-101\nfeed pump")
    phone.page.get_by_label("Try it out with a question").fill("How often is the feed pump greased?")
    phone.page.get_by_role("button", name="Preview").click()
    phone.page.get_by_role("heading", name="With this entry").wait_for()
    assert phone.scrolls_sideways() is False
