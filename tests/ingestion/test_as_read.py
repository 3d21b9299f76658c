"""A document's first revision is found while it is being read; a later one only when it is whole."""

from types import SimpleNamespace

import pytest

from ingestion import leases, reading, services, tasks
from ingestion.access import scope_for
from ingestion.models import Chunk, ChunkVector, Document, DocumentState, IngestionRun, Page, Revision
from ingestion.selectors import chunks_of, out_of_force, revision_state
from ingestion.stages import sparse
from ingestion.upkeep import compare, rebuild
from tests.factories import make_library, replace, text_file, upload
from tests.ingestion.parts import FormFeedReader, on_page, points, run_of

THIRTY = text_file(*(f"Page {number}." for number in range(1, 31)))


def found(vault, person):
    """The pages that a search of everything brings to this person, in order."""
    scope = scope_for(person)
    asked = vault.embedder.query("x").tolist()
    found = vault.index.search(asked, sparse.encode_passage("Page"), scope=scope, limit=99, without=out_of_force(scope))
    return sorted({chunk.page.number for chunk in chunks_of(scope, found.dense).values()})


def found_before(monkeypatch, vault, person, number):
    """Pages found just before page `number` is read are noted in the list that is returned."""
    seen = []
    on_page(monkeypatch, number, lambda: seen.append(found(vault, person)))
    return seen


@pytest.fixture
def half_read(vault, owner, library, monkeypatch):
    """A document of which five pages are read and can be found; its run waits to go on."""
    with monkeypatch.context() as ending:
        on_page(ending, 6, leases.stopping.set)
        document = vault(lambda: upload(owner, library, THIRTY)).document
    leases.stopping.clear()
    Page.objects.filter(number__gt=5).delete()  # the worker kept the page at hand
    document.refresh_from_db()
    return SimpleNamespace(
        document=document, who={"user": owner, "scope": scope_for(owner), "document_id": document.pk}
    )


def test_the_first_page_is_found_before_the_second_is_read(vault, owner, library, monkeypatch):
    seen = found_before(monkeypatch, vault, owner, 2)

    vault(lambda: upload(owner, library, THIRTY))

    assert seen == [[1]]


def test_what_is_read_is_found_before_the_next_portion_is_read(vault, owner, library, monkeypatch):
    seen = found_before(monkeypatch, vault, owner, 6)

    vault(lambda: upload(owner, library, THIRTY))

    assert seen == [[1, 2, 3, 4, 5]]


def test_in_the_end_all_of_it_is_found_and_nothing_says_in_part(vault, owner, library):
    document = vault(lambda: upload(owner, library, THIRTY)).document

    document.refresh_from_db()
    assert (found(vault, owner), document.current.pages_findable) == (list(range(1, 31)), None)


def test_portions_give_the_same_chunks_vectors_and_points_as_reading_in_one_go(vault, owner, library, monkeypatch):
    vault(lambda: upload(owner, library, THIRTY))
    with monkeypatch.context() as whole:
        whole.setattr(reading, "_OPENINGS", 10**9)
        vault(lambda: upload(owner, make_library("Other", owner=owner), THIRTY))

    one, other = (
        list(Chunk.objects.filter(revision=revision).values_list("ordinal", "page__number", "start", "content_hash"))
        for revision in Revision.objects.all()
    )
    assert one == other
    assert (len(points(vault)), ChunkVector.objects.count()) == (60, 30)


def test_no_page_is_read_twice_and_no_vector_computed_twice(vault, owner, library, monkeypatch):
    read = []
    monkeypatch.setattr(FormFeedReader, "before_page", staticmethod(read.append))

    vault(lambda: upload(owner, library, THIRTY))

    assert (sorted(read), len(vault.embedder.asked)) == (list(range(1, 31)), 30)


def test_a_portion_without_text_goes_on_to_the_first_page_with_some(vault, owner, library, monkeypatch):
    seen = found_before(monkeypatch, vault, owner, 5)

    vault(lambda: upload(owner, library, text_file("", "", "", "Page 4.", "Page 5.")))

    assert seen == [[4]]


def test_a_file_without_any_text_fails_as_ever(vault, owner, library):
    document = vault(lambda: upload(owner, library, text_file(*[""] * 30))).document

    assert run_of(document).error_code == "no_text"


def test_a_page_that_cannot_be_read_keeps_none_of_the_others_from_being_found(vault, owner, library):
    vault(
        lambda: upload(owner, library, text_file("Page 1.", "UNREADABLE", "Page 3.", "Page 4.", "Page 5.", "Page 6."))
    )

    assert found(vault, owner) == [1, 3, 4, 5, 6]


def test_a_new_revision_is_not_found_in_part(vault, owner, library, monkeypatch):
    document = vault(lambda: upload(owner, library)).document
    seen = []
    on_page(monkeypatch, 20, lambda: seen.append(Document.objects.get().current.number))

    vault(lambda: replace(owner, document, THIRTY))

    assert (seen, Document.objects.get().current.number) == ([1], 2)


