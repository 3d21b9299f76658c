"""Index and database against each other, and the commands that say so."""

import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ingestion import files, tasks
from ingestion.access import user_for_token
from ingestion.index import Point, vector_index
from ingestion.models import AuditEvent, ChunkVector, Document
from ingestion.sparse import SparseVector
from tests.factories import upload
from tests.ingestion.parts import DIMENSION


def said(command, *arguments):
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def held():
    return sorted(vector_index().point_ids())


@pytest.fixture
def ready(vault, owner, library):
    return vault(lambda: upload(owner, library)).document


def test_an_index_that_agrees_is_said_to(vault, ready):
    assert "3 chunks in the database, 3 points in the index." in said("index_verify")


def test_missing_points_are_found_and_written_without_computing_a_vector(vault, ready):
    before = held()
    vector_index().delete_points([before[0][0]])
    vault.embedder.asked.clear()

    said("index_verify", "--repair")

    assert (held(), vault.embedder.asked) == (before, [])


def test_surplus_points_are_found_and_removed(vault, ready):
    before = held()
    stray = Point(uuid.uuid4(), uuid.uuid4(), 0, "x", [1.0] * DIMENSION, SparseVector((1,), (1.0,)))
    vector_index().upsert([stray])

    said("index_verify", "--repair")

    assert held() == before


def test_a_difference_ends_the_command_with_an_error(vault, ready):
    vector_index().clear()

    with pytest.raises(CommandError):
        said("index_verify")


def test_the_file_of_a_deleted_revision_is_found_and_removed(vault, ready, media, monkeypatch):
    monkeypatch.setattr(files, "_ORPHAN_AFTER_SECONDS", -1)
    Document.objects.all().delete()

    said("index_verify", "--repair")

    assert ([path for path in media.rglob("*") if path.is_file()], held()) == ([], [])


def test_pages_drawn_of_a_revision_that_is_gone_are_removed_by_the_sweeper(vault, ready, monkeypatch):
    monkeypatch.setattr(files, "_ORPHAN_AFTER_SECONDS", -1)
    gone, kept = files.pages_folder(uuid.uuid4()), files.pages_folder(ready.revisions.get().id)
    for folder in (gone, kept):
        folder.mkdir(parents=True)
        (folder / "1.png").write_bytes(b"drawn")

    tasks.sweep()

    assert (gone.exists(), kept.exists()) == (False, True)


def test_a_rebuild_gives_the_same_points_without_computing_a_vector(vault, ready):
    before = held()
    vault.embedder.asked.clear()

    said("index_rebuild")

    assert (held(), vault.embedder.asked) == (before, [])


def test_a_rebuild_computes_only_the_vectors_that_are_missing(vault, ready):
    ChunkVector.objects.first().delete()
    vault.embedder.asked.clear()

    said("index_rebuild")

    assert (len(vault.embedder.asked), len(held())) == (1, 3)


def test_a_token_is_printed_once_and_works(owner):
    token = said("api_token", "owner").strip()

    assert user_for_token(token) == owner


def test_making_a_token_is_audited_without_the_token(owner):
    token = said("api_token", "owner", "--name", "script").strip()

    event = AuditEvent.objects.get(action="token.create")
    assert token not in str(event.facts)


def test_nobody_gets_no_token(db):
    with pytest.raises(CommandError):
        said("api_token", "nobody")
