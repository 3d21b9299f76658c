"""PostgreSQL in and out of a backup: every table by COPY, inside one transaction that sees one moment.

Over the connection Tenkyo has anyway: pg_dump must not be older than the server and is not in Tenkyo's image
(docs/decisions/0015-backups.md).
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from ingestion.backup.archive import BLOCK_BYTES, Engine, Reading, Table, Writing
from ingestion.errors import BackupDamaged, RestoreInUse

# Written by the migrations themselves when they run again.
_LEDGER = "django_migrations"


class PostgresSnapshot:
    """The open transaction: everything read in it is of one moment."""

    engine: Engine = "postgresql"

    def files(self) -> dict[str, str]:
        """The SHA-256 of each uploaded file that has a row, by revision id in hexadecimal."""
        return {key.hex: digest for key, digest in _rows("SELECT id, sha256 FROM ingestion_revision")}

    def migrations(self) -> list[str]:
        """The migrations that were applied."""
        return [f"{app}.{name}" for app, name in _rows(f"SELECT app, name FROM {_LEDGER} ORDER BY id")]  # noqa: S608

    def write(self, archive: Writing, *, without: Collection[str]) -> dict[str, Table]:
        """Write every table but these, a part each; how many rows and which columns each has."""
        tables = sorted(connection.introspection.django_table_names(only_existing=True))
        return {name: _copied_out(archive, name) for name in tables if name not in without}


@contextmanager
def snapshot(scratch: Path) -> Iterator[PostgresSnapshot]:  # noqa: ARG001  # the other database needs it
    """The database as it is now. Writers are not held up, and what they write from now on is not in it."""
    with transaction.atomic():
        _run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield PostgresSnapshot()


def require_unused() -> None:
    """Return where nobody else is connected to the database. Raises RestoreInUse."""
    others = _rows(
        "SELECT DISTINCT coalesce(nullif(application_name, ''), host(client_addr), 'local') FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    if others:
        raise RestoreInUse(who=", ".join(sorted(name for (name,) in others)))


def put_back(archive: Reading) -> None:
    """Replace Tenkyo's tables by the archive's, all or nothing. Raises BackupDamaged."""
    with transaction.atomic():
        _drop_tables()
        executor = MigrationExecutor(connection)
        executor.migrate(_last_of_each_app(executor, archive.manifest.migrations))
        _run("SET CONSTRAINTS ALL IMMEDIATE")
        # Rows that migrations wrote are in the archive too.
        _run(f"TRUNCATE {', '.join(map(_quoted, _our_tables() - {_LEDGER}))}")
        _run("SET CONSTRAINTS ALL DEFERRED")
        for name, table in archive.manifest.tables.items():
            _copied_in(archive, name, table)
        _run("SET CONSTRAINTS ALL IMMEDIATE")


def _copied_out(archive: Writing, name: str) -> Table:
    with connection.cursor() as cursor, archive.part(f"database/{name}.copy") as write:
        described = connection.introspection.get_table_description(cursor, name)
        columns = tuple(column.name for column in described)
        with _copy(cursor, f"COPY {_quoted(name)} ({', '.join(map(_quoted, columns))}) TO STDOUT") as rows:
            for block in rows:
                write(bytes(block))
        return Table(rows=cursor.rowcount, columns=columns)


def _copied_in(archive: Reading, name: str, table: Table) -> None:
    columns = ", ".join(map(_quoted, table.columns))
    part = f"database/{name}.copy"
    with connection.cursor() as cursor, archive.part(part) as data:
        with _copy(cursor, f"COPY {_quoted(name)} ({columns}) FROM STDIN") as rows:
            while block := data.read(BLOCK_BYTES):
                rows.write(block)
        if cursor.rowcount != table.rows:
            raise BackupDamaged(file=str(archive.path), part=part)
        for sequence in connection.introspection.get_sequences(cursor, name):
            _set_sequence(cursor, sequence["table"], sequence["column"])


def _set_sequence(cursor: Any, table: str, column: str) -> None:
    newest = f"SELECT max({_quoted(column)}) FROM {_quoted(table)}"  # noqa: S608  # our own tables' names
    cursor.execute(
        f"SELECT setval(pg_get_serial_sequence(%s, %s), coalesce(({newest}), 1), ({newest}) IS NOT NULL)",
        [_quoted(table), column],
    )


def _drop_tables() -> None:
    for name in _our_tables():
        _run(f"DROP TABLE {_quoted(name)} CASCADE")


def _our_tables() -> set[str]:
    """Tables that are there: of today's models, and of those there were or will be."""
    ours = {*connection.introspection.django_table_names(), _LEDGER}
    prefixes = tuple(f"{config.label}_" for config in apps.get_app_configs())
    return {name for name in connection.introspection.table_names() if name in ours or name.startswith(prefixes)}


def _last_of_each_app(executor: MigrationExecutor, applied: Collection[str]) -> list[tuple[str, str]]:
    """The applied migrations after which none of the same app was applied."""
    done = {(app, name) for app, _, name in (said.partition(".") for said in applied)}
    graph = executor.loader.graph
    followed = {parent.key for key in done for parent in graph.node_map[key].parents if parent.key[0] == key[0]}
    return sorted(done - followed)


def _copy(cursor: Any, statement: str) -> Any:
    return cursor.copy(statement)


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
