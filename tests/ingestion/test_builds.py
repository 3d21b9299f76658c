"""A build beside the searched one: made, switched to, stopped, gone back from, removed; documents coming meanwhile."""

from io import StringIO
from types import SimpleNamespace

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from config import portfolio
from ingestion import building, builds, embedding, leases, searched, services, tasks
from ingestion.access import scope_for
from ingestion.errors import (
    BuildBusy,
    BuildInUse,
    BuildNoModel,
    BuildNoRoom,
    BuildSearched,
    IndexUnavailable,
    NotAllowed,
)
from ingestion.index import kept_indexes, vector_index
from ingestion.models import AuditEvent, ChunkVector, Document, IndexBuild
from ingestion.upkeep import compare
from tests.factories import replace, text_file, upload
from tests.ingestion.parts import CountingEmbedder

OLD, NEW = "multilingual-e5-small", "test-small"


class Small(CountingEmbedder):
    """The stand-in for another model: of another dimension."""

    name, dimension = NEW, 16

    def query(self, text):
        vector = super().query(text)[: self.dimension]
        return (vector / np.linalg.norm(vector)).astype(np.float32)


@pytest.fixture
def small(vault, settings, tmp_path, monkeypatch):
    """An approved model of another dimension, its folder on this machine; returns its embedder."""
    made = Small()
    model = portfolio.Model(
        name=NEW, role="embed", origin="test", licence="MIT", path=NEW, dimension=16, max_tokens=512
    )
    both = (*portfolio.models(), model)
    monkeypatch.setattr(portfolio, "models", lambda: both)
    monkeypatch.setattr("ingestion.index.models", lambda: both)
    monkeypatch.setattr("ingestion.admin_builds.models", lambda: both)
    monkeypatch.setattr(
        embedding, "embedder", lambda name="": made if (name or searched.searched_model()) == NEW else vault.embedder
    )
    settings.MODELS_DIR = tmp_path / "models"
    (settings.MODELS_DIR / NEW).mkdir(parents=True)
    (settings.MODELS_DIR / OLD).mkdir()
    return made


@pytest.fixture
def boss(django_user_model):
    return django_user_model.objects.create_superuser("boss", password=None)


@pytest.fixture
def ready(vault, owner, library):
    return vault(lambda: upload(owner, library)).document


@pytest.fixture
def begun(vault, small, boss, ready):
    """A build that waits to be made."""
    return vault.committed(lambda: builds.build_begin(user=boss, model=NEW))


def once(action):
    """Do it the first time only."""
    left = [action]
    return lambda *_: left and left.pop()()


def raising(error):
    def fail(*_args):
        raise error

    return fail


def held(model):
    return sorted(vector_index(model).point_ids())


def test_before_it_is_whole_searches_use_the_one_before(begun):
    assert searched.look() == OLD


def test_when_it_is_whole_searches_use_it(vault, begun):
    vault()

    begun.refresh_from_db()
    assert (searched.look(), begun.active, begun.wanted, begun.chunks_done) == (NEW, True, False, 3)


def test_it_has_a_point_for_every_passage(vault, begun):
    vault()

    assert compare().agrees
    assert len(held(NEW)) == 3


def test_the_one_before_keeps_its_index_and_vectors(vault, begun):
    vault()

    assert (len(held(OLD)), ChunkVector.objects.filter(build__model=OLD).count()) == (3, 3)


def test_a_document_taken_in_afterwards_is_embedded_with_the_new_model_alone(vault, owner, library, begun, small):
    vault()
    vault.embedder.asked.clear()

    vault(lambda: upload(owner, library, text_file("later"), filename="later.txt"))

    assert (len(held(NEW)), len(held(OLD)), vault.embedder.asked) == (4, 3, [])


def test_a_document_taken_in_meanwhile_is_in_the_new_one_too(vault, owner, library, begun, small):
    small.before_batch = once(
        lambda: vault.committed(lambda: upload(owner, library, text_file("new"), filename="n.txt"))
    )

    vault()

    assert (searched.look(), compare().agrees, len(held(NEW))) == (NEW, True, 4)


