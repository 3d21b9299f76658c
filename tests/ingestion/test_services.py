"""What a person may do: uploads, revisions, deletions, libraries; and what they may not."""

from io import BytesIO

import pytest
from django.contrib.auth.models import Group

from ingestion import files, services, tasks
from ingestion.access import scope_for
from ingestion.errors import DiskFull, FileTooLarge, LibraryNameEmpty, LibraryNameTaken, NotAllowed, NotFound
from ingestion.models import AuditEvent, Document, IngestionRun, Library, Revision
from tests.factories import make_library, make_user, replace, text_file, upload


def stored(media):
    return [path for path in media.rglob("*") if path.is_file()]


def test_an_upload_makes_a_document_titled_after_the_file_with_one_queued_run(owner, library):
    added = upload(owner, library, filename="pump_manual v2.txt")

    run = IngestionRun.objects.get()
    assert (added.existed, added.document.title, run.status) == (False, "pump manual v2", "queued")


def test_the_stored_file_has_the_uploaded_bytes_and_a_name_nobody_chose(owner, library, media):
    upload(owner, library, b"some text", filename="../../etc/passwd")

    [path] = stored(media)
    assert (path.read_bytes(), path.name) == (b"some text", Revision.objects.get().id.hex)


def test_the_same_bytes_in_the_same_library_are_the_same_document(owner, library):
    first = upload(owner, library)

    again = upload(owner, library, filename="another name.txt")

    assert (again.existed, again.document, IngestionRun.objects.count()) == (True, first.document, 1)


def test_the_same_bytes_in_another_library_are_another_document(owner, library):
    upload(owner, library)

    assert upload(owner, make_library("Fans", owner=owner)).existed is False


def test_the_same_bytes_after_a_failure_run_again_in_the_same_document(owner, library):
    document = upload(owner, library).document
    IngestionRun.objects.update(status="failed", finished_at="2026-01-01T00:00Z")
    Revision.objects.update(status="failed")

    again = upload(owner, library)

    assert (again.document, Revision.objects.get().status, document.revisions.get().runs.count()) == (
        document,
        "queued",
        2,
    )


def test_replacing_makes_the_next_revision_and_cancels_the_one_on_its_way(owner, library):
    document = upload(owner, library).document

    replace(owner, document, text_file("new"))

    found = list(document.revisions.order_by("number").values_list("number", "status"))
    assert found == [(1, "cancelled"), (2, "queued")]


def test_replacing_with_the_bytes_of_the_newest_revision_is_that_revision(owner, library):
    document = upload(owner, library).document

    added = replace(owner, document, text_file())

    assert (added.existed, document.revisions.count()) == (True, 1)


def test_a_file_announced_larger_than_the_limit_is_refused_before_it_is_read(owner, library, settings):
    settings.UPLOAD_LIMIT_BYTES = 10
    unread = BytesIO(b"")

    with pytest.raises(FileTooLarge):
        services.document_add(
            user=owner, scope=scope_for(owner), library_id=library.id, file=unread, filename="a.txt", size=11
        )


def test_a_file_larger_than_announced_is_refused_and_leaves_nothing(owner, library, settings, media):
    settings.UPLOAD_LIMIT_BYTES = 10
    lying = BytesIO(b"x" * 11)

    with pytest.raises(FileTooLarge):
        services.document_add(
            user=owner, scope=scope_for(owner), library_id=library.id, file=lying, filename="a.txt", size=1
        )

    assert (stored(media), list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()), Document.objects.count()) == ([], [], 0)


def test_an_empty_file_is_refused_with_its_code(owner, library):
    with pytest.raises(Exception, match="file_empty"):
        upload(owner, library, b"")


def test_a_full_disk_is_said_and_leaves_nothing(owner, library, monkeypatch, settings):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)

    with pytest.raises(DiskFull):
        upload(owner, library)

    assert (list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()), Document.objects.count()) == ([], 0)


@pytest.mark.parametrize("action", [services.document_delete, services.document_cancel, services.document_retry])
@pytest.mark.parametrize("person", ["reader", "stranger"])
def test_who_does_not_own_the_library_cannot_change_its_documents(owner, library, request, person, action):
    document = upload(owner, library).document
    other = request.getfixturevalue(person)

    with pytest.raises(NotFound):
        action(user=other, scope=scope_for(other), document_id=document.id)


@pytest.mark.parametrize("person", ["reader", "stranger"])
def test_who_does_not_own_the_library_cannot_upload_to_it(library, request, person):
    with pytest.raises(NotFound):
        upload(request.getfixturevalue(person), library)


