"""The dictionary as pages and over HTTP, and the preview of what an entry changes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assistant.dictionary_preview import preview, questions_with
from assistant.models import Conversation, DictionaryEntry, Message, Report
from ingestion.access import scope_for
from tests.factories import make_entry, make_library, text_file, upload

PAGES = (
    "分電盤\n配線用遮断器の点検は2年ごとに行う。\n",
    "食堂\nMCCB食堂の営業は11時から14時まで。\n",
    "倉庫\n棚の点検は毎月行う。\n",
)
QUESTION = "MCCBは何年ごと?"
WORDS = ["MCCB", "配線用遮断器"]
JSON = "application/json"


@pytest.fixture
def panel(owner, library, fake_embedder, open_index, worked):
    made = worked(lambda: upload(owner, library, text_file(*PAGES), filename="panel.txt")).document
    made.refresh_from_db()
    return made


@pytest.fixture
def page(client, library):
    """`page(person, name, data)`: the text of that page of the library's dictionary, posted to where data is given."""

    def show(person, name="dictionary", data=None, *of, **headers):
        client.force_login(person)
        address = reverse(name, args=[library.pk, *of])
        headers = {"Accept-Language": "en", **headers}
        sent = client.get(address, headers=headers) if data is None else client.post(address, data, headers=headers)
        return sent.content.decode()

    return show


def asked(user, text, *libraries):
    """The person's question, and that it was answered from these libraries."""
    question = Message.objects.create(conversation=Conversation.objects.create(user=user), role="user", text=text)
    return Message.objects.create(
        conversation=question.conversation,
        role="assistant",
        question=question,
        abstained=True,
        searched=[str(library.pk) for library in libraries],
    )


def test_an_owner_adds_an_entry(owner, library, page):
    page(owner, data={"words": "MCCB\n配線用遮断器", "note": "電気室"})
    entry = DictionaryEntry.objects.get()
    assert (entry.library, entry.words, entry.note) == (library, tuple(WORDS), "電気室")


def test_what_is_wrong_stands_beside_the_words_and_nothing_typed_is_lost(owner, page):
    shown = page(owner, data={"words": "MCCB", "note": "電気室"})
    assert ("at least two words" in shown, "MCCB</textarea>" in shown, 'value="電気室"' in shown) == (True, True, True)


def test_an_owner_changes_an_entry(owner, library, page):
    entry = make_entry(library, *WORDS)
    page(owner, "dictionary_entry", {"words": "MCCB\nNFB"}, entry.pk)
    assert DictionaryEntry.objects.get().words == ("MCCB", "NFB")


def test_an_owner_deletes_an_entry(owner, library, page):
    page(owner, "dictionary_entry_delete", {}, make_entry(library, *WORDS).pk)
    assert not DictionaryEntry.objects.exists()


def test_a_reader_sees_the_entries_and_no_form(reader, library, page):
    make_entry(library, *WORDS)
    shown = page(reader)
    assert ("配線用遮断器" in shown, "<textarea" in shown, "/delete/" in shown) == (True, False, False)


def test_entries_are_searched(client, owner, library):
    make_entry(library, *WORDS)
    make_entry(library, "P-101", "給水ポンプ1号")
    client.force_login(owner)
    listed = client.get(reverse("dictionary", args=[library.pk]), {"q": "mccb"}).context["part"]
    assert [entry.words for entry in listed] == [tuple(WORDS)]


def test_a_word_is_shown_as_text_not_as_markup(reader, library, page):
    make_entry(library, "<b>MCCB</b>", "配線用遮断器")
    assert "&lt;b&gt;MCCB" in page(reader)


def test_a_file_is_imported_and_told_of(owner, page):
    file = SimpleUploadedFile("words.csv", "語,同じ意味の語,メモ\r\nMCCB,配線用遮断器,\r\n".encode("cp932"))
    page(owner, "dictionary_import", {"file": file})
    assert ("1 entry was added" in page(owner), DictionaryEntry.objects.count()) == (True, 1)


def test_a_file_that_is_none_is_refused(owner, page):
    assert "cannot be read as a dictionary" in page(owner, "dictionary_import", {})


def test_an_exported_file_opens_in_a_spreadsheet(owner, library, page):
    make_entry(library, *WORDS, note="=1+1")
    assert page(owner, "dictionary_export") == "\ufeffword,same as,note\r\nMCCB,配線用遮断器,'=1+1\r\n"


def test_a_preview_changes_nothing(owner, panel, page):
    page(owner, "dictionary_preview", {"words": "\n".join(WORDS), "question": QUESTION})
    assert not DictionaryEntry.objects.exists()


def test_a_preview_says_in_words_what_moves(owner, panel, page):
    shown = page(
        owner, "dictionary_preview", {"words": "\n".join(WORDS), "question": "MCCBの扱いは?"}, **{"HX-Request": "true"}
    )
    assert ("up from 2" in shown or "up from 3" in shown, "down from 1" in shown, "<html" in shown) == (
        True,
        True,
        False,
    )


