"""Questions offered on the first page."""

import pytest

from assistant.selectors import example_questions
from ingestion.access import scope_for
from ingestion.models import Chunk, Document, Page, Revision


def _document(library, title, *headings):
    document = Document.objects.create(library=library, title=title)
    revision = Revision.objects.create(document=document, number=1, sha256=title, filename="a.pdf", size=1)
    page = Page.objects.create(revision=revision, number=1, text="text")
    for ordinal, heading in enumerate(headings):
        Chunk.objects.create(
            revision=revision, page=page, ordinal=ordinal, start=0, end=4, text="text", heading=heading
        )
    document.current = revision
    document.save()


@pytest.fixture
def asked(library, owner):
    return lambda language: example_questions(scope_for(owner), language)


def test_an_example_asks_about_a_section_without_its_number(library, asked):
    _document(library, "Pump", "Pump > 3.1 Seals")

    assert asked("en") == ['What does "Pump" say about "Seals"?']


def test_an_example_never_asks_a_document_about_its_own_title(library, asked):
    _document(library, "Pump", "1 > Pump")

    assert asked("en") == []


def test_documents_in_the_persons_language_come_first(library, asked):
    _document(library, "ポンプ", "保守 > 軸受の交換")
    _document(library, "Pump", "Upkeep > Seals")

    assert asked("ja")[0] == "「ポンプ」の「軸受の交換」について教えてください。"


def test_a_document_nobody_granted_is_no_example(library, stranger):
    _document(library, "Pump", "Upkeep > Seals")

    assert example_questions(scope_for(stranger), "en") == []
