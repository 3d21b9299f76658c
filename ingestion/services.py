"""What a person may do in the vault: checks scope, writes, audits, enqueues on commit, returns the row."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import BinaryIO

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from ingestion import files, leases, tags, tasks
from ingestion.access import Scope, token_scoped
from ingestion.audit import record
from ingestion.errors import (
    DatesReversed,
    LibraryNameEmpty,
    LibraryNameTaken,
    NotAllowed,
    NotFound,
    PageBusy,
    WithdrawnInFuture,
)
from ingestion.layouts import drawn_as_read
from ingestion.lifecycle import Lifecycle, lifecycle_of, today
from ingestion.models import Document, DocumentState, IngestionRun, Library, PageStatus, Revision, Status, User
from ingestion.text import one_line

_LIBRARY_NAME_CHARACTERS = 200
_TITLE_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Added:
    """The document, and whether these bytes were already there."""

    document: Document
    existed: bool


def library_create(*, user: User, name: str, description: str = "") -> Library:
    """Make a library owned by the user. Raises LibraryNameTaken, LibraryNameEmpty, NotAllowed."""
    # A token for some libraries makes no other: it could not see what it made.
    if token_scoped(user) or not user.has_perm("ingestion.add_library"):
        raise NotAllowed
    try:
        with transaction.atomic():
            library = Library.objects.create(name=_library_name(name), description=description.strip())
            library.owners.add(user)
            record("library.create", actor=user, subject=f"library:{library.pk}")
    except IntegrityError:
        raise LibraryNameTaken from None
    return library


def library_grant(*, user: User, scope: Scope, library_id: object, groups: Iterable[Group]) -> Library:
    """Let exactly these groups read the library, from the next question on. Raises NotFound."""
    library = scope.library(library_id, to_change=True)
    chosen = list(groups)
    with transaction.atomic():
        library.readers.set(chosen)
        subject = f"library:{library.pk}"
        record("library.grant", actor=user, subject=subject, groups=sorted(group.pk for group in chosen))
    return library


def library_prove(*, user: User, scope: Scope, library_id: object, proved_only: bool | None) -> Library:
    """Withhold unproved sentences (True), show them (False), or do what is right for the answer model (None).

    Raises NotFound.
    """
    library = scope.library(library_id, to_change=True)
    with transaction.atomic():
        Library.objects.filter(pk=library.pk).update(proved_only=proved_only)
        record("library.prove", actor=user, subject=f"library:{library.pk}", proved_only=proved_only)
    library.proved_only = proved_only
    return library


def library_delete(*, user: User, scope: Scope, library_id: object) -> None:
    """Remove a library with its documents: rows, files and vectors. Raises NotFound."""
    library = scope.library(library_id, to_change=True)
    with transaction.atomic():
        revisions = Revision.objects.filter(document__library=library)
        gone = [str(identity) for identity in revisions.values_list("id", flat=True)]
        record("library.delete", actor=user, subject=f"library:{library.pk}", revisions=len(gone))
        library.delete()
        transaction.on_commit(lambda: tasks.enqueue_forget(gone))


def library_index_again(*, user: User, scope: Scope, library_id: object) -> int:
    """Run what the library answers from (or reads just now) again; what is right stays. How many. Raises NotFound."""
    library = scope.library(library_id, to_change=True)
    documents = library.documents.select_related("current")
    revisions = [one.current or one.revisions.order_by("-number").first() for one in documents]
    runs = [_run_create(revision, user) for revision in revisions if revision is not None]
    return len(runs)


def document_add(
    *,
    user: User,
    scope: Scope,
    library_id: object,
    file: BinaryIO,
    filename: str,
    size: int,
    tagged: Iterable[str] = (),
) -> Added:
    """Take a file in as a new document; the same bytes in the same library are the same document.

    The same bytes again after a failure or a cancellation run again. `tagged`: tags that the document gets beside those
    it has.
    Raises NotFound, FileTooLarge, DiskFull, and the error `file_empty`.
    """
    scope.library(library_id, to_change=True)
    with files.received(file, size=size) as upload, transaction.atomic():
        library = _locked_library(scope, library_id)
        known = _known_document(library, upload.sha256)
        if known is not None:
            _run_again_if_ended_badly(known, user)
            _tag_too(known, tagged, user)
            return Added(known, existed=True)
        title = files.title_from(filename)[:_TITLE_CHARACTERS]
        document = Document.objects.create(library=library, title=title, created_by=user)
        _revision_create(document, upload, filename=filename, user=user)
        facts = {"sha256": upload.sha256, "size": upload.size, "tags": tags.add(document, tagged)}
        record("document.add", actor=user, subject=f"document:{document.pk}", **facts)
        return Added(document, existed=False)


def document_replace(
    *, user: User, scope: Scope, document_id: object, file: BinaryIO, filename: str, size: int
) -> Added:
    """Take a file in as a new revision; the old one is served until the switch.

    The bytes of the newest revision are that revision. An older revision still on its way is cancelled.
    Raises NotFound, FileTooLarge, DiskFull, and the error `file_empty`.
    """
    library_id = scope.document(document_id, to_change=True).library_id
    with files.received(file, size=size) as upload, transaction.atomic():
        _locked_library(scope, library_id)
        document = scope.document(document_id, to_change=True)
        newest = _newest(document)
        if newest.sha256 == upload.sha256:
            _run_again_if_ended_badly(document, user)
            return Added(document, existed=True)
        _cancel_runs(document)
        revision = _revision_create(document, upload, filename=filename, user=user, number=newest.number + 1)
        subject = f"document:{document.pk}"
        record("document.replace", actor=user, subject=subject, revision=str(revision.pk), sha256=upload.sha256)
        return Added(document, existed=False)


def document_delete(*, user: User, scope: Scope, document_id: object) -> None:
    """Remove rows, files and vectors. Raises NotFound."""
    document = scope.document(document_id, to_change=True)
    with transaction.atomic():
        gone = [str(identity) for identity in document.revisions.values_list("id", flat=True)]
        record("document.delete", actor=user, subject=f"document:{document.pk}", revisions=len(gone))
        document.delete()
        transaction.on_commit(lambda: tasks.enqueue_forget(gone))


def document_cancel(*, user: User, scope: Scope, document_id: object) -> IngestionRun | None:
    """Ask the active run to stop; None where nothing runs. A waiting run is cancelled at once. Raises NotFound."""
    document = scope.document(document_id, to_change=True)
    with transaction.atomic():
        run = _cancel_runs(document)
        if run is not None:
            record("document.cancel", actor=user, subject=f"document:{document.pk}", run=run.pk)
    return run


def document_retry(*, user: User, scope: Scope, document_id: object) -> IngestionRun:
    """Run the newest revision again; what is done stays done. A run on its way is returned as it is.

    Raises NotFound.
    """
    document = scope.document(document_id, to_change=True)
    with transaction.atomic():
        run = _run_create(_newest(document), user)
        _waiting(run).update(pages=[])  # all that could not be read, also where one page was asked for before
        record("document.retry", actor=user, subject=f"document:{document.pk}", run=run.pk)
    return run


def document_reread(*, user: User, scope: Scope, document_id: object) -> IngestionRun | None:
    """Read the newest file once more, as a new revision: the earlier one keeps its pages for answers that cite them.

    None where its pages are drawn as they were read, or it is not ready. Raises NotFound, FileMissing.
    """
    document = scope.document(document_id, to_change=True)
    with transaction.atomic():
        _locked_library(scope, document.library_id)
        newest = _newest(document)
        if newest.status != Status.READY or drawn_as_read(newest):
            return None
        facts = {"sha256": newest.sha256, "filename": newest.filename, "size": newest.size}
        revision = Revision.objects.create(document=document, number=newest.number + 1, created_by=user, **facts)
        files.keep_again(newest, revision)
        record("document.reread", actor=user, subject=f"document:{document.pk}", revision=str(revision.pk))
        return _run_create(revision, user)


def document_declare(*, user: User, scope: Scope, document_id: object, said: Lifecycle) -> Document:
    """Say whether and when the document is effective, from the next question on. What was said before is audited too.

    Withdrawn without a day means today. Raises NotFound, DatesReversed, WithdrawnInFuture.
    """
    document = scope.document(document_id, to_change=True)
    if said.effective_from and said.effective_until and said.effective_until < said.effective_from:
        raise DatesReversed
    withdrawn = said.state == DocumentState.WITHDRAWN
    said = replace(said, withdrawn_on=(said.withdrawn_on or today()) if withdrawn else None)
    if said.withdrawn_on and said.withdrawn_on > today():
        raise WithdrawnInFuture
    with transaction.atomic():
        before = lifecycle_of(Document.objects.select_for_update().get(pk=document.pk))
        Document.objects.filter(pk=document.pk).update(**asdict(said))
        facts = {"said": _facts(said), "before": _facts(before)}
        record("document.declare", actor=user, subject=f"document:{document.pk}", **facts)
    return scope.document(document_id)


def _facts(said: Lifecycle) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(said).items() if value}


def page_retry(*, user: User, scope: Scope, document_id: object, number: int) -> IngestionRun:
    """Read one page of the newest revision again that could not be read. Several asked for in turn are read together.

    Raises NotFound where no such page is unread, PageBusy where the document is being read.
    """
    document = scope.document(document_id, to_change=True)
    with transaction.atomic():
        newest = _newest(document)
        if not newest.pages.filter(number=number, status=PageStatus.FAILED).exists():
            raise NotFound
        run = _run_create(newest, user, pages=[number])
        if run.pages and number not in run.pages:
            run.pages = [*run.pages, number]
        if not _waiting(run).update(pages=run.pages):
            raise PageBusy
        record("page.retry", actor=user, subject=f"document:{document.pk}", run=run.pk, page=number)
    return run


def _waiting(run: IngestionRun) -> QuerySet[IngestionRun]:
    """The run, as long as no worker has looked at it."""
    return IngestionRun.objects.filter(pk=run.pk, worker="", status=Status.QUEUED, finished_at=None)


def _library_name(name: str) -> str:
    cleaned = one_line(unicodedata.normalize("NFC", name))
    if not 0 < len(cleaned) <= _LIBRARY_NAME_CHARACTERS:
        raise LibraryNameEmpty
    return cleaned


def _locked_library(scope: Scope, library_id: object) -> Library:
    # Two uploads into one library take turns here, so the same bytes cannot become two documents.
    library = scope.library(library_id, to_change=True)
    locked = Library.objects.select_for_update().filter(pk=library.pk).first()
    if locked is None:
        raise NotFound
    return locked


def _known_document(library: Library, sha256: str) -> Document | None:
    candidates = Document.objects.filter(library=library, revisions__sha256=sha256).distinct()
    return next((document for document in candidates if _newest(document).sha256 == sha256), None)


def _newest(document: Document) -> Revision:
    newest = document.revisions.order_by("-number").first()
    if newest is None:
        raise NotFound
    return newest


def _revision_create(
    document: Document, upload: files.Received, *, filename: str, user: User, number: int = 1
) -> Revision:
    revision = Revision.objects.create(
        document=document,
        number=number,
        sha256=upload.sha256,
        filename=files.clean_name(filename),
        size=upload.size,
        created_by=user,
    )
    files.keep(upload, revision)
    _run_create(revision, user)
    return revision


def _run_create(revision: Revision, user: User, *, pages: Sequence[int] = ()) -> IngestionRun:
    # Two retries take turns here: a revision has one active run, and the second retry is told of it.
    Revision.objects.select_for_update().filter(pk=revision.pk).first()
    active = revision.runs.filter(finished_at=None).first()
    if active is not None:
        return active
    revision.status = Status.QUEUED
    revision.save(update_fields=["status"])
    run = IngestionRun.objects.create(revision=revision, requested_by=user, pages=list(pages))
    transaction.on_commit(lambda: tasks.enqueue(run))
    return run


def _run_again_if_ended_badly(document: Document, user: User) -> None:
    newest = _newest(document)
    if newest.status in (Status.FAILED, Status.CANCELLED):
        _run_create(newest, user)


def _tag_too(document: Document, tagged: Iterable[str], user: User) -> None:
    """The same bytes lay in another folder too, or were sent with other tags."""
    if fresh := tags.add(document, tagged):
        record("document.describe", actor=user, subject=f"document:{document.pk}", said={"tags_added": fresh})


def _cancel_runs(document: Document) -> IngestionRun | None:
    newest = None
    for run in IngestionRun.objects.filter(revision__document=document, finished_at=None).order_by("id"):
        IngestionRun.objects.filter(pk=run.pk).update(cancel_requested=True)
        leases.cancel_waiting(run)
        newest = run
    if newest is not None:
        newest.refresh_from_db()
    return newest
