"""Every way a request to the API may fail answers in one shape, in the caller's language, and tells nothing else."""

import uuid

import pytest
from django.db import OperationalError
from django.test import Client

from ingestion.access import token_issue
from ingestion.errors import IndexUnavailable, NotSignedIn, TenkyoError
from tests.assistant.answers import ScriptedAsk, has_error_shape

API = "/api/v1"
JSON = "application/json"
NOBODY = str(uuid.UUID(int=7))
SECRET = "password=hunter2"

# name → (method, address, body, status, code)
WAYS = {
    "an unknown address": ("get", "/nothing/here", None, 404, "not_found"),
    "an unknown address outside the version": ("get", "/../v9/x", None, 404, "not_found"),
    "an unknown document": ("get", f"/documents/{NOBODY}", None, 404, "not_found"),
    "a malformed id": ("get", "/documents/not-an-id", None, 404, "not_found"),
    "a malformed library in a search": ("post", "/search", {"query": "x", "libraries": ["x"]}, 404, "not_found"),
    "an unknown conversation": ("post", "/ask", {"question": "x", "conversation": NOBODY}, 404, "not_found"),
    "a malformed conversation": ("post", "/ask", {"question": "x", "conversation": "x"}, 404, "not_found"),
    "an unknown answer to regenerate": ("post", "/ask", {"regenerate": NOBODY}, 404, "not_found"),
    "an unknown citation": ("get", f"/documents/{NOBODY}/pages/1.png?citation={NOBODY}", None, 404, "not_found"),
    "a page number too large for a database": ("get", f"/documents/{NOBODY}/pages/{10**30}", None, 404, "not_found"),
    "a wrong method": ("delete", "/search", None, 405, "method_not_allowed"),
    "a wrong method on a reader": ("post", f"/documents/{NOBODY}", {}, 405, "method_not_allowed"),
    "a form instead of JSON": ("post", "/ask", None, 400, "body_unreadable"),
    "no body": ("post", "/ask", b"", 422, "invalid_request"),
    "a body that is not JSON": ("post", "/ask", b"{question:", 400, "body_unreadable"),
    "a body in another encoding": ("post", "/ask", '{"question": "質問"}'.encode("shift_jis"), 400, "body_unreadable"),
    "a body that is a list": ("post", "/search", b"[1]", 422, "invalid_request"),
    "a field of another kind": ("post", "/ask", {"question": {"a": 1}}, 422, "invalid_request"),
    "a limit out of range": ("post", "/search", {"query": "x", "limit": 10**9}, 422, "invalid_request"),
    "a missing field": ("post", "/search", {}, 422, "invalid_request"),
    "an empty question": ("post", "/ask", {"question": " \u0000\u200b\n"}, 422, "question_empty"),
    "a streamed empty question": ("post", "/ask", {"question": "", "stream": True}, 422, "question_empty"),
    "an empty search": ("post", "/search", {"query": "\u0007"}, 422, "question_empty"),
    "a question of 100,000 characters": ("post", "/ask", {"question": "あ" * 100_000}, 413, "question_too_long"),
    "a search of 100,000 characters": ("post", "/search", {"query": "あ" * 100_000}, 413, "question_too_long"),
    "a body of 5 MiB": ("post", "/ask", b'{"question": "' + b"x" * 5 * 1024**2 + b'"}', 413, "body_too_large"),
    "a model nobody approved": ("post", "/ask", {"question": "x", "model": "gpt-9"}, 422, "model_not_approved"),
    "an upload without a file": ("put", f"/documents/{NOBODY}/file", None, 404, "not_found"),
    "a library without a name": ("post", "/libraries", {"name": " "}, 422, "library_name_empty"),
}
RAISED = {
    "an error of the catalogue": (IndexUnavailable(reason="x"), 503, "index_unavailable"),
    "a database that is gone": (OperationalError(SECRET), 503, "database_busy"),
    "what nobody foresaw": (RuntimeError(SECRET), 500, "internal_error"),
    "what looks like a programming error": (
        TypeError(f"missing 1 required positional argument {SECRET}"),
        500,
        "internal_error",
    ),
}


