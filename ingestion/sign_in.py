"""Signing in, protected: how often a name and an address may fail before the next try has to wait.

`SignInLimit` stands before every other backend, so that the log-in page, the administration's own and whatever is
added later are held alike. It signs nobody in. What is tried is counted before the password is looked at: many tries
at once cannot slip through, and a refused one costs no time by which a known name could be told from an unknown one.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from ingestion.audit import record
from ingestion.errors import SignInRefused
from ingestion.limits import REFUSED, address_of, count, folded, give_back, wait
from ingestion.models import User

WINDOW = 15 * 60
_DOOR = "sign_in"
# A guess from many addresses at one name, or from one address at many names, is stopped later than one at one.
_WIDE_FACTOR = 5


class SignInLimit:
    """An authentication backend that refuses, and leaves everything else to the ones after it."""

    def authenticate(self, request: HttpRequest | None, username: str | None = None, **_: Any) -> None:
        """None, always. Raises SignInRefused where this name or address has failed too often."""
        for who, most in _counted(request, username or ""):
            tries = count(_DOOR, who, WINDOW)
            if tries > most:
                REFUSED.labels(_DOOR).inc()
                if tries == most + 1:  # once a window: a flood must not fill the audit log
                    _record_refusal(request, username or "")
                raise SignInRefused(seconds=wait(WINDOW), minutes=-(-wait(WINDOW) // 60))


def password_holds(request: HttpRequest, user: User, password: str) -> bool:
    """Whether this is the password that the person signs in with, asked once more. Counted as a sign-in is."""
    found = authenticate(request, username=user.get_username(), password=password)
    if found is None or found.pk != user.pk:
        return False
    _succeeded(user, request)
    return True


@receiver(user_logged_in)
def _succeeded(user: User, request: HttpRequest | None = None, **_: Any) -> None:
    for who, _most in _counted(request, user.get_username()):
        give_back(_DOOR, who, WINDOW)


def _counted(request: HttpRequest | None, username: str) -> list[tuple[str, int]]:
    """What a try is counted by, and how many may fail. The address comes first: refused, it makes no new counters."""
    most, name = settings.SIGN_IN_LIMIT, folded(username)
    if request is None:
        return [(f"name:{name}", _WIDE_FACTOR * most)]
    address = address_of(request)
    return [
        (f"address:{address}", _WIDE_FACTOR * most),
        (f"pair:{address}:{name}", most),
        (f"name:{name}", _WIDE_FACTOR * most),
    ]


def _record_refusal(request: HttpRequest | None, username: str) -> None:
    tried = User.objects.filter(username=username).first()
    address = address_of(request) if request is not None else ""
    record("user.sign_in_refused", subject=f"user:{tried.pk}" if tried else "", address=address)
