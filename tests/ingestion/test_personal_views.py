"""Pages and API of what a library masks."""

import pytest
from django.urls import reverse

from ingestion import personal
from ingestion.access import scope_for
from ingestion.masking import FILL
from ingestion.models import AuditEvent, MaskingException, MaskingPolicy
from tests.factories import text_file, upload

NAME = "佐々木翔太"
TEXT = f"保全記録\n\n{NAME}が軸受を交換した。\n"


@pytest.fixture
def document(worked, owner, library, fake_embedder, open_index):
    return worked(lambda: upload(owner, library, text_file(TEXT), filename="record.txt")).document


@pytest.fixture
def masked(worked, owner, library, document):
    worked(lambda: personal.library_mask(user=owner, scope=scope_for(owner), library_id=library.pk, kinds=["name"]))
    return document


def shown(client, user, address, **more):
    client.force_login(user)
    return client.get(address, headers={"Accept-Language": "en"}, **more)


def test_readers_see_what_their_library_masks_but_no_form(client, reader, library, masked):
    page = shown(client, reader, reverse("masking", args=[library.pk])).content.decode()
    assert ("names" in page, "masking-form" in page) == (True, False)


def test_an_owner_chooses_what_is_masked(client, owner, library, document, queued):
    client.force_login(owner)
    client.post(reverse("masking", args=[library.pk]), {"kinds": ["name", "email"], "questions_searched": "no"})
    policy = MaskingPolicy.objects.get()
    assert (policy.kinds, policy.questions_searched) == (["name", "email"], False)


def test_a_kind_there_is_not_changes_nothing(client, owner, library, document):
    client.force_login(owner)
    client.post(reverse("masking", args=[library.pk]), {"kinds": ["height"]})
    assert not MaskingPolicy.objects.exists()


def test_the_preview_shows_what_would_be_masked_and_changes_nothing(client, owner, library, document):
    client.force_login(owner)
    page = client.post(reverse("masking_preview", args=[library.pk]), {"kinds": ["name"]}).content.decode()
    assert (f"<mark>{NAME}</mark>" in page, MaskingPolicy.objects.exists()) == (True, False)


def test_an_owner_marks_what_is_no_personal_data(client, owner, library, document):
    client.force_login(owner)
    address = reverse("masking_exception", args=[library.pk])
    client.post(address, {"kind": "name", "text": NAME})
    assert MaskingException.objects.get().text == NAME


def test_an_owner_takes_an_exception_back(client, owner, library, document):
    client.force_login(owner)
    address = reverse("masking_exception", args=[library.pk])
    client.post(address, {"kind": "name", "text": NAME})
    client.post(address, {"remove": MaskingException.objects.get().pk})
    assert not MaskingException.objects.exists()


def test_a_reader_reads_a_page_masked_and_is_offered_neither_more_nor_the_file(client, reader, masked):
    page = shown(client, reader, reverse("page", args=[masked.pk, 1])).content.decode()
    assert (NAME in page, FILL * 5 in page, "reveal=1" in page, "/file" in page) == (False, True, False, False)


def test_an_owner_has_a_page_shown_and_it_is_audited(client, owner, masked):
    page = shown(client, owner, reverse("page", args=[masked.pk, 1]) + "?reveal=1").content.decode()
    assert (NAME in page, "reveal=true" in page) == (True, True)
    assert AuditEvent.objects.filter(action="page.revealed", actor="owner").count() == 1


def test_a_reader_who_asks_for_it_finds_nothing(client, reader, masked):
    assert shown(client, reader, reverse("page", args=[masked.pk, 1]) + "?reveal=1").status_code == 404


def test_the_page_as_search_sees_it_is_masked_for_owners_too(client, owner, masked):
    page = shown(client, owner, reverse("page_indexed", args=[masked.pk, 1])).content.decode()
    assert (NAME in page, FILL * 5 in page) == (False, True)


class TestApi:
    def test_a_page_says_where_it_is_masked(self, client, reader, masked):
        said = shown(client, reader, f"/api/v1/documents/{masked.pk}/pages/1").json()
        (span,) = said["masked"]
        assert (said["text"][span["start"] : span["end"]], span["kind"]) == (FILL * 5, "name")

    def test_a_page_is_shown_whole_to_an_owner_who_asks(self, client, owner, masked):
        said = shown(client, owner, f"/api/v1/documents/{masked.pk}/pages/1?reveal=true").json()
        assert NAME in said["text"]

    def test_a_page_is_not_shown_whole_to_a_reader(self, client, reader, masked):
        assert shown(client, reader, f"/api/v1/documents/{masked.pk}/pages/1?reveal=true").status_code == 404

    def test_the_policy_is_read_and_set(self, client, owner, library, document, queued):
        client.force_login(owner)
        address = f"/api/v1/libraries/{library.pk}/masking"
        sent = {"kinds": ["card"], "questions_searched": True}
        assert client.patch(address, sent, content_type="application/json").json() == sent
        assert client.get(address).json() == sent

    def test_what_is_left_out_of_a_change_stays(self, client, owner, library, masked):
        client.force_login(owner)
        address = f"/api/v1/libraries/{library.pk}/masking"
        said = client.patch(address, {"questions_searched": False}, content_type="application/json").json()
        assert said == {"kinds": ["name"], "questions_searched": False}

    def test_search_hits_are_masked(self, client, reader, masked):
        client.force_login(reader)
        found = client.post("/api/v1/search", {"query": "軸受の交換"}, content_type="application/json").json()
        assert (NAME in str(found), FILL * 5 in str(found)) == (False, True)
