import pytest

from assistant.errors import EvaluationSetUnreadable
from assistant.evaluation.golden import Question, chosen, read_golden
from tests.assistant.evaluation.sets import QUESTIONS, golden_folder


def test_a_question_has_its_evidence_and_expected_words(tmp_path):
    question = read_golden(golden_folder(tmp_path)).questions[0]
    assert (question.evidence, question.expect) == ((("pump:2",),), (("16,000",),))


def test_a_question_is_in_the_language_its_file_is_named_for(tmp_path):
    assert {question.language for question in read_golden(golden_folder(tmp_path)).questions} == {"en"}


def test_an_unanswerable_question_has_no_evidence(tmp_path):
    question = read_golden(golden_folder(tmp_path)).questions[1]
    assert (question.answerable, question.evidence) == (False, ())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "fact"', "", "en-fact-001: kind missing"),
        ('["pump:2"]', '["fan:2"]', "en-fact-001: fan:2: not a page"),
        ('["pump:2"]', '["pump:ii"]', "en-fact-001: pump:ii: not a page"),
        ('expect = [["16,000"]]', "", "en-fact-001: evidence or expect is missing"),
        ('split = "choose"', 'split = "test"', "en-unanswerable-001: split is 'test'"),
        ('split = "choose"', 'split = "choose"\nexpect = [["x"]]', "an unanswerable question has evidence or expect"),
        ("en-unanswerable-001", "en-fact-001", "two questions have the id en-fact-001"),
        ("[[questions]]", "[[questions", "questions_en.toml"),
        ("[[questions]]", "[[asked]]", r"no \[\[questions\]\]"),
        ('id = "en-fact-001"', "", "How often must .*: id missing"),
    ],
)
def test_a_broken_set_says_where_it_is_broken(tmp_path, old, new, said):
    folder = golden_folder(tmp_path, questions=QUESTIONS.replace(old, new))
    with pytest.raises(EvaluationSetUnreadable, match=said):
        read_golden(folder)


def test_a_folder_without_manuals_is_no_golden_set(tmp_path):
    with pytest.raises(EvaluationSetUnreadable, match=r"manuals\.toml: it is not there"):
        read_golden(tmp_path)


def test_a_folder_without_questions_is_no_golden_set(tmp_path):
    (golden_folder(tmp_path) / "questions_en.toml").unlink()
    with pytest.raises(EvaluationSetUnreadable, match=r"there is no questions_\*\.toml"):
        read_golden(tmp_path)


MANY = [Question(str(number), "fact" if number % 2 else "table", "en", "?", split="report") for number in range(20)]


def test_a_sample_is_the_same_for_the_same_seed():
    assert chosen(MANY, limit=5, seed=3) == chosen(MANY, limit=5, seed=3)


def test_a_sample_is_another_for_another_seed():
    assert chosen(MANY, limit=5, seed=3) != chosen(MANY, limit=5, seed=4)


def test_a_sample_keeps_the_set_s_order():
    ids = [int(question.id) for question in chosen(MANY, limit=5)]
    assert ids == sorted(ids)


def test_questions_are_chosen_by_kind():
    assert {question.kind for question in chosen(MANY, kinds=["table"])} == {"table"}


def test_questions_are_chosen_by_split():
    assert chosen(MANY, split="choose") == []
