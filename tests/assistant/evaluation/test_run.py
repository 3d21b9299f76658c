import pytest
from asgiref.sync import async_to_sync

from assistant.errors import ModelUnavailable
from assistant.evaluation import run as runs
from assistant.evaluation.plan import Options, batches
from assistant.evaluation.run import PRODUCT, PUBLISHED, begin, carry_out, product, resumable
from assistant.models import EvaluationQuestion, EvaluationResult, EvaluationRun, RunState
from ingestion.models import Library
from tests.assistant.evaluation.sets import QUESTIONS, golden_folder
from tests.fakes import ScriptedModel

RIGHT = "The mechanical seal MS-20 must be replaced every 16,000 hours.[2]"
WRONG = "The mechanical seal MS-20 must be replaced every 9,000 hours.[2]"


@pytest.fixture
def options(tmp_path, manual):
    return Options(library="Pumps", golden=str(golden_folder(tmp_path / "golden")))


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    monkeypatch.setattr(runs, "_PAUSE_SECONDS", 0)


def evaluated(options, *answers, run=None):
    """The run after the model gave these answers, and what it reported."""
    model = ScriptedModel(*answers) if answers else None
    run, reported = run or begin(options, name="first", model=model), []
    systems = {PUBLISHED: product(None), PRODUCT: product(model)}
    async_to_sync(carry_out)(run, systems, batches(options, lambda _: None), reported.append)
    run.refresh_from_db()
    return run, reported


def result(question="en-fact-001"):
    return EvaluationResult.objects.get(question_id=question)


def test_a_right_answer_is_kept_with_the_page_it_cites(options):
    evaluated(options, RIGHT)
    assert result().outcome["right"] is True
    assert result().outcome["sentences"][0]["cited"] == ["pump:2"]


def test_an_answer_that_nothing_proves_is_kept_as_a_refusal(options):
    evaluated(options, WRONG)
    assert (result().outcome["abstained"], result().outcome["right"]) == (True, False)


def test_refusing_an_unanswerable_question_is_right(options):
    evaluated(options, RIGHT)
    assert result("en-unanswerable-001").outcome["right"] is True


def test_the_pages_found_are_kept_best_first(options):
    evaluated(options, RIGHT)
    assert result().outcome["pages"][0] == "pump:2"


def test_the_figures_are_of_every_kind_and_language(options):
    run, _ = evaluated(options, RIGHT)
    assert set(run.summary["tenkyo"]["groups"]) == {"all", "en", "fact", "unanswerable", "fact/en", "unanswerable/en"}


def test_the_figures_say_what_the_answers_were(options):
    run, _ = evaluated(options, RIGHT)
    figures = run.summary["tenkyo"]["groups"]["all"]
    names = ("questions", "correct", "page_precision", "hit@5", "refused_unanswerable", "refused_answerable")
    assert [figures[name] for name in names] == [2, 1.0, 1.0, 1.0, 1.0, 0.0]


def test_a_run_ends_complete_with_its_models(options):
    run, _ = evaluated(options, RIGHT)
    assert (run.state, run.model, run.embedder, run.finished_at is None) == ("complete", "scripted", "hash", False)


def test_each_question_is_reported_as_it_is_done(options):
    _, reported = evaluated(options, RIGHT)
    assert [(one.number, one.total, one.question.id) for one in reported] == [
        (1, 2, "en-fact-001"),
        (2, 2, "en-unanswerable-001"),
    ]


def test_nothing_is_left_after_the_last_question(options):
    _, reported = evaluated(options, RIGHT)
    assert reported[-1].seconds_left == 0


def test_without_a_model_only_what_is_found_is_measured(options):
    run, _ = evaluated(options)
    figures = run.summary["tenkyo"]["groups"]["all"]
    assert (figures["hit@1"], figures["correct"], result().outcome["right"]) == (1.0, None, True)


