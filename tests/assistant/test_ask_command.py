from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assistant.management import asking
from ingestion.errors import IndexHeld
from ingestion.models import ApiToken
from tests.assistant.answers import DONE, ERROR, PASSAGES, ScriptedAsk, serving
from tests.factories import make_library

pytestmark = pytest.mark.django_db(transaction=True)
UNSUPPORTED = {"text": "毎日。", "verdict": "unsupported", "reasons": [{"check": "citation"}], "citations": []}


class RunningModel:
    async def ping(self):
        """Answer."""


@pytest.fixture
def ask(monkeypatch, admin, open_index):
    """`ask(*events, …)` runs the command against a scripted answer; returns what it printed and what it asked."""

    def run(*events, **options):
        scripted = ScriptedAsk(*events)
        monkeypatch.setattr("assistant.services.ask", scripted)
        monkeypatch.setattr(asking, "answer_model", RunningModel)
        out = StringIO()
        call_command("ask", "給油は?", stdout=out, **options)
        return out.getvalue(), scripted.asked[0]

    return run


@pytest.fixture
def held(monkeypatch):
    """The index is open in another process."""

    def hold(_model):
        raise IndexHeld(folder="index", pid=1, command="serve")

    monkeypatch.setattr(asking, "vector_index", hold)


def test_tokens_are_printed_as_they_come(ask):
    said, _ = ask(("token", {"text": "P-101"}), ("token", {"text": "は"}), ("done", DONE))
    assert said.startswith("P-101は")


def test_each_sentence_is_printed_with_its_verdict_and_citations(ask):
    said, _ = ask(("done", DONE))
    assert "supported: P-101は500時間ごとに給油する。 [1]" in said


def test_an_unsupported_sentence_says_which_check_failed(ask):
    said, _ = ask(("done", DONE | {"sentences": [UNSUPPORTED]}))
    assert "unsupported (citation): 毎日。" in said


def test_a_citation_names_document_page_and_quote(ask):
    said, _ = ask(("done", DONE))
    assert "[1] ポンプ, revision 1, page 3: 500 h" in said


def test_a_failure_is_told_with_its_code(ask):
    with pytest.raises(CommandError, match="model_unavailable"):
        ask(("passages", PASSAGES), ("error", ERROR))


def test_a_library_narrows_the_question(ask, library, admin):
    make_library("Other")
    _, asked = ask(library="Pumps")
    assert asked["scope"].readable == {library.id}


def test_an_unknown_library_is_not_found(ask):
    with pytest.raises(CommandError, match="not_found"):
        ask(library="Nothing")


def test_a_named_person_asks(ask, owner):
    _, asked = ask(user="owner")
    assert asked["user"] == owner


def test_an_unknown_person_cannot_ask(ask):
    with pytest.raises(CommandError, match="no such user"):
        ask(user="nobody")


def test_the_server_is_asked_where_it_holds_the_index(ask, held, settings):
    with serving() as url:
        settings.HOST, settings.PORT = "127.0.0.1", int(url.rsplit(":", 1)[1])
        said, _ = ask(("token", {"text": "P-101"}), ("done", DONE))
    assert "supported: P-101" in said


def test_no_token_is_left_behind_by_asking_the_server(ask, held, settings):
    with serving() as url:
        settings.HOST, settings.PORT = "127.0.0.1", int(url.rsplit(":", 1)[1])
        ask(("done", DONE))
    assert not ApiToken.objects.exists()


def test_a_held_index_without_a_server_says_who_holds_it(ask, held, settings):
    settings.HOST, settings.PORT = "127.0.0.1", 1
    with pytest.raises(CommandError, match=r"index_held.*process 1"):
        ask(("done", DONE))
