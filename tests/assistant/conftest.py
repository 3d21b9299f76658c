import pytest

from ingestion.access import token_issue
from tests.assistant.answers import ScriptedAsk


@pytest.fixture
def script(monkeypatch):
    """`script(*events)` puts a scripted answer in the place of `services.ask` and returns it."""

    def put(*events):
        scripted = ScriptedAsk(*events)
        monkeypatch.setattr("assistant.services.ask", scripted)
        return scripted

    return put


@pytest.fixture
def bearer(owner):
    """Headers of the owner's token."""
    return {"Authorization": f"Bearer {token_issue(user=owner)}"}
