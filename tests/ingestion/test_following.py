"""A library that follows a folder: what becomes of its documents when files come, change, move, go and return."""

import os

import pytest
from django.urls import reverse
from django.utils import timezone

from ingestion import following, tags
from ingestion.access import scope_for
from ingestion.errors import FolderBusy, FolderEmptied, FolderMissing, FolderOrphaned
from ingestion.lifecycle import lifecycle_of
from ingestion.models import AuditEvent, Document, DocumentState, FolderFile, Removed, WatchedFolder
from ingestion.services import document_declare
from tests.factories import make_library, make_user
from tests.ingestion import parts


@pytest.fixture
def owner(db):
    return make_user()


@pytest.fixture
def library(owner):
    return make_library(owner=owner)


@pytest.fixture
def follow(vault, owner, library, share):
    """`follow()` looks at the share once and takes in what it finds. Options: those of the folder and of the look."""

    def run(*, removed=Removed.WITHDRAW, **options):
        facts = {"library_id": library.pk, "path": share.root, "removed": removed, "watched": False}
        folder = following.folder_set(user=owner, scope=scope_for(owner), **facts)
        return vault(lambda: following.folder_follow(folder, **options)).counts

    return run


def titles(**facts):
    return sorted(Document.objects.filter(**facts).values_list("title", flat=True))


def state_of(title):
    return Document.objects.get(title=title).state


def test_new_files_become_documents(follow, share):
    share("pump.txt", "The pump.")
    share("safety/rules.txt", "The rules.")

    follow()

    assert titles(current__status="ready") == ["pump", "rules"]


def test_a_second_look_finds_nothing_to_do(follow, share):
    share("pump.txt", "The pump.")
    follow()

    assert follow().total() == 0


def test_a_changed_file_is_the_documents_next_revision(follow, share):
    share("pump.txt", "The pump.")
    follow()
    share("pump.txt", "The new pump.")

    follow()

    assert Document.objects.get().current.number == 2


def test_a_moved_file_keeps_its_document(follow, share):
    share("pump.txt", "The pump.")
    follow()
    before = Document.objects.get().pk
    (share.root / "old").mkdir()
    (share.root / "pump.txt").rename(share.root / "old/pump 2025.txt")

    follow()

    assert list(FolderFile.objects.values_list("path", "document")) == [("old/pump 2025.txt", before)]


def tags_of(title):
    return tags.names_of(Document.objects.get(title=title))


def test_folders_of_a_file_are_tags_of_its_document(follow, share):
    share("safety/2026/rules.txt", "The rules.")
    follow()
    assert tags_of("rules") == ["2026", "safety"]


def test_a_moved_files_document_is_tagged_by_its_new_folders_and_keeps_its_owners_words(follow, share, owner):
    share("drafts/rules.txt", "The rules.")
    follow()
    tags.put(Document.objects.get(), ["drafts", "2026"])
    (share.root / "final").mkdir()
    (share.root / "drafts/rules.txt").rename(share.root / "final/rules.txt")
    follow()
    assert tags_of("rules") == ["2026", "final"]


def test_of_two_files_of_a_document_the_one_that_stays_keeps_the_tags_of_its_folder(follow, share):
    for folder in ("a", "b"):
        share(f"{folder}/rules.txt", "The rules.")
    follow()
    (share.root / "c").mkdir()
    (share.root / "b/rules.txt").rename(share.root / "c/rules.txt")
    follow()
    assert tags_of("rules") == ["a", "c"]


def test_a_tag_that_an_owner_took_away_does_not_return_with_the_next_revision(follow, share):
    share("drafts/rules.txt", "The rules.")
    follow()
    tags.put(Document.objects.get(), [])
    share("drafts/rules.txt", "The new rules.")
    follow()
    assert (Document.objects.get().current.number, tags_of("rules")) == (2, [])


def test_the_document_of_a_removed_file_is_withdrawn(follow, share):
    share("pump.txt", "The pump.")
    follow()
    share("pump.txt")

    follow()

    assert state_of("pump") == DocumentState.WITHDRAWN


def test_it_is_effective_again_when_the_file_is_back(follow, share):
    share("pump.txt", "The pump.")
    follow()
    there, away = share.root / "pump.txt", share.root.parent / "pump.txt"
    there.rename(away)
    follow()
    away.rename(there)

    follow()

    assert state_of("pump") == DocumentState.EFFECTIVE


def test_a_file_that_returns_changed_makes_its_document_effective_with_a_new_revision(follow, share):
    share("pump.txt", "The pump.")
    follow()
    share("pump.txt")
    follow()
    share("pump.txt", "The new pump.")

    follow()

    document = Document.objects.get()
    assert (document.state, document.current.number) == (DocumentState.EFFECTIVE, 2)


def test_what_an_owner_withdrew_stays_withdrawn_when_its_file_returns(follow, share, owner):
    share("pump.txt", "The pump.")
    follow()
    document = Document.objects.get()
    said = lifecycle_of(document)
    said = type(said)(state=DocumentState.WITHDRAWN)
    document_declare(user=owner, scope=scope_for(owner), document_id=document.pk, said=said)
    away = share.root.parent / "pump.txt"
    (share.root / "pump.txt").rename(away)
    follow()
    away.rename(share.root / "pump.txt")

    follow()

    assert state_of("pump") == DocumentState.WITHDRAWN


@pytest.mark.parametrize(("removed", "left"), [(Removed.DELETE, []), (Removed.KEEP, ["pump"])])
def test_the_folder_says_what_becomes_of_removed_files_documents(follow, share, removed, left):
    share("pump.txt", "The pump.")
    follow()
    share("pump.txt")

    follow(removed=removed)

    assert titles(state=DocumentState.EFFECTIVE) == left


