"""Django's middleware without its changes of thread: Django makes two for each class, at some 0.2 ms each.

What these do before and after a view touches no database, but for a session or messages that are to be saved: that
still goes to the request's thread. Django refuses database work on the event loop: a mistake here cannot go unnoticed.
"""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware
from django.middleware.security import SecurityMiddleware
from django.utils.deprecation import MiddlewareMixin

_READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class OnTheLoop(MiddlewareMixin):
    """Runs `process_request` and `process_response` where the request is awaited."""

    async def __acall__(self, request: HttpRequest) -> Any:
        """What Django's own does, without leaving the thread."""
        before, after = getattr(self, "process_request", None), getattr(self, "process_response", None)
        response = (before(request) if before else None) or await cast("Awaitable[Any]", self.get_response(request))
        if after is None:
            return response
        return await sync_to_async(after)(request, response) if self.to_be_saved(request) else after(request, response)

    def to_be_saved(self, request: HttpRequest) -> bool:  # noqa: ARG002 - for those that save
        """Whether the response's part writes to the database."""
        return False


class Security(OnTheLoop, SecurityMiddleware):
    """HTTPS and its headers."""


class Session(OnTheLoop, SessionMiddleware):
    """The session, read when it is first asked for."""

    def to_be_saved(self, request: HttpRequest) -> bool:
        """Whether the view changed it."""
        return request.session.modified


class Locale(OnTheLoop, LocaleMiddleware):
    """The language of the request."""


class Common(OnTheLoop, CommonMiddleware):
    """Addresses without their last slash."""


class Csrf(OnTheLoop, CsrfViewMiddleware):
    """Forms from this site only."""

    async def process_view(  # type: ignore[override]  # Django takes either
        self, request: HttpRequest, callback: Any, callback_args: Sequence[Any], callback_kwargs: Mapping[str, Any]
    ) -> Any:
        """Look into a form on the request's thread: that reads its body, of any size."""
        check: Any = super().process_view
        if request.method in _READING or getattr(callback, "csrf_exempt", False):
            return check(request, callback, callback_args, callback_kwargs)
        return await sync_to_async(check)(request, callback, callback_args, callback_kwargs)


class Authentication(OnTheLoop, AuthenticationMiddleware):
    """`request.user`, read when it is first asked for."""


class Messages(OnTheLoop, MessageMiddleware):
    """Notices that outlive a redirect."""

    def to_be_saved(self, request: HttpRequest) -> bool:
        """Whether the view added or showed any."""
        kept = getattr(request, "_messages", None)
        return bool(kept is not None and (kept.used or kept.added_new))


class XFrameOptions(OnTheLoop, XFrameOptionsMiddleware):
    """No frames of other sites."""
