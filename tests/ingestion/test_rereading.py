"""Another try: which pages are read again, after a failure, after the worker's end, and once there is an OCR engine."""

from types import SimpleNamespace

import pytest

from ingestion import leases, services, tasks
from ingestion.access import scope_for
from ingestion.models import Chunk, Page
from tests.factories import text_file, upload
from tests.ingestion import parts
from tests.ingestion.parts import FormFeedReader, on_page, points, run_of


@pytest.fixture
def unreadable(monkeypatch):
    """Reading of these page numbers fails; numbers asked for are written down in `.read`."""
    real, failing = parts._page, {2, 4}

    def page(number, text):
        read.append(number)
        return real(number, "UNREADABLE" if number in failing else text)

    read = []
    monkeypatch.setattr(parts, "_page", page)
    return SimpleNamespace(failing=failing, read=read)


def retry(owner, document):
    services.document_retry(user=owner, scope=scope_for(owner), document_id=document.id)


def test_a_retry_reads_the_pages_again_that_could_not_be_read_and_no_others(vault, owner, library, unreadable):
    document = vault(lambda: upload(owner, library, text_file("a", "b", "c", "d", "e"))).document
    kept = dict(Page.objects.filter(number__in=[1, 3, 5]).values_list("number", "id"))
    unreadable.read.clear()

    unreadable.failing.clear()
    vault(lambda: retry(owner, document))

    assert unreadable.read == [2, 4]
    assert dict(Page.objects.filter(number__in=[1, 3, 5]).values_list("number", "id")) == kept


def test_pages_that_a_retry_could_read_are_found(vault, owner, library, unreadable):
    document = vault(lambda: upload(owner, library, text_file("a", "b", "c", "d", "e"))).document

    unreadable.failing.clear()
    vault(lambda: retry(owner, document))

    assert [chunk.text for chunk in Chunk.objects.order_by("ordinal")] == ["a", "b", "c", "d", "e"]
    assert (len(points(vault)), run_of(document).status) == (5, "ready")


def test_a_page_that_fails_on_a_retry_too_stays_in_the_ledger(vault, owner, library, unreadable):
    document = vault(lambda: upload(owner, library, text_file("a", "b", "c", "d", "e"))).document

    unreadable.failing.discard(2)
    vault(lambda: retry(owner, document))

    ledger = Page.objects.order_by("number").values_list("status", flat=True)
    assert list(ledger) == ["indexed", "indexed", "indexed", "failed", "indexed"]


def test_a_run_that_goes_on_after_its_workers_end_leaves_failed_pages_alone(
    vault, owner, library, unreadable, monkeypatch
):
    with monkeypatch.context() as ending:
        on_page(ending, 3, leases.stopping.set)
        vault(lambda: upload(owner, library, text_file("a", "b", "c", "d", "e")))
    leases.stopping.clear()
    unreadable.read.clear()

    vault(tasks.sweep)

    assert unreadable.read == [4, 5]


def _tried_again_with_ocr(vault, owner, document, monkeypatch):
    monkeypatch.setattr(FormFeedReader, "ocr_installed", True)
    vault(lambda: services.document_retry(user=owner, scope=scope_for(owner), document_id=document.pk))
    return list(Page.objects.order_by("number").values_list("status", "ocr", "confidence"))


def test_another_try_reads_pictures_once_an_engine_is_there(vault, owner, library, monkeypatch):
    document = vault(lambda: upload(owner, library, b"PICTURE of an oil pump")).document

    assert _tried_again_with_ocr(vault, owner, document, monkeypatch) == [("indexed", True, 0.7)]


def test_another_try_reads_scans_that_an_earlier_version_left_without_text(vault, owner, library, monkeypatch):
    document = vault(lambda: upload(owner, library, b"PICTURE of an oil pump")).document
    Page.objects.update(status="empty", reason="")

    assert _tried_again_with_ocr(vault, owner, document, monkeypatch) == [("indexed", True, 0.7)]


def test_a_picture_in_which_ocr_found_nothing_is_not_read_again(vault, owner, library, monkeypatch):
    document = vault(lambda: upload(owner, library, text_file("text", "PICTURE"))).document
    Page.objects.filter(number=2).update(status="empty", reason="", ocr=True)

    assert _tried_again_with_ocr(vault, owner, document, monkeypatch)[1] == ("empty", True, None)
