"""Who may read what: one policy, as a `Scope` that every query, page, image, citation and search goes through."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.utils import timezone

from ingestion.errors import NotFound, TokenDayPast, TokenLibrariesNone
from ingestion.models import ApiToken, Document, Library, Revision, User

TOKEN_DAYS = 90
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person may read now (`readable`), change (`owned`) and see unmasked (`revealed`): library ids."""

    user_id: int | None
    readable: frozenset[UUID]
    owned: frozenset[UUID]
    revealed: frozenset[UUID] = frozenset()

    @property
    def access_keys(self) -> tuple[str, ...]:
        """The keys a point in the vector index must carry one of. Sorted, so equal scopes give equal filters."""
        return tuple(sorted(str(key) for key in self.readable))

    def narrowed(self, library_ids: Iterable[object]) -> "Scope":
        """The same person, only these libraries. Raises NotFound where one of them may not be read."""
        wanted = frozenset(as_uuid(value) for value in library_ids)
        if not wanted <= self.readable:
            raise NotFound
        return replace(self, readable=wanted, owned=self.owned & wanted, revealed=self.revealed & wanted)

    def libraries(self) -> QuerySet[Library]:
        """The libraries this scope may read."""
        return Library.objects.filter(id__in=self.readable)

    def documents(self) -> QuerySet[Document]:
        """The documents this scope may read."""
        return Document.objects.filter(library_id__in=self.readable)

    def revisions(self) -> QuerySet[Revision]:
        """The revisions, old ones too, that this scope may read."""
        return Revision.objects.filter(document__library_id__in=self.readable)

    def library(self, library_id: object, *, to_change: bool = False) -> Library:
        """The library of that id. Raises NotFound where it does not exist or may not be read (or changed)."""
        library = self.libraries().filter(id=as_uuid(library_id)).first()
        if library is None or (to_change and library.id not in self.owned):
            raise NotFound
        return library

    def document(self, document_id: object, *, to_change: bool = False) -> Document:
        """The document of that id. Raises NotFound where it does not exist or may not be read (or changed)."""
        found = self.documents().select_related("library", "current")
        document = found.filter(id=as_uuid(document_id)).first()
        if document is None or (to_change and document.library_id not in self.owned):
            raise NotFound
        return document


def scope_for(user: User | AnonymousUser) -> Scope:
    """What this person may read and change: superusers everything, others by ownership and group.

    Where the request came with an API token for some libraries, only these of them.
    """
    if not user.is_authenticated or not user.is_active:
        return Scope(user_id=None, readable=frozenset(), owned=frozenset())
    whole = _whole_scope(user)
    if not token_scoped(user):
        return whole
    chosen = frozenset(user.token.libraries.values_list("id", flat=True)) if user.token else frozenset()
    return replace(
        whole, readable=whole.readable & chosen, owned=whole.owned & chosen, revealed=whole.revealed & chosen
    )


def token_scoped(user: User) -> bool:
    """Whether this request came with an API token that is for some libraries only."""
    return user.token is not None and user.token.scoped


def _whole_scope(user: User) -> Scope:
    if user.is_superuser:
        everything = frozenset(Library.objects.values_list("id", flat=True))
        return Scope(user_id=user.pk, readable=everything, owned=everything, revealed=everything)
    held = _held(user)
    owned, readable = frozenset(held["owned"]), frozenset(held["owned"] | held["readable"])
    return Scope(user_id=user.pk, readable=readable, owned=owned, revealed=owned | (held["revealed"] & readable))


def _held(user: User) -> dict[str, set[UUID]]:
    """The libraries by what ties the person to them, in one query: every request begins with it."""
    ties = {"owned": Q(owners=user), "readable": Q(readers__user=user), "revealed": Q(masking__revealers__user=user)}
    first, *others = (
        Library.objects.filter(tie).order_by().annotate(held=Value(name)).values_list("id", "held")
        for name, tie in ties.items()
    )
    found: dict[str, set[UUID]] = {name: set() for name in ties}
    for library_id, name in first.union(*others):
        found[name].add(library_id)
    return found


def as_uuid(value: object) -> UUID:
    """The id as a UUID. Raises NotFound for anything else: a malformed id is an unknown one."""
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise NotFound from None


def token_issue(
    *,
    user: User,
    name: str = "",
    libraries: Iterable[Library] | None = None,
    expires_on: date | None = None,
    endless: bool = False,
    by: User | None = None,
) -> str:
    """Make an API token for the user and return it. Only its hash is kept: this is the one time it is seen.

    `libraries`: what it is for; None: all that the person may read. `expires_on`: its last day; TOKEN_DAYS from today
    where it is left out and the token is not `endless`. `by`: who made it. Raises TokenDayPast, TokenLibrariesNone.
    """
    last = expires_on or (None if endless else timezone.localdate() + timedelta(days=TOKEN_DAYS))
    chosen = None if libraries is None else list(libraries)
    if last is not None and last < timezone.localdate():
        raise TokenDayPast
    if chosen == []:
        raise TokenLibrariesNone
    token = f"tenkyo_{secrets.token_urlsafe(32)}"
    made = ApiToken(user=user, name=name, digest=_digest(token), expires_on=last, scoped=chosen is not None)
    made.by, made.chosen = by, chosen or ()
    with transaction.atomic():
        made.save()
        made.libraries.set(made.chosen)
    return token


def user_for_token(token: str) -> User | None:
    """The active person an API token belongs to, with it as their `token`; None for one that does not work."""
    found = ApiToken.objects.select_related("user").filter(digest=_digest(token), user__is_active=True).first()
    if found is None or found.expired:
        return None
    _note_use(found)
    found.user.token = found
    return found.user


def _note_use(token: ApiToken) -> None:
    """Write down that the token was used, to the minute: a write for each request would queue behind ingestion's."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > _NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