def test_a_preview_without_scripts_is_the_whole_page_with_the_form(owner, panel, page):
    shown = page(owner, "dictionary_preview", {"words": "\n".join(WORDS), "question": QUESTION})
    assert ("<html" in shown, "With this entry" in shown, "配線用遮断器</textarea>" in shown) == (True, True, True)


def test_a_preview_says_where_no_word_stands_in_the_question(owner, panel, page):
    shown = page(owner, "dictionary_preview", {"words": "\n".join(WORDS), "question": "棚の点検"})
    assert "No word of the dictionary stands in this question" in shown


def test_a_preview_of_unusable_words_says_why(owner, panel, page):
    assert "at least two words" in page(owner, "dictionary_preview", {"words": "MCCB", "question": QUESTION})


def test_a_preview_of_a_change_compares_with_the_entry_as_it_is(owner, library, panel):
    entry = make_entry(library, *WORDS)
    found = preview(QUESTION, ["MCCB", "棚"], scope=scope_for(owner), library=library, entry_id=entry.pk)
    assert ([one.other for one in found.aliases], found.before[0].passage.page) == (["棚"], 1)


def test_a_preview_shows_results_of_this_library_only(owner, library, panel, worked):
    worked(lambda: upload(owner, make_library("Spare", owner=owner), text_file(*PAGES), filename="spare.txt"))
    found = preview(QUESTION, WORDS, scope=scope_for(owner), library=library)
    assert {one.passage.document_id for one in (*found.before, *found.after)} == {panel.pk}


def test_questions_to_try_are_ones_own_with_one_of_the_words(owner, library):
    for text in ("MCCBはどこ?", "棚の点検", "mccbの定格は?"):
        asked(owner, text, library)
    found = questions_with(WORDS, user=owner, scope=scope_for(owner), library=library)
    assert found == ["mccbの定格は?", "MCCBはどこ?"]


def test_another_person_s_question_is_not_offered(owner, reader, library):
    asked(reader, "MCCBはどこ?", library)
    assert questions_with(WORDS, user=owner, scope=scope_for(owner), library=library) == []


def test_a_question_to_another_library_is_not_offered(owner, library):
    asked(owner, "MCCBはどこ?", make_library("Canteen", owner=owner))
    assert questions_with(WORDS, user=owner, scope=scope_for(owner), library=library) == []


def test_a_question_reported_to_the_owners_is_offered(owner, reader, library):
    Report.objects.create(message=asked(reader, "MCCBはどこ?", library), user=reader).libraries.add(library)
    assert questions_with(WORDS, user=owner, scope=scope_for(owner), library=library) == ["MCCBはどこ?"]


@pytest.fixture
def api(client, library, bearer):
    """`api(method, data, …)`: the response of the library's dictionary to its owner."""

    def call(method, data=None, path="", **headers):
        address = f"/api/v1/libraries/{library.pk}/dictionary{path}"
        more = {} if data is None else {"data": data, "content_type": JSON}
        return getattr(client, method)(address, headers={**bearer, "Accept-Language": "en", **headers}, **more)

    return call


def test_an_entry_is_added_listed_changed_and_removed_over_http(api):
    made = api("post", {"words": WORDS})
    address = f"/{made.json()['id']}"
    changed = api("put", {"words": ["MCCB", "NFB"], "note": "new"}, address)
    listed = api("get").json()
    removed = api("delete", path=address)
    assert [made.status_code, changed.status_code, removed.status_code] == [201, 200, 204]
    assert listed == [{"id": made.json()["id"], "words": ["MCCB", "NFB"], "note": "new"}]


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        ({"words": ["MCCB"]}, 422, "dictionary_words_few"),
        ({"words": "MCCB"}, 422, "invalid_request"),
        ({}, 422, "invalid_request"),
        ("{", 400, "body_unreadable"),
        ("[" * 100_000, 400, "body_unreadable"),
    ],
)
def test_what_is_no_entry_is_refused_over_http(api, data, status, code):
    refused = api("post", data)
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)


def test_an_entry_is_searched_for_over_http(api, library):
    make_entry(library, *WORDS)
    make_entry(library, "P-101", "給水ポンプ1号")
    assert [entry["words"] for entry in api("get", path="?search=ｍｃｃｂ").json()] == [WORDS]


def test_the_administration_shows_an_entry_and_offers_no_change(client, admin, library):
    entry = make_entry(library, *WORDS)
    client.force_login(admin)
    shown = client.get(reverse("admin:assistant_dictionaryentry_change", args=[entry.pk])).content.decode()
    assert ("MCCB = 配線用遮断器" in shown, 'name="_save"' in shown, "deletelink" in shown) == (True, False, False)


def test_entries_go_with_their_library(library, owner):
    make_entry(library, *WORDS)
    library.delete()
    assert not DictionaryEntry.objects.exists()