def test_a_revision_switched_to_while_points_are_written_is_in_the_new_one(vault, owner, ready, begun, monkeypatch):
    replaced = once(lambda: vault(lambda: replace(owner, ready, text_file("other", "text"))))
    written = building._written
    monkeypatch.setattr(building, "_written", lambda *given: (written(*given), replaced())[0])

    vault()

    assert (searched.look(), compare().agrees, {one for _, one in held(NEW)}) == (
        NEW,
        True,
        {Document.objects.get().current_id},
    )


def test_a_document_deleted_while_points_are_written_is_not_in_it(vault, owner, ready, begun, monkeypatch):
    gone = {"user": owner, "scope": scope_for(owner), "document_id": ready.pk}
    deleted = once(lambda: vault(lambda: services.document_delete(**gone)))
    written = building._written
    monkeypatch.setattr(building, "_written", lambda *given: (written(*given), deleted())[0])

    vault()

    assert (searched.look(), held(NEW)) == (NEW, [])


def test_a_run_that_began_with_the_one_before_ends_with_the_new_one(vault, owner, library, begun):
    vault.queued.waiting.clear()
    document = vault.committed(lambda: upload(owner, library, text_file("late"), filename="late.txt")).document
    vault.embedder.before_batch = once(lambda: tasks.build_index(begun.pk))

    vault()

    document.refresh_from_db()
    assert (document.current.status, searched.look(), compare().agrees, len(held(NEW))) == ("ready", NEW, True, 4)


def test_a_vector_is_computed_once_however_many_turns_it_takes(vault, begun, small, monkeypatch):
    turns = []
    real = building.turn
    monkeypatch.setattr(building, "turn", lambda build_id: (turns.append(build_id), real(build_id))[1])
    monkeypatch.setattr(leases, "TURN_SECONDS", -1.0)

    vault()

    assert (len(turns), len(small.asked), searched.look()) == (2, 3, NEW)


def test_a_build_that_no_queue_holds_is_found_by_the_sweeper(vault, begun):
    vault.queued.waiting.clear()
    IndexBuild.objects.filter(pk=begun.pk).update(heartbeat_at=None)

    vault(tasks.sweep)

    assert searched.look() == NEW


def test_another_worker_does_not_work_on_it_too(begun):
    IndexBuild.objects.filter(pk=begun.pk).update(worker="other")

    assert building.turn(begun.pk) is False
    assert searched.look() == OLD


