import pytest

from assistant.errors import EvaluationSetUnreadable
from assistant.evaluation.published import Corpus, corpora, jsquad, lit
from tests.assistant.evaluation.sets import data_folder


@pytest.fixture
def data(tmp_path):
    return data_folder(tmp_path / "data")


def test_a_paragraph_s_title_is_its_first_line(data):
    assert jsquad(data).passages[0] == "梅雨\n梅雨は雨の多い季節である。"


def test_a_question_s_evidence_is_its_paragraph(data):
    asked = {question.text: question.evidence for question in jsquad(data).questions}
    assert asked["高度とは?"] == (("jsquad:2",),)


def test_held_out_questions_are_other_ones(data):
    assert jsquad(data, held_out=True).questions == ()


def test_only_questions_with_evidence_are_asked(data):
    assert [question.evidence for question in lit(data, "en", asked_in="en").questions] == [(("lit-ragbench-en:1",),)]


def test_a_table_is_a_passage_too(data):
    assert lit(data, "en", asked_in="en").passages[2] == '{"table": [1]}'


def test_across_languages_the_question_is_the_other_file_s(data):
    (question,) = lit(data, "en", asked_in="ja").questions
    assert (question.text, question.language, question.kind) == ("? ja", "ja", "lit-ragbench ja → en")


def test_every_question_has_an_id_of_its_own(data):
    ids = [question.id for corpus in corpora(data) for question in corpus.questions]
    assert len(ids) == len(set(ids)) == 6


def test_a_set_that_is_not_there_is_named(tmp_path):
    said = []
    assert (list(corpora(tmp_path, said.append)), [line.split(" (")[0] for line in said]) == (
        [],
        ["skipped: JSQuAD", "skipped: LIT-RAGBench"],
    )


def test_a_broken_file_is_named(data):
    (data / "jglue/jsquad-valid-v1.3.json").write_text("{", encoding="utf-8")
    with pytest.raises(EvaluationSetUnreadable, match="jsquad-valid"):
        jsquad(data)


CORPUS = Corpus("c", ("First passage, which is long.", "Second."), ())


def test_a_passage_begins_on_a_page_of_its_own():
    assert CORPUS.file() == b"First passage, which is long.\fSecond."


def test_a_long_passage_s_pages_are_all_its_own():
    assert CORPUS.placed(["First passage,", "which is long.", "Second."]) == [1, 1, 2]


def test_pages_of_another_document_are_refused():
    with pytest.raises(EvaluationSetUnreadable, match="other pages"):
        CORPUS.placed(["First passage,", "which is long."])
