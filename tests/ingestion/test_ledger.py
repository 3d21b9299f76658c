"""The page ledger: every page counted once, in words, as search sees it, and read once more on its own."""

import pytest
from django.urls import reverse
from django.utils import translation

from ingestion import ledger, services
from ingestion.access import scope_for
from ingestion.errors import NotFound, PageBusy
from ingestion.ledger import Counts, Stretch
from ingestion.models import AuditEvent, Chunk, IngestionRun, Page, PageStatus, Status
from tests.factories import make_page, text_file, upload
from tests.ingestion.parts import FormFeedReader


@pytest.fixture
def document(owner, library, queued):
    made = upload(owner, library).document
    revision = made.revisions.get()
    revision.runs.update(status=Status.READY, finished_at="2026-01-01T00:00Z")
    revision.status, revision.pages_total = Status.READY, 6
    revision.save()
    make_page(revision, 1)
    make_page(revision, 2, ocr=True)
    make_page(revision, 3, text="", status=PageStatus.EMPTY)
    make_page(revision, 4, text="", ocr=True, status=PageStatus.EMPTY)
    Page.objects.create(revision=revision, number=5, status=PageStatus.FAILED, reason="page_crashed")
    made.current = revision
    made.save()
    return made


@pytest.fixture
def shown(client, owner, document):
    client.force_login(owner)

    def get(language="en", **asked):
        address = reverse("document", args=[document.id])
        return client.get(address, asked, headers={"Accept-Language": language})

    return get


def test_every_page_of_the_file_is_counted_once(document):
    assert ledger.counts_of(document.current) == Counts(text=1, ocr=1, empty=2, failed=1, waiting=1)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "6 pages: 1 with text, 1 read by OCR, 2 empty, 1 not read, 1 still to be read"),
        ("ja", "全6ページ: テキストあり 1、OCRで読み取り 1、テキストなし 2、読み取れず 1、これから読み取り 1"),
    ],
)
def test_the_sum_is_stated_in_words(document, language, said):
    with translation.override(language):
        assert ledger.counts_of(document.current).in_words() == said


def test_states_that_no_page_is_in_are_not_named():
    with translation.override("en"):
        assert Counts(text=1, ocr=0, empty=0, failed=0, waiting=0).in_words() == "1 page: 1 with text"


def test_before_the_file_is_opened_there_are_no_pages_to_count(owner, library, queued):
    revision = upload(owner, library).document.revisions.get()
    with translation.override("en"):
        assert ledger.counts_of(revision).in_words() == "No pages yet"


@pytest.mark.parametrize(
    ("state", "numbers"),
    [("", [1, 2, 3, 4, 5]), ("text", [1]), ("ocr", [2]), ("empty", [3, 4]), ("failed", [5]), ("x", [1, 2, 3, 4, 5])],
)
def test_the_pages_of_one_state_can_be_asked_for(shown, state, numbers):
    assert [entry.number for entry in shown(state=state).context["entries"]] == numbers


def test_every_tile_says_its_pages_state_in_words(shown):
    page = shown().content.decode()
    tiles = page.split('<ol class="ledger">')[1].split("</ol>")[0].split("</li>")
    words = ["With text", "Read by OCR", "Empty", "Empty", "Not read"]
    assert [word in tile for word, tile in zip(words, tiles, strict=False)] == [True] * 5


def test_a_page_that_was_not_read_says_why_and_what_to_do(shown):
    page = shown().content.decode()
    assert ("Reading this page stopped" in page, "Save the file again" in page) == (True, True)


def test_an_attachment_that_was_not_read_is_named_with_its_kind(shown, document):
    document.current.pages.filter(number=5).update(label="viewer.exe", reason="attachment_unsupported")
    assert "<b>viewer.exe</b> Attachments of this kind (.exe) cannot be read." in shown().content.decode()


def test_a_page_without_a_size_asks_for_no_thumbnail(shown, document):
    page = shown().content.decode()
    assert reverse("page_thumbnail", args=[document.id, 5]) not in page


@pytest.mark.parametrize(("at", "numbers"), [(1, 1), (60, 1), (61, 61), (130, 121), (9999, 121), ("x", 1)])
def test_a_page_of_a_long_document_is_gone_to_by_its_number(shown, document, at, numbers):
    for number in range(7, 131):
        make_page(document.current, number)
    make_page(document.current, 6)
    assert shown(at=at).context["entries"][0].number == numbers


def test_the_number_of_queries_does_not_grow_with_the_pages(shown, document, django_assert_max_num_queries):
    Page.objects.bulk_create(
        Page(revision=document.current, number=number, text="x", width=1, height=1) for number in range(7, 807)
    )
    shown()  # the first page of a session is noted
    with django_assert_max_num_queries(25):
        shown()


def chunk(page, ordinal, start, end):
    text = page.text[start:end]
    made = {"start": start, "end": end, "text": text, "context": "pump manual\n", "content_hash": str(ordinal)}
    return Chunk.objects.create(revision=page.revision, page=page, ordinal=ordinal, **made)


