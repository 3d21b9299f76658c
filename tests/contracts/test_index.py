"""One suite for every VectorIndex: Qdrant Edge, qdrant-client in memory, and the server at QDRANT_URL."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import uuid
from uuid import UUID

import numpy as np
import pytest
from django.conf import settings

from ingestion.access import Scope
from ingestion.errors import IndexHeld, IndexUnavailable
from ingestion.index import Point, point_id
from ingestion.index.edge import EdgeIndex
from ingestion.sparse import SparseVector

DIMENSION = 8
LIBRARY_A, LIBRARY_B, LIBRARY_C = (uuid.UUID(int=value) for value in (1, 2, 3))


def _edge(tmp_path):
    return EdgeIndex(tmp_path / "index" / "test", DIMENSION)


def _memory(_tmp_path):
    from qdrant_client import QdrantClient

    from ingestion.index.server import ServerIndex

    return ServerIndex(QdrantClient(":memory:"), "test", DIMENSION)


def _server(_tmp_path):
    from ingestion.index.server import ServerIndex, connect

    found = ServerIndex(connect(settings.QDRANT_URL, settings.QDRANT_API_KEY), f"test-{uuid.uuid4().hex}", DIMENSION)
    found.clear()
    return found


IMPLEMENTATIONS = [_edge, _memory, *([_server] if settings.QDRANT_URL else [])]


@pytest.fixture(params=IMPLEMENTATIONS, ids=lambda made: made.__name__.strip("_"))
def index(request, tmp_path):
    made = request.param(tmp_path)
    yield made
    made.clear()
    made.close()


def scope(*libraries: UUID) -> Scope:
    return Scope(user_id=1, readable=frozenset(libraries), owned=frozenset())


def unit(seed: int) -> list[float]:
    vector = np.random.default_rng(seed).standard_normal(DIMENSION)
    return [float(value) for value in vector / np.linalg.norm(vector)]


def point(revision: UUID, ordinal: int, library: UUID, *, terms=(7,), seed: int | None = None, language="en") -> Point:
    sparse = SparseVector(tuple(terms), tuple(1.0 for _ in terms))
    dense = unit(ordinal if seed is None else seed)
    return Point(point_id(revision, ordinal, "r"), revision, ordinal, str(library), language, dense, sparse)


def found_ordinals(hits) -> list[int]:
    return [hit.ordinal for hit in hits]


TERM = SparseVector((7,), (1.0,))


def test_an_upserted_point_is_the_best_hit_for_its_own_vector(index):
    revision = uuid.uuid4()
    index.upsert([point(revision, number, LIBRARY_A) for number in range(20)])

    hit = index.search(unit(13), TERM, scope=scope(LIBRARY_A), limit=5).dense[0]

    assert (hit.revision_id, hit.ordinal, round(hit.score, 4)) == (revision, 13, 1.0)


def test_dense_hits_are_the_exact_nearest_in_order(index):
    index.upsert([point(uuid.UUID(int=9), number, LIBRARY_A) for number in range(50)])
    query = unit(999)
    truth = sorted(range(50), key=lambda number: -float(np.dot(unit(number), query)))[:10]

    found = index.search(query, TERM, scope=scope(LIBRARY_A), limit=10)

    assert found_ordinals(found.dense) == truth


def test_a_search_in_one_language_finds_only_passages_in_it(index):
    revision = uuid.uuid4()
    index.upsert([point(revision, number, LIBRARY_A, language="ja" if number % 2 else "en") for number in range(20)])

    found = index.search(unit(4), TERM, scope=scope(LIBRARY_A), limit=20, language="ja")

    assert set(found_ordinals(found.dense)) == set(found_ordinals(found.sparse)) == set(range(1, 20, 2))


def test_a_search_in_one_language_stays_inside_the_scope(index):
    index.upsert([point(uuid.uuid4(), 1, library, language="ja") for library in (LIBRARY_A, LIBRARY_B)])

    found = index.search(unit(1), TERM, scope=scope(LIBRARY_A), limit=20, language="ja")

    assert len(found.dense) == len(found.sparse) == 1


def test_sparse_hits_hold_a_query_term_and_a_rarer_term_weighs_more(index):
    revision = uuid.uuid4()
    common = [point(revision, number, LIBRARY_A, terms=(7,)) for number in range(10)]
    index.upsert(
        [*common, point(revision, 10, LIBRARY_A, terms=(7, 4_000_000_000)), point(revision, 11, LIBRARY_A, terms=(8,))]
    )

    hits = index.search(unit(1), SparseVector((7, 4_000_000_000), (1.0, 1.0)), scope=scope(LIBRARY_A), limit=20).sparse

    assert hits[0].ordinal == 10
    assert 11 not in found_ordinals(hits)
    assert hits[0].score > 2 * hits[1].score


def test_no_leg_finds_a_point_outside_the_scope(index):
    index.upsert([point(uuid.UUID(int=5), number, LIBRARY_A) for number in range(10)])
    index.upsert([point(uuid.UUID(int=6), number, LIBRARY_B) for number in range(10)])

    found = index.search(unit(3), TERM, scope=scope(LIBRARY_B, LIBRARY_C), limit=20)

    assert {hit.revision_id for hit in (*found.dense, *found.sparse)} == {uuid.UUID(int=6)}


def test_revisions_to_be_passed_over_leave_room_for_the_others(index):
    shut, open_ = uuid.UUID(int=5), uuid.UUID(int=6)
    index.upsert([point(shut, number, LIBRARY_A, seed=3) for number in range(30)])
    index.upsert([point(open_, number, LIBRARY_A, seed=number + 100) for number in range(3)])

    found = index.search(unit(3), TERM, scope=scope(LIBRARY_A), limit=10, without=[shut])

    assert [{hit.revision_id for hit in leg} for leg in (found.dense, found.sparse)] == [{open_}, {open_}]


def test_passing_over_revisions_opens_no_other_library(index):
    index.upsert([point(uuid.UUID(int=5), 0, LIBRARY_A), point(uuid.UUID(int=6), 0, LIBRARY_B)])

    found = index.search(unit(0), TERM, scope=scope(LIBRARY_A), limit=10, without=[uuid.UUID(int=5)])

    assert (found.dense, found.sparse) == ((), ())


def test_a_search_within_revisions_finds_their_points_however_many_others_are_closer(index):
    wanted, other = uuid.UUID(int=5), uuid.UUID(int=6)
    index.upsert([point(other, number, LIBRARY_A, seed=3) for number in range(30)])
    index.upsert([point(wanted, number, LIBRARY_A, seed=number + 100) for number in range(3)])

    found = index.search(unit(3), TERM, scope=scope(LIBRARY_A), limit=10, within=[wanted])

    assert [[hit.revision_id for hit in leg] for leg in (found.dense, found.sparse)] == [[wanted] * 3, [wanted] * 3]


def test_a_search_within_revisions_opens_no_other_library(index):
    index.upsert([point(uuid.UUID(int=5), 0, LIBRARY_A), point(uuid.UUID(int=6), 0, LIBRARY_B)])

    found = index.search(unit(0), TERM, scope=scope(LIBRARY_A), limit=10, within=[uuid.UUID(int=6)])

    assert (found.dense, found.sparse) == ((), ())


def test_a_search_within_no_revisions_finds_nothing(index):
    index.upsert([point(uuid.UUID(int=5), 0, LIBRARY_A)])

    found = index.search(unit(0), TERM, scope=scope(LIBRARY_A), limit=10, within=[])

    assert (found.dense, found.sparse) == ((), ())


def test_a_search_within_revisions_may_ask_for_one_language_too(index):
    revision = uuid.UUID(int=5)
    index.upsert([point(revision, number, LIBRARY_A, language="ja" if number % 2 else "en") for number in range(10)])

    found = index.search(unit(4), TERM, scope=scope(LIBRARY_A), limit=20, within=[revision], language="ja")

    assert set(found_ordinals(found.dense)) == set(range(1, 10, 2))


def test_an_empty_scope_finds_nothing(index):
    index.upsert([point(uuid.uuid4(), 0, LIBRARY_A)])

    found = index.search(unit(0), TERM, scope=scope(), limit=5)

    assert (found.dense, found.sparse) == ((), ())


def test_a_question_without_terms_is_answered_by_the_dense_leg_alone(index):
    index.upsert([point(uuid.uuid4(), 0, LIBRARY_A)])

    found = index.search(unit(0), SparseVector((), ()), scope=scope(LIBRARY_A), limit=5)

    assert (len(found.dense), found.sparse) == (1, ())


def test_upserting_twice_changes_nothing(index):
    points = [point(uuid.UUID(int=4), number, LIBRARY_A) for number in range(5)]
    index.upsert(points)

    index.upsert(points)

    assert index.count() == 5


def test_upserting_a_known_id_replaces_its_vector_and_access_key(index):
    index.upsert([point(uuid.UUID(int=4), 0, LIBRARY_A)])

    index.upsert([point(uuid.UUID(int=4), 0, LIBRARY_B, seed=77)])

    assert index.search(unit(77), TERM, scope=scope(LIBRARY_A), limit=5).dense == ()
    assert round(index.search(unit(77), TERM, scope=scope(LIBRARY_B), limit=5).dense[0].score, 4) == 1.0


def test_deleting_revisions_removes_their_points_and_no_others(index):
    kept, gone = uuid.UUID(int=1), uuid.UUID(int=2)
    index.upsert([point(kept, 0, LIBRARY_A), point(gone, 0, LIBRARY_A), point(gone, 1, LIBRARY_A)])

    index.delete_revisions([gone])

    assert {revision for _, revision in index.point_ids()} == {kept}


def test_deleting_unknown_revisions_or_nothing_changes_nothing(index):
    index.upsert([point(uuid.uuid4(), 0, LIBRARY_A)])

    index.delete_revisions([uuid.uuid4()])
    index.delete_revisions([])
    index.delete_points([])

    assert index.count() == 1


def test_deleting_points_removes_exactly_those(index):
    revision = uuid.uuid4()
    points = [point(revision, number, LIBRARY_A) for number in range(4)]
    index.upsert(points)

    index.delete_points([points[1].id, points[2].id])

    assert {identity for identity, _ in index.point_ids()} == {points[0].id, points[3].id}


def test_point_ids_lists_every_point_once_across_scroll_pages(index):
    revision = uuid.uuid4()
    points = [point(revision, number, LIBRARY_A) for number in range(2500)]
    index.upsert(points)

    listed = list(index.point_ids())

    assert sorted(listed) == sorted((made.id, revision) for made in points)


def test_clear_leaves_an_empty_index_that_takes_points_again(index):
    index.upsert([point(uuid.uuid4(), number, LIBRARY_A) for number in range(3)])

    index.clear()
    index.upsert([point(uuid.uuid4(), 0, LIBRARY_A)])

    assert index.count() == 1


@pytest.mark.parametrize("made", IMPLEMENTATIONS, ids=lambda made: made.__name__.strip("_"))
def test_what_is_dropped_is_gone_for_whoever_opens_it_next(made, tmp_path):
    index = made(tmp_path)
    index.upsert([point(uuid.uuid4(), 0, LIBRARY_A)])

    index.drop()
    again = made(tmp_path)
    held = again.count()
    again.close()

    assert held == 0


def test_the_servers_indexes_are_told_by_their_models():
    from qdrant_client import QdrantClient

    from ingestion.index.server import ServerIndex, collections

    client = QdrantClient(":memory:")
    ServerIndex(client, "one", DIMENSION)
    ServerIndex(client, "other", DIMENSION)

    assert collections(client) == {"one", "other"}


def test_a_dropped_edge_index_leaves_nothing_on_the_disk(tmp_path):
    index = _edge(tmp_path)

    index.drop()

    assert list((tmp_path / "index").iterdir()) == []


def test_searches_stay_right_while_another_thread_writes(tmp_path):
    # Not over qdrant-client's memory mode: only the real engines promise threads.
    index = _edge(tmp_path)
    mine = uuid.UUID(int=8)
    index.upsert([point(mine, number, LIBRARY_A) for number in range(20)])
    writer = threading.Thread(
        target=lambda: [index.upsert([point(uuid.UUID(int=9), n, LIBRARY_B)]) for n in range(200)]
    )
    writer.start()

    answers = [found_ordinals(index.search(unit(3), TERM, scope=scope(LIBRARY_A), limit=1).dense) for _ in range(50)]

    writer.join()
    index.close()
    assert answers == [[3]] * 50


def test_points_are_still_there_after_closing_and_opening_again(tmp_path):
    index = _edge(tmp_path)
    index.upsert([point(uuid.uuid4(), number, LIBRARY_A) for number in range(5)])
    index.close()

    again = _edge(tmp_path)

    assert again.count() == 5
    again.close()


def test_closing_twice_is_closing_once(tmp_path):
    index = _edge(tmp_path)
    index.close()

    index.close()


def test_opening_files_another_holder_has_open_says_which_process(tmp_path):
    index = _edge(tmp_path)

    with pytest.raises(IndexHeld) as held:
        _edge(tmp_path)

    index.close()
    assert held.value.params["pid"] == os.getpid()


def test_points_survive_a_process_killed_right_after_the_upsert(tmp_path):
    script = f"""
        import os, signal, sys, uuid
        from pathlib import Path
        import django
        django.setup()
        from ingestion.index import Point
        from ingestion.index.edge import EdgeIndex
        from ingestion.sparse import SparseVector
        index = EdgeIndex(Path({str(tmp_path)!r}) / "index" / "test", {DIMENSION})
        one = SparseVector((7,), (1.0,))
        ids = [uuid.UUID(int=n) for n in range(1, 301)]
        vector = [0.1] * {DIMENSION}
        index.upsert([Point(made, uuid.UUID(int=1), n, "a", "en", vector, one) for n, made in enumerate(ids)])
        os.kill(os.getpid(), signal.SIGKILL)
    """
    child = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], cwd=settings.BASE_DIR, check=False)
    assert child.returncode == -signal.SIGKILL

    index = _edge(tmp_path)

    assert index.count() == 300
    index.close()


def test_a_server_that_does_not_answer_is_said_to_be_unavailable():
    from ingestion.index.server import ServerIndex, connect

    with pytest.raises(IndexUnavailable):
        ServerIndex(connect("http://127.0.0.1:1", None), "test", DIMENSION)


def test_edge_files_of_another_dimension_are_said_to_be_unusable(tmp_path):
    _edge(tmp_path).close()

    with pytest.raises(IndexUnavailable):
        EdgeIndex(tmp_path / "index" / "test", DIMENSION + 1)


def test_a_closed_index_says_so_instead_of_answering(tmp_path):
    index = _edge(tmp_path)
    index.close()

    with pytest.raises(IndexUnavailable):
        index.ping()
