"""A run from upload to switch: twice delivered, cancelled, failing, retried, its document deleted under it."""

import errno
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from ingestion import chunking, files, leases, reading, services, stages, tasks
from ingestion.access import scope_for
from ingestion.errors import IndexUnavailable
from ingestion.models import Chunk, ChunkVector, Document, IngestionRun, Page, Revision
from tests.factories import PAGES, replace, text_file, upload
from tests.ingestion.parts import on_page, points, run_of


def test_an_uploaded_file_ends_ready_and_current(vault, owner, library):
    document = vault(lambda: upload(owner, library)).document

    document.refresh_from_db()
    assert (document.current.status, document.current.pages_total, run_of(document).status) == ("ready", 3, "ready")


def test_every_chunk_of_the_current_revision_has_a_point_with_the_librarys_key(vault, owner, library):
    vault(lambda: upload(owner, library))

    vector = vault.embedder.query("x").tolist()
    found = vault.index.search(vector, stages.sparse.encode_passage("pump"), scope=scope_for(owner), limit=10)
    assert {hit.ordinal for hit in found.dense} == set(Chunk.objects.values_list("ordinal", flat=True)) == {0, 1, 2}


def test_the_page_ledger_accounts_for_every_page(vault, owner, library):
    vault(lambda: upload(owner, library, text_file("text", "", "UNREADABLE", "more")))

    ledger = list(Page.objects.order_by("number").values_list("status", "reason"))
    assert ledger == [("indexed", ""), ("empty", ""), ("failed", "page_crashed"), ("indexed", "")]


def test_a_chunk_is_exactly_its_span_of_the_page(vault, owner, library):
    vault(lambda: upload(owner, library, text_file("one\n\ntwo", "three")))

    assert [chunk.text for chunk in Chunk.objects.all()] == ["one", "two", "three"]
    assert all(chunk.text == chunk.page.text[chunk.start : chunk.end] for chunk in Chunk.objects.all())


def test_a_second_delivery_of_each_task_changes_nothing(vault, owner, library):
    document = vault(lambda: upload(owner, library)).document
    before, asked = points(vault), len(vault.embedder.asked)

    vault(lambda: (tasks.parse(run_of(document).pk), tasks.embed(run_of(document).pk)))

    assert (points(vault), len(vault.embedder.asked)) == (before, asked)


def test_a_delivery_while_another_worker_holds_the_run_is_a_no_op(vault, owner, library):
    document = vault.committed(lambda: upload(owner, library)).document
    run = run_of(document)
    IngestionRun.objects.filter(pk=run.pk).update(worker="other", heartbeat_at=timezone.now())

    vault()

    run.refresh_from_db()
    assert (run.worker, run.status, Page.objects.count()) == ("other", "queued", 0)


def test_the_lease_of_a_worker_silent_for_a_minute_is_taken_over(vault, owner, library):
    document = vault.committed(lambda: upload(owner, library)).document
    silent = timezone.now() - timedelta(seconds=61)
    IngestionRun.objects.update(worker="dead", heartbeat_at=silent)
    vault.queued.waiting.clear()

    vault(tasks.sweep)

    assert run_of(document).status == "ready"


def test_the_sweeper_sends_a_run_that_no_queue_ever_held(vault, owner, library):
    tasks.embedded_worker.clear()
    document = vault(lambda: upload(owner, library)).document
    assert run_of(document).status == "queued"
    tasks.embedded_worker.set()

    vault(tasks.sweep)

    assert run_of(document).status == "ready"


def test_the_sweeper_leaves_alone_what_was_sent_a_moment_ago(vault, owner, library):
    vault.committed(lambda: upload(owner, library))

    assert tasks.sweep() == 0


def test_a_broker_that_is_down_does_not_fail_the_upload_and_the_sweeper_sends_it_later(
    vault, owner, library, monkeypatch
):
    def down(*_args, **_options):
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(tasks.parse, "apply_async", down)
        document = vault.committed(lambda: upload(owner, library)).document

    vault(tasks.sweep)

    assert run_of(document).status == "ready"


def test_cancelling_while_pages_are_read_ends_the_run_there(vault, owner, library, monkeypatch):
    document = vault.committed(lambda: upload(owner, library)).document
    cancel = {"user": owner, "scope": scope_for(owner), "document_id": document.id}
    on_page(monkeypatch, 2, lambda: services.document_cancel(**cancel))

    vault()

    run = run_of(document)
    assert (run.status, run.finished_at is None, run.revision.status) == ("cancelled", False, "cancelled")


