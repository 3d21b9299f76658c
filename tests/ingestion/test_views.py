"""Pages of libraries and documents: what owners, readers and strangers get."""

import re
from io import BytesIO

import pytest
from django.urls import reverse

from ingestion import files
from ingestion.ledger import Counts, Unsure
from ingestion.models import Document, Library, PageStatus, Status
from tests.factories import make_page, upload

UNKNOWN = "00000000-0000-4000-8000-000000000000"
ID = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def document(owner, library, queued):
    made = upload(owner, library).document
    revision = made.revisions.get()
    make_page(revision, 1)
    make_page(revision, 2, text="", status=PageStatus.EMPTY)
    revision.runs.update(status=Status.READY, finished_at="2026-01-01T00:00Z")
    revision.status, revision.pages_total = Status.READY, 2
    revision.save()
    made.current = revision
    made.save()
    return made


@pytest.fixture
def addresses(document):
    return [
        reverse("library", args=[document.library_id]),
        reverse("library_rows", args=[document.library_id]),
        reverse("document", args=[document.id]),
        reverse("document_state", args=[document.id]),
        reverse("document_file", args=[document.id]),
        reverse("page", args=[document.id, 1]),
        reverse("page_indexed", args=[document.id, 1]),
    ]


def _without_ids(response):
    return ID.sub("", response.content.decode())


def test_whoever_is_not_signed_in_is_sent_to_the_login_page(client, addresses):
    answers = [client.get(address) for address in addresses]
    assert {answer["Location"].split("?")[0] for answer in answers} == {"/login/"}


def test_a_reader_sees_every_page_of_the_library(client, reader, addresses):
    client.force_login(reader)
    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)


def test_a_stranger_gets_the_page_of_an_address_that_never_existed(client, stranger, addresses):
    client.force_login(stranger)
    nothing = client.get(reverse("document", args=[UNKNOWN]))
    pages = {_without_ids(client.get(address)) for address in addresses}
    assert (nothing.status_code, pages) == (404, {_without_ids(nothing)})


def test_a_stranger_changes_nothing(client, stranger, document):
    client.force_login(stranger)
    for name in ("document_cancel", "document_retry", "document_delete"):
        client.post(reverse(name, args=[document.id]))
    assert Document.objects.filter(pk=document.pk).exists()


def test_a_reader_may_not_delete(client, reader, document):
    client.force_login(reader)
    assert client.post(reverse("document_delete", args=[document.id])).status_code == 404


def test_a_reader_sees_no_upload_controls(client, reader, document):
    client.force_login(reader)
    page = client.get(reverse("library", args=[document.library_id])).content.decode()
    assert "data-upload" not in page


def test_an_owner_sees_the_upload_area(client, owner, document):
    client.force_login(owner)
    page = client.get(reverse("library", args=[document.library_id])).content.decode()
    assert f'data-upload="/api/v1/libraries/{document.library_id}/documents"' in page


def test_the_list_asks_again_only_while_something_is_under_way(client, owner, document):
    client.force_login(owner)
    rows = reverse("library_rows", args=[document.library_id])
    quiet = client.get(rows).content.decode()
    document.revisions.update(status=Status.PARSING)
    busy = client.get(rows).content.decode()
    assert ("every" in quiet, "every" in busy) == (False, True)


def test_a_failed_document_says_what_to_do(client, owner, document):
    client.force_login(owner)
    document.revisions.update(status=Status.FAILED)
    revision = document.revisions.get()
    revision.runs.update(status=Status.FAILED, error_code="ocr_needed", error_params={"pages": 2})
    page = client.get(reverse("library", args=[document.library_id]), headers={"Accept-Language": "en"})
    assert "apt-get install tesseract-ocr" in page.content.decode()


def test_the_ledger_counts_every_page_once(client, reader, document):
    client.force_login(reader)
    counts = client.get(reverse("document", args=[document.id])).context["counts"]
    assert counts == Counts(text=1, ocr=0, empty=1, failed=0, waiting=0)


def test_pages_that_ocr_did_not_read_surely_are_listed(client, reader, document):
    document.current.pages.update(ocr=True, confidence=0.95)
    document.current.pages.filter(number=2).update(confidence=0.5)
    client.force_login(reader)
    said = client.get(reverse("document", args=[document.id])).context
    assert (said["counts"].ocr, said["unsure"]) == (1, Unsure(1, (2,)))


def test_the_text_of_a_scan_says_that_the_picture_counts(client, reader, document):
    document.current.pages.update(ocr=True, confidence=0.95)
    client.force_login(reader)
    page = client.get(reverse("page", args=[document.id, 1]), headers={"Accept-Language": "en"}).content.decode()
    assert "read by OCR, sure to 95 %" in page


def test_the_original_comes_as_an_attachment_that_no_browser_renders(client, reader, document):
    client.force_login(reader)
    answer = client.get(reverse("document_file", args=[document.id]))
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/octet-stream",
        'attachment; filename="pump manual.txt"',
    )


def test_the_original_comes_byte_for_byte(client, reader, document):
    client.force_login(reader)
    answer = client.get(reverse("document_file", args=[document.id]))
    stored = files.file_path(document.current).read_bytes()
    assert b"".join(answer) == stored


