"""Thumbnails: small, drawn some together by one process, kept, and no more than the Scope covers."""

from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from ingestion import pictures
from ingestion.errors import FileMissing, PageUnreadable
from ingestion.models import AuditEvent, Page, PageStatus
from ingestion.parsing import UnreadableFile, isolated
from tests.factories import make_page, upload


class Drawing:
    """In place of the reading process: remembers what each was asked to draw; `broken` pages cannot be drawn."""

    processes: list
    broken: frozenset

    def __init__(self, *_, **__):
        self.processes.append([])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def render(self, number, *, scale):
        if number in self.broken:
            raise UnreadableFile("page_unreadable")
        self.processes[-1].append(number)
        return f"{number} at {scale:.3f}".encode()


@pytest.fixture
def drawing(monkeypatch):
    fresh = type("Drawing", (Drawing,), {"processes": [], "broken": frozenset()})
    monkeypatch.setattr(isolated, "IsolatedReader", fresh)
    return fresh


@pytest.fixture
def revision(owner, library, queued, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    document = upload(owner, library).document
    made = document.revisions.get()
    document.current = made
    document.save()
    for number in range(1, 16):
        make_page(made, number)
    return made


def page(revision, number):
    return Page.objects.select_related("revision").get(revision=revision, number=number)


def test_pages_seen_side_by_side_are_drawn_by_one_process(revision, drawing):
    for number in range(1, 13):
        pictures.thumbnail_png(page(revision, number))
    assert [sorted(numbers) for numbers in drawing.processes] == [list(range(1, 13))]


def test_the_page_asked_for_is_drawn_first(revision, drawing):
    pictures.thumbnail_png(page(revision, 7))
    assert drawing.processes[0][0] == 7


def test_a_thumbnail_is_as_small_as_its_longer_side_allows(revision, drawing):
    assert pictures.thumbnail_png(page(revision, 14)) == f"14 at {pictures.THUMBNAIL_SIDE / 842:.3f}".encode()


def test_a_page_beside_it_that_cannot_be_drawn_does_not_cost_the_page(revision, drawing):
    drawing.broken = {2}
    assert pictures.thumbnail_png(page(revision, 1))


def test_a_page_that_cannot_be_drawn_says_so(revision, drawing):
    drawing.broken = {2}
    with pytest.raises(PageUnreadable):
        pictures.thumbnail_png(page(revision, 2))


def test_a_page_of_no_size_is_not_drawn_beside_others(revision, drawing):
    Page.objects.filter(number=3).update(width=0, height=0, status=PageStatus.FAILED)
    pictures.thumbnail_png(page(revision, 1))
    assert 3 not in drawing.processes[0]


def test_a_thumbnail_of_a_file_that_is_gone_says_so(revision, media):
    (media / revision.stored_name).unlink()
    with pytest.raises(FileMissing):
        pictures.thumbnail_png(page(revision, 1))


def test_the_real_reading_process_draws_a_small_picture(revision, layout_font, monkeypatch):
    monkeypatch.setattr(pictures, "font_path", lambda: layout_font)
    picture = Image.open(BytesIO(pictures.thumbnail_png(page(revision, 1))))
    assert 0.9 * pictures.THUMBNAIL_SIDE < max(picture.size) <= pictures.THUMBNAIL_SIDE + 1


def address(revision, number=1):
    return reverse("page_thumbnail", args=[revision.document_id, number])


def test_a_browser_that_has_the_thumbnail_is_not_sent_it_again(client, reader, revision, drawing):
    client.force_login(reader)
    first = client.get(address(revision))
    again = client.get(address(revision), headers={"If-None-Match": first["ETag"]})
    assert (first["Cache-Control"], again.status_code) == ("private, no-cache", 304)


def test_who_has_lost_access_is_not_told_that_the_thumbnail_is_unchanged(client, reader, library, revision, drawing):
    client.force_login(reader)
    first = client.get(address(revision))
    library.readers.clear()
    assert client.get(address(revision), headers={"If-None-Match": first["ETag"]}).status_code == 404


def test_thumbnails_do_not_fill_the_audit_trail(client, reader, revision, drawing):
    client.force_login(reader)
    client.get(address(revision))
    assert not AuditEvent.objects.filter(action="page.read").exists()
