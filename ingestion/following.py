"""A library follows a folder: what is new there is taken in, what changed becomes a revision, what went is withdrawn.

Each file is done for itself: what one of them cannot do is written down beside it and keeps no other from its turn.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog
from celery import shared_task
from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from ingestion import describing, services, tags
from ingestion.access import Scope, scope_for
from ingestion.archives import is_named_archive
from ingestion.audit import record
from ingestion.errors import (
    ArchiveNotHere,
    FolderBusy,
    FolderEmptied,
    FolderMissing,
    FolderOrphaned,
    FolderUnread,
    TenkyoError,
)
from ingestion.folders import Known, Listing, Plan, Seen, look, plan
from ingestion.lifecycle import lifecycle_of
from ingestion.models import DocumentState, FolderFile, Removed, User, WatchedFolder

log = structlog.get_logger(__name__)
# Of a handful any number may go; of more than that, half at once is more likely a share that lost its contents.
_FEW = 5
# A look whose process died is over after this; each file it does begins the time anew.
_LOOK_ENDS_AFTER = timedelta(hours=1)
Say = Callable[[str, str], None]
"""Told of each file: its path, and what was done: added, replaced, moved, back, gone, failed."""


@dataclass(slots=True)
class Followed:
    """What a look did. `counts`: how many files were added, replaced, moved, back, gone, failed, writing."""

    counts: Counter[str] = field(default_factory=Counter)
    documents: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at one folder: on whose behalf, and whom it tells."""

    folder: WatchedFolder
    user: User
    scope: Scope
    say: Say
    done: Followed

    def note(self, path: str, what: str) -> None:
        WatchedFolder.objects.filter(pk=self.folder.pk).update(looking_since=timezone.now())
        self.done.counts[what] += 1
        self.say(path, what)


def folder_set(
    *, user: User, scope: Scope, library_id: object, path: Path, removed: Removed, watched: bool
) -> WatchedFolder:
    """Have a library follow a folder, on this person's behalf. Raises NotFound, FolderMissing."""
    library = scope.library(library_id, to_change=True)
    if not path.is_dir():
        raise FolderMissing(path=str(path))
    said = {"removed": removed, "watched": watched, "added_by": user}
    with transaction.atomic():
        folder, _ = WatchedFolder.objects.update_or_create(library=library, path=str(path.resolve()), defaults=said)
        facts = {"folder": str(folder.pk), "removed": removed, "watched": watched}
        record("library.follow", actor=user, subject=f"library:{library.pk}", **facts)
    return folder


def folder_follow(
    folder: WatchedFolder, *, accept_removals: bool = False, say: Say = lambda _path, _what: None
) -> Followed:
    """Look at the folder once and do what changed.

    Raises FolderBusy, FolderMissing, FolderOrphaned, and, after everything else is done, FolderEmptied. The last three
    are kept on the folder for its owners to see.
    """
    _claim(folder)
    failed: TenkyoError | None = None
    try:
        return _followed(folder, accept_removals=accept_removals, say=say)
    except TenkyoError as error:
        failed = error
        raise
    finally:
        said = {"error_code": failed.code if failed else "", "error_params": failed.params if failed else {}}
        ended = {"looking_since": None, "looked_at": timezone.now()}
        WatchedFolder.objects.filter(pk=folder.pk).update(**ended, **said)


@shared_task(name="ingestion.following.follow")
def follow() -> int:
    """Look at every watched folder whose time has come. Returns how many were looked at."""
    close_old_connections()
    looked = 0
    for folder in due():
        try:
            folder_follow(folder)
            looked += 1
        except TenkyoError as error:
            log.warning("folder_not_followed", folder=str(folder.pk), code=error.code)
    close_old_connections()
    return looked


def due() -> QuerySet[WatchedFolder]:
    """The folders that are looked at regularly and have not been for FOLLOW_SECONDS."""
    before = timezone.now() - timedelta(seconds=settings.FOLLOW_SECONDS)
    waiting = Q(looked_at=None) | Q(looked_at__lt=before)
    found = WatchedFolder.objects.filter(_free(), waiting, watched=True)
    return found.order_by(F("looked_at").asc(nulls_first=True))


def _free() -> Q:
    """Folders that nobody is looking at."""
    return Q(looking_since=None) | Q(looking_since__lt=timezone.now() - _LOOK_ENDS_AFTER)


def _claim(folder: WatchedFolder) -> None:
    if not WatchedFolder.objects.filter(_free(), pk=folder.pk).update(looking_since=timezone.now()):
        raise FolderBusy(path=folder.path)


def _followed(folder: WatchedFolder, *, accept_removals: bool, say: Say) -> Followed:
    looked = _Look(folder, *_on_behalf_of(folder), say, Followed())
    root = Path(folder.path)
    listing = look(root)
    _write_down_refused(folder, listing)
    before = [Known(row.path, row.size, row.modified, row.sha256, row.gone) for row in folder.files.all()]
    found = plan(listing, before, lambda seen: _digest(root / seen.path), now_ns=time.time_ns())
    for path, seen in found.moved:
        _move(looked, path, seen)
    for seen in found.new + found.changed:
        _take(looked, seen)
    for seen in found.back:
        _bring_back(looked, seen)
    looked.done.counts["writing"] = len(found.writing)
    _let_go(looked, found, before, accept_removals=accept_removals)
    if looked.done.documents or found.gone:
        record("library.followed", actor=looked.user, subject=f"library:{folder.library_id}", **looked.done.counts)
    return looked.done


def _on_behalf_of(folder: WatchedFolder) -> tuple[User, Scope]:
    user = folder.added_by
    scope = scope_for(user) if user else None
    if user is None or scope is None or folder.library_id not in scope.owned:
        raise FolderOrphaned(path=folder.path)
    return user, scope


