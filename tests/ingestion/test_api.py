"""Libraries, documents and pages over HTTP, as DESIGN's contract has them."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ingestion.access import token_issue
from ingestion.models import AuditEvent, Document, IngestionRun, Library, Revision
from tests.factories import make_page, upload

ROOT = "/api/v1"


@pytest.fixture
def call(client):
    """`call(person, method, path, **options)` → (status, JSON)."""

    def asked(person, method, path, *, file=None, **options):
        headers = {"Authorization": f"Bearer {token_issue(user=person)}", "Accept-Language": "en"}
        if file is not None:
            options = _multipart(client, method, file)
        response = getattr(client, method)(f"{ROOT}{path}", headers=headers, **options)
        return response.status_code, response.json() if response.content else None

    return asked


@pytest.fixture
def uploaded(owner, library):
    return upload(owner, library).document


def _multipart(client, method, content):
    part = {"file": SimpleUploadedFile("pump manual.txt", content)}
    if method == "post":
        return {"data": part}
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    return {"data": encode_multipart(BOUNDARY, part), "content_type": MULTIPART_CONTENT}


def test_a_superuser_makes_a_library(call, admin):
    status, said = call(admin, "post", "/libraries", data={"name": "Fans"}, content_type="application/json")

    assert (status, said) == (201, {"id": str(Library.objects.get().id), "name": "Fans"})


def test_others_may_not_make_one(call, stranger):
    status, said = call(stranger, "post", "/libraries", data={"name": "Fans"}, content_type="application/json")

    assert (status, said["error"]["code"]) == (403, "not_allowed")


def test_a_person_sees_the_libraries_in_scope(call, library, reader, stranger):
    assert call(reader, "get", "/libraries") == (200, [{"id": str(library.id), "name": "Pumps"}])
    assert call(stranger, "get", "/libraries") == (200, [])


def test_an_upload_is_answered_202_with_its_queued_revision(call, owner, library):
    status, said = call(owner, "post", f"/libraries/{library.id}/documents", file=b"some text")

    revision = Revision.objects.get()
    assert (status, said) == (
        202,
        {
            "id": str(revision.document_id),
            "title": "pump manual",
            "revision": {"id": str(revision.id), "number": 1, "status": "queued"},
        },
    )


def test_the_same_bytes_again_are_answered_200_with_the_same_ids(call, owner, library):
    first = call(owner, "post", f"/libraries/{library.id}/documents", file=b"some text")

    again = call(owner, "post", f"/libraries/{library.id}/documents", file=b"some text")

    assert again == (200, first[1])


def test_a_file_over_the_limit_is_answered_413(call, owner, library, settings):
    settings.UPLOAD_LIMIT_BYTES = 5

    status, said = call(owner, "post", f"/libraries/{library.id}/documents", file=b"some text")

    assert (status, said["error"]["code"]) == (413, "file_too_large")


def test_a_put_is_answered_202_with_the_next_revision(call, owner, library):
    document = upload(owner, library).document

    status, said = call(owner, "put", f"/documents/{document.id}/file", file=b"new text")

    assert (status, said["id"], said["revision"]["number"]) == (202, str(document.id), 2)


def test_a_put_without_a_file_says_how_to_send_one(call, owner, library):
    document = upload(owner, library).document

    status, said = call(owner, "put", f"/documents/{document.id}/file", data=b"raw", content_type="text/plain")

    assert (status, said["error"]["code"]) == (422, "file_not_sent")


def test_a_document_tells_how_far_it_is(call, reader, owner, library):
    document = upload(owner, library).document
    revision = document.revisions.get()

    status, said = call(reader, "get", f"/documents/{document.id}")

    assert (status, said) == (
        200,
        {
            "id": str(document.id),
            "title": "pump manual",
            "library": str(library.id),
            "revision": {
                "id": str(revision.id),
                "number": 1,
                "status": "queued",
                "pages_total": None,
                "pages_done": 0,
                "pages_findable": 0,
                "chunks": 0,
                "queue_position": 1,
                "error": None,
            },
            "state": "effective",
            "effective_from": None,
            "effective_until": None,
            "withdrawn_on": None,
            "effective": True,
            "tags": [],
            "responsible": "",
            "department": "",
            "product": "",
            "language": None,
            "languages": [],
        },
    )


def test_a_failed_document_tells_why_in_the_callers_language(call, reader, owner, library):
    document = upload(owner, library).document
    IngestionRun.objects.update(status="failed", error_code="no_text")
    Revision.objects.update(status="failed")

    error = call(reader, "get", f"/documents/{document.id}")[1]["revision"]["error"]

    assert (error["code"], error["message"]) == ("no_text", "The file holds no text to search.")


def test_the_documents_of_a_library_are_listed(call, reader, owner, library):
    document = upload(owner, library).document

    status, said = call(reader, "get", f"/libraries/{library.id}/documents?search=pump")

    assert (status, [row["id"] for row in said]) == (200, [str(document.id)])


def test_cancelling_is_answered_202_with_the_state(call, owner, library):
    document = upload(owner, library).document

    status, said = call(owner, "post", f"/documents/{document.id}/cancel")

    assert (status, said["revision"]["status"]) == (202, "cancelled")


def test_retrying_is_answered_202_with_the_state(call, owner, library):
    document = upload(owner, library).document
    call(owner, "post", f"/documents/{document.id}/cancel")

    status, said = call(owner, "post", f"/documents/{document.id}/retry")

    assert (status, said["revision"]["status"]) == (202, "queued")


def test_deleting_is_answered_204_and_the_document_is_gone(call, owner, library):
    document = upload(owner, library).document

    assert call(owner, "delete", f"/documents/{document.id}") == (204, None)
    assert not Document.objects.exists()


def test_a_page_is_its_text_and_size_and_reading_it_is_audited(call, reader, owner, library):
    revision = upload(owner, library).document.revisions.get()
    make_page(revision, text="Oil every 500 h.")

    status, said = call(reader, "get", f"/documents/{revision.document_id}/pages/1")

    page = {"number": 1, "text": "Oil every 500 h.", "width": 595, "height": 842, "ocr": False}
    page |= {"confidence": None, "status": "indexed", "masked": []}
    assert (status, said) == (200, page)
    assert AuditEvent.objects.filter(action="page.read", actor="reader").exists()


PATHS = [
    ("get", "/documents/{}"),
    ("delete", "/documents/{}"),
    ("post", "/documents/{}/cancel"),
    ("post", "/documents/{}/retry"),
    ("put", "/documents/{}/file"),
    ("get", "/documents/{}/pages/1"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_a_document_out_of_scope_an_unknown_and_a_malformed_id_answer_identically(
    call, stranger, uploaded, method, path
):
    make_page(uploaded.revisions.get())

    answers = [call(stranger, method, path.format(value)) for value in (uploaded.id, uuid.uuid4(), "no-id")]

    for _, said in answers:
        said["error"].pop("request_id")
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 404


@pytest.mark.parametrize(("method", "path"), [case for case in PATHS if case[0] != "get"])
def test_who_may_only_read_cannot_change(call, reader, uploaded, method, path):
    assert call(reader, method, path.format(uploaded.id))[0] == 404


@pytest.mark.parametrize("body", [[None, None], "withdrawn", {"withdrawn_on": 0}])
def test_a_lifecycle_that_is_none_is_refused(call, owner, uploaded, body):
    path = f"/documents/{uploaded.pk}"
    status, said = call(owner, "patch", path, data=json.dumps(body), content_type="application/json")

    assert (status, said["error"]["code"]) == (422, "invalid_request")


def test_a_form_without_a_boundary_holds_no_file(call, owner, library):
    path = f"/libraries/{library.pk}/documents"
    status, said = call(owner, "post", path, data=b"--x", content_type="multipart/form-data")

    assert (status, said["error"]["code"]) == (422, "file_not_sent")
