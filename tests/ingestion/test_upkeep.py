"""Index and database against each other, and the commands that say so."""

import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ingestion import files, searched, tasks
from ingestion.access import user_for_token
from ingestion.errors import IndexOutdated
from ingestion.index import Point, vector_index
from ingestion.index.standing import require_current
from ingestion.management.commands import serve
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
    stray = Point(uuid.uuid4(), uuid.uuid4(), 0, "x", "en", [1.0] * DIMENSION, SparseVector((1,), (1.0,)))
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


def test_an_index_that_holds_every_ready_document_is_current(vault, ready):
    require_current(vector_index())


def test_after_another_model_is_chosen_searches_go_on_with_the_one_before(vault, ready, settings):
    settings.EMBED_MODEL = "bge-m3"

    require_current(vector_index(searched.look()))

    assert (searched.look(), len(held())) == ("multilingual-e5-small", 3)


def test_an_index_that_was_not_brought_back_with_the_database_says_so(vault, ready):
    vector_index().clear()

    with pytest.raises(IndexOutdated):
        require_current(vector_index())


def test_a_rebuild_makes_the_index_current(vault, ready):
    vector_index().clear()

    said("index_rebuild")

    require_current(vector_index())


def test_a_document_on_its_way_into_the_index_does_not_make_it_outdated(vault, ready):
    vector_index().clear()
    ready.revisions.update(status="embedding")

    require_current(vector_index())


def test_serve_says_at_its_start_that_another_model_is_chosen_and_not_searched_with(vault, ready, settings):
    settings.EMBED_MODEL = "bge-m3"
    out = StringIO()

    serve.Command(stdout=out)._warn_of_outdated_index()

    assert (
        "EMBED_MODEL is bge-m3, and searches use multilingual-e5-small until `manage.py index_build" in out.getvalue()
    )


def test_serve_warns_at_its_start_with_what_to_do(vault, ready):
    vector_index().clear()
    out = StringIO()

    serve.Command(stdout=out)._warn_of_outdated_index()

    assert "== Warning: index_outdated" in out.getvalue()
    assert "index_rebuild" in out.getvalue()


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

    event = AuditEvent.objects.get(action="token.issued")
    assert token not in str(event.facts)


def test_nobody_gets_no_token(db):
    with pytest.raises(CommandError):
        said("api_token", "nobody")
