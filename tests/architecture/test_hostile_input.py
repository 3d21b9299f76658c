"""What nobody types by accident: words without end, NUL bytes, lone surrogates, echoes, caches."""

import pytest
from django.test import Client

from assistant.models import Conversation, Feedback, Message
from ingestion.models import Document
from ingestion.reading import _is_title, _opened
from ingestion.text import one_line, search_words
from tests.factories import upload

JSON = "application/json"
SURROGATE = b"\\ud800"


@pytest.fixture
def signed_in(admin):
    client = Client(raise_request_exception=False)
    client.force_login(admin)
    return client


@pytest.fixture
def answer(admin):
    conversation = Conversation.objects.create(user=admin, title="Oil")
    asked = Message.objects.create(conversation=conversation, role="user", text="Oil?")
    return Message.objects.create(conversation=conversation, role="assistant", question=asked, text="Yes.")


@pytest.mark.parametrize(
    "address", ["/libraries/?q=", "/history/?q=", "/libraries/{}/?q=", "/api/v1/libraries/{}/documents?search="]
)
def test_a_search_of_three_thousand_words_is_answered(signed_in, library, address):
    assert signed_in.get(address.format(library.pk) + "a+" * 3000).status_code == 200


def test_no_search_word_holds_what_postgresql_refuses():
    assert search_words("pump\x00 \ud800seal\x07") == ["pump", "seal"]


def test_a_title_is_one_line_that_can_be_stored_and_shown():
    assert one_line("Pump\x00\u202e\n manual\ud800\u2028x") == "Pump manual x"


def test_a_files_own_title_is_stored_without_control_and_direction_marks(owner, library):
    revision = upload(owner, library).document.revisions.get()
    _opened(revision, 1, "Pump\x00 manual \u202egpj.\ud800exe", "own")
    assert Document.objects.get().title == "Pump manual gpj.exe"


def test_a_title_that_only_control_characters_make_long_is_none():
    assert not _is_title("ab" + "\x00" * 10)


def test_a_comment_with_a_nul_byte_is_kept_without_it(signed_in, answer):
    signed_in.post(f"/messages/{answer.pk}/feedback/", {"helpful": "yes", "comment": "so\x00 good"})
    assert Feedback.objects.get().comment == "so good"


def test_a_model_name_that_is_no_text_is_refused_like_any_other(signed_in):
    body = b'{"question": "x", "model": "' + SURROGATE + b'"}'
    assert signed_in.post("/api/v1/ask", body, content_type=JSON).status_code == 422


def test_a_long_model_name_is_not_sent_back_whole(signed_in):
    body = {"question": "x", "model": "m" * 1_000_000}
    assert len(signed_in.post("/api/v1/ask", body, content_type=JSON).content) < 1000


@pytest.mark.parametrize("body", [b"[" * 200_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, b"9" * 6000])
def test_json_deeper_or_larger_than_it_may_be_is_refused(signed_in, body):
    assert signed_in.post("/api/v1/search", body, content_type=JSON).status_code in {400, 422}


@pytest.mark.parametrize(
    "address",
    ["/", "/libraries/", "/nothing", "/admin/", "/api/v1/libraries", "/api/v1/libraries/x/documents", "/login/"],
)
def test_no_answer_is_kept_by_a_cache(signed_in, address):
    assert "no-store" in signed_in.get(address)["Cache-Control"]


@pytest.mark.parametrize(
    "address", ["/", "/nothing", "/admin/", "/admin/nothing", "/static/assistant/base.css", "/api/v1/x", "/healthz"]
)
def test_every_answer_keeps_to_its_own_origin(signed_in, address):
    assert "default-src 'self'" in signed_in.get(address)["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site_after_signing_in(owner, address):
    said = {"username": "owner", "password": "correct horse battery", "next": address}
    assert Client().post("/login/", said)["Location"] == "/"


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/"])
def test_nobody_is_sent_to_another_site_after_choosing_a_language(signed_in, address):
    assert signed_in.post("/language/", {"language": "en", "next": address})["Location"] == "/"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\r\nX-Evil: 1.txt", "\u202etxt.exe", "<img src=x>.txt", "名" * 400 + ".txt"]
)
def test_a_download_has_a_name_that_is_one_header(client, owner, library, name):
    from ingestion.files import clean_name

    document = upload(owner, library, filename=name).document
    client.force_login(owner)
    told = client.get(f"/documents/{document.pk}/file")
    shown = clean_name(name)
    assert ("/" in shown, "\u202e" in shown, len(shown) <= 211, told["X-Content-Type-Options"]) == (
        False,
        False,
        True,
        "nosniff",
    )