def test_the_page_of_a_replaced_revision_is_marked(client, owner, document, queued):
    from ingestion import services
    from ingestion.access import scope_for

    old = document.current
    services.document_replace(
        user=owner,
        scope=scope_for(owner),
        document_id=document.id,
        file=BytesIO(b"new"),
        filename="pump manual.txt",
        size=3,
    )
    Document.objects.filter(pk=document.pk).update(current=document.revisions.order_by("-number").first())
    client.force_login(owner)
    answer = client.get(reverse("page", args=[document.id, 1]), {"revision": str(old.id)})
    assert answer.context["superseded"] is True


def test_a_page_out_of_range_is_not_found(client, reader, document):
    client.force_login(reader)
    assert client.get(reverse("page", args=[document.id, 99])).status_code == 404


def test_a_malformed_revision_is_an_unknown_one(client, reader, document):
    client.force_login(reader)
    assert client.get(reverse("page", args=[document.id, 1]), {"revision": "x"}).status_code == 404


def test_reading_a_page_is_written_into_the_audit_trail(client, reader, document):
    from ingestion.models import AuditEvent

    client.force_login(reader)
    client.get(reverse("page", args=[document.id, 1]))
    assert AuditEvent.objects.filter(actor="reader", action="page.read").exists()


def test_an_owner_deletes_a_document(client, owner, document):
    client.force_login(owner)
    client.post(reverse("document_delete", args=[document.id]))
    assert not Document.objects.filter(pk=document.pk).exists()


def test_an_administrator_makes_a_library(client, admin):
    client.force_login(admin)
    client.post(reverse("libraries"), {"name": "Safety", "description": ""})
    assert Library.objects.filter(name="Safety").exists()


def test_a_taken_library_name_is_said_beside_the_field(client, admin, library):
    client.force_login(admin)
    answer = client.post(reverse("libraries"), {"name": library.name})
    assert "name" in answer.context["form"].errors


def test_whoever_may_not_make_libraries_gets_no_form(client, reader, library):
    client.force_login(reader)
    assert "csrfmiddlewaretoken" not in client.get(reverse("libraries")).content.decode().split("<main")[1]


def test_a_page_that_the_person_may_see_stays_out_of_caches(client, reader, document):
    client.force_login(reader)
    assert client.get(reverse("document", args=[document.id]))["Cache-Control"] == "private, no-store"


def test_htmx_is_sent_to_the_login_page_as_a_whole(client, document):
    rows = reverse("library_rows", args=[document.library_id])
    assert client.get(rows, headers={"HX-Request": "true"})["HX-Redirect"] == "/login/"


@pytest.mark.parametrize(("language", "words"), [("ja", "表示できるものがありません"), ("en", "There is nothing here")])
def test_the_not_found_page_speaks_the_language_of_the_reader(client, language, words):
    answer = client.get("/no/such/page", headers={"Accept-Language": language})
    assert words in answer.content.decode()


def test_the_not_found_page_shows_the_id_of_the_request(client):
    answer = client.get("/no/such/page", headers={"X-Request-ID": "abcdef1234567890"})
    assert "abcdef1234567890" in answer.content.decode()


def test_an_unforeseen_failure_shows_a_page_with_the_id_of_the_request(client, reader, monkeypatch):
    client.force_login(reader)
    client.raise_request_exception = False
    monkeypatch.setattr("ingestion.selectors.libraries_list", lambda _scope: 1 / 0)
    answer = client.get(reverse("libraries"), headers={"X-Request-ID": "abcdef1234567890"})
    assert (answer.status_code, "abcdef1234567890" in answer.content.decode()) == (500, True)


def test_the_language_switch_keeps_its_choice(client):
    client.post(reverse("set_language"), {"language": "en", "next": "/login/"})
    assert 'lang="en"' in client.get("/login/", headers={"Accept-Language": "ja"}).content.decode()


@pytest.mark.parametrize("path", ["/login/", "/no/such/page"])
def test_pages_hold_no_inline_script_and_no_inline_style(client, path):
    page = client.get(path).content.decode()
    inline = re.findall(r"<script(?![^>]*src=)(?![^>]*application/json)|\sstyle=|\son\w+=", page)
    assert inline == []


@pytest.mark.parametrize(("failed", "offered"), [(0, False), (1, True)])
def test_another_try_is_offered_where_pages_of_a_ready_document_could_not_be_read(
    client, owner, document, failed, offered
):
    document.current.pages.filter(number__lte=failed).update(status=PageStatus.FAILED, reason="page_timeout")
    client.force_login(owner)

    shown = client.get(reverse("document_state", args=[document.id])).content.decode()

    assert (reverse("document_retry", args=[document.id]) in shown) == offered


def test_an_owner_chooses_on_the_librarys_page_what_is_shown(client, owner, library):
    client.force_login(owner)
    client.post(reverse("library_prove", args=[library.pk]), {"proved_only": "True"})
    library.refresh_from_db()
    assert library.proved_only is True


def test_an_owner_gives_the_choice_back_to_the_answer_model(client, owner, library):
    Library.objects.update(proved_only=True)
    client.force_login(owner)
    client.post(reverse("library_prove", args=[library.pk]), {"proved_only": ""})
    library.refresh_from_db()
    assert library.proved_only is None


def test_only_owners_are_offered_the_choice(client, reader, library):
    client.force_login(reader)
    page = client.get(reverse("library", args=[library.pk]))
    assert reverse("library_prove", args=[library.pk]) not in page.content.decode()