def test_cancelling_while_vectors_are_computed_ends_the_run_there(vault, owner, library):
    document = vault.committed(lambda: upload(owner, library)).document
    cancel = {"user": owner, "scope": scope_for(owner), "document_id": document.id}
    vault.embedder.before_batch = lambda: services.document_cancel(**cancel)

    vault()

    assert (run_of(document).status, points(vault), len(vault.embedder.asked)) == ("cancelled", [], 1)


def test_cancelling_a_waiting_run_ends_it_at_once(vault, owner, library):
    document = vault.committed(lambda: upload(owner, library)).document

    run = services.document_cancel(user=owner, scope=scope_for(owner), document_id=document.id)

    assert (run.status, run.revision.status) == ("cancelled", "cancelled")


def test_a_cancelled_run_is_not_worked_on_when_its_message_comes(vault, owner, library):
    document = vault.committed(lambda: upload(owner, library)).document
    services.document_cancel(user=owner, scope=scope_for(owner), document_id=document.id)

    vault()

    assert Page.objects.count() == 0


def test_retrying_after_a_cancellation_computes_only_what_was_missing(vault, owner, library):
    document = vault.committed(lambda: upload(owner, library)).document
    vault.queued.waiting.clear()
    tasks.parse(run_of(document).pk)
    services.document_cancel(user=owner, scope=scope_for(owner), document_id=document.id)
    pages = list(Page.objects.values_list("id", flat=True))

    vault(lambda: services.document_retry(user=owner, scope=scope_for(owner), document_id=document.id))

    now = list(Page.objects.order_by("number").values_list("id", flat=True))
    assert (run_of(document).status, len(now), now[: len(pages)]) == ("ready", 3, pages)


def test_retrying_a_ready_document_computes_nothing_and_changes_nothing(vault, owner, library):
    document = vault(lambda: upload(owner, library)).document
    before, asked = points(vault), len(vault.embedder.asked)

    vault(lambda: services.document_retry(user=owner, scope=scope_for(owner), document_id=document.id))

    assert (points(vault), len(vault.embedder.asked), run_of(document).status) == (before, asked, "ready")


def test_a_file_that_cannot_be_read_fails_with_its_code(vault, owner, library):
    document = vault(lambda: upload(owner, library, b"DAMAGED")).document

    run = run_of(document)
    assert (run.status, run.error_code, run.revision.status) == ("failed", "file_damaged", "failed")


@pytest.mark.parametrize(("data", "code"), [(b"PICTURE\f\f", "ocr_needed"), (b"\f\f", "no_text")])
def test_a_file_without_any_text_fails_and_its_pages_stay(vault, owner, library, data, code):
    document = vault(lambda: upload(owner, library, data)).document

    assert (run_of(document).error_code, Page.objects.count()) == (code, 3)


def test_a_file_whose_pages_all_failed_fails_with_their_reason(vault, owner, library):
    document = vault(lambda: upload(owner, library, text_file("UNREADABLE", "UNREADABLE"))).document

    assert run_of(document).error_code == "page_crashed"


def test_an_unforeseen_exception_ends_as_internal_error_and_not_the_worker(vault, owner, library, monkeypatch):
    monkeypatch.setattr(chunking, "chunk_pages", lambda *_, **__: 1 / 0)

    document = vault(lambda: upload(owner, library)).document

    assert (run_of(document).status, run_of(document).error_code) == ("failed", "internal_error")


TRANSIENT = [
    (OperationalError("database is locked"), "database_busy"),
    (OperationalError("database or disk is full"), "disk_full"),
    (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
    (IndexUnavailable(reason="test"), "index_unavailable"),
]


@pytest.mark.parametrize(("error", "code"), TRANSIENT, ids=lambda value: getattr(value, "code", str(value)))
def test_a_passing_failure_is_tried_again_by_the_sweeper(vault, owner, library, error, code):
    with pytest.MonkeyPatch.context() as broken:
        on_page(broken, 2, lambda: (_ for _ in ()).throw(error))
        document = vault(lambda: upload(owner, library)).document
    put_off = run_of(document)
    IngestionRun.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=16))

    vault(tasks.sweep)

    assert (put_off.error_code, put_off.finished_at, run_of(document).status) == (code, None, "ready")


def test_a_passing_failure_is_not_tried_again_at_once(vault, owner, library, monkeypatch):
    on_page(monkeypatch, 2, lambda: (_ for _ in ()).throw(OperationalError("database is locked")))
    vault(lambda: upload(owner, library))

    assert tasks.sweep() == 0


