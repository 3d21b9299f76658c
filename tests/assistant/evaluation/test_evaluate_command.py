from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assistant.management import asking
from assistant.management.commands import evaluate
from assistant.models import EvaluationRun
from ingestion.errors import IndexHeld
from tests.assistant.evaluation.sets import golden_folder
from tests.assistant.evaluation.test_run import RIGHT
from tests.fakes import ScriptedModel
from tests.journeys.model_server import ModelServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def golden(tmp_path, manual, settings, monkeypatch):
    """The golden set's folder; the model answers right."""
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs/reference").mkdir(parents=True)
    for module in (evaluate, asking):
        monkeypatch.setattr(module, "answer_model", lambda: ScriptedModel(RIGHT))
    return str(golden_folder(tmp_path / "golden"))


def ran(**options):
    """What the command printed."""
    out = StringIO()
    call_command("evaluate", stdout=out, **options)
    return out.getvalue()


def test_each_question_is_told_with_the_time_left(golden):
    said = ran(library="Pumps", golden=golden)
    assert "[1/2] tenkyo en-fact-001: right" in said
    assert "about 0 s left" in said


def test_the_figures_are_printed_by_kind_and_language(golden):
    said = ran(library="Pumps", golden=golden)
    assert "| fact/en | 1 | 1.000 |" in said


def test_a_run_has_the_name_it_was_given(golden):
    ran(library="Pumps", golden=golden, name="first try")
    assert EvaluationRun.objects.get().name == "first try"


def test_only_the_chosen_kind_is_asked(golden):
    assert "en-fact-001" not in ran(library="Pumps", golden=golden, kind=["unanswerable"])


def test_only_the_chosen_split_is_asked(golden):
    assert "en-unanswerable-001" not in ran(library="Pumps", golden=golden, split="report")


def test_search_alone_needs_no_model(golden, monkeypatch):
    monkeypatch.setattr(evaluate, "answer_model", None)
    assert "answer correct" not in ran(library="Pumps", golden=golden, retrieval_only=True)


def test_the_page_is_written_on_demand(golden, tmp_path):
    ran(library="Pumps", golden=golden, write=True)
    assert "| answer correct | 1.000 |" in (tmp_path / "docs/reference/quality.md").read_text(encoding="utf-8")


def test_the_page_is_not_written_otherwise(golden, tmp_path):
    ran(library="Pumps", golden=golden)
    assert not (tmp_path / "docs/reference/quality.md").exists()


def test_an_interrupted_run_goes_on_where_it_was(golden, monkeypatch):
    def interrupt(_command, progress):
        if progress.number == 1:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(evaluate.Command, "_report", interrupt)
        assert "`manage.py evaluate --resume` goes on" in ran(library="Pumps", golden=golden)
    said = ran(resume=0)
    assert "[1/1] tenkyo en-unanswerable-001" in said
    assert EvaluationRun.objects.get().state == "complete"


def test_there_must_be_a_run_to_go_on_with(golden):
    with pytest.raises(CommandError, match="no such run"):
        ran(resume=0)


def test_a_library_must_be_named(golden):
    with pytest.raises(CommandError, match="--library"):
        ran(golden=golden)


def test_a_library_without_questions_says_so(golden):
    with pytest.raises(CommandError, match="no question to ask"):
        ran(library="Pumps", golden="")


def test_an_index_held_by_a_server_says_who_holds_it(golden, monkeypatch):
    def hold(_model):
        raise IndexHeld(folder="index", pid=1, command="serve")

    monkeypatch.setattr(evaluate, "vector_index", hold)
    with pytest.raises(CommandError, match=r"index_held.*process 1"):
        ran(library="Pumps", golden=golden)


def test_no_run_is_begun_where_the_index_is_held(golden, monkeypatch):
    test_an_index_held_by_a_server_says_who_holds_it(golden, monkeypatch)
    assert not EvaluationRun.objects.exists()


def test_the_baseline_stands_beside_the_product(golden, settings):
    server = ModelServer()
    settings.ANSWER_URL, server.reply = server.url, lambda _prompt: "Every 9,000 hours [1]."
    said = ran(library="Pumps", golden=golden, baseline=True)
    server.close()
    assert "| answer correct | 1.000 | 0.000 |" in said


def test_the_baseline_s_vectors_are_kept_below_the_data_folder(golden, settings, tmp_path):
    test_the_baseline_stands_beside_the_product(golden, settings)
    assert (tmp_path / "cache/evaluation.sqlite3").is_file()
