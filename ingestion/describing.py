"""What owners say of documents, one at a time or many at once, with a way back from the latter."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any

from django.core import signing
from django.db import transaction

from ingestion import services, tags
from ingestion.access import Scope
from ingestion.audit import record
from ingestion.description import PLAIN, Description, cleaned, description_of
from ingestion.errors import UndoGone
from ingestion.lifecycle import lifecycle_of
from ingestion.models import Document, FolderFile, User

_SALT = "ingestion.describing"
_DAY = 24 * 3600
DAYS = ("effective_from", "effective_until")


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes different of every chosen document. `said`: fields with their new value, empty or None to clear."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changed:
    """How many documents are different now, and the way back as a text that only this server can have written."""

    documents: int
    undo: str


def document_describe(*, user: User, scope: Scope, document_id: object, said: Description) -> Document:
    """Say what a document is about: it is filtered by that from the next question on. What was said before is audited.

    Raises NotFound, TagsTooMany.
    """
    document = scope.document(document_id, to_change=True)
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        before, said = description_of(locked), cleaned(said)
        tags.put(locked, said.tags)
        Document.objects.filter(pk=document.pk).update(**{name: getattr(said, name) for name in PLAIN})
        facts = {"said": _differing(said, before), "before": _differing(before, said)}
        record("document.describe", actor=user, subject=f"document:{document.pk}", **facts)
    return scope.document(document_id)


def document_refile(*, user: User, scope: Scope, document_id: object, before: str, path: str) -> Document:
    """The file of a document lies in other folders now: their names take the place of the old ones among its tags.

    Another file of the same document keeps the names of its own folders. Raises NotFound.
    """
    document = scope.document(document_id, to_change=True)
    said = description_of(document)
    there = FolderFile.objects.filter(document=document, gone=False).values_list("path", flat=True)
    stays = {tags.key_of(name) for one in [path, *there] for name in tags.of_folders(one)}
    left = {tags.key_of(name) for name in tags.of_folders(before)} - stays
    kept = [name for name in said.tags if tags.key_of(name) not in left]
    wanted = tuple(tags.distinct([*kept, *tags.of_folders(path)])[: tags.MOST])
    return document_describe(user=user, scope=scope, document_id=document_id, said=replace(said, tags=wanted))


def documents_change(*, user: User, scope: Scope, document_ids: Iterable[object], change: Change) -> Changed:
    """Change all of these documents, or none. Raises NotFound, TagsTooMany, DatesReversed."""
    back: dict[str, dict[str, Any]] = {}
    with transaction.atomic():
        for document_id in dict.fromkeys(map(str, document_ids)):
            document = scope.document(document_id, to_change=True)
            before = _facts(document)
            after = _after(before, change)
            back[document_id] = {name: value for name, value in before.items() if value != after[name]}
            _put(user, scope, document, after)
    undone = {document_id: said for document_id, said in back.items() if said}
    return Changed(len(undone), signing.dumps(_written(undone), salt=_SALT, compress=True))


def documents_change_undo(*, user: User, scope: Scope, undo: str) -> int:
    """Set back what a change of many documents changed, and nothing else. Returns of how many.

    Documents that are gone, or closed to this person, are left out. Raises UndoGone where it is a day ago.
    """
    try:
        back = signing.loads(undo, salt=_SALT, max_age=_DAY)
    except signing.BadSignature:
        raise UndoGone from None
    mine = {str(key) for key in scope.documents().filter(library__in=scope.owned).values_list("id", flat=True)}
    with transaction.atomic():
        for document_id in back.keys() & mine:
            document = scope.document(document_id, to_change=True)
            _put(user, scope, document, {**_facts(document), **_read(back[document_id])})
    return len(back.keys() & mine)


def _facts(document: Document) -> dict[str, Any]:
    """All that a change may change."""
    days = {name: getattr(document, name) for name in DAYS}
    return asdict(description_of(document)) | days


def _after(before: Mapping[str, Any], change: Change) -> dict[str, Any]:
    gone = {tags.key_of(name) for name in change.remove}
    kept = [name for name in before["tags"] if tags.key_of(name) not in gone]
    return {**before, **change.said, "tags": tuple(tags.distinct([*kept, *change.add]))}


def _put(user: User, scope: Scope, document: Document, after: Mapping[str, Any]) -> None:
    """Through the services, each where there is something to say."""
    act: dict[str, Any] = {"user": user, "scope": scope, "document_id": document.pk}
    said = Description(**{one.name: after[one.name] for one in fields(Description)})
    if said != description_of(document):
        document_describe(**act, said=said)
    lifecycle = replace(lifecycle_of(document), **{name: after[name] for name in DAYS})
    if lifecycle != lifecycle_of(document):
        services.document_declare(**act, said=lifecycle)


def _differing(one: Description, other: Description) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if value != getattr(other, name)}


def _written(back: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {key: {name: _json(value) for name, value in said.items()} for key, said in back.items()}


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _read(said: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(said[name]) if said[name] else None for name in DAYS if name in said}
    return {**said, **({"tags": tuple(said["tags"])} if "tags" in said else {}), **days}