def test_what_passes_is_said_and_tried_again(vault, begun, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(building, "_write_and_switch", raising(IndexUnavailable(reason="test")))
        vault()
    begun.refresh_from_db()
    assert (begun.wanted, begun.error_code) == (True, "index_unavailable")

    IndexBuild.objects.update(heartbeat_at=None)
    vault(tasks.sweep)

    assert searched.look() == NEW


def test_what_does_not_pass_ends_it_and_searches_go_on(vault, begun, monkeypatch):
    monkeypatch.setattr(building, "_write_and_switch", raising(ZeroDivisionError()))

    vault()

    begun.refresh_from_db()
    assert (begun.wanted, begun.error_code, searched.look()) == (False, "internal_error", OLD)


def test_stopping_it_leaves_searches_as_they_are_and_its_vectors_there(vault, boss, begun, small):
    small.before_batch = once(lambda: builds.build_stop(user=boss, build_id=begun.pk))

    vault()

    begun.refresh_from_db()
    assert (begun.wanted, begun.active, searched.look()) == (False, False, OLD)


def test_going_back_computes_nothing_and_has_what_came_since(vault, owner, library, boss, begun):
    vault()
    vault(lambda: upload(owner, library, text_file("since"), filename="since.txt"))
    vault.embedder.asked.clear()

    vault(lambda: builds.build_begin(user=boss, model=OLD))

    assert (searched.look(), compare().agrees, len(vault.embedder.asked)) == (OLD, True, 1)


def test_removing_the_one_before_removes_vectors_and_in_two_looks_its_index(vault, boss, begun):
    vault()
    builds.build_remove(user=boss, build_id=IndexBuild.objects.get(model=OLD).pk)

    building.drop_unused()
    after_one = kept_indexes()
    building.drop_unused()

    assert (ChunkVector.objects.filter(build__model=OLD).count(), after_one, kept_indexes()) == (0, [OLD, NEW], [NEW])


@pytest.mark.parametrize("model", [OLD, NEW])
def test_neither_the_searched_one_nor_the_one_being_made_can_be_removed(boss, begun, model):
    with pytest.raises(BuildInUse):
        builds.build_remove(user=boss, build_id=IndexBuild.objects.get(model=model).pk)


def test_the_searched_one_is_not_built_beside_itself(boss, small, ready):
    with pytest.raises(BuildSearched):
        builds.build_begin(user=boss, model=OLD)


def test_a_second_one_is_refused_while_one_is_made(boss, begun, settings):
    (settings.MODELS_DIR / "bge-m3").mkdir()
    with pytest.raises(BuildBusy):
        builds.build_begin(user=boss, model="bge-m3")


@pytest.mark.parametrize("model", ["ruri-v3-310m", "of nobody"])
def test_a_model_that_is_not_there_or_not_approved_is_refused(boss, small, ready, model):
    with pytest.raises(BuildNoModel):
        builds.build_begin(user=boss, model=model)


def test_it_is_not_begun_where_both_would_not_fit_on_the_disk(boss, small, ready, monkeypatch):
    monkeypatch.setattr(builds.shutil, "disk_usage", lambda _path: SimpleNamespace(free=10))
    with pytest.raises(BuildNoRoom):
        builds.build_begin(user=boss, model=NEW)


def test_only_superusers_begin_one(owner, small, ready):
    with pytest.raises(NotAllowed):
        builds.build_begin(user=owner, model=NEW)


def test_beginning_and_switching_are_audited(vault, begun):
    vault()

    said = (
        AuditEvent.objects.filter(action__startswith="index.").order_by("id").values_list("action", "subject", "actor")
    )
    assert list(said) == [("index.build", NEW, "boss"), ("index.switch", NEW, "")]


def test_the_administration_begins_one_and_shows_how_far_it_is(vault, client, boss, small, ready):
    client.force_login(boss)

    vault.committed(lambda: client.post("/admin/ingestion/indexbuild/add/", {"model": NEW}))
    page = client.get("/admin/ingestion/indexbuild/", headers={"accept-language": "en"}).content.decode()

    assert IndexBuild.objects.get(wanted=True).model == NEW
    assert "being built" in page


def test_the_administration_goes_back_by_an_action(vault, client, boss, begun):
    vault()
    client.force_login(boss)
    chosen = {"action": "search_this", "_selected_action": [IndexBuild.objects.get(model=OLD).pk]}

    vault(lambda: client.post("/admin/ingestion/indexbuild/", chosen))

    assert searched.look() == OLD


def test_the_administration_says_what_is_refused(vault, client, boss, small, ready):
    client.force_login(boss)

    answer = client.post(
        "/admin/ingestion/indexbuild/add/", {"model": "bge-m3"}, follow=True, headers={"accept-language": "en"}
    )

    assert "The embedding model bge-m3 is not there" in answer.content.decode()


def test_staff_without_all_rights_begin_none(client, reader, small, ready):
    reader.is_staff = True
    reader.save()
    client.force_login(reader)

    assert client.get("/admin/ingestion/indexbuild/add/").status_code == 403


def test_the_command_makes_it_and_says_so(vault, boss, small, ready, monkeypatch):
    monkeypatch.setattr("ingestion.management.commands.index_build.worker.start", lambda: None)
    monkeypatch.setattr("ingestion.management.commands.index_build.time.sleep", lambda _seconds: vault(tasks.sweep))
    out = StringIO()

    call_command("index_build", NEW, stdout=out)

    assert f"Searches use {NEW} now." in out.getvalue()


def test_the_command_says_what_is_refused_in_both_languages(boss, small, ready):
    with pytest.raises(CommandError, match=r"build_searched.*\n.*検索にはすでに"):
        call_command("index_build", OLD)


def test_the_command_stops_one(boss, begun):
    call_command("index_build", "--stop", stdout=StringIO())

    begun.refresh_from_db()
    assert begun.wanted is False


def test_the_command_removes_one(vault, boss, begun):
    vault()

    call_command("index_build", OLD, "--remove", stdout=StringIO())

    assert list(IndexBuild.objects.values_list("model", flat=True)) == [NEW]
