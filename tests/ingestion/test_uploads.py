"""An upload over the limit is refused while it arrives, whatever its headers say."""

import json

import pytest

from ingestion import uploads

LIMIT = 1000
TOKEN = (b"authorization", b"Bearer tenkyo_x")


async def application(scope, receive, send):
    """Reads the whole body, then answers how much there was."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message["body"])
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


@pytest.fixture
def ask(settings, monkeypatch):
    settings.UPLOAD_LIMIT_BYTES = LIMIT
    monkeypatch.setattr(uploads, "_ENVELOPE_BYTES", 0)

    async def asked(blocks, headers=(TOKEN,), path="/api/v1/libraries/1/documents"):
        sent, left = [], list(blocks)

        async def receive():
            return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

        async def send(message):
            sent.append(message)

        await uploads.UploadLimit(application)({"type": "http", "path": path, "headers": list(headers)}, receive, send)
        return sent[0]["status"], sent[1]["body"], len(left)

    return asked


async def test_a_body_within_the_limit_passes(ask):
    assert await ask([b"x" * 600, b"x" * 400]) == (200, b"1000", 0)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/documents/1/file", 200),
        ("/api/v1/libraries/1/archives", 200),
        ("/api/v1/uploads/1", 200),
        ("/api/v1/libraries/1/uploads", 413),
        ("/api/v1/ask", 413),
        ("/login/", 413),
    ],
)
async def test_only_the_addresses_that_take_files_take_a_large_body(ask, monkeypatch, path, status):
    monkeypatch.setattr(uploads, "_ORDINARY_BYTES", 100)

    assert (await ask([b"x" * 600], path=path))[0] == status


async def test_an_announced_size_over_the_limit_is_refused_before_a_byte_is_read(ask):
    status, _, unread = await ask([b"x" * 2000], [(b"content-length", b"2000"), TOKEN])

    assert (status, unread) == (413, 1)


async def test_a_body_that_grows_over_the_limit_is_refused_where_it_does(ask):
    status, _, unread = await ask([b"x" * 600] * 5)

    assert (status, unread) == (413, 3)


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ((b"accept-language", b"ja,en;q=0.5"), "ファイル"),
        ((b"accept-language", b"en-GB"), "The file"),
        ((b"cookie", b"a=b; django_language=en"), "The file"),
    ],
)
async def test_the_refusal_has_the_one_error_shape_in_the_callers_language(ask, header, word):
    _, body, _ = await ask([b""], [(b"content-length", b"2000"), header, TOKEN])

    error = json.loads(body)["error"]
    assert (error["code"], word in error["message"], set(error)) == (
        "file_too_large",
        True,
        {"code", "message", "hint", "request_id"},
    )


@pytest.mark.parametrize(
    "path", ["/api/v1/libraries/1/documents", "/api/v1/libraries/1/archives", "/api/v1/documents/1/file"]
)
@pytest.mark.parametrize("headers", [(), ((b"cookie", b"csrftoken=x; django_language=en"),)])
async def test_an_upload_from_nobody_is_refused_before_a_byte_is_read(ask, path, headers):
    status, body, unread = await ask([b"x" * 600], headers, path)

    assert (status, json.loads(body)["error"]["code"], unread) == (401, "not_signed_in", 1)


async def test_an_upload_from_nobody_learns_nothing_of_the_limit(ask):
    assert (await ask([b"x" * 2000], [(b"content-length", b"2000")]))[0] == 401


@pytest.mark.parametrize("header", [TOKEN, (b"Cookie", b"csrftoken=x; sessionid=y")])
async def test_a_request_that_names_somebody_is_for_the_application_to_judge(ask, header):
    assert (await ask([b"x" * 600], [header]))[0] == 200


async def test_other_addresses_are_for_the_application_to_judge(ask):
    assert (await ask([b"x" * 600], (), "/login/"))[0] == 200


async def test_a_refusal_runs_nothing_and_is_kept_nowhere(settings):
    settings.UPLOAD_LIMIT_BYTES, sent = 0, []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": "/", "headers": [(b"content-length", b"9000000")]}
    await uploads.UploadLimit(application)(scope, None, send)
    told = dict(sent[0]["headers"])
    assert (told[b"content-security-policy"][:18], told[b"cache-control"]) == (
        b"default-src 'none'",
        b"private, no-store",
    )
