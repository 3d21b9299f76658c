"""The page of what a revision changed, and how little of an almost unchanged revision is computed again."""

import pytest
from django.urls import reverse

from ingestion.models import AuditEvent, Document, Page, PageStatus, Status
from tests.factories import replace, text_file, upload

OLD = [f"Section {number}. Part {number} is checked every {number}00 hours." for number in range(1, 9)]
NEW = ["A foreword that nobody has read before.", *OLD[:3], OLD[3].replace("400", "450"), *OLD[4:7]]


@pytest.fixture
def document(vault, owner, library):
    """A document whose second revision has a page more in front, another number on page 5, and the last page gone."""
    made = vault(lambda: upload(owner, library, text_file(*OLD))).document
    vault(lambda: replace(owner, made, text_file(*NEW)))
    return Document.objects.get(pk=made.pk)


def shown(client, person, document, language="en", **asked):
    client.force_login(person)
    address = reverse("document_changes", args=[document.id])
    return client.get(address, asked, headers={"Accept-Language": language})


def changes(response):
    return [(change.kind, change.old, change.new) for change in response.context["changes"]]


def test_the_pages_that_are_not_as_they_were_are_told(client, owner, document):
    answer = shown(client, owner, document)
    assert changes(answer) == [("added", None, 1), ("changed", 4, 5), ("removed", 8, None)]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "1 changed, 1 added, 1 removed, 6 unchanged"), ("ja", "変更 1、追加 1、削除 1、変更なし 6")],
)
def test_the_sum_of_the_changes_is_told_in_words(client, owner, document, language, said):
    assert shown(client, owner, document, language).context["counts"] == said


def test_changed_words_are_marked_for_eyes_and_for_screen_readers(client, owner, document):
    page = shown(client, owner, document).content.decode()
    assert '<del><span class="hidden-text">[removed: </span>400 <span class="hidden-text">]</span></del>' in page
    assert '<ins><span class="hidden-text">[added: </span>450 <span class="hidden-text">]</span></ins>' in page


def test_the_first_revision_has_nothing_to_be_compared_with(client, owner, document):
    first = document.revisions.get(number=1)
    assert "nothing to compare" in shown(client, owner, document, new=first.pk).content.decode()


def test_a_revision_that_never_came_to_an_end_is_not_compared_with(client, owner, document):
    document.revisions.filter(number=1).update(status=Status.FAILED)
    assert "nothing to compare" in shown(client, owner, document).content.decode()


def test_pages_that_could_not_be_read_are_named_as_such(client, owner, document):
    Page.objects.filter(revision=document.current, number=2).update(status=PageStatus.FAILED, text="")
    assert "1 page could not be read and counts as empty here." in shown(client, owner, document).content.decode()


def test_a_comparison_is_audited(client, owner, document):
    shown(client, owner, document)
    assert AuditEvent.objects.get(action="document.compare").facts["new"] == str(document.current_id)


def test_text_of_a_document_is_never_taken_for_markup(vault, client, owner, library):
    made = vault(lambda: upload(owner, library, text_file("The <b>old</b> valve opens at 3 bar."))).document
    vault(lambda: replace(owner, made, text_file("The <b>new</b> valve opens at 3 bar.")))
    page = shown(client, owner, made).content.decode()
    assert ("<b>new" in page, "&lt;b&gt;" in page) == (False, True)


def test_a_revision_of_another_document_is_not_found(vault, client, owner, library, document):
    other = vault(lambda: upload(owner, library, b"other", filename="other.txt")).document
    assert shown(client, owner, document, new=other.revisions.get().pk).status_code == 404


def test_the_documents_page_leads_to_what_a_revision_changed(client, owner, document):
    client.force_login(owner)
    page = client.get(reverse("document", args=[document.id])).content.decode()
    address = reverse("document_changes", args=[document.id])
    assert (f"{address}?new={document.current_id}" in page, page.count(address)) == (True, 1)


def test_of_a_revision_only_the_chunks_that_changed_are_embedded(vault, owner, library):
    pages = [f"Section {number}. Part {number} is checked." for number in range(1, 51)]
    made = vault(lambda: upload(owner, library, text_file(*pages))).document
    asked = len(vault.embedder.asked)

    vault(lambda: replace(owner, made, text_file(*pages[:20], "Quite another page.", *pages[21:])))

    assert (asked, vault.embedder.asked[asked:]) == (50, ["pump manual\nQuite another page."])