def test_a_draft_is_not_found_while_it_is_read(vault, owner, library, monkeypatch):
    seen = found_before(monkeypatch, vault, owner, 6)
    document = vault.committed(lambda: upload(owner, library, THIRTY)).document
    Document.objects.filter(pk=document.pk).update(state=DocumentState.DRAFT)

    vault()

    assert seen == [[]]


def test_another_person_finds_nothing_of_it(vault, owner, library, stranger, monkeypatch):
    seen = found_before(monkeypatch, vault, stranger, 6)

    vault(lambda: upload(owner, library, THIRTY))

    assert seen == [[]]


def test_how_far_it_can_be_found_is_said(vault, half_read):
    state = revision_state(half_read.document)

    assert (state.pages_findable, state.pages_total, state.status) == (5, 30, "parsing")


def test_a_run_that_was_put_down_goes_on_where_it_was(vault, owner, half_read, monkeypatch):
    read = []
    monkeypatch.setattr(FormFeedReader, "before_page", staticmethod(read.append))

    vault(tasks.sweep)

    assert (read, found(vault, owner)) == (list(range(6, 31)), list(range(1, 31)))


def test_cancelling_takes_back_what_was_found(vault, owner, half_read):
    services.document_cancel(**half_read.who)

    assert found(vault, owner) == []


def test_after_cancelling_the_sweeper_removes_the_points(vault, half_read):
    services.document_cancel(**half_read.who)

    vault(tasks.sweep)

    assert (points(vault), Revision.objects.get().pages_findable) == ([], None)


def test_points_of_a_run_begun_anew_are_not_swept_away(vault, half_read):
    services.document_cancel(**half_read.who)
    vault.committed(lambda: services.document_retry(**half_read.who))
    vault.queued.waiting.clear()

    tasks.sweep()

    assert len(points(vault)) == 5


def test_a_cancelled_one_that_is_tried_again_ends_whole(vault, owner, half_read):
    services.document_cancel(**half_read.who)

    vault(lambda: services.document_retry(**half_read.who))

    assert (found(vault, owner), len(points(vault))) == (list(range(1, 31)), 30)


def test_cancelling_while_it_is_worked_on_takes_everything_back_at_once(vault, owner, library, monkeypatch):
    document = vault.committed(lambda: upload(owner, library, THIRTY)).document
    cancel = {"user": owner, "scope": scope_for(owner), "document_id": document.id}
    on_page(monkeypatch, 8, lambda: services.document_cancel(**cancel))

    vault()

    document.refresh_from_db()
    assert (document.current, points(vault), run_of(document).status) == (None, [], "cancelled")


def test_a_failure_of_the_whole_file_takes_back_what_was_found(vault, owner, library, monkeypatch):
    on_page(monkeypatch, 8, lambda: 1 / 0)

    document = vault(lambda: upload(owner, library, THIRTY)).document

    document.refresh_from_db()
    assert (document.current, points(vault), run_of(document).status) == (None, [], "failed")


def test_a_run_given_up_takes_back_what_was_found(vault, owner, half_read):
    IngestionRun.objects.update(attempts=leases.ATTEMPTS)

    vault(tasks.sweep)

    assert (found(vault, owner), points(vault)) == ([], [])


def test_a_new_file_for_it_is_taken_in_from_the_start(vault, owner, half_read):
    vault(lambda: replace(owner, half_read.document, text_file("Page 1.")))

    half_read.document.refresh_from_db()
    assert (half_read.document.current.number, len(points(vault))) == (2, 1)


def test_index_and_database_agree_while_it_is_read(vault, half_read):
    assert compare().agrees


def test_a_rebuild_meanwhile_writes_what_can_be_found(vault, half_read):
    rebuild(lambda *_: None)

    assert len(points(vault)) == 5


def test_the_documents_page_says_which_pages_can_be_asked_about(vault, owner, library, half_read, client):
    client.force_login(owner)

    page = client.get(f"/libraries/{library.pk}/", headers={"accept-language": "en"}).content.decode()

    assert "Pages 1–5 of 30 can be asked about already" in page


def test_the_ledger_page_says_it_too(vault, owner, half_read, client):
    client.force_login(owner)

    page = client.get(f"/documents/{half_read.document.pk}/", headers={"accept-language": "en"}).content.decode()

    assert "Pages 1–5 of 30 can be asked about already" in page


def test_between_two_portions_another_documents_first_page_is_found(vault, owner, library, monkeypatch):
    vault.committed(lambda: upload(owner, library, THIRTY))
    vault.committed(lambda: upload(owner, make_library("Other", owner=owner), text_file("Page 99.")))
    seen = []
    on_page(monkeypatch, 6, lambda: seen.append(IngestionRun.objects.filter(status="ready").count()))

    vault()

    assert seen == [1]
