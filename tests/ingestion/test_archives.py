"""Each file of an archive becomes a document, by HTTP and from a folder alike, and nothing is dropped in silence."""

from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from ingestion import archives, tags
from ingestion.access import scope_for, token_issue
from ingestion.errors import NotFound, TenkyoError
from ingestion.models import AuditEvent, Document
from tests.factories import text_file, upload
from tests.ingestion.parsing import samples
from tests.ingestion.parsing.packages import zipped

PROGRAM = b"MZ\x90\x00" + bytes(range(256))
MIXED = {"manuals/pump.txt": text_file("Oil."), "valve.txt": text_file("Grease."), "setup.exe": PROGRAM}


@pytest.fixture
def add(owner, library):
    def adding(data, *, user=owner, filename="manuals.zip"):
        facts = {"file": BytesIO(data), "filename": filename, "size": len(data)}
        return archives.archive_add(user=user, scope=scope_for(user), library_id=library.pk, **facts)

    return adding


@pytest.fixture
def post(client, library):
    """`post(person, data, filename)` → (status, JSON)."""

    def posting(person, data, filename="manuals.zip", address="archives", **more):
        headers = {"Authorization": f"Bearer {token_issue(user=person)}", "Accept-Language": "en"}
        part = {"file": SimpleUploadedFile(filename, data), **more}
        response = client.post(f"/api/v1/libraries/{library.pk}/{address}", part, headers=headers)
        return response.status_code, response.json()

    return posting


def titles():
    return sorted(Document.objects.values_list("title", flat=True))


def test_each_file_becomes_a_document(add):
    add(zipped(MIXED))
    assert titles() == ["pump", "valve"]


def test_folders_in_the_archive_are_tags_beside_those_the_archive_lay_in(post, owner):
    data = zipped({"manuals/pump.txt": text_file("Oil."), "inner.zip": zipped({"seals/a.txt": text_file("Seal.")})})
    post(owner, data, path="plant 2/manuals.zip")
    tagged = {one.title: tags.names_of(one) for one in Document.objects.all()}
    assert tagged == {"pump": ["manuals", "plant 2"], "a": ["inner", "plant 2", "seals"]}


def test_what_was_not_taken_is_told_with_its_reason(add):
    assert [(one.name, one.error.code) for one in add(zipped(MIXED)).refused] == [("setup.exe", "file_unsupported")]


def test_bytes_that_are_there_already_are_the_same_document(add, owner, library):
    known = upload(owner, library, text_file("Oil.")).document
    taken = {one.name: one.added for one in add(zipped(MIXED)).taken}
    assert (taken["manuals/pump.txt"].document, taken["manuals/pump.txt"].existed) == (known, True)


def test_a_file_that_is_no_archive_is_one_document(add):
    add(samples.docx(), filename="report.zip")
    assert titles() == ["report"]


def test_an_archive_that_is_damaged_as_a_whole_is_refused(add):
    with pytest.raises(TenkyoError) as caught:
        add(zipped(MIXED)[:-30])
    assert (caught.value.code, titles()) == ("file_damaged", [])


def test_only_owners_may_take_one_in(add, reader):
    with pytest.raises(NotFound):
        add(zipped(MIXED), user=reader)


def test_a_file_that_is_too_large_costs_the_others_nothing(add, settings):
    settings.UPLOAD_LIMIT_BYTES = 3000
    found = add(zipped({"large.txt": text_file("Oil. " * 1000), "small.txt": text_file("Oil.")}))
    assert ([one.error.code for one in found.refused], titles()) == (["file_too_large"], ["small"])


def test_names_that_would_write_into_a_terminal_are_shown_without_that(add):
    found = add(zipped({"a\x1b[31m\u202e.exe": PROGRAM, "b\x1b[2J.txt": text_file("Oil.")}))
    assert [*(one.name for one in found.refused), *(one.name for one in found.taken)] == ["a[31m.exe", "b[2J.txt"]


def test_the_audit_log_says_how_many_were_taken(add):
    add(zipped(MIXED))
    facts = AuditEvent.objects.get(action="archive.add").facts
    assert (facts["taken"], facts["refused"]) == (2, 1)


def test_over_http_every_file_is_answered(post, owner):
    status, said = post(owner, zipped(MIXED))
    assert (status, [one["name"] for one in said["documents"]]) == (202, ["manuals/pump.txt", "valve.txt"])
    assert said["refused"][0]["code"] == "file_unsupported"


def test_the_same_archive_again_is_answered_200(post, owner):
    first = post(owner, zipped(MIXED))[1]
    status, said = post(owner, zipped(MIXED))
    assert (status, [one["id"] for one in said["documents"]]) == (200, [one["id"] for one in first["documents"]])


def test_an_archive_where_one_document_is_expected_is_refused_with_what_to_do(post, owner):
    status, said = post(owner, zipped(MIXED), address="documents")
    assert (status, said["error"]["code"], Document.objects.count()) == (422, "archive_not_here", 0)


def test_an_archive_as_a_new_revision_is_refused(client, owner, library):
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    document = upload(owner, library).document
    body = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("manuals.zip", zipped(MIXED))})
    headers = {"Authorization": f"Bearer {token_issue(user=owner)}"}
    address = f"/api/v1/documents/{document.pk}/file"
    response = client.put(address, body, content_type=MULTIPART_CONTENT, headers=headers)
    assert (response.status_code, document.revisions.count()) == (422, 1)


def test_a_folder_with_an_archive_is_taken_in_with_its_files(tmp_path, admin, monkeypatch):
    monkeypatch.setattr("ingestion.management.commands.ingest_folder.work", lambda *_: None)
    (tmp_path / "manuals.zip").write_bytes(zipped(MIXED))
    out, err = StringIO(), StringIO()
    call_command("ingest_folder", str(tmp_path), "--library", "Manuals", stdout=out, stderr=err)
    assert out.getvalue() == "manuals.zip: manuals/pump.txt: added\nmanuals.zip: valve.txt: added\n"
    assert err.getvalue().startswith("manuals.zip: setup.exe: file_unsupported:")
