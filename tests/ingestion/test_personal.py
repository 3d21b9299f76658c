"""What an owner decides about personal data, and where it then stands no more."""

from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from PIL import Image

from ingestion import personal, revealing, selectors
from ingestion.access import scope_for
from ingestion.embedding import embed_query
from ingestion.errors import NotFound, PageMasked
from ingestion.index import vector_index
from ingestion.masking import FILL, key_of
from ingestion.models import AuditEvent, Chunk, ChunkVector, MaskedSpan, Page, PageStatus
from ingestion.personal_preview import pages_to_go, preview
from tests.factories import replace, text_file, upload

TEXT = "保全記録\n佐々木翔太が軸受を交換した。電話は090-1234-5678。\n品番 P-101 は8,000時間で交換する。\n"
NAME, PHONE = "佐々木翔太", "090-1234-5678"


@pytest.fixture
def document(worked, owner, library, fake_embedder, open_index):
    return worked(lambda: upload(owner, library, text_file(TEXT), filename="record.txt")).document


def page_of(document, **found):
    return Page.objects.get(revision__document=document, number=1, **found)


def hits(scope, words):
    vectors = embed_query(words)
    return selectors.chunks_of(
        scope, vector_index().search(vectors.dense.tolist(), vectors.sparse, scope=scope, limit=5).sparse
    )


def test_pages_already_read_are_masked_when_an_owner_decides(mask, document):
    read = page_of(document).text
    mask("name", "phone")
    assert page_of(document).text == read.replace(NAME, FILL * 5).replace(PHONE, FILL * 13)


def test_a_page_read_later_is_masked_before_it_is_written(mask, worked, owner, library, document):
    mask("name")
    document = worked(lambda: upload(owner, library, text_file(TEXT), filename="later.txt")).document
    assert NAME not in page_of(document).text


def test_what_is_masked_is_neither_in_a_passage_nor_in_what_is_embedded(mask, document):
    mask("name", "phone")
    chunk = Chunk.objects.get(revision__document=document)
    assert chunk.text == page_of(document).text[chunk.start : chunk.end]
    assert NAME not in chunk.context + chunk.text


def test_what_is_masked_is_found_by_no_word_of_it(mask, document, owner):
    assert hits(scope_for(owner), NAME)
    mask("name")
    assert hits(scope_for(owner), NAME) == {}


def test_a_masked_document_is_still_found_by_its_other_words(mask, document, owner):
    mask("name", "phone")
    assert hits(scope_for(owner), "軸受の交換")


def test_vectors_of_what_was_unmasked_are_forgotten(mask, document):
    before = set(ChunkVector.objects.values_list("content_hash", flat=True))
    mask("name")
    assert before.isdisjoint(ChunkVector.objects.values_list("content_hash", flat=True))


def test_a_policy_without_kinds_shows_everything_again(mask, document):
    read = page_of(document).text
    mask("name", "phone")
    mask()
    assert (page_of(document).text, MaskedSpan.objects.count()) == (read, 0)


def test_pages_of_older_revisions_are_masked_too(mask, worked, document, owner):
    worked(lambda: replace(owner, document, text_file("新版。佐藤花子が承認した。")))
    mask("name")
    old, new = Page.objects.filter(revision__document=document).order_by("revision__number")
    assert (NAME in old.text, "佐藤花子" in new.text) == (False, False)
    assert Chunk.objects.get(page=old).text == old.text[: Chunk.objects.get(page=old).end]


def test_a_file_that_cannot_be_read_any_more_is_masked_all_the_same(mask, document, monkeypatch):
    monkeypatch.setattr("ingestion.reading.read_pages", lambda *_: (_ for _ in ()).throw(NotFound))
    mask("name")
    assert NAME not in page_of(document).text


def test_a_run_that_dies_between_pages_and_passages_leaves_both_to_the_next(mask, document, library, monkeypatch):
    monkeypatch.setattr("ingestion.remasking._outdate", lambda *_: (_ for _ in ()).throw(MemoryError))
    mask("name")
    assert (NAME in page_of(document).text, pages_to_go(library)) == (True, (1, 1))


def test_a_policy_that_is_kept_as_it_is_runs_nothing(mask, queued, document):
    mask("name")
    runs = document.revisions.get().runs.count()
    mask("name", questions_searched=False)
    assert document.revisions.get().runs.count() == runs


def test_only_an_owner_decides(document, reader, library):
    with pytest.raises(NotFound):
        personal.library_mask(user=reader, scope=scope_for(reader), library_id=library.pk, kinds=["name"])


def test_an_owner_sees_what_is_masked_and_that_is_audited_without_its_text(mask, document, owner):
    mask("name")
    shown = revealing.reveal(scope_for(owner), page_of(document), what="text")
    event = AuditEvent.objects.get(action="page.revealed")
    assert NAME in shown.text
    assert (event.actor, event.facts["kinds"], NAME in str(event.facts)) == ("owner", ["name"], False)


def test_a_reader_sees_it_once_an_owner_allows_their_group(mask, document, reader):
    mask("name")
    with pytest.raises(NotFound):
        revealing.reveal(scope_for(reader), page_of(document), what="text")
    mask("name", revealers=Group.objects.filter(name="Maintenance"))
    assert NAME in revealing.reveal(scope_for(reader), page_of(document), what="text").text


