"""What a person may ask: states, pages, boxes, pictures, the chunks behind hits."""

import json
import uuid
import zlib
from io import BytesIO

import pytest
from PIL import Image

from ingestion import pictures, selectors
from ingestion.access import scope_for
from ingestion.errors import FileMissing, NotFound
from ingestion.index import Hit
from ingestion.models import AuditEvent, Chunk, IngestionRun, Revision
from tests.factories import make_library, make_page, make_user, upload


@pytest.fixture
def revision(owner, library):
    document = upload(owner, library).document
    made = document.revisions.get()
    document.current = made
    document.save()
    return made


def words(*rows):
    return zlib.compress(json.dumps(rows).encode())


def png(width=1190, height=1684, colour="white"):
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def test_a_waiting_document_says_its_place_in_the_queue(owner, library):
    upload(owner, library, b"one")
    second = upload(owner, library, b"two").document

    assert selectors.revision_state(second).queue_position == 2


def test_a_run_that_has_begun_has_no_place_in_the_queue(owner, library):
    document = upload(owner, library).document
    IngestionRun.objects.update(status="parsing")

    assert selectors.revision_state(document).queue_position is None


def test_a_failed_document_says_why_and_what_to_do(owner, library):
    document = upload(owner, library).document
    IngestionRun.objects.update(status="failed", error_code="ocr_needed", error_params={"pages": "7"})
    Revision.objects.update(status="failed")

    error = selectors.revision_state(document).error

    assert (error["code"], "7" in error["message"], bool(error["hint"])) == ("ocr_needed", True, True)


def test_an_error_code_this_version_does_not_know_still_reads(owner, library):
    document = upload(owner, library).document
    IngestionRun.objects.update(status="failed", error_code="from_the_future")
    Revision.objects.update(status="failed")

    assert selectors.revision_state(document).error["message"]


def test_the_state_counts_pages_and_chunks_that_are_written(owner, library, revision):
    page = make_page(revision)
    make_page(revision, 2)
    Chunk.objects.create(revision=revision, page=page, ordinal=0, start=0, end=3, text="The", content_hash="x")

    state = selectors.revision_state(revision.document)

    assert (state.pages_done, state.chunks) == (2, 1)


def test_the_documents_of_a_library_are_found_by_words_of_title_or_file_name(owner, library):
    upload(owner, library, b"one", filename="pump manual.txt")
    upload(owner, library, b"two", filename="fan list.csv")

    found = selectors.documents_list(scope_for(owner), library.id, "list FAN")

    assert [row.document.title for row in found] == ["fan list"]


def test_the_number_of_queries_does_not_grow_with_the_documents(owner, library, django_assert_max_num_queries):
    for number in range(20):
        upload(owner, library, str(number).encode())

    with django_assert_max_num_queries(11):
        selectors.documents_list(scope_for(owner), library.id)


def test_a_library_out_of_scope_is_not_there(stranger, library):
    with pytest.raises(NotFound):
        selectors.documents_list(scope_for(stranger), library.id)


def test_a_page_of_the_current_revision_is_found(reader, revision):
    page = make_page(revision)

    assert selectors.page_of(scope_for(reader), revision.document_id, 1) == page


def test_a_page_of_an_old_revision_is_found_by_naming_it(reader, revision):
    old = Revision.objects.create(document=revision.document, number=2, sha256="0", filename="x.txt", size=1)
    page = make_page(old)

    assert selectors.page_of(scope_for(reader), revision.document_id, 1, revision_id=old.id) == page


@pytest.mark.parametrize("document_id", ["not-an-id", str(uuid.uuid4())])
def test_a_malformed_id_answers_like_an_unknown_one(reader, library, document_id):
    with pytest.raises(NotFound):
        selectors.page_of(scope_for(reader), document_id, 1)


def test_a_page_of_a_document_out_of_scope_is_not_there(stranger, revision):
    make_page(revision)

    with pytest.raises(NotFound):
        selectors.page_of(scope_for(stranger), revision.document_id, 1)


def test_a_revision_of_another_document_is_not_there_under_this_one(owner, library, revision):
    other = upload(owner, library, b"other").document.revisions.get()
    make_page(other)

    with pytest.raises(NotFound):
        selectors.page_of(scope_for(owner), revision.document_id, 1, revision_id=other.id)


def test_boxes_of_a_span_are_joined_per_line(revision):
    rows = words([0, 3, 10, 100, 30, 110], [4, 8, 34, 100, 60, 110], [9, 13, 10, 114, 40, 124])
    page = make_page(revision, text="The pump runs", words=rows)

    assert selectors.span_boxes(page, 0, 13) == [(10, 100, 60, 110), (10, 114, 40, 124)]


def test_a_wide_gap_in_a_line_is_not_highlighted(revision):
    page = make_page(revision, text="cell cell", words=words([0, 4, 10, 100, 30, 110], [5, 9, 200, 100, 230, 110]))

    assert selectors.span_boxes(page, 0, 9) == [(10, 100, 30, 110), (200, 100, 230, 110)]


