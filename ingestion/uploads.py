"""Refuses an upload that is too large, or from nobody, while it arrives: before Django has written it to disk."""

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from django.http import parse_cookie
from django.utils.translation.trans_real import parse_accept_lang_header

from ingestion.errors import FileTooLarge, NotSignedIn, TenkyoError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApplication = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
# What multipart adds around the file: boundaries, part headers, the CSRF field.
_ENVELOPE_BYTES = 1024 * 1024
# Only these addresses take files; anywhere else a large body is somebody filling the disk.
_TAKES_FILES = re.compile(r"/api/v1/(?:libraries/[^/]+/(?:documents|archives)|documents/[^/]+/file|uploads/[^/]+)")
_ORDINARY_BYTES = 5 * 1024 * 1024
# This answer passes by the middleware, which would set them.
_SAFE_HEADERS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"private, no-store"),
)


class UploadLimit:
    """An ASGI application around another: it refuses bodies that must not reach the disk, in the API's error shape.

    413 for a body over the limit; 401 where files are taken and the request names nobody, before any of it is read.
    """

    def __init__(self, application: AsgiApplication) -> None:
        """Keep the application."""
        self._application = application

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer at once where nobody asks, or the announced size is over the limit; else count what arrives."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
        elif _takes_files(scope) and not _names_somebody(scope):
            # Whether this somebody exists, and may upload here, the application finds out.
            await _refuse(scope, send, NotSignedIn())
        elif _announced(scope) > _limit(scope):
            await _refuse(scope, send, _too_large(scope))
        else:
            await self._counted(scope, receive, send)

    async def _counted(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        arrived = 0
        refused = False

        async def counting() -> Message:
            nonlocal arrived, refused
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > _limit(scope):
                refused = True
                return {"type": "http.disconnect"}
            return message

        async def sending(message: Message) -> None:
            if not refused:
                await send(message)

        await self._application(scope, counting, sending)
        if refused:
            await _refuse(scope, send, _too_large(scope))


def _takes_files(scope: MutableMapping[str, Any]) -> bool:
    return _TAKES_FILES.fullmatch(scope["path"]) is not None


def _names_somebody(scope: MutableMapping[str, Any]) -> bool:
    return b"authorization" in _headers(scope) or settings.SESSION_COOKIE_NAME in _cookies(scope)


def _limit(scope: MutableMapping[str, Any]) -> int:
    if _takes_files(scope):
        return int(settings.UPLOAD_LIMIT_BYTES) + _ENVELOPE_BYTES
    return _ORDINARY_BYTES


def _headers(scope: MutableMapping[str, Any]) -> dict[bytes, bytes]:
    return {name.lower(): value for name, value in scope["headers"]}


def _announced(scope: MutableMapping[str, Any]) -> int:
    length = _headers(scope).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _cookies(scope: MutableMapping[str, Any]) -> dict[str, str]:
    # HTTP/2 may bring them in several headers; `_headers` would keep the last.
    given = b";".join(value for name, value in scope["headers"] if name.lower() == b"cookie")
    return parse_cookie(given.decode("latin-1"))


def _too_large(scope: MutableMapping[str, Any]) -> FileTooLarge:
    return FileTooLarge(limit_mb=max(1, min(_limit(scope), settings.UPLOAD_LIMIT_BYTES) // 1024**2))


async def _refuse(scope: MutableMapping[str, Any], send: Send, error: TenkyoError) -> None:
    message, hint = error.texts(_language(scope))
    said = {"error": {"code": error.code, "message": message, "hint": hint, "request_id": ""}}
    body = json.dumps(said, ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        *_SAFE_HEADERS,
    ]
    if isinstance(error, NotSignedIn):
        headers.append((b"www-authenticate", b'Bearer realm="tenkyo"'))
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _language(scope: MutableMapping[str, Any]) -> str:
    chosen = _cookies(scope).get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in ("ja", "en"):
        return chosen
    wanted = parse_accept_lang_header(_headers(scope).get(b"accept-language", b"").decode("latin-1").lower())
    return next((code[:2] for code, _ in wanted if code[:2] in ("ja", "en")), str(settings.LANGUAGE_CODE))
