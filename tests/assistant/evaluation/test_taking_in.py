"""What is installed on this machine comes into the library; what is not is named."""

import gzip
from io import StringIO

import pytest
from django.core.management import call_command

from assistant.evaluation.plan import Options
from assistant.management import taking_in
from tests.assistant.conftest import MANUAL
from tests.assistant.evaluation.sets import data_folder, golden_folder
from tests.factories import text_file


@pytest.fixture
def taken(settings, tmp_path, monkeypatch):
    """`taken(options)` returns (folder or file name, library) of each ingest_folder, and the lines said."""
    settings.DATA_DIR = tmp_path / "data"
    calls, said = [], []
    monkeypatch.setattr(taking_in, "call_command", lambda _name, path, library: calls.append((path, library)))

    def run(**options):
        taking_in.take_in(Options(library="Pumps", **options), said.append)
        return calls, said

    return run


def _installed(tmp_path, content):
    package = tmp_path / "pump.pdf.gz"
    package.write_bytes(gzip.compress(content))
    folder = golden_folder(tmp_path / "golden")
    manuals = folder / "manuals.toml"
    manuals.write_text(manuals.read_text(encoding="utf-8").replace("/nowhere/pump.pdf", str(package)), encoding="utf-8")
    return str(folder)


def test_an_installed_manual_is_unpacked_and_taken_in(taken, tmp_path):
    ((path, library),), _ = taken(golden=_installed(tmp_path, text_file(*MANUAL)))
    assert library == "Pumps"
    assert (tmp_path / "data/evaluation/manuals/pump.pdf").read_bytes() == text_file(*MANUAL)
    assert path == str(tmp_path / "data/evaluation/manuals")


def test_another_version_of_a_manual_is_not_taken_in(taken, tmp_path):
    calls, said = taken(golden=_installed(tmp_path, b"another version"))
    assert (calls, said[0].split(":")[0]) == ([], "another version")


def test_a_manual_that_is_not_installed_is_named_with_its_package(taken, tmp_path):
    calls, said = taken(golden=str(golden_folder(tmp_path / "golden")))
    assert (calls, said) == ([], ["not installed: /nowhere/pump.pdf; apt-get install pump-doc"])


def test_each_published_and_generated_corpus_is_taken_in_once(taken, tmp_path):
    calls, _ = taken(data=str(data_folder(tmp_path / "sets")))
    assert [library for _, library in calls] == [
        "Evaluation: jsquad",
        "Evaluation: lit-ragbench-ja",
        "Evaluation: lit-ragbench-en",
        "Evaluation: variants-ja",
        "Evaluation: variants-en",
    ]


def test_the_command_takes_in_before_it_asks(monkeypatch, db, open_index):
    from assistant.management.commands import evaluate

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(evaluate, "take_in", stop)
    out = StringIO()
    call_command("evaluate", library="Pumps", take_in=True, stdout=out)
    assert "Stopped" in out.getvalue()
