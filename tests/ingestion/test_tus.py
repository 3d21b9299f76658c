"""Uploads in pieces, as the tus protocol has them: what is stored, what is refused, what is told at the end."""

import base64
import hashlib
import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from ingestion import pieces, pipeline, tags
from ingestion.access import token_issue
from ingestion.errors import DiskFull
from ingestion.models import Document, PartialUpload, Revision
from tests.factories import make_library, text_file, upload
from tests.ingestion.parsing.packages import zipped

TEXT = b"The pump needs oil."
LENGTH = len(TEXT)
TUS = {"Tus-Resumable": "1.0.0", "Accept-Language": "en"}
PIECE = "application/offset+octet-stream"


@pytest.fixture
def call(client, owner, queued):
    """`call(method, address, …)` as the owner; headers by name, `by` for another person."""

    def send(method, address, data=b"", *, by=owner, content_type=PIECE, **headers):
        said = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        signed = {"Authorization": f"Bearer {token_issue(user=by)}", **TUS, **said}
        if method in {"post", "patch"}:
            # Django's client sends the type of a body only, and a piece may have none.
            signed["Content-Type"] = content_type
            return getattr(client, method)(address, data, content_type=content_type, headers=signed)
        return getattr(client, method)(address, headers=signed)

    return send


def metadata(**said):
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in said.items())


@pytest.fixture
def begun(call, library):
    """`begun(size, …)`: the address of an upload."""

    def begin(size=LENGTH, where=None, **said):
        announced = {"Upload_Length": size, "Upload_Metadata": metadata(**{"filename": "pump.txt", **said})}
        made = call("post", where or f"/api/v1/libraries/{library.pk}/uploads", **announced)
        assert made.status_code == 201, made.content
        return made["Location"]

    return begin


def sent(call, address, data, offset=0, **more):
    return call("patch", address, data, Upload_Offset=offset, **more)


def outcome(call, address):
    return call("get", address).json()["outcome"]


def test_a_file_sent_in_two_pieces_becomes_a_document(call, begun):
    address = begun()
    offsets = [sent(call, address, TEXT[:7])["Upload-Offset"], sent(call, address, TEXT[7:], 7)["Upload-Offset"]]
    revision = Revision.objects.get()
    assert (offsets, revision.sha256, revision.filename) == (
        ["7", str(len(TEXT))],
        hashlib.sha256(TEXT).hexdigest(),
        "pump.txt",
    )


def test_what_became_of_it_is_told_as_the_ordinary_upload_tells_it(call, begun):
    address = begun()
    sent(call, address, TEXT)
    document = Document.objects.get()
    told = outcome(call, address)
    assert (told["status"], told["document"]["id"], told["document"]["title"]) == (202, str(document.pk), "pump")


def test_the_same_bytes_again_are_the_same_document(call, begun):
    for _ in range(2):
        address = begun()
        sent(call, address, TEXT)
    assert (outcome(call, address)["status"], Document.objects.count()) == (200, 1)


def test_how_much_has_arrived_is_told(call, begun):
    address = begun()
    sent(call, address, TEXT[:7])
    told = call("head", address)
    assert (told["Upload-Offset"], told["Upload-Length"], told["Cache-Control"], told["Tus-Resumable"]) == (
        "7",
        str(len(TEXT)),
        "no-store",
        "1.0.0",
    )


def test_after_the_end_all_of_it_has_arrived(call, begun):
    address = begun()
    sent(call, address, TEXT)
    assert call("head", address)["Upload-Offset"] == str(len(TEXT))


def test_a_last_piece_that_is_sent_again_changes_nothing(call, begun):
    address = begun()
    sent(call, address, TEXT)
    assert (sent(call, address, TEXT[7:], 7).status_code, Revision.objects.count()) == (204, 1)


def test_a_part_that_is_done_lies_on_the_disk_no_more(call, begun):
    address = begun()
    sent(call, address, TEXT)
    assert not pieces.part_of(PartialUpload.objects.get()).exists()


