"""How often: counters per person, name and address that say how long to wait. Kept in Django's cache.

A window begins at the same moment for everybody (each full minute, each quarter of an hour), so that one key per window
is all there is to keep. Around the moment between two windows twice as much passes: these limits stop floods, and
need not be exact.
"""

import hashlib
import ipaddress
import unicodedata
from collections.abc import Mapping
from time import time
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import BaseCache, caches
from django.http import HttpRequest
from prometheus_client import Counter

from ingestion.errors import TooManyRequests
from ingestion.models import User

log = structlog.get_logger(__name__)
MINUTE = 60
# Everybody in an office may come from one address.
ADDRESS_FACTOR = 10
# A counter outlives its window a little: between making and raising it, it must not go.
_SLACK_SECONDS = 30
_IPV6_PREFIX = 64
REFUSED = Counter(
    "tenkyo_requests_refused_total", "Requests refused because there were too many, by what they were for.", ["door"]
)


def count(door: str, who: str, seconds: int) -> int:
    """One more of this kind in the present window of so many seconds; how many that makes."""
    return _raised(_key(door, who, seconds), seconds, 1)


def give_back(door: str, who: str, seconds: int) -> None:
    """One less in the present window: what was counted turned out to be well."""
    if counted(door, who, seconds):
        _raised(_key(door, who, seconds), seconds, -1)


def counted(door: str, who: str, seconds: int) -> int:
    """How many there were in the present window."""
    key = _key(door, who, seconds)
    found = _either(lambda cache: cache.get(key, 0))
    return int(found or 0)


def wait(seconds: int) -> int:
    """Seconds until the present window ends, at least one."""
    return max(1, seconds - int(time()) % seconds)


def allow(request: HttpRequest, user: User, door: str) -> None:
    """Count one request of this person and of their address. Raises TooManyRequests where either has had enough."""
    most = settings.PER_MINUTE[door]
    if not most:
        return
    for who, limit in ((f"user:{user.pk}", most), (f"address:{address_of(request)}", ADDRESS_FACTOR * most)):
        if count(door, who, MINUTE) > limit:
            REFUSED.labels(door).inc()
            raise TooManyRequests(seconds=wait(MINUTE))


def address_of(request: HttpRequest) -> str:
    """Where the request came from, as the web server tells it: it knows which proxy may name another address.

    An IPv6 address is its /64: one customer has as many single ones as they like.
    """
    return _network(request.META)


def folded(name: str) -> str:
    """A user name as the counters know it, and not as it was typed: that may be a password."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return hashlib.sha256(plain.encode(errors="replace")).hexdigest()


def _network(meta: Mapping[str, Any]) -> str:
    given = str(meta.get("REMOTE_ADDR") or "")
    try:
        found = ipaddress.ip_address(given)
    except ValueError:
        return given[:64]
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, _IPV6_PREFIX), strict=False))
    return str(found)


def _key(door: str, who: str, seconds: int) -> str:
    said = hashlib.sha256(who.encode()).hexdigest()[:32]  # an address may hold what a cache's key may not
    return f"limit:{door}:{said}:{int(time()) // seconds}"


def _raised(key: str, seconds: int, by: int) -> int:
    def raised(cache: BaseCache) -> int:
        cache.add(key, 0, seconds + _SLACK_SECONDS)
        return int(cache.incr(key, by))

    return int(_either(raised))


def _either(work: Any) -> Any:
    """The shared counters; where they cannot be reached, this process's own: a limit is no reason to stop work."""
    try:
        return work(caches["default"])
    except Exception:
        log.exception("shared_counters_unreachable")
        return work(caches["memory"])
