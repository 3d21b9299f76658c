"""Refuses an upload that is too large while it arrives: before Django has written it to disk."""

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.utils.translation.trans_real import parse_accept_lang_header

from ingestion.errors import FileTooLarge

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApplication = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
# What multipart adds around the file: boundaries, part headers, the CSRF field.
_ENVELOPE_BYTES = 1024 * 1024
# Only these addresses take files; anywhere else a large body is somebody filling the disk.
_TAKES_FILES = re.compile(r"/api/v1/(?:libraries/[^/]+/documents|documents/[^/]+/file)")
_ORDINARY_BYTES = 5 * 1024 * 1024
# This answer passes by the middleware, which would set them.
_SAFE_HEADERS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"private, no-store"),
)


class UploadLimit:
    """An ASGI application around another: a request body over the limit is answered 413 in the API's error shape."""

    def __init__(self, application: AsgiApplication) -> None:
        """Keep the application."""
        self._application = application

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer at once where the announced size is over the limit; else count what arrives."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
        elif _announced(scope) > _limit(scope):
            await _refuse(scope, send)
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
            await _refuse(scope, send)


def _limit(scope: MutableMapping[str, Any]) -> int:
    if _TAKES_FILES.fullmatch(scope["path"]):
        return int(settings.UPLOAD_LIMIT_BYTES) + _ENVELOPE_BYTES
    return _ORDINARY_BYTES


def _headers(scope: MutableMapping[str, Any]) -> dict[bytes, bytes]:
    return {name.lower(): value for name, value in scope["headers"]}


def _announced(scope: MutableMapping[str, Any]) -> int:
    length = _headers(scope).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


async def _refuse(scope: MutableMapping[str, Any], send: Send) -> None:
    error = FileTooLarge(limit_mb=max(1, min(_limit(scope), settings.UPLOAD_LIMIT_BYTES) // 1024**2))
    message, hint = error.texts(_language(scope))
    said = {"error": {"code": error.code, "message": message, "hint": hint, "request_id": ""}}
    body = json.dumps(said, ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        *_SAFE_HEADERS,
    ]
    await send({"type": "http.response.start", "status": HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _language(scope: MutableMapping[str, Any]) -> str:
    headers = _headers(scope)
    for cookie in headers.get(b"cookie", b"").decode("latin-1").split(";"):
        name, _, value = cookie.strip().partition("=")
        if name == settings.LANGUAGE_COOKIE_NAME and value in ("ja", "en"):
            return value
    wanted = parse_accept_lang_header(headers.get(b"accept-language", b"").decode("latin-1").lower())
    return next((code[:2] for code, _ in wanted if code[:2] in ("ja", "en")), str(settings.LANGUAGE_CODE))