def test_folders_of_its_path_become_tags(call, begun):
    sent(call, begun(path="plant 2/pumps/pump.txt"), TEXT)
    assert tags.names_of(Document.objects.get()) == ["plant 2", "pumps"]


def test_what_a_database_refuses_is_not_kept_of_a_path(begun):
    begun(path="plant\x00 2/pump.txt", filename="pump\x00.txt")
    found = PartialUpload.objects.get()
    assert (found.path, found.filename) == ("plant 2/pump.txt", "pump.txt")


def test_an_archive_becomes_its_documents(call, begun):
    data = zipped({"a.txt": text_file("Oil."), "setup.exe": b"MZ\x90\x00" + bytes(range(256))})
    address = begun(len(data), filename="manuals.zip")
    sent(call, address, data)
    told = outcome(call, address)["archive"]
    assert ([one["name"] for one in told["documents"]], [one["code"] for one in told["refused"]]) == (
        ["a.txt"],
        ["file_unsupported"],
    )


def test_a_file_for_a_document_becomes_its_next_revision(call, begun, owner, library):
    document = upload(owner, library).document
    sent(call, begun(where=f"/api/v1/documents/{document.pk}/uploads"), TEXT)
    assert document.revisions.count() == 2


def test_an_archive_is_no_revision(call, owner, library):
    document = upload(owner, library).document
    said = {"Upload_Length": 9, "Upload_Metadata": metadata(filename="a.zip")}
    answer = call("post", f"/api/v1/documents/{document.pk}/uploads", **said)
    assert answer.json()["error"]["code"] == "archive_not_here"


@pytest.mark.parametrize(("announced", "found"), [(hashlib.sha256(TEXT).hexdigest(), 204), ("0" * 64, 422)])
def test_a_file_whose_sum_was_announced_must_have_it(call, begun, announced, found):
    address = begun(sha256=announced)
    assert (sent(call, address, TEXT).status_code, Document.objects.exists()) == (found, found == 204)


def test_why_it_was_not_taken_is_told_afterwards_too(call, begun):
    address = begun(sha256="0" * 64)
    sent(call, address, TEXT)
    assert outcome(call, address)["error"]["code"] == "upload_differs"


def test_what_failed_in_passing_is_taken_in_with_a_piece_of_no_bytes(call, begun, monkeypatch):
    address = begun()
    with monkeypatch.context() as full:
        full.setattr("ingestion.files.keep", _full)
        assert sent(call, address, TEXT).status_code == 507
    assert (sent(call, address, b"", LENGTH).status_code, Document.objects.count()) == (204, 1)


def _full(*_):
    raise DiskFull


@pytest.mark.parametrize(("data", "offset"), [(TEXT, 3), (TEXT, 100), (TEXT + b"x", 0)])
def test_a_piece_that_does_not_fit_is_refused_and_nothing_of_it_is_kept(call, begun, data, offset):
    address = begun()
    assert (sent(call, address, data, offset).status_code, call("head", address)["Upload-Offset"]) == (409, "0")


def test_a_piece_beside_another_is_refused(call, begun):
    address = begun()
    with pieces.held(PartialUpload.objects.get()):
        assert sent(call, address, TEXT).status_code == 423