def test_a_group_that_may_not_read_the_library_sees_nothing_by_the_right_to_reveal(mask, document, stranger, library):
    group = Group.objects.create(name="Elsewhere")
    stranger.groups.add(group)
    mask("name", revealers=[group])
    assert scope_for(stranger).revealed == frozenset()


def test_the_file_itself_is_for_those_who_may_see_what_is_masked(mask, document, owner, reader):
    assert selectors.original_file(scope_for(reader), document.pk)
    mask("name")
    assert selectors.original_file(scope_for(owner), document.pk)
    with pytest.raises(NotFound):
        selectors.original_file(scope_for(reader), document.pk)


def test_what_is_spared_is_shown_again_and_only_that(mask, worked, document, owner, library):
    mask("name", "phone")
    facts = {"user": owner, "scope": scope_for(owner), "library_id": library.pk}
    worked(lambda: personal.exception_add(**facts, kind="name", text=NAME))
    assert (NAME in page_of(document).text, PHONE in page_of(document).text) == (True, False)


def test_what_is_spared_no_more_is_masked_again(mask, worked, document, owner, library):
    mask("name")
    facts = {"user": owner, "scope": scope_for(owner), "library_id": library.pk}
    row = worked(lambda: personal.exception_add(**facts, kind="name", text=NAME))
    worked(lambda: personal.exception_remove(**facts, exception_id=row.pk))
    assert NAME not in page_of(document).text


def test_owners_see_what_would_be_masked_before_anything_is(document, library):
    (found,) = preview(library, ["name"]).kinds
    assert (found.count, found.examples[0].text, NAME in page_of(document).text) == (1, NAME, True)


def test_the_preview_of_a_masked_library_still_shows_what_is_behind_the_masks(mask, document, library):
    mask("name")
    assert preview(library, ["name"]).kinds[0].examples[0].text == NAME


def test_pages_the_policy_has_not_reached_are_counted(document, library, owner):
    personal.library_mask(user=owner, scope=scope_for(owner), library_id=library.pk, kinds=["name"])
    assert pages_to_go(library) == (1, 1)


def test_a_policy_that_changes_while_a_run_embeds_sends_the_run_back(document, mask, library, owner, monkeypatch):
    from ingestion import stages

    seen = []

    def other_policy(lease, revision, build):
        if not seen:
            seen.append(
                personal.library_mask(user=owner, scope=scope_for(owner), library_id=library.pk, kinds=["phone"])
            )
        return compute(lease, revision, build)

    compute = stages.compute_vectors
    monkeypatch.setattr("ingestion.stages.compute_vectors", other_policy)
    mask("name")
    assert (NAME in page_of(document).text, PHONE in page_of(document).text) == (True, False)


class TestPictures:
    """Pages as pictures."""

    @pytest.fixture
    def printed(self, worked, owner, library, fake_embedder, open_index):
        from reportlab.pdfgen.canvas import Canvas

        file = BytesIO()
        canvas = Canvas(file, pagesize=(400, 200))
        canvas.setFont("Helvetica", 18)
        canvas.drawString(40, 120, "Inspected by Emily Thompson in May.")
        canvas.save()
        return worked(lambda: upload(owner, library, file.getvalue(), filename="sheet.pdf")).document

    def picture(self, user, document, **more):
        png = selectors.page_image(scope_for(user), document.pk, 1, **more)
        return Image.open(BytesIO(png)).convert("L")

    def box(self, document, size):
        page = page_of(document)
        (span,) = page.masked_spans.all()
        boxes = selectors.span_boxes(page, span.start, span.end)
        scale = size[0] / page.width
        left, right = min(b[0] for b in boxes), max(b[2] for b in boxes)
        top, bottom = min(b[1] for b in boxes), max(b[3] for b in boxes)
        return tuple(round(side * scale) for side in (left, top, right, bottom))

    def test_a_name_is_painted_over(self, mask, printed, reader):
        mask("name")
        picture = self.picture(reader, printed)
        assert picture.crop(self.box(printed, picture.size)).getextrema()[1] < 60

    def test_a_name_is_in_the_picture_for_whom_it_is_shown(self, mask, printed, owner):
        mask("name")
        picture = self.picture(owner, printed, unmasked=True)
        assert picture.crop(self.box(printed, picture.size)).getextrema()[1] > 200

    def test_a_reader_gets_no_picture_without_masks(self, mask, printed, reader):
        mask("name")
        with pytest.raises(NotFound):
            self.picture(reader, printed, unmasked=True)

    def test_a_page_whose_text_was_not_read_is_not_shown_where_names_are_masked(self, mask, printed, reader):
        mask("name")
        Page.objects.update(status=PageStatus.FAILED)
        with pytest.raises(PageMasked):
            self.picture(reader, printed)

    def test_a_small_picture_has_the_name_painted_over_too(self, mask, printed):
        before = Image.open(BytesIO(selectors.page_thumbnail(page_of(printed)))).convert("L")
        mask("name")
        after = Image.open(BytesIO(selectors.page_thumbnail(page_of(printed)))).convert("L")
        assert sum(after.histogram()[:60]) > 2 * sum(before.histogram()[:60])

    def test_a_mask_whose_place_is_not_known_shows_no_picture(self, mask, printed, reader):
        mask("name")
        Page.objects.update(words=b"")
        with pytest.raises(PageMasked):
            self.picture(reader, printed)


def test_spellings_that_read_alike_are_one_exception():
    assert key_of("佐々木 翔太") == key_of("佐々木　翔太")
