"""Who is answered now, who waits, and where they stand."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from assistant import admission, services
from assistant.admission import Line, Standing
from assistant.models import Message, MessageState
from ingestion.access import scope_for

QUESTION = "軸受の交換周期は何時間ですか"
PROVED = "軸受の交換周期は8,000時間です。[2]"


def answered(ticket):
    return ticket.begun is not None


async def first_standing(ticket):
    async for standing in ticket.waiting():
        return standing
    return None


class TestLine:
    def test_whoever_finds_a_slot_free_does_not_wait(self):
        assert answered(Line(1).join("a"))

    def test_no_more_are_answered_at_once_than_there_are_slots(self):
        line = Line(2)
        assert [answered(line.join(person)) for person in "abc"] == [True, True, False]

    def test_without_a_limit_nobody_waits(self):
        line = Line(0)
        assert all(answered(line.join(person)) for person in range(100))

    def test_the_first_to_come_is_the_next(self):
        line = Line(1)
        first, second, third = (line.join(person) for person in "abc")
        first.leave()
        assert (answered(second), answered(third)) == (True, False)

    def test_whoever_gives_up_waiting_lets_the_others_move_up(self):
        line = Line(1)
        _, second, third = (line.join(person) for person in "abc")
        second.leave()
        assert line.standing(third).place == 1

    def test_nobodys_second_question_goes_before_anothers_first(self):
        line = Line(1)
        line.join("greedy")
        more = [line.join("greedy") for _ in range(3)]
        other = line.join("other")
        assert [line.standing(ticket).place for ticket in (other, *more)] == [1, 2, 3, 4]

    def test_leaving_twice_makes_room_once(self):
        line = Line(1)
        first, *others = (line.join(person) for person in "abc")
        first.leave()
        first.leave()
        assert [answered(ticket) for ticket in others] == [True, False]

    def test_before_the_first_answer_has_ended_nobody_knows_how_long_it_takes(self):
        line = Line(1)
        line.join("a")
        assert line.standing(line.join("b")).seconds is None

    def test_the_wait_is_estimated_from_the_last_answers_and_the_slots(self, monkeypatch):
        now = [0.0]
        monkeypatch.setattr(admission, "monotonic", lambda: now[0])
        line = Line(2)
        earlier = line.join("a")
        now[0] = 30.0
        earlier.leave()
        tickets = [line.join(person) for person in "bcdefg"]
        assert [line.standing(ticket).seconds for ticket in tickets[2:]] == [15, 30, 45, 60]

    async def test_each_change_of_place_is_told(self):
        line = Line(1)
        first, second, third = (line.join(person) for person in "abc")
        told = []

        async def listen():
            told.extend([standing.place async for standing in third.waiting()])

        listening = asyncio.create_task(listen())
        for ticket in (first, second):
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            ticket.leave()
        await asyncio.wait_for(listening, 5)
        assert told == [2, 1]

    async def test_whoever_is_answered_at_once_is_told_of_no_line(self):
        assert await first_standing(Line(1).join("a")) is None

    async def test_whoever_waits_is_told_at_once(self):
        line = Line(1)
        line.join("a")
        assert await first_standing(line.join("b")) == Standing(1, None)


@pytest.fixture
def one_slot(monkeypatch):
    """The line of this process, with one slot, taken by somebody; `one_slot.leave()` gives it back."""
    made = Line(1)
    monkeypatch.setattr(services, "line", lambda: made)
    return made.join("somebody else")


@pytest.mark.django_db(transaction=True)
class TestAsking:
    @pytest.fixture
    def asked(self, owner, manual, model, one_slot):
        """A question that stands in line: its events."""
        model.answers.append(PROVED)
        return services.ask(user=owner, scope=scope_for(owner), question=QUESTION)

    async def test_a_question_in_line_is_told_its_place_and_then_answered(self, asked, one_slot):
        names = []
        async for event in asked:
            names.append(event.name)
            one_slot.leave()
        assert (names[:2], names[-1]) == (["waiting", "passages"], "done")

    async def test_the_place_comes_with_the_ids_of_conversation_and_answer(self, asked):
        event = await anext(asked)
        assert event.data.keys() == {"conversation", "message", "question", "place", "seconds"}
        await asked.aclose()

    async def test_whoever_stops_waiting_makes_room(self, asked, one_slot):
        await anext(asked)
        await asked.aclose()
        assert one_slot._line._waiting == []

    async def test_a_question_that_stopped_waiting_is_kept_as_stopped(self, asked):
        event = await anext(asked)
        await asked.aclose()
        kept = await sync_to_async(Message.objects.get)(id=event.data["message"])
        assert kept.state == MessageState.STOPPED

    async def test_a_task_that_is_cancelled_while_it_waits_makes_room(self, asked, one_slot):
        heard = asyncio.Event()

        async def listen():
            async for _ in asked:
                heard.set()

        listening = asyncio.create_task(listen())
        await heard.wait()
        listening.cancel()
        await asyncio.wait({listening})
        assert one_slot._line._waiting == []

    async def test_an_answer_that_fails_makes_room(self, owner, manual, model, monkeypatch):
        made = Line(1)
        monkeypatch.setattr(services, "line", lambda: made)
        model.answers.append(RuntimeError("the model's socket broke"))
        scope = await sync_to_async(scope_for)(owner)
        events = [event async for event in services.ask(user=owner, scope=scope, question=QUESTION)]
        assert (events[-1].name, answered(made.join("next"))) == ("error", True)


def test_on_one_machine_as_many_are_answered_at_once_as_llama_has_slots():
    from assistant.llama import _SLOTS
    from config.settings import ANSWER_SLOTS

    assert ANSWER_SLOTS == _SLOTS