def test_a_piece_that_broke_off_is_kept_as_far_as_it_came(call, begun):
    begun()
    found = PartialUpload.objects.get()

    class Broken:
        blocks = [TEXT[:7]]  # noqa: RUF012

        def read(self, _size):
            if not self.blocks:
                raise ConnectionResetError
            return self.blocks.pop()

    with pytest.raises(ConnectionResetError):
        pieces.append(found, Broken(), offset=0)
    assert pieces.received(found) == 7


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus_Resumable": "0.2.2"}, 412),
        ({"content_type": "application/octet-stream"}, 415),
        ({"Upload_Offset": "-1"}, 400),
        ({"Upload_Offset": "x"}, 400),
        ({"Upload_Offset": "９"}, 400),
    ],
)
def test_a_piece_that_is_not_sent_as_one_is_refused(call, begun, headers, status):
    assert call("patch", begun(), TEXT, **{"Upload_Offset": 0, **headers}).status_code == status


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "upload_header"),
        ({"Upload_Length": "0"}, "upload_header"),
        ({"Upload_Length": "-5"}, "upload_header"),
        ({"Upload_Length": "9" * 30}, "upload_header"),
        ({"Upload_Length": "5", "Upload_Metadata": "filename ???"}, "upload_header"),
        (
            {"Upload_Length": "5", "Upload_Metadata": "filename /w=="},
            "upload_header",
        ),
        ({"Upload_Length": "5", "Upload_Metadata": metadata(sha256="no sum")}, "upload_header"),
        ({"Upload_Length": str(2**40)}, "file_too_large"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_before_its_first_byte(call, library, headers, code):
    answer = call("post", f"/api/v1/libraries/{library.pk}/uploads", **headers)
    assert (answer.json()["error"]["code"], PartialUpload.objects.count()) == (code, 0)


def test_a_file_that_the_disk_has_no_room_for_is_refused(call, library, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=10))
    assert call("post", f"/api/v1/libraries/{library.pk}/uploads", Upload_Length=6).status_code == 507


def test_what_is_spoken_can_be_asked(call, library, settings):
    told = call("options", f"/api/v1/libraries/{library.pk}/uploads")
    assert (told["Tus-Version"], told["Tus-Extension"], told["Tus-Max-Size"]) == (
        "1.0.0",
        "creation,expiration,termination",
        str(settings.UPLOAD_LIMIT_BYTES),
    )


def test_an_upload_that_is_ended_leaves_nothing(call, begun):
    address = begun()
    part = pieces.part_of(PartialUpload.objects.get())
    call("delete", address)
    assert (part.exists(), call("head", address).status_code) == (False, 404)


@pytest.mark.parametrize("method", ["head", "get", "patch", "delete"])
def test_another_persons_upload_is_unknown_to_an_owner_of_the_same_library(call, begun, library, admin, method):
    library.owners.add(admin)
    address = begun()
    assert call(method, address, TEXT, by=admin, Upload_Offset=0).status_code == 404


def test_who_lost_the_library_cannot_go_on(call, begun, library, owner):
    address = begun()
    library.owners.remove(owner)
    assert sent(call, address, TEXT).status_code == 404


@pytest.mark.parametrize("person", ["reader", "stranger"])
def test_only_owners_begin(call, request, library, person):
    by = request.getfixturevalue(person)
    assert call("post", f"/api/v1/libraries/{library.pk}/uploads", by=by, Upload_Length=5).status_code == 404


def test_a_token_for_another_library_does_not_reach_it(client, begun, owner):
    address = begun()
    token = token_issue(user=owner, libraries=[make_library("Fans", owner=owner)])
    assert client.head(address, headers={"Authorization": f"Bearer {token}", **TUS}).status_code == 404


@pytest.mark.parametrize(("age", "left"), [(timedelta(hours=23), 1), (timedelta(hours=25), 0)])
def test_an_upload_of_which_nothing_arrives_for_a_day_is_forgotten(call, begun, monkeypatch, age, left):
    begun()
    part = pieces.part_of(PartialUpload.objects.get())
    PartialUpload.objects.update(touched_at=timezone.now() - age)
    monkeypatch.setattr(pipeline, "_next_orphans", [0.0])
    pipeline.forget_orphans()
    assert (PartialUpload.objects.count(), part.exists()) == (left, bool(left))


def test_when_it_is_forgotten_is_told_with_each_piece(call, begun):
    assert sent(call, begun(), TEXT[:5])["Upload-Expires"].endswith("GMT")