@pytest.fixture
def send(db, admin):
    """`send(method, address, body)` as an administrator, who is refused nothing."""
    client = Client(raise_request_exception=False)
    headers = {"Authorization": f"Bearer {token_issue(user=admin)}", "Accept-Language": "en"}

    def sent(method, address, body=None, **more):
        return getattr(client, method)(
            API + address, **({} if body is None else {"data": body, "content_type": JSON}), headers=headers | more
        )

    return sent


@pytest.mark.parametrize("way", WAYS)
def test_a_request_that_fails_has_its_status_and_code(send, way):
    method, address, body, status, code = WAYS[way]
    response = send(method, address, body)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize("way", WAYS)
def test_a_request_that_fails_has_the_one_shape(send, way):
    method, address, body, *_ = WAYS[way]
    assert has_error_shape(send(method, address, body))


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("way", RAISED)
def test_what_is_raised_while_answering_has_its_status_and_code(send, monkeypatch, way, stream):
    error, status, code = RAISED[way]
    monkeypatch.setattr("assistant.services.ask", ScriptedAsk(error))
    response = send("post", "/ask", {"question": "x", "stream": stream})
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize("way", RAISED)
def test_what_is_raised_is_not_told(send, monkeypatch, way):
    monkeypatch.setattr("assistant.services.ask", ScriptedAsk(RAISED[way][0]))
    assert SECRET not in send("post", "/ask", {"question": "x"}).content.decode()


def test_an_unexpected_failure_of_a_plain_view_has_the_one_shape(send, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError(SECRET)

    monkeypatch.setattr("ingestion.selectors.libraries_list", fail)
    response = send("get", "/libraries")
    assert (response.status_code, has_error_shape(response)) == (500, True)


def test_a_refused_host_has_the_one_shape(send):
    response = send("get", "/libraries", Host="evil.example")
    assert (response.status_code, has_error_shape(response)) == (400, True)


def test_who_is_not_signed_in_gets_the_one_shape(db, client):
    response = client.post(f"{API}/ask", {"question": "x"}, content_type=JSON)
    assert (response.status_code, response.json()["error"]["code"]) == (401, NotSignedIn.code)


def test_a_wrong_method_still_says_which_are_right(send):
    assert "POST" in send("delete", "/search")["Allow"]


def test_the_request_id_is_the_one_of_the_header(send):
    response = send("get", "/nothing")
    assert response.json()["error"]["request_id"] == response["X-Request-ID"]


@pytest.mark.parametrize(
    ("language", "word"), [("ja", "表示できるものがありません"), ("en-US,en;q=0.8", "nothing here")]
)
@pytest.mark.parametrize("address", ["/nothing", f"/documents/{NOBODY}"])
def test_the_message_is_in_the_callers_language(send, language, word, address):
    assert word in send("get", address, **{"Accept-Language": language}).json()["error"]["message"]


def test_unknown_and_forbidden_answer_identically(db, client, library, stranger):
    headers = {"Authorization": f"Bearer {token_issue(user=stranger)}", "X-Request-ID": "same-request"}
    forbidden = client.get(f"{API}/libraries/{library.id}/documents", headers=headers)
    unknown = client.get(f"{API}/libraries/{NOBODY}/documents", headers=headers)
    assert (forbidden.status_code, forbidden.content) == (unknown.status_code, unknown.content)


def every_error(base=TenkyoError):
    for child in base.__subclasses__():
        yield child
        yield from every_error(child)


@pytest.mark.parametrize("error", sorted(every_error(), key=lambda error: error.code), ids=lambda error: error.code)
def test_every_error_says_what_happened_and_what_to_do_in_both_languages(error):
    said = [text for language in ("en", "ja") for text in error().texts(language)]
    assert all(text.strip() for text in said)


@pytest.mark.parametrize("error", sorted(every_error(), key=lambda error: error.code), ids=lambda error: error.code)
def test_no_error_says_the_same_in_both_languages(error):
    assert not set(error().texts("en")) & set(error().texts("ja"))


def test_no_two_errors_share_a_code():
    codes = [error.code for error in every_error()]
    assert len(codes) == len(set(codes))
