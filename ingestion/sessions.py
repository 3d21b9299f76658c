"""Where a person is signed in: each browser's session, when and from where it was last used, and how it is ended."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from ingestion.access import as_uuid
from ingestion.audit import record
from ingestion.errors import NotFound
from ingestion.limits import address_of
from ingestion.models import ApiToken, User, UserSession

log = structlog.get_logger(__name__)
_NOTED_EVERY = timedelta(minutes=1)
# What this process noted lately, so that a page costs no query for it: session key → when and from where.
_noted: dict[str, tuple[datetime, str]] = {}
_NOTED_AT_MOST = 10_000
# In the order they are looked for: most browsers also name those they descend from.
_BROWSERS = (
    (re.compile(r"Edg(e|A|iOS)?/"), "Edge"),
    (re.compile(r"OPR/|Opera"), "Opera"),
    (re.compile(r"Firefox/|FxiOS/"), "Firefox"),
    (re.compile(r"Chrome/|CriOS/|Chromium/"), "Chrome"),
    (re.compile(r"Safari/"), "Safari"),
)
_SYSTEMS = (
    (re.compile(r"iPhone|iPad|iPod"), "iOS"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"Mac OS X|Macintosh"), "macOS"),
    (re.compile(r"CrOS"), "ChromeOS"),
    (re.compile(r"Linux"), "Linux"),
)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One signed-in browser as its owner sees it. `here`: the one that asks."""

    id: UUID
    browser: str
    address: str
    started_at: datetime
    last_used_at: datetime
    here: bool


def is_to_be_noted(request: HttpRequest) -> bool:
    """Whether a signed-in session was used that was not noted within the minute, or not from this address."""
    session = getattr(request, "session", None)
    if session is None or not session.accessed or not session.session_key or SESSION_KEY not in session:
        return False
    before, from_where = _noted.get(session.session_key, (None, ""))
    lately = before is not None and timezone.now() - before < _NOTED_EVERY
    return not lately or address_of(request) != from_where


def note_session(request: HttpRequest) -> None:
    """Write down when and from where a signed-in session was used, where that is to be noted."""
    if not is_to_be_noted(request):
        return
    session, now, address = request.session, timezone.now(), address_of(request)
    if len(_noted) >= _NOTED_AT_MOST:
        _noted.clear()
    _noted[str(session.session_key)] = now, address
    try:
        _keep(session, request, address, now)
    except DatabaseError:  # the answer that is there already must not fail for this
        log.warning("session_not_noted", exc_info=True)


def sessions_of(user: User, here: str | None) -> list[SessionRow]:
    """The person's sessions that still work, the last used first. `here`: the key of the one that asks."""
    rows = list(UserSession.objects.filter(user=user))
    alive = _alive(user, [row.key for row in rows])
    return [
        SessionRow(row.id, browser_words(row.agent), row.address, row.started_at, row.last_used_at, row.key == here)
        for row in rows
        if row.key in alive
    ]


def session_end(*, user: User, session_id: object) -> None:
    """End one of the person's own sessions: its next request is nobody's. Raises NotFound."""
    found = UserSession.objects.filter(user=user, id=as_uuid(session_id)).first()
    if found is None:
        raise NotFound
    _ended([found.key])
    record("session.ended", actor=user, subject=f"user:{user.pk}", session=str(found.id))


def sessions_end_others(*, user: User, here: str | None) -> int:
    """End all of the person's sessions but the one that asks. Returns how many."""
    keys = list(UserSession.objects.filter(user=user).exclude(key=here or "").values_list("key", flat=True))
    _ended(keys)
    record("session.ended_others", actor=user, subject=f"user:{user.pk}", count=len(keys))
    return len(keys)


def forget_session(key: str | None) -> None:
    """Forget what is known of a session that its person has logged out of."""
    if key:
        UserSession.objects.filter(key=key).delete()
        _noted.pop(key, None)


def suspend(user: User) -> None:
    """End every session of a person and withdraw every token: they do not come back when the person does."""
    facts = end_everything(user)
    if any(facts.values()):
        record("user.suspended", subject=f"user:{user.pk}", **facts)


def end_everything(user: User) -> dict[str, int]:
    """End every session, withdraw every token. Returns how many of each, for whoever records why."""
    sessions = list(UserSession.objects.filter(user=user).values_list("key", flat=True))
    tokens = list(ApiToken.objects.filter(user=user))
    _ended(sessions)
    for token in tokens:
        token.delete()
    return {"sessions": len(sessions), "tokens": len(tokens)}


def forget_ended() -> int:
    """Remove sessions that are over, and what is known of those. Returns how many rows went."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    ended = UserSession.objects.exclude(key__in=Session.objects.values("session_key"))
    return ended.delete()[0]


def still_signed_in(user: User, session_key: str | None) -> bool:
    """Whether what a request began with still holds: the person is active, the token or session was not ended."""
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        return False
    if user.token is not None:
        token = ApiToken.objects.filter(pk=user.token.pk).first()
        return token is not None and not token.expired
    if session_key is None:
        return True
    return Session.objects.filter(session_key=session_key, expire_date__gt=timezone.now()).exists()


def browser_words(agent: str) -> str:
    """What a browser says of itself, in words: "Firefox on Windows"."""
    browser = next((name for pattern, name in _BROWSERS if pattern.search(agent)), "")
    system = next((name for pattern, name in _SYSTEMS if pattern.search(agent)), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")


def _keep(session: SessionBase, request: HttpRequest, address: str, now: datetime) -> None:
    key, user_id = session.session_key or "", int(session[SESSION_KEY])
    seen = {"address": address, "agent": request.headers.get("User-Agent", "")[:300], "last_used_at": now}
    # A session that just ended is not written, nor one of a person who was removed meanwhile.
    if session.exists(key) and not UserSession.objects.filter(key=key).update(**seen):
        person = User.objects.filter(pk=user_id, is_active=True).first()
        if person is not None:
            UserSession.objects.get_or_create(key=key, defaults=seen | {"user": person})
    if not connection.in_atomic_block:
        connection.close()  # the response may be a stream, and no connection is held while a model thinks


def _alive(user: User, keys: Iterable[str]) -> set[str]:
    """Of these sessions those that are not over. A changed password has ended those signed in with the old one."""
    proof = user.get_session_auth_hash()
    found = Session.objects.filter(session_key__in=list(keys), expire_date__gt=timezone.now())
    said = {row.session_key: row.get_decoded() for row in found}
    return {key for key, held in said.items() if constant_time_compare(held.get(HASH_SESSION_KEY, ""), proof)}


def _ended(keys: Iterable[str]) -> None:
    gone = list(keys)
    Session.objects.filter(session_key__in=gone).delete()
    UserSession.objects.filter(key__in=gone).delete()
    for key in gone:
        _noted.pop(key, None)