def test_a_failure_that_does_not_pass_is_given_up_with_its_code(vault, owner, library, monkeypatch):
    on_page(monkeypatch, 1, lambda: (_ for _ in ()).throw(OperationalError("database is locked")))
    document = vault(lambda: upload(owner, library)).document

    for _ in range(leases.ATTEMPTS):
        IngestionRun.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
        vault(tasks.sweep)

    run = run_of(document)
    assert (run.status, run.error_code, run.revision.status) == ("failed", "database_busy", "failed")


def test_a_worker_told_to_stop_puts_the_run_down_and_the_next_one_finishes_it(vault, owner, library, monkeypatch):
    with monkeypatch.context() as ending:
        on_page(ending, 2, leases.stopping.set)
        document = vault(lambda: upload(owner, library)).document
    put_down = run_of(document)
    leases.stopping.clear()

    vault(tasks.sweep)

    assert (put_down.worker, put_down.finished_at, run_of(document).status) == ("", None, "ready")


def test_a_document_deleted_while_its_pages_are_read_leaves_nothing(vault, owner, library, monkeypatch):
    document = vault.committed(lambda: upload(owner, library)).document
    delete = {"user": owner, "scope": scope_for(owner), "document_id": document.id}
    on_page(monkeypatch, 2, lambda: services.document_delete(**delete))

    vault()

    left = (Document.objects.count(), Page.objects.count(), points(vault), files.orphans())
    assert left == (0, 0, [], [])


def test_a_library_deleted_while_vectors_are_computed_leaves_nothing(vault, owner, library, media):
    vault.committed(lambda: upload(owner, library))
    delete = {"user": owner, "scope": scope_for(owner), "library_id": library.id}
    vault.embedder.before_batch = lambda: Document.objects.exists() and services.library_delete(**delete)

    vault()

    left = [path for path in media.rglob("*") if path.is_file()]
    assert (Revision.objects.count(), points(vault), left) == (0, [], [])


def test_a_new_revision_is_answered_from_only_after_the_switch(vault, owner, library):
    document = vault(lambda: upload(owner, library)).document
    current = []
    vault.embedder.before_batch = lambda: current.append(Document.objects.get().current.number)

    vault(lambda: replace(owner, document, text_file("new")))

    document.refresh_from_db()
    assert (current, document.current.number) == ([1], 2)


def test_after_the_switch_the_index_holds_only_the_new_revision_and_the_old_rows_stay(vault, owner, library):
    document = vault(lambda: upload(owner, library)).document

    vault(lambda: replace(owner, document, text_file("new")))

    document.refresh_from_db()
    assert {revision for _, revision in points(vault)} == {document.current_id}
    assert Page.objects.filter(revision__number=1).count() == len(PAGES)


def test_a_failed_new_revision_leaves_the_old_one_answered_from(vault, owner, library):
    document = vault(lambda: upload(owner, library)).document
    before = points(vault)

    vault(lambda: replace(owner, document, b"DAMAGED"))

    document.refresh_from_db()
    assert (document.current.number, points(vault)) == (1, before)


def test_content_that_is_already_embedded_is_not_computed_again(vault, owner, library):
    document = vault(lambda: upload(owner, library, text_file("same", "old"))).document
    vault.embedder.asked.clear()

    vault(lambda: replace(owner, document, text_file("same", "new")))

    assert [text.splitlines()[-1] for text in vault.embedder.asked] == ["new"]


def test_a_new_chunk_recipe_cuts_again_and_takes_over_the_vectors_of_equal_content(vault, owner, library, monkeypatch):
    document = vault(lambda: upload(owner, library)).document
    vault.embedder.asked.clear()
    monkeypatch.setattr(chunking, "RECIPE", "chunks-test")

    vault(lambda: services.document_retry(user=owner, scope=scope_for(owner), document_id=document.id))

    document.refresh_from_db()
    assert (document.current.recipe, vault.embedder.asked, len(points(vault))) == ("chunks-test", [], 3)
    assert ChunkVector.objects.filter(build__active=True).count() == len(PAGES)


def test_text_that_no_database_takes_is_stored_character_for_character_as_long():
    assert reading.storable("a\x00b\ud800c") == "a b?c"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Debian GNU/Linux Installation Guide", True),
        ("ポンプ保守マニュアル", True),
        ("Microsoft Word - pump.doc", False),
        ("Untitled", False),
        ("pump_v3.indd", False),
        ("12-34-56", False),
        ("", False),
    ],
)
def test_a_file_title_is_used_only_where_it_reads_like_one(title, expected):
    assert reading._is_title(title) is expected
