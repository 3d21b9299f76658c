"""`manage.py ingest_folder`: which files it takes, what it says, and who does the work."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ingestion import tags, tasks, worker
from ingestion.errors import IndexHeld
from ingestion.models import Document, Library
from tests.factories import text_file


@pytest.fixture
def ingest(vault, admin, monkeypatch):
    """Runs the command; the worker it starts does what the sweeper finds."""

    def start():
        tasks.embedded_worker.set()
        vault(tasks.sweep)

    def run(path, *arguments):
        tasks.embedded_worker.clear()  # none runs before the command starts one
        out, err = StringIO(), StringIO()
        call_command("ingest_folder", str(path), "--library", "Manuals", *arguments, stdout=out, stderr=err)
        return out.getvalue() + err.getvalue()

    monkeypatch.setattr(worker, "start", start)
    monkeypatch.setattr(worker, "stop", tasks.embedded_worker.clear)
    return run


@pytest.fixture
def folder(tmp_path):
    """Two manuals, one of them in a folder below, and two files that are hidden."""
    made = tmp_path / "manuals"
    for name in ("pump.txt", "sub/valve.txt", ".hidden.txt", ".git/config.txt"):
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text_file(f"About {name}."))
    return made


def ready():
    return sorted(Document.objects.filter(current__status="ready").values_list("title", flat=True))


def test_folders_below_the_path_are_tags(ingest, folder):
    ingest(folder)
    tagged = {document.title: tags.names_of(document) for document in Document.objects.all()}
    assert tagged == {"pump": [], "valve": ["sub"]}


def test_every_file_of_the_folder_and_of_those_below_ends_ready_and_hidden_ones_are_left(ingest, folder):
    ingest(folder)

    assert (ready(), Document.objects.count()) == (["pump", "valve"], 2)


def test_it_says_what_became_of_each_file(ingest, folder):
    said = ingest(folder)

    assert "pump.txt: added" in said
    assert "valve: ready, 1 pages, 1 chunks" in said


def test_the_library_is_made_once_and_owned_by_the_first_superuser(ingest, folder, admin):
    ingest(folder)
    ingest(folder)

    assert [list(library.owners.all()) for library in Library.objects.filter(name="Manuals")] == [[admin]]


def test_what_is_there_already_is_not_taken_in_again(ingest, folder):
    ingest(folder)

    said = ingest(folder)

    assert "pump.txt: already there" in said
    assert Document.objects.count() == 2


def test_a_single_file_may_be_named(ingest, folder):
    ingest(folder / "pump.txt")

    assert ready() == ["pump"]


def test_a_file_that_cannot_be_stored_is_said_and_the_others_are_taken(ingest, folder):
    (folder / "empty.txt").touch()

    said = ingest(folder)

    assert "empty.txt: file_empty" in said
    assert ready() == ["pump", "valve"]


def test_a_file_that_cannot_be_read_is_said_with_its_code(ingest, folder):
    (folder / "broken.txt").write_bytes(b"DAMAGED")

    assert "broken: failed (file_damaged: " in ingest(folder)


def test_where_a_server_runs_it_does_the_work(ingest, folder, monkeypatch):
    def held():
        raise IndexHeld(folder="index", pid=4711, command="manage.py serve")

    monkeypatch.setattr(worker, "start", held)

    assert "Process 4711 is running and does the work." in ingest(folder)


def test_a_person_who_owns_the_library_may_be_named(ingest, folder, owner):
    Library.objects.create(name="Manuals").owners.add(owner)

    ingest(folder, "--user", "owner")

    assert {document.created_by for document in Document.objects.all()} == {owner}


def test_a_person_who_only_reads_the_library_can_add_nothing_to_it(ingest, folder, library, reader):
    Library.objects.filter(pk=library.pk).update(name="Manuals")

    assert "pump.txt: not_found" in ingest(folder, "--user", "reader")


def test_a_folder_without_files_ends_with_an_error(ingest, tmp_path):
    (tmp_path / "none").mkdir()

    with pytest.raises(CommandError, match="no file"):
        ingest(tmp_path / "none")


def test_without_anybody_to_add_the_files_it_says_how_to_make_an_account(ingest, folder, admin):
    admin.delete()

    with pytest.raises(CommandError, match="createsuperuser"):
        ingest(folder)
