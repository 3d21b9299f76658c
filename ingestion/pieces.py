"""Parts of files on their way, on disk: appended to where they end, one writer at a time, forgotten after a day."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BufferedRandom
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils import timezone

from ingestion.errors import DiskFull, FileTooLarge, NotFound, UploadBusy, UploadOffset
from ingestion.files import disk_full_named
from ingestion.models import PartialUpload

KEPT = timedelta(days=1)
_BLOCK_BYTES = 1024 * 1024


def begin(upload: PartialUpload) -> None:
    """Make room for the file. Raises FileTooLarge, DiskFull."""
    if upload.size > settings.UPLOAD_LIMIT_BYTES:
        raise FileTooLarge(limit_mb=settings.UPLOAD_LIMIT_BYTES // 1024**2)
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < 2 * upload.size:  # it is copied once, while it is hashed
        raise DiskFull
    with disk_full_named():
        os.close(os.open(part_of(upload), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def received(upload: PartialUpload) -> int:
    """How many bytes have arrived. Raises NotFound where the part is gone."""
    if upload.outcome is not None:
        return upload.size
    try:
        return part_of(upload).stat().st_size
    except FileNotFoundError:
        raise NotFound from None


def append(upload: PartialUpload, piece: BinaryIO, *, offset: int) -> int:
    """Write a piece where the file ends so far; how much there is then. What arrived before a failure stays.

    Raises NotFound, UploadOffset, UploadBusy, DiskFull.
    """
    with held(upload) as part:
        begun = part.seek(0, os.SEEK_END)
        if offset != begun:
            raise UploadOffset(received=begun)
        with disk_full_named():
            while block := piece.read(_BLOCK_BYTES):
                if part.tell() + len(block) > upload.size:
                    part.truncate(begun)
                    raise UploadOffset(received=begun)
                part.write(block)
            part.flush()
            os.fsync(part.fileno())
        return part.tell()


@contextmanager
def held(upload: PartialUpload) -> Iterator[BufferedRandom]:
    """The part, for one at a time in all processes. Raises NotFound, UploadBusy."""
    try:
        part = part_of(upload).open("r+b")
    except FileNotFoundError:
        raise NotFound from None
    with part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UploadBusy from None
        yield part


def sha256_of(part: BufferedRandom) -> str:
    """The SHA-256 of the part."""
    part.seek(0)
    return hashlib.file_digest(part, "sha256").hexdigest()


def remove(upload: PartialUpload) -> None:
    """Remove the part; once it is gone nothing happens."""
    part_of(upload).unlink(missing_ok=True)


def expires_at(upload: PartialUpload) -> datetime:
    """When it is forgotten, unless more of it arrives."""
    return upload.touched_at + KEPT


def forget_expired() -> None:
    """Remove uploads of which nothing arrived for a day, and what was kept of ones that are done."""
    for upload in PartialUpload.objects.filter(touched_at__lt=timezone.now() - KEPT):
        remove(upload)
        upload.delete()


def part_of(upload: PartialUpload) -> Path:
    """Where the part lies."""
    return Path(settings.FILE_UPLOAD_TEMP_DIR) / f"{upload.pk.hex}.pieces"
