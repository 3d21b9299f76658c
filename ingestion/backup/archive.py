"""The file of a backup: a ZIP whose manifest names every part with its size and SHA-256."""

import hashlib
import json
import os
import re
import shutil
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ingestion.errors import BackupDamaged, BackupExists, BackupNewer, BackupUnreadable, BackupUnwritable
from ingestion.files import disk_full_named

Engine = Literal["sqlite", "postgresql"]
FORMAT = 1
MANIFEST = "manifest.json"
BLOCK_BYTES = 1024 * 1024
# What a part may be called. Names come from a file: one that leads elsewhere must not be written.
_NAMES = re.compile(
    r"settings\.json|secrets\.json|portfolio\.toml|database/[a-z0-9_]+\.(?:sqlite3|copy)|files/[0-9a-f]{2}/[0-9a-f]{32}"
    r"|audit/\d{4}-\d{2}-\d{2}\.json"
)


class Part(BaseModel):
    """One member of the archive: size in bytes, SHA-256 in hexadecimal."""

    model_config = ConfigDict(frozen=True)
    name: str
    size: int
    sha256: str


class Table(BaseModel):
    """How many rows of a table were written, and (for PostgreSQL) which columns in which order."""

    model_config = ConfigDict(frozen=True)
    rows: int
    columns: tuple[str, ...] = ()


class Manifest(BaseModel):
    """What a backup says of itself. `missing` and `damaged`: uploaded files that were so before it was made."""

    model_config = ConfigDict(frozen=True)
    format: int
    version: str
    made_at: datetime
    engine: Engine
    migrations: tuple[str, ...]
    embed_model: str
    vectors: bool
    secrets: bool
    tables: dict[str, Table]
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    parts: tuple[Part, ...]

    def rows(self, table: str) -> int:
        """How many rows of the table the backup holds."""
        return self.tables[table].rows if table in self.tables else 0


class Writing:
    """An archive while it is written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Nothing is in it yet."""
        self._archive = archive
        self.parts: list[Part] = []

    @contextmanager
    def part(self, name: str, *, stored: bool = False) -> Iterator[Callable[[bytes], None]]:
        """Write one part through the function that is given. `stored`: it would not get smaller by compression."""
        digest, size = hashlib.sha256(), 0
        member: str | zipfile.ZipInfo = zipfile.ZipInfo(name) if stored else name
        with self._archive.open(member, "w", force_zip64=True) as out:

            def write(block: bytes) -> None:
                nonlocal size
                size += len(block)
                digest.update(block)
                out.write(block)

            yield write
        self.parts.append(Part(name=name, size=size, sha256=digest.hexdigest()))

    def file(self, name: str, path: Path, *, stored: bool = False) -> Part:
        """Write a file as one part."""
        with path.open("rb") as data, self.part(name, stored=stored) as write:
            while block := data.read(BLOCK_BYTES):
                write(block)
        return self.parts[-1]

    def text(self, name: str, said: str) -> None:
        """Write a text as one part."""
        with self.part(name) as write:
            write(said.encode())

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, the last of all: an archive without one was cut off."""
        self._archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))


@contextmanager
def written(target: Path) -> Iterator[Writing]:
    """An archive that gets its name only once it is whole and on disk; until then nothing of that name is there.

    Raises BackupExists, BackupUnwritable, DiskFull.
    """
    if target.exists():
        raise BackupExists(file=str(target))
    partial = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        # What it holds is for nobody but its owner: passwords' hashes, documents.
        handle = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BackupUnwritable(folder=str(target.parent), reason=error.strerror) from error
    try:
        with disk_full_named(), os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                yield Writing(archive)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


class Reading:
    """An archive that is there."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        """Read its manifest. Raises BackupDamaged, BackupNewer."""
        self.path = path
        self._archive = archive
        self.manifest = self._manifest()

    def verify(self, on_part: Callable[[Part], None] = lambda _: None) -> None:
        """Read every part and compare. Raises BackupDamaged, naming the first that is not what was written."""
        lying = sorted(name for name in self._archive.namelist() if name != MANIFEST)
        named = sorted(part.name for part in self.manifest.parts)
        for name in sorted(set(lying) ^ set(named)) or [name for name in lying if lying.count(name) > 1]:
            raise BackupDamaged(file=str(self.path), part=name)
        for part in self.manifest.parts:
            if not _NAMES.fullmatch(part.name) or self._measured(part.name) != (part.size, part.sha256):
                raise BackupDamaged(file=str(self.path), part=part.name)
            on_part(part)

    def has(self, name: str) -> bool:
        """Whether there is a part of that name."""
        return any(part.name == name for part in self.manifest.parts)

    @contextmanager
    def part(self, name: str) -> Iterator[IO[bytes]]:
        """The bytes of a part that was verified."""
        with self._archive.open(name) as data:
            yield data

    def text(self, name: str) -> str:
        """The text of a part that was verified."""
        with self.part(name) as data:
            return data.read().decode()

    def extract(self, name: str, target: Path) -> None:
        """Write a part to a file of its own, which is there whole or not at all. Raises DiskFull."""
        partial = target.with_name(f".{target.name}.part")
        with disk_full_named():
            with self.part(name) as data, os.fdopen(_private(partial), "wb") as out:
                shutil.copyfileobj(data, out, BLOCK_BYTES)
                out.flush()
                os.fsync(out.fileno())
            partial.rename(target)

    def _manifest(self) -> Manifest:
        try:
            said: dict[str, Any] = json.loads(self._archive.read(MANIFEST))
            if int(said["format"]) > FORMAT:
                ours = f"format {FORMAT}"
                raise BackupNewer(
                    file=str(self.path), theirs=f"{said.get('version')}, format {said['format']}", ours=ours
                )
            return Manifest.model_validate(said)
        except (KeyError, TypeError, ValueError, ValidationError, *_BROKEN) as error:
            raise BackupDamaged(file=str(self.path), part=MANIFEST) from error

    def _measured(self, name: str) -> tuple[int, str]:
        digest, size = hashlib.sha256(), 0
        try:
            with self._archive.open(name) as data:
                while block := data.read(BLOCK_BYTES):
                    size += len(block)
                    digest.update(block)
        except _BROKEN:
            return -1, ""
        return size, digest.hexdigest()


# What damaged bytes make zipfile raise.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


@contextmanager
def opened(path: Path) -> Iterator[Reading]:
    """The archive at `path`, its manifest read. Raises BackupUnreadable, BackupDamaged, BackupNewer."""
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise BackupDamaged(file=str(path), part=MANIFEST) from error
    except OSError as error:
        raise BackupUnreadable(file=str(path), reason=error.strerror) from error
    with archive:
        yield Reading(path, archive)


def _private(path: Path) -> int:
    path.unlink(missing_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