def test_deleting_a_document_removes_its_rows_and_sends_its_revisions_to_be_forgotten(
    owner, library, queued, django_capture_on_commit_callbacks
):
    document = upload(owner, library).document
    gone = [str(revision.id) for revision in document.revisions.all()]
    tasks.embedded_worker.set()

    with django_capture_on_commit_callbacks(execute=True):
        services.document_delete(user=owner, scope=scope_for(owner), document_id=document.id)

    tasks.embedded_worker.clear()
    assert (Document.objects.count(), [args for _, args, _ in queued.waiting]) == (0, [(gone,)])


def test_a_file_left_by_a_deletion_that_was_cut_off_is_found_by_its_name(owner, library, monkeypatch):
    document = upload(owner, library).document
    revision_id = document.revisions.get().id
    document.delete()
    monkeypatch.setattr(files, "_ORPHAN_AFTER_SECONDS", -1)

    assert files.orphans() == [revision_id]


def test_a_file_whose_upload_is_still_being_committed_is_no_orphan(owner, library):
    upload(owner, library).document.delete()

    assert files.orphans() == []


def test_every_change_is_audited_with_its_person(owner, library):
    document = upload(owner, library).document
    replace(owner, document, text_file("new"))
    services.document_cancel(user=owner, scope=scope_for(owner), document_id=document.id)
    services.document_delete(user=owner, scope=scope_for(owner), document_id=document.id)

    found = list(
        AuditEvent.objects.filter(action__startswith="document.").order_by("id").values_list("action", "actor")
    )
    assert found == [
        ("document.add", "owner"),
        ("document.replace", "owner"),
        ("document.cancel", "owner"),
        ("document.delete", "owner"),
    ]


def test_a_superuser_makes_a_library_and_owns_it(admin):
    library = services.library_create(user=admin, name="  Pumps\u0000  and\nfans ")

    assert (library.name, list(library.owners.all())) == ("Pumps and fans", [admin])


def test_who_lacks_the_permission_cannot_make_a_library(stranger):
    with pytest.raises(NotAllowed):
        services.library_create(user=stranger, name="Mine")


def test_a_library_name_is_given_once(admin):
    services.library_create(user=admin, name="Pumps")

    with pytest.raises(LibraryNameTaken):
        services.library_create(user=admin, name="Pumps")


@pytest.mark.parametrize("name", ["", "   ", "\u0000", "x" * 201])
def test_a_library_needs_a_usable_name(admin, name):
    with pytest.raises(LibraryNameEmpty):
        services.library_create(user=admin, name=name)


def test_granting_lets_exactly_the_named_groups_read(owner, library, reader):
    group = Group.objects.create(name="Quality")
    newcomer = make_user("newcomer")
    newcomer.groups.add(group)

    services.library_grant(user=owner, scope=scope_for(owner), library_id=library.id, groups=[group])

    assert (library.id in scope_for(newcomer).readable, library.id in scope_for(reader).readable) == (True, False)


def test_deleting_a_library_removes_its_documents(owner, library):
    upload(owner, library)

    services.library_delete(user=owner, scope=scope_for(owner), library_id=library.id)

    assert (Library.objects.count(), Document.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\Users\\x\\manual.pdf", "manual.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\u202egpj.exe\r\n", "agpj.exe"),
        ("", "file"),
        ("...", "file"),
        ("ポンプ.PDF", "ポンプ.PDF"),
        ("x" * 300 + ".pdf", "x" * 200 + ".pdf"),
    ],
)
def test_a_file_name_is_shown_without_folders_and_control_characters(given, shown):
    assert files.clean_name(given) == shown


def test_an_owner_chooses_that_only_proved_sentences_are_shown(owner, library, scope):
    services.library_prove(user=owner, scope=scope, library_id=library.pk, proved_only=True)

    library.refresh_from_db()
    assert library.proved_only is True


def test_who_chooses_what_is_shown_is_in_the_audit_log(owner, library, scope):
    services.library_prove(user=owner, scope=scope, library_id=library.pk, proved_only=False)

    event = AuditEvent.objects.get(action="library.prove")
    assert (event.actor, event.facts) == ("owner", {"proved_only": False})


def test_a_reader_does_not_choose_what_is_shown(reader, library):
    with pytest.raises(NotFound):
        services.library_prove(user=reader, scope=scope_for(reader), library_id=library.pk, proved_only=False)
