"""Making a backup while Tenkyo runs: database and files as they were at one moment."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection
from django.utils import timezone

from config import portfolio
from ingestion import audit_seals
from ingestion.audit import record
from ingestion.backup import postgres, sqlite
from ingestion.backup.archive import FORMAT, Engine, Manifest, Reading, Table, Writing, written
from ingestion.backup.given import as_text
from ingestion.errors import BackupRunning
from ingestion.files import disk_full_named

# Whoever reads a session's key is that person until it ends.
_SESSIONS = ("django_session", "ingestion_usersession")
_VECTORS = ("ingestion_chunkvector",)
_TRIES = 5
_SCRATCH = "backup-"


class Snapshot(Protocol):
    """A database as it was at one moment."""

    engine: Engine

    def files(self) -> dict[str, str]:
        """The SHA-256 of each uploaded file that has a row, by revision id in hexadecimal."""

    def migrations(self) -> list[str]:
        """The migrations that were applied."""

    def write(self, archive: Writing, *, without: Collection[str]) -> dict[str, Table]:
        """Write the tables but these; what each holds."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was made: where, and what it says of itself."""

    path: Path
    manifest: Manifest


def take(target: Path, *, vectors: bool, secrets: bool) -> Taken:
    """Write a backup to `target` (a folder: to a file there, named by the time).

    Raises BackupExists, BackupUnwritable, BackupRunning, DiskFull, and what the database raises.
    """
    with one_at_a_time():
        return take_in_turn(target, vectors=vectors, secrets=secrets)


def take_in_turn(target: Path, *, vectors: bool, secrets: bool) -> Taken:
    """The same, for who holds the turn already."""
    path = target / f"tenkyo-{timezone.localtime():%Y%m%d-%H%M%S}.zip" if target.is_dir() else target
    with written(path) as archive, _scratch() as scratch, _moment(scratch) as (snapshot, files):
        made_at = timezone.now()
        without = [*(() if vectors else _VECTORS), *(() if secrets else _SESSIONS)]
        tables = snapshot.write(archive, without=without)
        damaged = [key for key in sorted(files) if not _write_file(archive, scratch, key, files[key])]
        _write_settings(archive, secrets=secrets)
        _write_seals(archive, made_at)
        manifest = Manifest(
            format=FORMAT,
            version=settings.VERSION,
            made_at=made_at,
            engine=snapshot.engine,
            migrations=tuple(snapshot.migrations()),
            embed_model=settings.EMBED_MODEL,
            vectors=vectors,
            secrets=secrets,
            tables=tables,
            missing=tuple(sorted(key for key in files if not (scratch / key).exists())),
            damaged=tuple(damaged),
            parts=tuple(archive.parts),
        )
        archive.finish(manifest)
    record("backup.make", subject=path.name, vectors=vectors, secrets=secrets, bytes=path.stat().st_size)
    return Taken(path, manifest)


class Kind(Protocol):
    """One kind of database: the module that reads and writes it."""

    def snapshot(self, scratch: Path) -> AbstractContextManager[Snapshot]:
        """The database as it is now; writers are not held up."""

    def require_unused(self) -> None:
        """Return where nobody else has the database open. Raises RestoreInUse."""

    def put_back(self, archive: Reading) -> None:
        """Replace the database by the archive's, all or nothing. Raises BackupDamaged."""


def engine() -> Kind:
    """The kind of database that DATABASE_URL names."""
    return postgres if connection.vendor == "postgresql" else sqlite


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """The turn to back up or restore this data folder. Raises BackupRunning."""
    folder = Path(settings.DATA_DIR)
    with (folder / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRunning(folder=str(folder)) from None
        yield


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder on the disk of the uploaded files; what an earlier run that was killed left of its own goes first."""
    beside = Path(settings.MEDIA_ROOT).parent
    for left in beside.glob(f"{_SCRATCH}*/"):
        shutil.rmtree(left, ignore_errors=True)
    with disk_full_named(), tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=beside) as folder:
        yield Path(folder)


@contextmanager
def _moment(scratch: Path) -> Iterator[tuple[Snapshot, dict[str, str]]]:
    """A snapshot, and its files held fast under their revision's id in `scratch`; what was missing before stays so.

    A file whose document is deleted just before it is held fast is in the snapshot but gone: then a new one is taken.
    """
    known: set[str] | None = None
    for turn in range(_TRIES):
        _hold(scratch, (path.name for path in Path(settings.MEDIA_ROOT).glob("??/" + 32 * "[0-9a-f]")))
        with engine().snapshot(scratch) as snapshot:
            files = snapshot.files()
            _hold(scratch, files)
            missing = {key for key in files if not (scratch / key).exists()}
            if not missing or missing == known or turn == _TRIES - 1:
                yield snapshot, files
                return
            known = missing


def _hold(scratch: Path, keys: Iterable[str]) -> None:
    """Give the files second names, so that deleting their documents does not take them from under the backup."""
    for key in keys:
        held = scratch / key
        if not held.exists():
            with suppress(FileNotFoundError):
                _name_again(Path(settings.MEDIA_ROOT) / key[:2] / key, held)


def _name_again(lying: Path, held: Path) -> None:
    try:
        os.link(lying, held)
    except FileNotFoundError:
        raise
    except OSError:  # a file system without links
        shutil.copyfile(lying, held)


def _write_seals(archive: Writing, made_at: datetime) -> None:
    """The seals of the audit log as long as the snapshot's: a restored log must fit them."""
    for seal in audit_seals.seals():
        if datetime.fromisoformat(seal.sealed_at) <= made_at:
            archive.file(f"audit/{seal.path.name}", seal.path)


def _write_file(archive: Writing, scratch: Path, key: str, sha256: str) -> bool:
    """Write an uploaded file. False where it is not what was uploaded."""
    if not (scratch / key).exists():
        return True
    return archive.file(f"files/{key[:2]}/{key}", scratch / key, stored=True).sha256 == sha256


def _write_settings(archive: Writing, *, secrets: bool) -> None:
    archive.text("settings.json", as_text(settings.GIVEN_SETTINGS))
    archive.text("portfolio.toml", (Path(portfolio.__file__).parent / "portfolio.toml").read_text(encoding="utf-8"))
    if secrets:
        archive.text("secrets.json", as_text({**settings.SECRETS_GIVEN, "SECRET_KEY": settings.SECRET_KEY}))
