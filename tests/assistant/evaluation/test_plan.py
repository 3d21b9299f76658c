import pytest

from assistant.errors import EvaluationSetUnreadable
from assistant.evaluation.plan import Options, batches, corpus_library, sets
from assistant.evaluation.published import jsquad
from ingestion.errors import NotFound
from tests.assistant.evaluation.sets import QUESTIONS, data_folder, golden_folder
from tests.factories import make_library, upload


@pytest.fixture
def said():
    return []


@pytest.fixture
def golden(tmp_path):
    return golden_folder(tmp_path / "golden")


def test_a_manual_that_is_missing_is_named_with_its_package(golden, library, said):
    with pytest.raises(EvaluationSetUnreadable, match="none of its manuals"):
        batches(Options(library="Pumps", golden=str(golden)), said.append)
    assert said[0].startswith("not in the library: pump (apt-get install pump-doc; take it in: ")


def test_questions_about_a_missing_manual_are_left_out(tmp_path, manual, said):
    other = QUESTIONS.split("[[questions]]")[1].replace("en-fact-001", "en-fact-002").replace("pump:2", "fan:1")
    golden = golden_folder(tmp_path / "golden", questions=f"{QUESTIONS}\n[[questions]]{other}")
    manuals = golden / "manuals.toml"
    row = manuals.read_text(encoding="utf-8")
    fan = row.replace('key = "pump"', 'key = "fan"').replace('sha256 = "', 'sha256 = "0')
    manuals.write_text(f"{row}\n{fan}", encoding="utf-8")
    (batch,) = batches(Options(library="Pumps", golden=str(golden)), said.append)
    assert [question.id for question in batch.questions] == ["en-fact-001", "en-unanswerable-001"]


def test_an_unknown_library_is_not_found(golden, db):
    with pytest.raises(NotFound):
        batches(Options(library="Nothing", golden=str(golden)), print)


def test_only_the_library_that_is_named_is_asked(golden, manual, owner, library):
    make_library("Other", owner=owner)
    (batch,) = batches(Options(library="Pumps", golden=str(golden)), print)
    assert batch.scope.readable == {library.id}


def test_a_published_set_without_its_library_says_how_to_make_it(tmp_path, manual, said):
    data = data_folder(tmp_path / "data")
    batches(Options(library="Pumps", data=str(data)), said.append)
    assert (
        said[0] == 'skipped: jsquad (there is no library "Evaluation: jsquad"; manage.py evaluate --take-in makes it)'
    )


def test_a_published_set_is_asked_in_its_own_library(tmp_path, manual, owner, worked):
    corpus = jsquad(data_folder(tmp_path / "data"))
    own = make_library(corpus_library(corpus), owner=owner)
    worked(lambda: upload(owner, own, corpus.file(), filename="jsquad.txt"))
    (batch,) = batches(Options(library="Pumps", data=str(tmp_path / "data")), print)
    assert (batch.published, batch.scope.readable, len(batch.questions)) == (True, {own.id}, 2)


def test_every_published_or_generated_corpus_has_a_library_by_its_name(tmp_path):
    names = {corpus_library(corpus) for corpus in sets(data_folder(tmp_path / "data"), print)}
    published = {"Evaluation: jsquad", "Evaluation: lit-ragbench-ja", "Evaluation: lit-ragbench-en"}
    assert names == published | {"Evaluation: variants-ja", "Evaluation: variants-en"}
