"""Files that an earlier version read: nothing is marked in pictures that do not fit, and they can be read again."""

from io import StringIO

import pytest
from django.core.management import call_command

from ingestion import pictures, selectors, services
from ingestion.access import scope_for
from ingestion.layouts import drawn_as_read, drawn_otherwise
from ingestion.models import Document, Page, Revision
from ingestion.parsing import LAYOUT, OWN_PAGES
from tests.factories import text_file, upload
from tests.ingestion.parts import FormFeedReader

BOX = (10.0, 10.0, 20.0, 20.0)


@pytest.fixture
def earlier(vault, owner, library):
    """A ready document that another version set on pages."""
    document = vault(lambda: upload(owner, library)).document
    Revision.objects.update(layout="layout-0")
    document.refresh_from_db()
    return document


def who(owner, document):
    return {"user": owner, "scope": scope_for(owner), "document_id": document.pk}


@pytest.mark.parametrize(
    ("layout", "filename", "pages", "expected"),
    [
        (LAYOUT, "a.docx", 1, True),
        (OWN_PAGES, "a.bin", 1, True),
        ("layout-0", "a.docx", 1, False),
        ("", "a.docx", 1, False),
        ("", "A.PDF", 1, True),
        ("", "scan.tiff", 1, True),
        ("", "a.docx", None, True),
    ],
)
def test_boxes_fit_where_pages_are_drawn_as_they_were_read(layout, filename, pages, expected):
    revision = Revision(layout=layout, filename=filename, pages_total=pages)

    assert drawn_as_read(revision) is expected


@pytest.mark.parametrize("layout", [LAYOUT, OWN_PAGES, "layout-0", ""])
@pytest.mark.parametrize("filename", ["a.docx", "A.PDF"])
def test_the_filter_finds_what_the_question_says(vault, earlier, layout, filename):
    Revision.objects.update(layout=layout, filename=filename)

    assert Revision.objects.filter(drawn_otherwise()).exists() is not drawn_as_read(Revision.objects.get())


def test_how_pages_were_set_is_kept_when_they_are_read(vault, owner, library, monkeypatch):
    monkeypatch.setattr(FormFeedReader, "__init__", with_layout(FormFeedReader.__init__, "layout-9"))

    document = vault(lambda: upload(owner, library)).document

    assert document.revisions.get().layout == "layout-9"


def test_pages_read_later_do_not_make_the_earlier_ones_fit(vault, owner, library, monkeypatch):
    document = vault(lambda: upload(owner, library, text_file("a", "UNREADABLE", "c"))).document
    Revision.objects.update(layout="layout-0")

    vault(lambda: services.document_retry(**who(owner, document)))

    assert document.revisions.get().layout == "layout-0"


def test_nothing_is_marked_in_a_picture_that_does_not_fit(earlier, owner, monkeypatch):
    monkeypatch.setattr(pictures, "page_png", lambda _page: b"drawn")
    monkeypatch.setattr(pictures, "highlighted", lambda *_: b"marked")

    picture = selectors.page_image(scope_for(owner), earlier.pk, 1, boxes=[BOX])

    assert picture == b"drawn"


def test_a_picture_that_fits_is_marked(earlier, owner, monkeypatch):
    Revision.objects.update(layout=LAYOUT)
    monkeypatch.setattr(pictures, "page_png", lambda _page: b"drawn")
    monkeypatch.setattr(pictures, "highlighted", lambda *_: b"marked")

    picture = selectors.page_image(scope_for(owner), earlier.pk, 1, boxes=[BOX])

    assert picture == b"marked"


def test_boxes_of_a_passage_are_left_out_too(earlier):
    assert selectors.span_boxes(Page.objects.get(number=1), 0, 10) == []


def test_reading_again_is_a_new_revision_of_the_same_bytes(vault, earlier, owner):
    vault(lambda: services.document_reread(**who(owner, earlier)))

    old, new = Revision.objects.order_by("number")
    assert (new.number, new.sha256, new.status, drawn_as_read(new)) == (2, old.sha256, "ready", True)