def _write_down_refused(folder: WatchedFolder, listing: Listing) -> None:
    """Links and names that are no text, beside the files; what was not taken in and is no more is dropped."""
    for path, code in listing.refused.items():
        FolderFile.objects.update_or_create(folder=folder, path=path, defaults={"error_code": code})
    there = listing.files.keys() | listing.refused.keys()
    for row in folder.files.filter(document=None).exclude(error_code=""):
        if row.path not in there:
            row.delete()


def _take(looked: _Look, seen: Seen) -> None:
    """A new or changed file as a document's first or next revision."""
    row, _ = FolderFile.objects.get_or_create(folder=looked.folder, path=seen.path)
    existed = row.document is not None
    try:
        document_id, sha256 = _taken(looked, row, seen)
    except (TenkyoError, OSError) as error:
        said = error if isinstance(error, TenkyoError) else FolderUnread(reason=error.strerror or type(error).__name__)
        # A fault that passes leaves the file as it was known, so that the next look tries it again.
        size, modified = (row.size, row.modified) if said.transient else (seen.size, seen.modified)
        _keep(row, size=size, modified=modified, error_code=said.code, error_params=said.params)
        looked.note(seen.path, "failed")
        return
    if row.gone:
        _revive(looked, row)
    _keep(row, size=seen.size, modified=seen.modified, sha256=sha256, document_id=document_id, gone=False)
    looked.done.documents.append(document_id)
    looked.note(seen.path, "replaced" if existed else "added")


def _taken(looked: _Look, row: FolderFile, seen: Seen) -> tuple[UUID, str]:
    path = Path(looked.folder.path) / seen.path
    if is_named_archive(path.name):  # a file follows as one document
        raise ArchiveNotHere
    with path.open("rb") as file:
        sent = {"user": looked.user, "scope": looked.scope, "file": file, "filename": path.name, "size": seen.size}
        # A document of several files changes with none of them: the changed one becomes a document of its own.
        if row.document_id is not None and not _shared(row):
            added = services.document_replace(document_id=row.document_id, **sent)  # type: ignore[arg-type]
        else:
            placed = {"library_id": looked.folder.library_id, "tagged": tags.of_folders(seen.path)}
            added = services.document_add(**placed, **sent)  # type: ignore[arg-type]
    newest = added.document.revisions.order_by("-number").values_list("sha256", flat=True)[0]
    return added.document.pk, newest


def _move(looked: _Look, before: str, seen: Seen) -> None:
    """The document stays what it is, with its title, revisions and citations; only where it comes from changes.

    The folders are tags of it, so these change too.
    """
    row = FolderFile.objects.get(folder=looked.folder, path=before)
    row.path, row.modified = seen.path, seen.modified
    row.save(update_fields=["path", "modified"])
    if row.document_id is not None and tags.of_folders(before) != tags.of_folders(seen.path):
        act = {"user": looked.user, "scope": looked.scope, "document_id": row.document_id}
        describing.document_refile(before=before, path=seen.path, **act)  # type: ignore[arg-type]
    looked.note(seen.path, "moved")


def _bring_back(looked: _Look, seen: Seen) -> None:
    row = FolderFile.objects.get(folder=looked.folder, path=seen.path)
    if row.document is None:  # deleted meanwhile: taken in anew
        _take(looked, seen)
        return
    _revive(looked, row)
    _keep(row, gone=False)
    looked.note(seen.path, "back")


def _revive(looked: _Look, row: FolderFile) -> None:
    """Undo the withdrawal that the file's absence brought; what an owner has said since then stays."""
    if row.document is None or not row.state_before or row.document.state != DocumentState.WITHDRAWN:
        return
    said = replace(lifecycle_of(row.document), state=DocumentState(row.state_before))
    services.document_declare(user=looked.user, scope=looked.scope, document_id=row.document_id, said=said)


def _let_go(looked: _Look, found: Plan, before: Iterable[Known], *, accept_removals: bool) -> None:
    known = sum(not one.gone for one in before)
    if not accept_removals and len(found.gone) > max(_FEW, known // 2):
        raise FolderEmptied(path=looked.folder.path, gone=len(found.gone), known=known)
    for path in found.gone:
        row = looked.folder.files.select_related("document").get(path=path)
        state_before = _removed(looked, row)
        _keep(row, gone=True, state_before=state_before)
        looked.note(row.path, "gone")


def _removed(looked: _Look, row: FolderFile) -> str:
    """Do what the folder says of removed files. Returns the state that its return brings back."""
    if row.document is None or _shared(row) or looked.folder.removed == Removed.KEEP:
        return ""
    act = {"user": looked.user, "scope": looked.scope, "document_id": row.document_id}
    if looked.folder.removed == Removed.DELETE:
        services.document_delete(**act)  # type: ignore[arg-type]
        row.document = None
        return ""
    before = lifecycle_of(row.document)
    if before.state == DocumentState.WITHDRAWN:
        return ""
    services.document_declare(said=replace(before, state=DocumentState.WITHDRAWN), **act)  # type: ignore[arg-type]
    return before.state


def _shared(row: FolderFile) -> bool:
    """Whether another file that is there is the same document."""
    return FolderFile.objects.filter(document=row.document_id, gone=False).exclude(pk=row.pk).exists()


def _keep(row: FolderFile, **facts: object) -> None:
    for name, value in {"error_code": "", "error_params": {}, "state_before": "", **facts}.items():
        setattr(row, name, value)
    row.save()


def _digest(path: Path) -> str:
    """SHA-256 of the file; empty where it cannot be read, which is then told where it is taken in."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
