"""Between password and second factor: whom the session knows by the password, and is not signed in yet.

Django's own key of a signed-in person is not in the session then, so every other page sees nobody.
"""

from dataclasses import dataclass
from time import time

from django.contrib.auth import BACKEND_SESSION_KEY, login
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from ingestion.directory import COMPANY_BACKEND
from ingestion.errors import SignInOver
from ingestion.models import User
from ingestion.web import person

_KEY = "half_way"
_SECONDS = 10 * 60


@dataclass(frozen=True, slots=True)
class HalfWay:
    """Who proved the password, by which backend, and where they want to go."""

    user: User
    backend: str
    onward: str


def begin(request: HttpRequest, user: User, onward: str) -> None:
    """Keep whom the password has proved."""
    request.session.cycle_key()
    said = {"user": user.pk, "backend": user.backend, "onward": onward, "at": int(time())}
    request.session[_KEY] = said | {"proof": user.get_session_auth_hash()}


def whose(request: HttpRequest) -> HalfWay:
    """Who is half way. Raises SignInOver where nobody is: it took too long, or the person is not as they were."""
    said = request.session.get(_KEY) or {}
    if not said or time() - said["at"] > _SECONDS:
        raise SignInOver
    user = User.objects.filter(pk=said["user"], is_active=True).first()
    if user is None or not constant_time_compare(said["proof"], user.get_session_auth_hash()):
        raise SignInOver
    return HalfWay(user, said["backend"], said["onward"])


def finish(request: HttpRequest, half_way: HalfWay) -> None:
    """Sign them in."""
    request.session.pop(_KEY, None)
    login(request, half_way.user, backend=half_way.backend)


def setting_up(request: HttpRequest) -> tuple[User, HalfWay | None]:
    """Who may set a second factor up: whoever is signed in, or is half way because one is demanded and they have none.

    Raises SignInOver for everybody else.
    """
    if request.user.is_authenticated:
        return person(request), None
    half_way = whose(request)
    if half_way.user.factors.exists():  # else the password alone would add a second one to the first
        raise SignInOver
    return half_way.user, half_way


def by_password(request: HttpRequest) -> bool:
    """Whether the person signed in here, by a password, and not at the company's provider."""
    return bool(request.session.get(BACKEND_SESSION_KEY) != COMPANY_BACKEND)
