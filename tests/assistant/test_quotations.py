"""A source that says what was asked for is quoted where nothing of what a small model said is proved."""

from dataclasses import replace

import pytest
from asgiref.sync import async_to_sync

from assistant import services, turn
from assistant.calibration import UNCALIBRATED, calibration_of
from assistant.citations import quotation
from ingestion.access import scope_for
from tests.assistant.test_citations import evidence

QUESTION = "軸受の交換周期は何時間ですか"
SOURCE = "軸受の交換周期は8,000時間です。"
INVENTED = "軸受の交換周期は9,000時間です。"
CLOSE = replace(UNCALIBRATED, asked=0.9)


def quoted(question, *sources, near=None, calibration=CLOSE, context=""):
    """The number of the source that is quoted, None for none; `near` says how close some of them are."""

    def closeness(texts):
        return [(near or {}).get(text, 0.95) for text in texts]

    found = quotation(question, evidence(*sources, context=context), closeness, calibration)
    return found.cited[0] if found else None


def test_the_source_closest_to_the_question_is_quoted():
    assert quoted(QUESTION, "軸受の交換周期は何時間か確認する。", SOURCE, near={SOURCE: 0.96}) == 2


def test_none_is_quoted_that_is_not_close_enough():
    assert quoted(QUESTION, SOURCE, near={SOURCE: 0.89}) is None


def test_none_is_quoted_that_lacks_most_of_the_questions_words():
    assert quoted(QUESTION, "カバーは4本のボルトで固定する。") is None


def test_none_is_quoted_that_lacks_a_name_of_the_question():
    assert quoted("How do I reset the P-101?", "To reset the P-205, hold the reset button.") is None


def test_a_name_may_stand_in_the_headings_above():
    assert quoted("How do I reset the P-101?", "To reset it, hold the reset button.", context="Pump P-101") == 1


def test_none_is_quoted_that_lacks_a_number_of_the_question():
    assert quoted("What happens after 500 hours of oil use?", "The oil is changed after 300 hours of use.") is None


def test_none_is_quoted_that_adds_nothing_to_the_question():
    assert quoted("Bearing replacement interval?", "Bearing replacement interval") is None


def test_none_is_quoted_that_is_in_the_other_language():
    assert quoted("P-101?", "P-101を点検する。") is None


def test_without_measured_thresholds_none_is_quoted():
    assert quoted(QUESTION, SOURCE, near={SOURCE: 1.0}, calibration=UNCALIBRATED) is None


def test_the_small_model_has_a_measured_threshold():
    assert calibration_of("multilingual-e5-small").asked == 0.92


@pytest.mark.parametrize(
    ("announcing", "question"),
    [
        ("The oil of the pump is changed as follows:", "How is the oil of the pump changed?"),
        ("ポンプのオイルは次のように交換します。", "ポンプのオイルはどう交換しますか"),
    ],
)
def test_what_a_quoted_source_announces_is_quoted_with_it(announcing, question):
    found = quotation(question, evidence(announcing, "Drain it. 抜く。"), lambda texts: [0.95] * len(texts), CLOSE)
    assert found.cited == (1, 2)


def test_what_follows_a_source_that_announces_nothing_is_not_quoted():
    found = quotation(QUESTION, evidence(SOURCE, "弁を閉じる。"), lambda texts: [0.95] * len(texts), CLOSE)
    assert found.cited == (1,)


class TestAnswers:
    @pytest.fixture
    def asked(self, owner, manual, model, monkeypatch):
        """`asked(answer, marks=…)`: how the turn ends where the model says this."""

        def ask(answer, *, marks=False):
            async def last():
                asking = services.ask(user=owner, scope=scope_for_owner, question=QUESTION)
                ask.events = [event async for event in asking]
                return ask.events[-1].data

            model.answers.append(answer)
            model.marks = marks
            scope_for_owner = scope_for(owner)
            return async_to_sync(last)()

        monkeypatch.setattr(turn, "calibration_of", lambda _name: replace(UNCALIBRATED, asked=-1.0))
        return ask

    def test_an_invention_is_answered_with_the_source(self, asked):
        assert asked(INVENTED)["answer"].endswith("「軸受の交換周期は8,000時間です。」[1]")

    def test_it_cites_the_page(self, asked):
        assert [one["quote"] for one in asked(INVENTED)["citations"]] == [SOURCE]

    def test_a_reader_of_the_stream_is_told_its_words(self, asked):
        asked(INVENTED)
        told = [event.data["text"] for event in asked.events if event.name == "token"]
        assert SOURCE in told[-1]

    def test_what_is_proved_needs_no_quotation(self, asked):
        assert len(asked(SOURCE)["sentences"]) == 1

    def test_a_model_that_points_is_believed_when_it_finds_nothing(self, asked):
        assert asked(INVENTED, marks=True)["abstained"]
