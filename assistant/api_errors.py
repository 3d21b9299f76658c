"""The one shape of every failure over HTTP: {"error": {"code", "message", "hint", "request_id"}}."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import get_language_from_request
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from assistant.errors import (
    BadRequest,
    BodyTooLarge,
    BodyUnreadable,
    InvalidRequest,
    MethodNotAllowed,
)
from config.on_the_loop import OnTheLoop
from ingestion.errors import (
    DatabaseBusy,
    FileNotSent,
    InternalError,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TenkyoError,
    TooManyRequests,
)

log = structlog.get_logger(__name__)
API_PREFIX = "/api/"
_BY_STATUS: dict[int, type[TenkyoError]] = {
    HTTPStatus.UNAUTHORIZED: NotSignedIn,
    HTTPStatus.FORBIDDEN: NotAllowed,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.METHOD_NOT_ALLOWED: MethodNotAllowed,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: BodyTooLarge,
}
_KEPT_HEADERS = ("Allow", "Retry-After")


def error_facts(request: HttpRequest, error: TenkyoError) -> dict[str, str]:
    """What a client is told of an error, in the language it asks for."""
    message, hint = error.texts(get_language_from_request(request))
    request_id = getattr(request, "request_id", "")
    return {"code": error.code, "message": message, "hint": hint, "request_id": request_id}


def error_response(request: HttpRequest, error: TenkyoError) -> JsonResponse:
    """The error as JSON with its own status."""
    said = {"error": error_facts(request, error)}
    response = JsonResponse(said, status=error.status, json_dumps_params={"ensure_ascii": False})
    if isinstance(error, NotSignedIn):
        response["WWW-Authenticate"] = 'Bearer realm="tenkyo"'
    if isinstance(error, TooManyRequests):
        response["Retry-After"] = str(error.seconds)
    return response


def as_tenkyo_error(exception: Exception) -> TenkyoError:
    """What happened as an error of the catalogue. What nobody foresaw becomes InternalError, and is logged in full."""
    if isinstance(exception, TenkyoError):
        return exception
    for kind, translate in _TRANSLATIONS:
        if isinstance(exception, kind):
            return translate(exception)
    log.error("api_failed", exc_info=exception)
    return InternalError()


def install(api: NinjaAPI) -> None:
    """Make the API answer every exception in the one shape."""

    def answer(request: HttpRequest, exception: Any) -> HttpResponse:
        return error_response(request, as_tenkyo_error(exception))

    # ninja looks handlers up by the exception's own bases, nearest first: its defaults for these three would win.
    for kind in (Exception, Http404, HttpError, ValidationError):
        api.add_exception_handler(kind, answer)


class ApiErrorMiddleware(OnTheLoop):
    """Gives the one shape also to failures that never reach the API: unknown address, wrong method, refused host."""

    get_response: Callable[..., Any]

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Replace what Django answered in HTML or plain text below /api/."""
        if response.status_code < HTTPStatus.BAD_REQUEST or not request.path.startswith(API_PREFIX):
            return response
        if response.get("Content-Type", "").startswith("application/json"):
            return response
        shaped = error_response(request, _of_status(request, response.status_code))
        for name in _KEPT_HEADERS:
            if name in response:
                shaped[name] = response[name]
        return shaped


def _of_http_error(error: HttpError) -> TenkyoError:
    if isinstance(error.__cause__, RequestDataTooBig):
        return _too_large()
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return BodyUnreadable()
    return _BY_STATUS.get(error.status_code, BadRequest)()


def _of_status(request: HttpRequest, status: int) -> TenkyoError:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return InternalError()
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _too_large()
    return _BY_STATUS.get(status, BadRequest)(method=request.method)


def _too_large() -> TenkyoError:
    return BodyTooLarge(limit_mb=settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024))


def _problems(error: ValidationError) -> str:
    """Where and what, as in "body.payload.question: Field required"; never the value that was sent."""
    return "; ".join(f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors)


def _busy(error: Exception) -> TenkyoError:
    log.error("api_database_failed", exc_info=error)
    return DatabaseBusy()


_TRANSLATIONS: tuple[tuple[Any, Callable[[Any], TenkyoError]], ...] = (
    (MultiPartParserError, lambda _: FileNotSent()),
    (ValidationError, lambda error: InvalidRequest(problems=_problems(error))),
    (AuthenticationError, lambda _: NotSignedIn()),
    (HttpError, _of_http_error),
    (Http404, lambda _: NotFound()),
    (PermissionDenied, lambda _: NotAllowed()),
    (RequestDataTooBig, lambda _: _too_large()),
    ((OperationalError, InterfaceError), _busy),
)
