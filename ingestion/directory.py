"""People as the company's directory knows them: which account is theirs, and which groups they are in.

An account is found by the directory's own id of the person. A name links nobody; an e-mail address only where the
settings say so and the provider has verified it. Groups that an administrator gave a name in the directory follow it at
each sign-in; no other group is touched.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ingestion.audit import record
from ingestion.errors import CompanyMisconfigured, CompanyNameTaken, CompanyNotAllowed
from ingestion.models import CompanyIdentity, DirectoryGroup, User
from ingestion.sessions import end_everything

COMPANY_BACKEND = "ingestion.directory.CompanySignIn"
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Known:
    """What a directory says of a person. `email_links`: it has verified that the address is theirs."""

    source: str
    subject: str
    username: str
    email: str
    groups: frozenset[str]
    first_name: str = ""
    last_name: str = ""
    email_links: bool = False


class CompanySignIn(BaseBackend):
    """Opens the sessions of who signed in at the company's provider. Nobody gives it a password."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, while they are active."""
        return User.objects.filter(pk=user_id, is_active=True).first()


def person_known(known: Known) -> User:
    """The account of this person, its groups as the directory has them now. Made where there is none and may be.

    Raises CompanyNotAllowed, CompanyNameTaken, CompanyMisconfigured.
    """
    if not known.subject or len(known.subject) > _LONGEST:
        raise CompanyMisconfigured(reason="sub")
    identity = CompanyIdentity.objects.filter(source=known.source, subject=known.subject).first()
    if settings.DIRECTORY_GROUPS and not _among(settings.DIRECTORY_GROUPS, known):
        raise _refused(known, identity, "groups")
    if identity is not None and not identity.user.is_active:
        raise _refused(known, identity, "suspended")
    if identity is None and not settings.DIRECTORY_CREATE and _by_email(known) is None:
        raise _refused(known, identity, "no account")
    with transaction.atomic():
        user = identity.user if identity is not None else _linked(known) or _made(known)
        _follow(user, known)
    return user


def _refused(known: Known, identity: CompanyIdentity | None, why: str) -> CompanyNotAllowed:
    """Record the refusal. Who was let in before, and is no more, is out everywhere at once."""
    ended = {"sessions": 0, "tokens": 0}
    if identity is not None:
        ended = end_everything(identity.user)
        _regroup(identity.user, frozenset())
    subject = f"user:{identity.user_id}" if identity else ""
    record("user.company_refused", subject=subject, source=known.source, why=why, **ended)
    return CompanyNotAllowed()


def _linked(known: Known) -> User | None:
    """The account whose e-mail address the provider has verified, where the settings allow that."""
    user = _by_email(known)
    if user is not None:
        _identify(user, known)
        record("user.company_linked", subject=f"user:{user.pk}", source=known.source)
    return user


def _by_email(known: Known) -> User | None:
    if not settings.OIDC_LINK_EMAIL or not known.email_links or not known.email:
        return None
    # Who administers is linked by hand: else whoever can set an address at the provider could become one. An account
    # that a directory made has an address that the directory told: only one that was entered here is a claim.
    found = User.objects.filter(email__iexact=known.email, is_active=True, identities__isnull=True)
    if len(found) != 1 or found[0].is_staff or found[0].is_superuser:
        return None
    return found[0]


def _made(known: Known) -> User:
    if User.objects.filter(username__iexact=known.username).exists():
        raise CompanyNameTaken(name=known.username)
    user = User(username=known.username)
    user.set_unusable_password()
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise CompanyMisconfigured(reason="user name") from error
    user.save()
    _identify(user, known)
    record("user.company_made", subject=f"user:{user.pk}", source=known.source)
    return user


def _identify(user: User, known: Known) -> None:
    CompanyIdentity.objects.create(user=user, source=known.source, subject=known.subject)


def _follow(user: User, known: Known) -> None:
    CompanyIdentity.objects.filter(source=known.source, subject=known.subject).update(last_used_at=timezone.now())
    told = {"email": known.email[:254], "first_name": known.first_name[:150], "last_name": known.last_name[:150]}
    changed = {name: value for name, value in told.items() if value and getattr(user, name) != value}
    if changed:
        User.objects.filter(pk=user.pk).update(**changed)
    _regroup(user, known.groups)
    if settings.DIRECTORY_ADMINISTRATORS:
        _administer(user, _among(settings.DIRECTORY_ADMINISTRATORS, known))
    user.refresh_from_db()


def _regroup(user: User, names: frozenset[str]) -> None:
    """Of the groups that the directory manages, exactly those it names."""
    told = {name.casefold() for name in names}
    managed = list(DirectoryGroup.objects.select_related("group"))
    wanted = {row.group for row in managed if row.name.casefold() in told}
    present = set(user.groups.filter(directory__isnull=False))
    user.groups.add(*wanted - present)
    user.groups.remove(*present - wanted)


def _administer(user: User, administers: bool) -> None:
    if user.is_superuser != administers:
        User.objects.filter(pk=user.pk).update(is_staff=administers, is_superuser=administers)
        record("user.administers", subject=f"user:{user.pk}", administers=administers)


def _among(names: list[str], known: Known) -> bool:
    told = {name.casefold() for name in known.groups}
    return any(name.casefold() in told for name in names)