def test_a_page_as_indexed_is_its_passages_and_what_lies_between_them(document):
    page = make_page(document.current, 6, text="One. Two. ... Three. end")
    chunk(page, 0, 0, 9)
    chunk(page, 1, 14, 20)
    assert list(ledger.stretches(page)) == [
        Stretch("One. Two.", 1, "pump manual"),
        Stretch("...", 0, ""),
        Stretch("Three.", 2, "pump manual"),
        Stretch("end", 0, ""),
    ]


def test_no_character_of_a_page_is_left_out_of_the_view_as_indexed(vault, owner, library):
    vault(lambda: upload(owner, library, text_file("One.\n\nTwo.", "Three.")))
    for page in Page.objects.all():
        shown = "".join(stretch.text for stretch in ledger.stretches(page))
        assert "".join(shown.split()) == "".join(page.text.split())


def test_a_reader_views_a_page_as_indexed_and_the_audit_trail_has_it(client, reader, document):
    chunk(document.current.pages.get(number=1), 0, 0, 8)
    client.force_login(reader)
    page = client.get(reverse("page_indexed", args=[document.id, 1])).content.decode()
    assert ("The pump" in page, AuditEvent.objects.get(action="page.read").facts["what"]) == (True, "indexed")


# --- one page read once more -------------------------------------------------------------------------------------
@pytest.fixture
def two_unread(vault, owner, library):
    """A ready document of four pages, of which 2 and 4 could not be read."""
    return vault(lambda: upload(owner, library, text_file("one", "UNREADABLE 2", "three", "UNREADABLE 4"))).document


@pytest.fixture
def read_again(monkeypatch):
    """The numbers of the pages that are read from now on."""
    numbers = []
    monkeypatch.setattr(FormFeedReader, "before_page", staticmethod(numbers.append))
    return numbers


def retry(owner, document, number):
    return services.page_retry(user=owner, scope=scope_for(owner), document_id=document.id, number=number)


def test_one_page_is_read_again_and_no_other(vault, owner, two_unread, read_again):
    vault(lambda: retry(owner, two_unread, 4))
    assert read_again == [4]


def test_several_pages_asked_for_in_turn_are_read_together(vault, owner, two_unread, read_again):
    vault(lambda: [retry(owner, two_unread, number) for number in (4, 2)])
    assert (read_again, IngestionRun.objects.count()) == ([2, 4], 2)


def test_all_pages_are_read_again_where_one_was_asked_for_before(vault, owner, two_unread, read_again):
    scope = scope_for(owner)
    vault(
        lambda: (
            retry(owner, two_unread, 4),
            services.document_retry(user=owner, scope=scope, document_id=two_unread.id),
        )
    )
    assert read_again == [2, 4]


def test_one_page_among_all_that_are_asked_for_keeps_the_others_in_line(vault, owner, two_unread, read_again):
    scope = scope_for(owner)
    vault(
        lambda: (
            services.document_retry(user=owner, scope=scope, document_id=two_unread.id),
            retry(owner, two_unread, 4),
        )
    )
    assert read_again == [2, 4]


def test_a_page_that_is_read_at_last_is_searched(vault, owner, two_unread, monkeypatch):
    monkeypatch.setattr("tests.ingestion.parts._page", _read)
    vault(lambda: retry(owner, two_unread, 2))
    assert Chunk.objects.filter(page__number=2).exists()


def _read(number, text):
    from ingestion.parsing import ParsedPage

    return ParsedPage(number, text, 595.0, 842.0)


@pytest.mark.parametrize("number", [1, 99])
def test_only_a_page_that_could_not_be_read_is_read_again(vault, owner, two_unread, number):
    with pytest.raises(NotFound):
        retry(owner, two_unread, number)


def test_a_page_is_not_put_in_line_while_a_worker_reads_the_document(vault, owner, two_unread):
    vault.committed(lambda: retry(owner, two_unread, 2))
    IngestionRun.objects.filter(finished_at=None).update(worker="w", status=Status.PARSING)
    with pytest.raises(PageBusy):
        retry(owner, two_unread, 4)


def test_a_page_to_read_again_is_audited(vault, owner, two_unread):
    vault.committed(lambda: retry(owner, two_unread, 2))
    assert AuditEvent.objects.get(action="page.retry").facts["page"] == 2


@pytest.mark.parametrize(("person", "offered"), [("owner", True), ("reader", False)])
def test_only_owners_are_offered_another_try_of_a_page(client, request, document, person, offered):
    client.force_login(request.getfixturevalue(person))
    page = client.get(reverse("document", args=[document.id])).content.decode()
    assert (reverse("page_retry", args=[document.id, 5]) in page) == offered


def test_a_page_of_an_older_revision_is_not_offered_another_try(shown, document):
    document.revisions.create(number=2, sha256="0", filename="x.txt", size=1, status=Status.FAILED)
    assert reverse("page_retry", args=[document.id, 5]) not in shown().content.decode()
