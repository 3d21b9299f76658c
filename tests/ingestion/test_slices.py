"""Rows taken in slices while somebody else writes: SQLite must not refuse our own write between two slices."""

import sqlite3

import pytest
from django.db import OperationalError, connections

from ingestion.models import ApiToken, User
from ingestion.stages import in_slices


@pytest.fixture
def scratch(tmp_path, django_db_blocker):
    """A database file of its own, opened by the product's own settings, with 6 rows; and a writer beside it."""
    file = tmp_path / "scratch.sqlite3"
    with django_db_blocker.unblock():
        connections.databases["scratch"] = {**connections.databases["default"], "NAME": str(file)}
        opened = connections["scratch"]
        with opened.schema_editor() as editor:
            editor.create_model(User)
            editor.create_model(ApiToken)
        user = User.objects.using("scratch").create(username="a")
        for number in range(6):
            ApiToken.objects.using("scratch").create(user=user, digest=str(number))
        other = sqlite3.connect(file, timeout=5)
        yield other
        other.close()
        opened.close()
        del connections.databases["scratch"]
        del connections["scratch"]


def _write_on_both(rows, other):
    next(rows)
    other.execute("UPDATE ingestion_apitoken SET name = 'theirs'")
    other.commit()
    ApiToken.objects.using("scratch").update(name="ours")
    return list(rows)


def test_a_write_between_two_slices_succeeds_after_somebody_elses(scratch):
    rows = in_slices(ApiToken.objects.using("scratch"), "id", 2)

    assert [len(some) for some in _write_on_both(rows, scratch)] == [2, 2]


def test_an_open_cursor_is_what_sqlite_refuses(scratch):
    rows = ApiToken.objects.using("scratch").order_by("id").iterator(chunk_size=2)

    with pytest.raises(OperationalError, match="locked"):
        _write_on_both(rows, scratch)
