"""The company's LDAP server or Active Directory: a name and a password, judged there, and the groups it tells.

The server is searched by an account of Tenkyo's own; the person's password is tried by signing in as them. Only the
named server is asked: referrals to others are not followed. TLS always, but to this machine.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from ingestion.directory import Known, person_known
from ingestion.errors import CompanyMisconfigured, CompanyUnreachable
from ingestion.models import User
from ingestion.oidc import is_loopback

if TYPE_CHECKING:
    from ldap3 import Connection

SOURCE = "ldap"
_SECONDS = 10
_LONGEST_NAME, _LONGEST_PASSWORD = 150, 1024
# Groups inside groups: no company nests deeper, and a ring of groups must end.
_DEPTH, _GROUPS = 10, 1000
_PERSON = ["cn", "givenName", "sn", "mail", "uid", "sAMAccountName"]
# The id that stays when names change: Active Directory's, and everybody else's.
_IDS = ("objectGUID", "entryUUID")


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is, as whom Tenkyo searches it, and how people and groups are found."""

    address: str
    bind_dn: str
    bind_password: str
    base: str
    person_filter: str
    group_filter: str


def server() -> Server | None:
    """The one that the settings name, if any."""
    return Server(**settings.LDAP) if settings.LDAP["address"] else None


class LdapSignIn(BaseBackend):
    """Signs in by the directory's password, and makes groups follow it."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002  Django gives it
        username: str | None = None,
        password: str | None = None,
        **_: Any,
    ) -> User | None:
        """The person, where the directory takes the password. Raises errors of errors/company.py."""
        of = server()
        if of is None or not username or not password:  # to LDAP, an empty password is somebody who need give none
            return None
        if len(username) > _LONGEST_NAME or len(password) > _LONGEST_PASSWORD:
            return None
        known = asked(of, username, password)
        return person_known(known) if known is not None else None

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, while they are active."""
        return User.objects.filter(pk=user_id, is_active=True).first()


def asked(of: Server, name: str, password: str) -> Known | None:
    """What the directory says of this person, where the password is theirs; None where it is not, or nobody is."""
    with _connected(of, of.bind_dn, of.bind_password) as searching:
        if not searching.bound:
            raise CompanyMisconfigured(reason="LDAP_BIND_DN")
        entry = _person(of, searching, name)
        if entry is None:
            return None
        with _connected(of, entry["dn"], password) as theirs:
            if not theirs.bound:
                return None
        return _known(entry, _groups(of, searching, entry["dn"], name))


def ping(of: Server) -> None:
    """Sign in to the server as Tenkyo. Raises CompanyUnreachable, CompanyMisconfigured."""
    with _connected(of, of.bind_dn, of.bind_password) as searching:
        if not searching.bound:
            raise CompanyMisconfigured(reason="LDAP_BIND_DN")


def _person(of: Server, searching: "Connection", name: str) -> dict[str, Any] | None:
    """The one entry of that name; two of one name are nobody."""
    found = _search(of, searching, of.person_filter, [*_PERSON, *_IDS], name=name)
    return found[0] if len(found) == 1 else None


def _groups(of: Server, searching: "Connection", dn: str, name: str) -> frozenset[str]:
    """Names of the groups that the person is in, and of those that these are in."""
    names: set[str] = set()
    seen, level = {dn.casefold()}, [(dn, name)]
    for _depth in range(_DEPTH):
        above = []
        for member, member_name in level:
            for group in _search(of, searching, of.group_filter, ["cn"], dn=member, name=member_name):
                if group["dn"].casefold() not in seen and len(seen) < _GROUPS:
                    seen.add(group["dn"].casefold())
                    names.update(map(str, group["attributes"].get("cn") or ()))
                    above.append((group["dn"], ""))
        level = above
    return frozenset(names)


def _search(of: Server, searching: "Connection", pattern: str, wanted: list[str], **said: str) -> list[dict[str, Any]]:
    from ldap3.utils.conv import escape_filter_chars

    asked_for = pattern
    for place, value in said.items():
        asked_for = asked_for.replace("{" + place + "}", escape_filter_chars(value))
    searching.search(of.base, asked_for, attributes=wanted, size_limit=_GROUPS)
    return [row for row in searching.response or [] if row["type"] == "searchResEntry"]


def _known(entry: dict[str, Any], groups: frozenset[str]) -> Known:
    def one(name: str) -> str:
        values = entry["attributes"].get(name) or [""]
        return str(values[0])

    return Known(
        source=SOURCE,
        subject=_identity(entry),
        username=(one("sAMAccountName") or one("uid") or one("cn"))[:_LONGEST_NAME],
        email=one("mail"),
        groups=groups,
        first_name=one("givenName"),
        last_name=one("sn"),
    )


def _identity(entry: dict[str, Any]) -> str:
    for name in _IDS:
        for value in entry["raw_attributes"].get(name) or ():
            return str(UUID(bytes_le=value)) if name == "objectGUID" else value.decode(errors="replace")
    return ""


@contextmanager
def _connected(of: Server, dn: str, password: str) -> Iterator["Connection"]:
    """A connection that has tried to sign in; `.bound` says whether it did."""
    import ldap3
    from ldap3.core.exceptions import LDAPException

    parts = urlsplit(of.address)
    if parts.scheme not in {"ldap", "ldaps"} or not parts.hostname:
        raise CompanyMisconfigured(reason="LDAP_URL")
    trusted = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=_ca_file())
    there = ldap3.Server(
        parts.hostname,
        port=parts.port,
        use_ssl=parts.scheme == "ldaps",
        tls=trusted,
        get_info=ldap3.NONE,
        connect_timeout=_SECONDS,
    )
    talking = ldap3.Connection(
        there, dn, password, auto_referrals=False, check_names=False, receive_timeout=_SECONDS, read_only=True
    )
    try:
        talking.open()
        if parts.scheme == "ldap" and not is_loopback(parts.hostname) and not talking.start_tls():
            raise CompanyMisconfigured(reason="LDAP_URL: TLS")
        talking.bind()
        yield talking
    except LDAPException as error:
        raise CompanyUnreachable(reason=type(error).__name__) from error
    finally:
        with suppress(LDAPException):  # where TLS failed, there is nothing left to say good-bye on
            talking.unbind()


def _ca_file() -> str | None:
    return str(settings.DIRECTORY_CA_FILE) if settings.DIRECTORY_CA_FILE else None
