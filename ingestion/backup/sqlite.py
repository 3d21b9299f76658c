"""SQLite in and out of a backup: one consistent copy of the file, while others go on writing."""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from ingestion.backup.archive import Engine, Reading, Table, Writing
from ingestion.errors import BackupDamaged, RestoreInUse

_PART = "database/tenkyo.sqlite3"
_PROBE_SECONDS = 2.0


class SqliteSnapshot:
    """The database as it was at one moment, as a file of its own."""

    engine: Engine = "sqlite"

    def __init__(self, copy: Path) -> None:
        """`copy` is nobody else's."""
        self._copy = copy

    def files(self) -> dict[str, str]:
        """The SHA-256 of each uploaded file that has a row, by revision id in hexadecimal."""
        with closing(sqlite3.connect(self._copy)) as copy:
            return {
                UUID(str(key)).hex: digest for key, digest in copy.execute("SELECT id, sha256 FROM ingestion_revision")
            }

    def migrations(self) -> list[str]:
        """The migrations that were applied."""
        with closing(sqlite3.connect(self._copy)) as copy:
            return [
                f"{app}.{name}" for app, name in copy.execute("SELECT app, name FROM django_migrations ORDER BY id")
            ]

    def write(self, archive: Writing, *, without: Collection[str]) -> dict[str, Table]:
        """Write the database without the rows of these tables; how many rows each table has."""
        with closing(sqlite3.connect(self._copy)) as copy:
            for table in sorted(set(without) & _counted(copy).keys()):
                copy.execute(f'DELETE FROM "{table}"')  # noqa: S608  # our own tables' names
            copy.commit()
            if without:
                copy.execute("VACUUM")  # deleted rows would still lie in the file's free pages
            counted = _counted(copy)
        archive.file(_PART, self._copy)
        return {name: Table(rows=rows) for name, rows in counted.items()}


@contextmanager
def snapshot(scratch: Path) -> Iterator[SqliteSnapshot]:
    """The database as it is now. Writers are not held up, and what they write from now on is not in it."""
    path = scratch / f"{uuid4().hex}.sqlite3"
    with (
        closing(sqlite3.connect(_live().as_uri() + "?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(path)) as copy,
    ):
        # All pages in one step: between steps, any write of another process would make it begin anew.
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # the write-ahead log would be a second file
    yield SqliteSnapshot(path)
    path.unlink()


def require_unused() -> None:
    """Return where no other process has the database open. Raises RestoreInUse."""
    connection.close()
    if not _live().exists():
        return
    with closing(sqlite3.connect(_live(), timeout=_PROBE_SECONDS, isolation_level=None)) as probe:
        try:
            # Only whoever is alone with the file may leave the write-ahead log; Tenkyo goes back to it by itself.
            probe.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            raise RestoreInUse(who=str(_live())) from error


def put_back(archive: Reading) -> None:
    """Replace the database by the archive's, by one rename. Raises BackupDamaged, DiskFull."""
    made = _live().with_name(f".{_live().name}.restored")
    archive.extract(_PART, made)
    try:
        _check(archive, made)
        connection.close()
        for suffix in ("-wal", "-shm", "-journal"):
            _live().with_name(_live().name + suffix).unlink(missing_ok=True)
        made.replace(_live())
    finally:
        made.unlink(missing_ok=True)


def _check(archive: Reading, made: Path) -> None:
    with closing(sqlite3.connect(made)) as copy:
        whole = copy.execute("PRAGMA quick_check").fetchone() == ("ok",)
        same = {name: Table(rows=rows) for name, rows in _counted(copy).items()} == archive.manifest.tables
    if not (whole and same):
        raise BackupDamaged(file=str(archive.path), part=_PART)


def _counted(copy: sqlite3.Connection) -> dict[str, int]:
    kept = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    names = sorted(name for (name,) in copy.execute(kept))
    return {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608


def _live() -> Path:
    return Path(settings.DATABASES["default"]["NAME"])