def test_search_alone_cannot_tell_whether_an_unanswerable_question_went_right(options):
    evaluated(options)
    assert result("en-unanswerable-001").outcome["right"] is None


def _stopped(options):
    with pytest.raises(ModelUnavailable):
        evaluated(options, *[ModelUnavailable()] * 3)
    return EvaluationRun.objects.get()


def test_a_model_that_stays_silent_stops_the_run(options):
    assert _stopped(options).state == RunState.STOPPED


def test_a_model_that_chokes_once_does_not(options):
    run, _ = evaluated(options, ModelUnavailable(), RIGHT)
    assert run.state == RunState.COMPLETE


def test_a_stopped_run_has_the_figures_of_what_was_asked(options, library):
    _own(library, expect="x")
    with pytest.raises(ModelUnavailable):
        evaluated(options, RIGHT, *[ModelUnavailable()] * 3)
    assert EvaluationRun.objects.get().summary["tenkyo"]["groups"]["all"]["questions"] == 2


def test_a_stopped_run_can_be_found_to_go_on(options):
    stopped = _stopped(options)
    assert resumable(None) == resumable(stopped.pk) == stopped


def test_a_complete_run_does_not_go_on(options):
    run, _ = evaluated(options, RIGHT)
    assert resumable(run.pk) is None


def test_going_on_asks_only_what_is_not_answered_yet(options):
    run, _ = evaluated(options, RIGHT)
    result("en-unanswerable-001").delete()
    _, reported = evaluated(options, run=run)
    assert [one.question.id for one in reported] == ["en-unanswerable-001"]


def test_going_on_asks_a_rewritten_question_again(options, tmp_path):
    run, _ = evaluated(options, RIGHT)
    golden_folder(tmp_path / "golden", questions=QUESTIONS.replace('16,000"', '9,000"'))
    _, reported = evaluated(options, RIGHT, run=run)
    assert [one.question.id for one in reported] == ["en-fact-001"]


def test_the_options_a_run_began_with_come_back(options):
    run, _ = evaluated(options, RIGHT)
    assert Options.of(run.settings) == options


def _own(library, **fields):
    return EvaluationQuestion.objects.create(library=library, question="MS-20 replaced when?", **fields)


def test_an_administrator_s_question_is_asked_too(options, library):
    row = _own(library, expect="16,000 | 16000", evidence="pump:2 | pump:1")
    evaluated(options, RIGHT, RIGHT)
    assert result(f"own-{row.pk}").gold["expect"] == [["16,000", "16000"]]


def test_a_question_that_expects_only_a_page_is_right_where_it_is_cited(options, library):
    row = _own(library, evidence="pump:2")
    evaluated(options, RIGHT, RIGHT)
    assert result(f"own-{row.pk}").outcome["right"] is True


def test_a_question_that_does_not_say_what_is_expected_is_left_out(options, library):
    _own(library)
    said = []
    (batch,) = batches(options, said.append)
    assert (len(batch.questions), said[0].split(" evaluation")[0]) == (2, "left out: 1")


def test_a_run_says_what_its_figures_depend_on(options):
    settings = evaluated(options, RIGHT)[0].settings
    assert {"chunks", "prompts", "calibration", "fusion.DENSE_WEIGHT", "turn.PASSAGES"} <= set(settings)


def test_a_sentence_that_users_do_not_get_is_counted_and_not_kept_as_shown(options):
    Library.objects.update(proved_only=True)
    evaluated(options, f"{RIGHT}\n{WRONG}")
    outcome = result().outcome
    assert ([one["supported"] for one in outcome["sentences"]], outcome["withheld"]) == ([True], 1)


@pytest.mark.parametrize("proved_only", [True, False])
def test_a_run_says_whether_what_is_not_proved_was_withheld(options, proved_only):
    Library.objects.update(proved_only=proved_only)
    assert evaluated(options, RIGHT)[0].settings["proved_only"] is proved_only
