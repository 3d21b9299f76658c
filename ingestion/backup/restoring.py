"""Bringing a backup back: verified first, never over something that is there unless told so."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from ingestion import audit_seals, upkeep
from ingestion.audit import record
from ingestion.backup import given
from ingestion.backup.archive import Manifest, Part, Reading, opened
from ingestion.backup.taking import Taken, engine, one_at_a_time, take_in_turn
from ingestion.errors import (
    BackupNewer,
    BackupOtherDatabase,
    IndexHeld,
    IndexUnavailable,
    RestoreNotEmpty,
)
from ingestion.files import disk_full_named
from ingestion.index import vector_index
from ingestion.models import Revision

Say = Callable[[str], None]
_SHOWN = (("ingestion_user", "people"), ("ingestion_library", "libraries"), ("ingestion_document", "documents"))


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back.

    `replaced`: the backup of what was there before. `points`: how many the index holds, None where it was not filled;
    `to_embed`: chunks whose vectors must be computed before they are found. `env`: the backup's settings as a file.
    """

    manifest: Manifest
    replaced: Taken | None
    points: int | None
    to_embed: int
    env: Path
    differing: dict[str, tuple[str, str]]
    other_portfolio: bool

    @property
    def rebuild_needed(self) -> bool:
        """Whether `manage.py index_rebuild` is still to be run."""
        return self.points is None


def verify(source: Path, on_part: Callable[[Part], None] = lambda _: None) -> Manifest:
    """Read the archive to its end. Raises BackupUnreadable, BackupDamaged, BackupNewer."""
    with opened(source) as archive:
        archive.verify(on_part)
        _require_known(archive)
        return archive.manifest


def restore(source: Path, *, replace: bool, say: Say) -> Restored:
    """Bring the archive at `source` back into this installation. Everything is checked before anything is changed.

    Raises BackupUnreadable, BackupDamaged, BackupNewer, BackupOtherDatabase, BackupRunning, RestoreNotEmpty,
    RestoreInUse, IndexHeld, DiskFull.
    """
    with opened(source) as archive:
        say("Verifying every part")
        archive.verify()
        _require_known(archive)
        _require_same_database(archive)
        with one_at_a_time(), _index_held() as index_answers:
            engine().require_unused()
            replaced = _make_room(replace=replace, say=say)
            say("Uploaded files")
            _put_files(archive)
            _put_seals(archive)
            say("Database")
            engine().put_back(archive)
            call_command("migrate", interactive=False, verbosity=0)
            env, differing = given.put_back(archive), given.differing(archive)
            record("backup.restore", subject=source.name, made_at=archive.manifest.made_at.isoformat())
            points, to_embed = _fill_index(say) if index_answers else (None, upkeep.without_vector())
            other = given.portfolio_differs(archive)
            return Restored(archive.manifest, replaced, points, to_embed, env, differing, other)


def _require_known(archive: Reading) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = [name for name in archive.manifest.migrations if name not in known]
    if archive.manifest.version != settings.VERSION and unknown:
        raise BackupNewer(file=str(archive.path), theirs=archive.manifest.version, ours=settings.VERSION)
    if unknown:  # the same version's number, but changes this code does not have
        raise BackupNewer(file=str(archive.path), theirs=unknown[-1], ours=settings.VERSION)


def _require_same_database(archive: Reading) -> None:
    theirs, ours = archive.manifest.engine, connection.vendor
    if theirs != ours:
        raise BackupOtherDatabase(file=str(archive.path), theirs=theirs, ours=ours)


@contextmanager
def _index_held() -> Iterator[bool]:
    """Whether the index answers; on one machine, nobody else opens it meanwhile. Raises IndexHeld."""
    try:
        vector_index()
    except IndexHeld:
        raise
    except IndexUnavailable:
        yield False
    else:
        yield True


def _make_room(*, replace: bool, say: Say) -> Taken | None:
    held = _held()
    if not held:
        return None
    folder = Path(settings.DATA_DIR) / "before-restore"
    if not replace:
        raise RestoreNotEmpty(held=held, folder=str(folder))
    say(f"Backing up what is there ({held})")
    folder.mkdir(exist_ok=True)
    return take_in_turn(folder, vectors=True, secrets=True)


def _held() -> str:
    """What this installation holds, as a person reads it; empty where that is nothing."""
    tables = set(connection.introspection.table_names())
    counts = [(_count(table), told) for table, told in _SHOWN if table in tables]
    counts.append((sum(1 for _ in Path(settings.MEDIA_ROOT).glob("??/*")), "uploaded files"))
    return ", ".join(f"{count} {told}" for count, told in counts if count)


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  # from _SHOWN
        return int(cursor.fetchone()[0])


def _put_files(archive: Reading) -> None:
    # Named by id and never changed: beside the old database's files they do no harm, should this be cut off.
    for part in archive.manifest.parts:
        if part.name.startswith("files/"):
            target = Path(settings.MEDIA_ROOT) / part.name.removeprefix("files/")
            with disk_full_named():
                target.parent.mkdir(parents=True, exist_ok=True)
            archive.extract(part.name, target)


def _put_seals(archive: Reading) -> None:
    """Seals that are here stay: they say more of a log than an older backup of it knows."""
    for part in archive.manifest.parts:
        target = audit_seals.folder() / part.name.removeprefix("audit/")
        if part.name.startswith("audit/") and not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            archive.extract(part.name, target)
            target.chmod(0o400)


def _fill_index(say: Say) -> tuple[int | None, int]:
    """(points, chunks to embed). The index is filled where that computes no vector."""
    to_embed = upkeep.without_vector()
    if to_embed:
        return None, to_embed
    say("Index")
    with suppress(IndexUnavailable):
        return upkeep.rebuild(_quietly), 0
    return None, 0


def _quietly(_revision: Revision, _done: int) -> None:
    """The index is filled in minutes: no line for each document."""