def test_the_earlier_revision_keeps_its_pages_for_citations(vault, earlier, owner):
    before = list(Page.objects.values_list("id", "text"))

    vault(lambda: services.document_reread(**who(owner, earlier)))

    assert list(Page.objects.filter(revision__number=1).values_list("id", "text")) == before


def test_until_it_is_read_the_earlier_one_is_answered_from(vault, earlier, owner):
    vault.committed(lambda: services.document_reread(**who(owner, earlier)))

    assert Document.objects.get().current.number == 1


def test_deleting_the_document_removes_both_files(vault, earlier, owner, media):
    vault(lambda: services.document_reread(**who(owner, earlier)))

    vault(lambda: services.document_delete(**who(owner, earlier)))

    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_what_fits_is_not_read_again(vault, earlier, owner):
    Revision.objects.update(layout=LAYOUT)

    assert services.document_reread(**who(owner, earlier)) is None


def test_it_is_not_read_again_twice(vault, earlier, owner):
    vault.committed(lambda: services.document_reread(**who(owner, earlier)))

    assert services.document_reread(**who(owner, earlier)) is None


def test_the_documents_page_says_so_and_offers_it_to_its_owner(earlier, owner, client):
    client.force_login(owner)

    page = client.get(f"/documents/{earlier.pk}/", headers={"accept-language": "en"}).content.decode()

    assert "An earlier version of Tenkyo read this file." in page
    assert "Read it again" in page


def test_a_reader_is_told_and_offered_nothing(earlier, reader, client):
    client.force_login(reader)

    page = client.get(f"/documents/{earlier.pk}/", headers={"accept-language": "en"}).content.decode()

    assert "An earlier version of Tenkyo read this file." in page
    assert "Read it again" not in page


def test_the_page_beside_an_answer_says_so(earlier, owner, client):
    client.force_login(owner)

    page = client.get(f"/documents/{earlier.pk}/pages/1/", headers={"accept-language": "en"}).content.decode()

    assert "nothing is marked in its picture" in page


def test_the_button_reads_it_again(vault, earlier, owner, client):
    client.force_login(owner)

    vault(lambda: client.post(f"/documents/{earlier.pk}/reread/"))

    assert Document.objects.get().current.number == 2


def test_the_administration_reads_again_what_does_not_fit_and_leaves_the_rest(vault, earlier, owner, library, client):
    fits = vault(lambda: upload(owner, library, text_file("other"), filename="other.txt")).document
    Revision.objects.filter(document=fits).update(layout=LAYOUT)
    owner.is_staff = owner.is_superuser = True
    owner.save()
    client.force_login(owner)

    chosen = {"action": "reread", "_selected_action": [str(earlier.pk), str(fits.pk)]}
    vault(lambda: client.post("/admin/ingestion/document/", chosen))

    assert list(Document.objects.order_by("created_at").values_list("current__number", flat=True)) == [2, 1]


def test_the_command_reads_again_what_does_not_fit(vault, earlier, django_user_model, monkeypatch):
    django_user_model.objects.create_superuser("boss", password=None)
    monkeypatch.setattr("ingestion.management.commands.read_again.work", lambda *_: None)
    out = StringIO()

    vault(lambda: call_command("read_again", stdout=out))

    assert (Document.objects.get().current.number, out.getvalue()) == (2, "pump manual\n1 documents.\n")


def test_the_command_may_only_list_them(vault, earlier, django_user_model):
    django_user_model.objects.create_superuser("boss", password=None)
    out = StringIO()

    call_command("read_again", "--list", stdout=out)

    assert (Document.objects.get().current.number, out.getvalue()) == (1, "pump manual\n1 documents.\n")


def with_layout(real, layout):
    """The stand-in's constructor, for a reader that sets pages this way."""

    def made(self, *given, **named):
        real(self, *given, **named)
        self.layout = layout

    return made