def test_a_document_of_two_files_stays_while_one_of_them_is_there(follow, share):
    share("pump.txt", "The pump.")
    share("copy.txt", "The pump.")
    follow()
    share("copy.txt")

    follow()

    assert Document.objects.get().state == DocumentState.EFFECTIVE


def test_one_of_two_files_of_a_document_that_changes_becomes_a_document_of_its_own(follow, share):
    share("copy.txt", "The pump.")
    share("pump.txt", "The pump.")
    follow()
    share("pump.txt", "The new pump.")

    follow()

    assert titles(current__number=1) == ["copy", "pump"]


def test_a_document_that_its_owner_deleted_does_not_return_by_itself(follow, share):
    share("pump.txt", "The pump.")
    follow()
    Document.objects.all().delete()

    follow()

    assert titles() == []


def test_where_most_files_are_gone_at_once_nothing_is_withdrawn(follow, share):
    for number in range(12):
        share(f"{number}.txt", f"Manual {number}.")
    follow()
    for number in range(8):
        share(f"{number}.txt")

    with pytest.raises(FolderEmptied):
        follow()

    assert len(titles(state=DocumentState.EFFECTIVE)) == 12


def test_they_are_withdrawn_where_somebody_says_so(follow, share):
    for number in range(12):
        share(f"{number}.txt", f"Manual {number}.")
    follow()
    for number in range(8):
        share(f"{number}.txt")

    follow(accept_removals=True)

    assert len(titles(state=DocumentState.WITHDRAWN)) == 8


def test_what_is_new_is_taken_in_although_most_is_gone(follow, share):
    for number in range(12):
        share(f"{number}.txt", f"Manual {number}.")
    follow()
    for number in range(8):
        share(f"{number}.txt")
    share("new.txt", "A new manual.")

    with pytest.raises(FolderEmptied):
        follow()

    assert "new" in titles()


def test_a_share_that_is_not_mounted_withdraws_nothing_and_says_so(follow, share):
    share("pump.txt", "The pump.")
    follow()
    folder = WatchedFolder.objects.get()
    share.root.rename(share.root.parent / "unmounted")

    with pytest.raises(FolderMissing):
        following.folder_follow(folder)

    folder.refresh_from_db()
    assert (state_of("pump"), folder.error_code) == (DocumentState.EFFECTIVE, "folder_missing")


def test_a_file_that_is_refused_is_kept_with_its_reason(follow, share):
    share("empty.txt", "The pump.")
    (share.root / "empty.txt").write_bytes(b"")
    os.utime(share.root / "empty.txt", (parts.LONG_AGO, parts.LONG_AGO))

    follow()

    assert list(FolderFile.objects.values_list("path", "error_code", "document")) == [("empty.txt", "file_empty", None)]


def test_an_archive_is_listed_and_not_taken_in(follow, share):
    share("manuals.zip", "PK")

    follow()

    assert FolderFile.objects.get().error_code == "archive_not_here"


def test_a_file_that_was_refused_and_is_gone_is_forgotten(follow, share):
    (share.root / "link").symlink_to("/etc")
    follow()
    (share.root / "link").unlink()

    follow()

    assert not FolderFile.objects.exists()


def test_a_folder_of_a_person_who_lost_the_library_is_not_followed(follow, share, library, owner):
    share("pump.txt", "The pump.")
    follow()
    library.owners.remove(owner)

    with pytest.raises(FolderOrphaned):
        following.folder_follow(WatchedFolder.objects.get())


def test_two_looks_at_once_do_not_meet(follow, share):
    follow()
    WatchedFolder.objects.update(looking_since=timezone.now())

    with pytest.raises(FolderBusy):
        following.folder_follow(WatchedFolder.objects.get())


def test_what_a_look_did_is_in_the_audit_log(follow, share):
    share("pump.txt", "The pump.")

    follow()

    assert AuditEvent.objects.get(action="library.followed").facts == {"added": 1, "writing": 0}


class TestWatching:
    @pytest.fixture
    def folder(self, follow):
        follow()
        WatchedFolder.objects.update(watched=True, looked_at=None)
        return WatchedFolder.objects.get()

    def test_a_watched_folder_is_looked_at_by_itself(self, folder, share, vault):
        share("pump.txt", "The pump.")

        vault(following.follow)

        assert titles() == ["pump"]

    def test_one_that_was_looked_at_just_now_waits(self, folder):
        following.follow()

        assert list(following.due()) == []

    def test_one_that_nobody_watches_is_left(self, folder):
        WatchedFolder.objects.update(watched=False)

        assert list(following.due()) == []

    def test_a_folder_that_fails_keeps_no_other_from_its_turn(self, folder, owner, tmp_path, share, vault):
        WatchedFolder.objects.create(library=folder.library, path="/nowhere", watched=True, added_by=owner)
        share("pump.txt", "The pump.")

        vault(following.follow)

        assert titles() == ["pump"]


class TestPage:
    def test_owners_read_which_files_were_not_taken_in_and_why(self, client, follow, share, library, owner):
        (share.root / "link").symlink_to("/etc")
        follow()
        client.force_login(owner)

        page = client.get(reverse("library", args=[library.pk]), headers={"Accept-Language": "en"})

        assert "<strong>link</strong>: This is a link to somewhere else." in page.content.decode()

    def test_readers_do_not_read_paths_of_the_server(self, client, follow, library):
        follow()
        reader = make_user("reader")
        group = reader.groups.create(name="readers")
        library.readers.add(group)
        client.force_login(reader)

        page = client.get(reverse("library", args=[library.pk]))

        assert str(WatchedFolder.objects.get().path) not in page.content.decode()
