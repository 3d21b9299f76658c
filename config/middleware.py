"""What holds for every request: an id in logs and errors, and headers that keep the page on its own origin."""

import re
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import cast

import structlog
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from prometheus_client import Histogram
from whitenoise.middleware import WhiteNoiseMiddleware

REQUESTS = Histogram("tenkyo_request_seconds", "Time until the answer to a request begins.", ["area", "status"])
# The first part of the path where it is one of these; an unknown one would let anybody make new series.
_AREAS = frozenset({"admin", "api", "libraries", "metrics", "readyz", "healthz", "static"})
_GIVEN_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
# 'self' everywhere: an answer that carries a remote image or script cannot load it, whatever it says.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class RequestMiddleware:
    """Binds the request into the logs, and sets X-Request-ID and Content-Security-Policy on the response."""

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponse]]) -> None:
        """Keep the next handler."""
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request with its id and the safe headers."""
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if _GIVEN_ID.match(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=request):
            response = await self.get_response(request)
        REQUESTS.labels(_area(request.path), f"{response.status_code // 100}xx").observe(time.perf_counter() - began)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        response.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


def _area(path: str) -> str:
    first = path.strip("/").partition("/")[0]
    return first if first in _AREAS else "pages"


class StaticMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise is untyped
    """Serves static files; every other request passes without the two changes of thread WhiteNoise's own costs it."""

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]]) -> None:
        """Find the files."""
        super().__init__(get_response)
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The file of this address, or what the next handler answers."""
        path = request.path_info
        found = self.find_file(path) if self.autorefresh else self.files.get(path)
        if found is None:
            return cast("HttpResponseBase", await self.get_response(request))
        return cast("HttpResponseBase", self.serve(found, request))
