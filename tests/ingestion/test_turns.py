"""Libraries take turns: a library's thousand files, or its one scan of a thousand pages, keep no other waiting."""

import pytest

from ingestion import leases, pipeline, tasks
from ingestion.leases import TurnOver
from ingestion.models import IngestionRun, Status
from ingestion.selectors import revision_states
from tests.factories import make_library, make_user, text_file, upload
from tests.ingestion import parts

TWENTY_FIVE = [f"Page {number}." for number in range(1, 26)]


@pytest.fixture(autouse=True)
def _whole(monkeypatch):
    """As a new revision is read, in one go; a first one goes back to the queue by itself (test_as_read.py)."""
    monkeypatch.setattr(pipeline, "answered_as_read", lambda _revision: False)


@pytest.fixture
def owner(db):
    return make_user()


@pytest.fixture
def other(owner):
    return make_library("Other", owner=owner)


@pytest.fixture
def busy(owner):
    return make_library("Busy", owner=owner)


@pytest.fixture
def short_turns(monkeypatch):
    monkeypatch.setattr(leases, "TURN_SECONDS", -1.0)


def add(vault, owner, library, name, *pages):
    data = text_file(*(pages or (name,)))
    return vault.committed(lambda: upload(owner, library, data, filename=f"{name}.txt")).document


def order_read(vault, monkeypatch):
    """Titles in the order in which the documents' pages were read, one entry for each turn."""
    seen = []

    def note(lease, revision, **how):
        title = revision.document.title
        if not seen or seen[-1] != title:
            seen.append(title)
        real(lease, revision, **how)

    real = tasks.pipeline.reading.read_pages
    monkeypatch.setattr(tasks.pipeline.reading, "read_pages", note)
    vault()
    return seen


def test_the_second_librarys_first_file_is_read_before_the_firsts_second(vault, owner, busy, other, monkeypatch):
    for name in ("a1", "a2", "a3"):
        add(vault, owner, busy, name)
    add(vault, owner, other, "b1")

    assert order_read(vault, monkeypatch) == ["a1", "b1", "a2", "a3"]


def test_every_file_is_read_in_the_end(vault, owner, busy, other):
    for name in ("a1", "a2", "a3"):
        add(vault, owner, busy, name)
    add(vault, owner, other, "b1")

    vault()

    assert set(IngestionRun.objects.values_list("status", flat=True)) == {Status.READY}


@pytest.mark.usefixtures("short_turns")
def test_a_long_document_gives_way_to_another_library_and_goes_on(vault, owner, busy, other, monkeypatch):
    add(vault, owner, busy, "long", *TWENTY_FIVE)
    add(vault, owner, other, "short")

    assert order_read(vault, monkeypatch) == ["long", "short", "long"]


@pytest.mark.usefixtures("short_turns")
def test_no_page_is_read_twice_for_it(vault, owner, busy, other, monkeypatch):
    read = []
    monkeypatch.setattr(parts.FormFeedReader, "before_page", staticmethod(read.append))
    add(vault, owner, busy, "long", *TWENTY_FIVE)
    add(vault, owner, other, "short")

    vault()

    assert sorted(read) == sorted([*range(1, 26), 1])


def test_no_vector_is_computed_twice_for_it(vault, owner, busy, other, short_turns):
    add(vault, owner, busy, "long", *TWENTY_FIVE)
    add(vault, owner, other, "short")

    vault()

    assert len(vault.embedder.asked) == len(set(vault.embedder.asked)) == 26


def test_a_library_does_not_give_way_to_itself(vault, owner, busy, short_turns, monkeypatch):
    add(vault, owner, busy, "long", *TWENTY_FIVE)
    add(vault, owner, busy, "short")

    assert order_read(vault, monkeypatch) == ["long", "short"]


def test_it_does_not_give_way_before_its_turn_is_over(vault, owner, busy, other, monkeypatch):
    add(vault, owner, busy, "long", *TWENTY_FIVE)
    add(vault, owner, other, "short")

    assert order_read(vault, monkeypatch) == ["long", "short"]


def test_a_run_that_waits_after_a_failure_makes_nobody_give_way(vault, owner, busy, other, short_turns):
    long = add(vault, owner, busy, "long", *TWENTY_FIVE)
    add(vault, owner, other, "short")
    IngestionRun.objects.filter(revision__document__library=other).update(error_code="disk_full")
    run = IngestionRun.objects.get(revision__document=long)

    with leases.leased(run.pk, stages=[Status.QUEUED]) as lease:
        lease.give_way()


def test_giving_way_is_said_where_somebody_waits(vault, owner, busy, other, short_turns):
    long = add(vault, owner, busy, "long", *TWENTY_FIVE)
    add(vault, owner, other, "short")
    run = IngestionRun.objects.get(revision__document=long)

    with leases.leased(run.pk, stages=[Status.QUEUED]) as lease, pytest.raises(TurnOver):
        lease.give_way()


def test_the_place_in_the_queue_counts_turns_and_not_files(vault, owner, busy, other):
    for name in ("a1", "a2", "a3"):
        add(vault, owner, busy, name)
    document = add(vault, owner, other, "b1")

    assert revision_states([document])[document.pk].queue_position == 2
