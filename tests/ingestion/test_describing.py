"""What owners say of documents, one at a time and many at once, and the way back."""

from dataclasses import asdict
from datetime import date

import pytest
from django.core import signing

from ingestion import describing
from ingestion.access import scope_for
from ingestion.describing import Change
from ingestion.description import Description, description_of, written_in
from ingestion.errors import DatesReversed, NotFound, TagsTooMany, UndoGone
from ingestion.models import AuditEvent, Document
from tests.factories import make_library, upload

SAID = Description(("pump", "seal"), "Sato", "Maintenance", "P-101", "ja")


@pytest.fixture
def documents(owner, library, queued):
    return [upload(owner, library, text.encode()).document for text in ("one", "two", "three")]


@pytest.fixture
def document(documents):
    return documents[0]


def describe(user, document, said=SAID):
    return describing.document_describe(user=user, scope=scope_for(user), document_id=document.pk, said=said)


def change(user, documents, *, add=(), remove=(), **said):
    chosen = [document.pk for document in documents]
    wanted = Change(add, remove, said)
    return describing.documents_change(user=user, scope=scope_for(user), document_ids=chosen, change=wanted)


def undo(user, changed):
    return describing.documents_change_undo(user=user, scope=scope_for(user), undo=changed.undo)


def now(document):
    return description_of(Document.objects.get(pk=document.pk))


def test_what_an_owner_says_is_kept(owner, document):
    describe(owner, document)
    assert now(document) == SAID


def test_what_is_said_is_kept_on_one_line_without_control_characters(owner, document):
    describe(owner, document, Description(("a\x00b",), "Sa\nto", "x" * 500, " P-101 "))
    assert now(document) == Description(("ab",), "Sa to", "x" * 200, "P-101")


def test_what_was_said_before_is_in_the_audit_log(owner, document):
    describe(owner, document)
    describe(owner, document, Description(("pump",), "Sato", "Sales", "P-101", "ja"))
    facts = AuditEvent.objects.filter(action="document.describe").latest("pk").facts
    assert facts == {
        "said": {"tags": ["pump"], "department": "Sales"},
        "before": {"tags": ["pump", "seal"], "department": "Maintenance"},
    }


@pytest.mark.parametrize("person", ["reader", "stranger"])
def test_only_owners_say_it(request, document, person):
    with pytest.raises(NotFound):
        describe(request.getfixturevalue(person), document)


def test_too_many_tags_change_nothing(owner, document):
    with pytest.raises(TagsTooMany):
        describe(owner, document, Description(tuple(map(str, range(60))), "Sato"))
    assert now(document) == Description()


@pytest.mark.parametrize(("said", "languages"), [("", ["en", "ja"]), ("ja", ["ja"])])
def test_the_language_said_takes_the_place_of_the_ones_found(document, said, languages):
    revision = document.revisions.get()
    revision.languages = "en ja"
    assert written_in(Document(language=said, current=revision)) == languages


# --- many at once ------------------------------------------------------------------------------------------------
def test_a_change_reaches_all_chosen_documents_and_no_other(owner, documents):
    change(owner, documents[:2], add=("pump",), department="Sales")
    assert [now(one) for one in documents] == [Description(("pump",), department="Sales")] * 2 + [Description()]


def test_what_a_change_does_not_name_stays(owner, documents):
    describe(owner, documents[0])
    change(owner, documents, remove=("SEAL",), product="")
    assert now(documents[0]) == Description(("pump",), "Sato", "Maintenance", "", "ja")


def test_days_are_changed_too(owner, documents):
    change(owner, documents, effective_from=date(2026, 5, 3))
    assert set(Document.objects.values_list("effective_from", flat=True)) == {date(2026, 5, 3)}


def test_it_tells_how_many_are_different_now(owner, documents):
    describe(owner, documents[0])
    assert change(owner, documents, add=("pump",)).documents == 2


def test_what_one_of_them_refuses_changes_none(owner, documents):
    Document.objects.filter(pk=documents[2].pk).update(effective_until=date(2026, 1, 1))
    with pytest.raises(DatesReversed):
        change(owner, documents, add=("pump",), effective_from=date(2026, 5, 3))
    assert [now(one) for one in documents] == [Description()] * 3


def test_a_document_that_is_not_ones_own_changes_none(owner, documents, admin):
    other = upload(admin, make_library("Secret", owner=admin)).document
    with pytest.raises(NotFound):
        change(owner, [*documents, other], add=("pump",))
    assert now(documents[0]) == Description()


def test_a_change_is_undone_exactly(owner, documents):
    describe(owner, documents[0])
    changed = change(owner, documents, add=("valve",), language="en", effective_from=date(2026, 5, 3))
    undo(owner, changed)
    stands = [(now(one), Document.objects.get(pk=one.pk).effective_from) for one in documents]
    assert stands == [(SAID, None), (Description(), None), (Description(), None)]


def test_undoing_leaves_what_somebody_changed_besides(owner, documents):
    changed = change(owner, documents, add=("valve",))
    describe(owner, documents[0], Description(("valve",), product="P-7"))
    undo(owner, changed)
    assert now(documents[0]) == Description(product="P-7")


def test_documents_that_are_gone_or_lost_are_left_out_of_the_undo(owner, documents, library):
    changed = change(owner, documents, add=("valve",))
    documents[0].delete()
    assert undo(owner, changed) == 2
    library.owners.clear()
    assert undo(owner, changed) == 0


@pytest.mark.parametrize("forged", ["", "x", signing.dumps({"x": {"tags": []}}, salt="another")])
def test_a_way_back_that_somebody_made_up_is_refused(owner, forged):
    with pytest.raises(UndoGone):
        describing.documents_change_undo(user=owner, scope=scope_for(owner), undo=forged)


def test_a_way_back_ends_after_a_day(owner, documents, monkeypatch):
    changed = change(owner, documents, add=("valve",))
    monkeypatch.setattr("django.core.signing.time.time", lambda: 4_000_000_000)
    with pytest.raises(UndoGone):
        undo(owner, changed)


def test_a_description_has_the_fields_of_the_document():
    assert set(asdict(Description())) <= {field.name for field in Document._meta.get_fields()}