def test_a_span_takes_only_its_part_of_a_long_word(revision):
    page = make_page(revision, text="吸込ストレーナー清掃", words=words([0, 10, 100, 50, 200, 60]))

    assert selectors.span_boxes(page, 2, 8) == [(120, 50, 180, 60)]


def test_a_span_takes_its_part_of_a_vertical_word_downwards(revision):
    page = make_page(revision, text="吸込口清掃", words=words([0, 5, 100, 50, 110, 100]))

    assert selectors.span_boxes(page, 0, 2) == [(100, 50, 110, 70)]


def test_a_page_without_words_has_no_boxes(revision):
    assert selectors.span_boxes(make_page(revision), 0, 5) == []


def test_a_page_is_drawn_once_and_kept(revision, reader, monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    drawn = []
    monkeypatch.setattr(pictures, "_drawn", lambda page: drawn.append(page) or png())
    make_page(revision)

    for _ in range(2):
        selectors.page_image(scope_for(reader), revision.document_id, 1)

    assert len(drawn) == 1


def test_looking_at_a_page_is_audited(revision, reader, monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(pictures, "_drawn", lambda _: png())
    make_page(revision)

    selectors.page_image(scope_for(reader), revision.document_id, 1)

    event = AuditEvent.objects.get(action="page.read")
    assert (event.actor, event.facts["page"]) == ("reader", 1)


def test_a_highlight_colours_the_paper_inside_its_box_and_nothing_else(revision):
    page = make_page(revision)

    picture = Image.open(BytesIO(pictures.highlighted(png(), page, [(100, 100, 200, 120)])))

    inside, outside = picture.getpixel((300, 220)), picture.getpixel((300, 300))
    assert (inside[2] < 200 < inside[0], outside) == (True, (255, 255, 255))


def test_a_highlight_leaves_black_text_black(revision):
    page = make_page(revision)

    picture = Image.open(BytesIO(pictures.highlighted(png(colour="black"), page, [(100, 100, 200, 120)])))

    assert picture.getpixel((300, 220)) == (0, 0, 0)


def test_a_box_beyond_the_page_is_cut_at_its_edge(revision):
    page = make_page(revision)

    assert pictures.highlighted(png(), page, [(-50, 800, 9999, 9999), (700, 0, 800, 10)])


def test_a_page_whose_file_is_gone_says_so(revision, reader, settings, tmp_path, media):
    settings.DATA_DIR = tmp_path
    make_page(revision)
    (media / revision.stored_name).unlink()

    with pytest.raises(FileMissing):
        selectors.page_image(scope_for(reader), revision.document_id, 1)


def chunk(revision, ordinal=0):
    page = make_page(revision, ordinal + 1)
    return Chunk.objects.create(revision=revision, page=page, ordinal=ordinal, start=0, end=3, text="The")


def test_the_chunks_behind_hits_are_keyed_by_revision_and_ordinal(revision, reader):
    made = [chunk(revision, ordinal) for ordinal in range(3)]
    hits = [Hit(revision.id, 0, 1.0), Hit(revision.id, 2, 0.5), Hit(revision.id, 99, 0.1)]

    found = selectors.chunks_of(scope_for(reader), hits)

    assert found == {(revision.id, 0): made[0], (revision.id, 2): made[2]}


def test_a_chunk_of_a_revision_that_is_not_current_is_left_out(revision, reader):
    old = Revision.objects.create(document=revision.document, number=2, sha256="0", filename="x.txt", size=1)
    chunk(old)

    assert selectors.chunks_of(scope_for(reader), [Hit(old.id, 0, 1.0)]) == {}


def test_a_chunk_out_of_scope_is_left_out_whatever_the_index_says(revision, stranger):
    chunk(revision)

    assert selectors.chunks_of(scope_for(stranger), [Hit(revision.id, 0, 1.0)]) == {}


def test_the_libraries_listed_are_those_in_scope_with_their_documents_counted(owner, library):
    upload(owner, library)
    make_library("Secret", owner=make_user("somebody"))

    assert [(found.name, found.documents_count) for found in selectors.libraries_list(scope_for(owner))] == [
        ("Pumps", 1)
    ]


@pytest.mark.parametrize(
    ("said", "default", "held"),
    [
        ([], True, False),
        ([None], True, True),
        ([None], False, False),
        ([True], False, True),
        ([False], True, False),
        ([False, None], True, True),
        ([False, None], False, False),
        ([False, True], False, True),
    ],
)
def test_several_libraries_follow_the_strictest_of_them(owner, said, default, held):
    for number, proved_only in enumerate(said):
        made = make_library(f"Library {number}", owner=owner)
        made.proved_only = proved_only
        made.save()
    assert selectors.proved_only(scope_for(owner), default=default) is held


def test_a_library_that_is_not_searched_withholds_nothing(owner, library):
    other = make_library("Strict", owner=owner)
    other.proved_only = True
    other.save()
    assert not selectors.proved_only(scope_for(owner).narrowed([library.pk]), default=False)
