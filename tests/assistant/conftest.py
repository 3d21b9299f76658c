import pytest

from assistant import services
from ingestion.access import token_issue
from tests.assistant.answers import ScriptedAsk
from tests.factories import text_file, upload
from tests.fakes import ScriptedModel


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


MANUAL = (
    "渦巻ポンプ P-101 保守要領\n軸受の交換周期は8,000時間です。\nOリングの再使用は禁止です。\n",
    "Spare parts\nThe mechanical seal MS-20 must be replaced every 16,000 hours.\nThe cover bolts take 45 N·m.\n",
)


@pytest.fixture
def manual(owner, library, fake_embedder, open_index, worked):
    """A document of two pages, ready to be asked about."""
    document = worked(lambda: upload(owner, library, text_file(*MANUAL), filename="pump.txt")).document
    document.refresh_from_db()
    assert document.current is not None
    return document


@pytest.fixture
def model(monkeypatch):
    """The scripted model in place of the served one: `model.answers.append(…)`."""
    scripted = ScriptedModel()
    monkeypatch.setattr(services, "answer_model", lambda _name=None: scripted)
    return scripted
