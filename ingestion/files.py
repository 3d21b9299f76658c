"""Uploaded files on disk: written once, named by id, removed with their revision."""

import errno
import hashlib
import os
import re
import shutil
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from time import time
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from config.portfolio import model_named
from ingestion.errors import DiskFull, FileMissing, FileTooLarge, error_named
from ingestion.models import Revision

_BLOCK_BYTES = 1024 * 1024
_NAME_CHARACTERS = 200
_SUFFIX_CHARACTERS = 10
# A file without a row is younger than this only while its upload is being committed.
_ORPHAN_AFTER_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Received:
    """An upload on the data disk that no row names yet."""

    path: Path
    sha256: str
    size: int


@contextmanager
def received(file: BinaryIO, *, size: int) -> Iterator[Received]:
    """Stream an upload to disk, hashed on the way; what nobody kept is gone at the end.

    `size` is what the sender announced. Raises FileTooLarge, DiskFull, and the error `file_empty`.
    """
    if size > settings.UPLOAD_LIMIT_BYTES:
        raise FileTooLarge(limit_mb=settings.UPLOAD_LIMIT_BYTES // 1024**2)
    path = Path(settings.FILE_UPLOAD_TEMP_DIR) / f"{uuid.uuid4().hex}.part"
    try:
        with disk_full_named():
            yield _written(file, path)
    finally:
        path.unlink(missing_ok=True)


def keep(upload: Received, revision: Revision) -> None:
    """Move a received file to the revision's place. Both lie in the data folder, so it is one rename."""
    target = file_path(revision)
    with disk_full_named():
        target.parent.mkdir(parents=True, exist_ok=True)
        upload.path.replace(target)


def keep_again(earlier: Revision, revision: Revision) -> None:
    """The file of an earlier revision is this one's too. Raises FileMissing, DiskFull."""
    source, target = file_there(earlier), file_path(revision)
    with disk_full_named():
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)  # nobody writes into it: two names of the same bytes
        except OSError:  # a file system without
            shutil.copyfile(source, target)


def file_path(revision: Revision) -> Path:
    """Where the revision's file lies."""
    return Path(settings.MEDIA_ROOT) / revision.stored_name


def file_there(revision: Revision) -> Path:
    """Where the revision's file lies. Raises FileMissing where it does not."""
    path = file_path(revision)
    if not path.exists():
        raise FileMissing
    return path


def pages_folder(revision_id: UUID) -> Path:
    """Where the drawn pages of a revision are kept."""
    return Path(settings.DATA_DIR) / "pages" / revision_id.hex


def font_path() -> Path:
    """The font that sets files which have no pages of their own."""
    return Path(settings.MODELS_DIR) / model_named("ipaex-gothic", "font").path


def remove_files(revision_ids: Iterable[UUID]) -> None:
    """Remove drawn pages and files. The file goes last: while it lies there, `orphans` finds the revision again."""
    for revision_id in revision_ids:
        shutil.rmtree(pages_folder(revision_id), ignore_errors=True)
        file_path(Revision(id=revision_id)).unlink(missing_ok=True)


def orphans() -> list[UUID]:
    """Revisions whose file or drawn pages lie on disk but whose row is gone.

    A deletion that was cut off leaves them, and a page that was being drawn while its document was deleted.
    """
    paths = (*Path(settings.MEDIA_ROOT).glob("??/*"), *(Path(settings.DATA_DIR) / "pages").glob("*"))
    lying = {UUID(path.name): path for path in paths if _is_id(path.name)}
    known = set(Revision.objects.values_list("id", flat=True))
    return [found for found in lying.keys() - known if _age(lying[found]) > _ORPHAN_AFTER_SECONDS]


def remove_stale_uploads() -> None:
    """Remove parts of uploads that ended with their process more than a day ago."""
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*"):
        if _age(path) > 24 * 3600:
            path.unlink(missing_ok=True)


def clean_name(filename: str) -> str:
    """The last part of a file name as people may see it: no folders, no control characters, at most 200 characters."""
    last = PurePosixPath(filename.replace("\\", "/")).name
    shown = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C")
    shown = shown.strip().strip(".").strip()
    stem, dot, suffix = shown.rpartition(".")
    if dot and 0 < len(suffix) <= _SUFFIX_CHARACTERS:
        return f"{stem[:_NAME_CHARACTERS] or 'file'}.{suffix}"
    return shown[:_NAME_CHARACTERS] or "file"


def title_from(filename: str) -> str:
    """The file name without its suffix, underscores read as blanks."""
    name = clean_name(filename)
    stem = PurePosixPath(name).stem
    return re.sub(r"[\s_]+", " ", stem).strip() or name


@contextmanager
def disk_full_named() -> Iterator[None]:
    """Say DiskFull where the system says that no room (or quota) is left."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from error
        raise


def _written(file: BinaryIO, path: Path) -> Received:
    digest, size = hashlib.sha256(), 0
    path.parent.mkdir(parents=True, exist_ok=True)
    file.seek(0)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while block := file.read(_BLOCK_BYTES):
            size += len(block)
            if size > settings.UPLOAD_LIMIT_BYTES:
                raise FileTooLarge(limit_mb=settings.UPLOAD_LIMIT_BYTES // 1024**2)
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if not size:
        raise error_named("file_empty")
    return Received(path, digest.hexdigest(), size)


def _is_id(name: str) -> bool:
    return re.fullmatch("[0-9a-f]{32}", name) is not None


def _age(path: Path) -> float:
    try:
        return time() - path.stat().st_ctime  # renaming sets ctime, not mtime
    except FileNotFoundError:
        return 0.0
