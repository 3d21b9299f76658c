"""Filters: which documents are let through, that none opens what is closed, and what can be chosen."""

import pytest

from ingestion import describing
from ingestion.access import scope_for
from ingestion.description import Description
from ingestion.filters import EVERYTHING, Filter, choices, filter_of, revisions_within
from ingestion.lifecycle import Standing
from tests.factories import make_library, upload
from tests.lifecycles import OUT_OF_FORCE, put

RED = Description(("pump", "Manual"), department="Maintenance", product="P-101")
PLAIN = Description()
BLUE = Description(("pump",), department="Ｓales", product="P-102", language="ja")


@pytest.fixture
def current(owner, queued):
    """`current(library, said, languages)`: a document that is answered from; its title is its text."""

    def made(library, text, said=PLAIN, languages="en"):
        document = upload(owner, library, text.encode(), filename=f"{text}.txt").document
        revision = document.revisions.get()
        revision.languages = languages
        revision.save()
        document.current = revision
        document.save()
        act = {"user": owner, "scope": scope_for(owner), "document_id": document.pk}
        return describing.document_describe(**act, said=said)

    return made


@pytest.fixture
def shelf(library, current):
    return {text: current(library, text, said) for text, said in (("red", RED), ("blue", BLUE), ("plain", PLAIN))}


def let_through(shelf, user, **asked):
    found = set(revisions_within(scope_for(user), Filter(**asked)))
    return {text for text, document in shelf.items() if document.current_id in found}


@pytest.mark.parametrize(
    ("asked", "through"),
    [
        ({"tags": ("PUMP",)}, {"red", "blue"}),
        ({"tags": ("pump", "ｍanual")}, {"red"}),
        ({"tags": ("pump", "unknown")}, set()),
        ({"language": "ja"}, {"blue"}),
        ({"language": "en"}, {"red", "plain"}),
        ({"department": "sales"}, {"blue"}),
        ({"product": "Ｐ-101"}, {"red"}),
        ({"tags": ("pump",), "product": "P-102"}, {"blue"}),
        ({}, {"red", "blue", "plain"}),
    ],
)
def test_a_filter_lets_through_what_is_all_that_it_asks(shelf, reader, asked, through):
    assert let_through(shelf, reader, **asked) == through


def test_a_filter_opens_nothing_that_may_not_be_read(shelf, stranger):
    assert let_through(shelf, stranger, tags=("pump",)) == set()


def test_a_tag_of_a_library_that_may_not_be_read_lets_nothing_through(shelf, owner, reader, current):
    secret = {"secret": current(make_library("Secret", owner=owner), "secret", Description(("merger",)))}
    assert (let_through(secret, reader, tags=("merger",)), let_through(secret, owner, tags=("merger",))) == (
        set(),
        {"secret"},
    )


@pytest.mark.parametrize("standing", OUT_OF_FORCE)
def test_what_is_not_in_force_is_not_let_through(shelf, reader, standing):
    put(shelf["red"], standing)
    assert let_through(shelf, reader, tags=("pump",)) == {"blue"}


def test_what_is_in_force_is_let_through(shelf, reader):
    put(shelf["red"], Standing.EFFECTIVE)
    assert let_through(shelf, reader, tags=("pump",)) == {"red", "blue"}


def test_what_can_be_chosen_is_counted_in_the_persons_scope(shelf, owner, reader, current):
    current(make_library("Secret", owner=owner), "secret", Description(("merger",), department="Board"))
    found = choices(scope_for(reader))
    assert (found.tags, found.languages, found.departments) == (
        {"pump": 2, "Manual": 1},
        {"ja": 1, "en": 2},
        {"Maintenance": 1, "Ｓales": 1},
    )


def test_a_tag_that_two_libraries_spell_differently_is_one_choice(shelf, owner, reader, library, current):
    other = make_library("Fans", owner=owner)
    other.readers.set(library.readers.all())
    current(other, "fan", Description(("ＰＵＭＰ",)))
    assert choices(scope_for(reader)).tags == {"pump": 3, "Manual": 1}


@pytest.mark.parametrize(
    ("given", "truth"), [(EVERYTHING, False), (Filter(language="ja"), True), (Filter(("a",)), True)]
)
def test_a_filter_that_asks_nothing_is_none(given, truth):
    assert bool(given) == truth


@pytest.mark.parametrize("given", [Filter(("pump", "seal"), "ja", "Sales", "P-101"), EVERYTHING, Filter(product="x")])
def test_a_filter_is_read_from_a_column_as_it_was_written(given):
    assert filter_of(given.said()) == given


def test_what_a_database_refuses_is_not_kept_of_a_filter():
    given = {"tags": ["a\x00b\ud800"], "department": "c\x00d\ud800", "product": "\n"}
    assert filter_of(given) == Filter(("ab",), department="cd")


def test_a_column_that_makes_no_sense_any_more_asks_nothing():
    assert filter_of({"language": "tlh", "tags": ["", ","], "colour": "red"}) == EVERYTHING
