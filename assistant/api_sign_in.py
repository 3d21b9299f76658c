"""Who calls the API: the person of a Bearer token, or of a session that proves it comes from this site."""

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from assistant.errors import CsrfFailed
from ingestion.access import user_for_token
from ingestion.models import User


class TokenKey(HttpBearer):
    """`Authorization: Bearer …` from `manage.py api_token`."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:  # noqa: ARG002 - ninja's signature
        """The active person of the token, or None."""
        return user_for_token(token.strip())


class SessionKey(APIKeyCookie):
    """The web page's own session; everything but reading needs its CSRF token in X-CSRFToken."""

    param_name = "sessionid"

    def _get_key(self, request: HttpRequest) -> str | None:
        # Unlike ninja's own: who is not signed in is told so, and not that a CSRF token is missing.
        if request.user.is_authenticated and check_csrf(request):
            raise CsrfFailed
        return request.COOKIES.get(self.param_name)

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:  # noqa: ARG002 - ninja's signature
        """The signed-in person, or None."""
        return request.user if isinstance(request.user, User) and request.user.is_active else None
