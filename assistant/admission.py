"""Who is answered now and who waits: past its knee a model makes everybody slow, so later questions stand in line.

One line for each process. Whoever leaves, waiting or answered, makes room at once.
"""

import asyncio
import math
from collections import Counter, deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic

from django.conf import settings

from assistant import metrics

# The newest answers tell how long the next will take.
_REMEMBERED = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands: 1 is next. `seconds`: about how long until their answer begins; None: not known yet."""

    place: int
    seconds: int | None


class Ticket:
    """A question's right to be answered in its turn. `leave` it, however the answer ends."""

    def __init__(self, line: "Line", person: object, arrival: int) -> None:
        """Only a line makes tickets."""
        self._line, self.person, self.arrival = line, person, arrival
        self.begun: float | None = None
        self.changed = asyncio.Event()

    async def waiting(self) -> AsyncGenerator[Standing, None]:
        """Each change of the standing; ends when it is this question's turn."""
        told: int | None = None
        while self.begun is None:
            self.changed.clear()
            standing = self._line.standing(self)
            if standing.place != told:
                told = standing.place
                yield standing
            else:
                await self.changed.wait()

    def leave(self) -> None:
        """Make room. A second call does nothing."""
        self._line.left(self)


class Line:
    """`slots` answers at once; 0 is no limit. Whoever has answers under way, or waits for more, comes after others."""

    def __init__(self, slots: int) -> None:
        """Nobody is there."""
        self._slots = slots
        self._answered: set[Ticket] = set()
        self._waiting: list[Ticket] = []
        self._arrivals = 0
        self._durations: deque[float] = deque(maxlen=_REMEMBERED)

    def join(self, person: object) -> Ticket:
        """Stand in line. `person` is whoever asks: turns are shared among people, not questions."""
        self._arrivals += 1
        ticket = Ticket(self, person, self._arrivals)
        self._waiting.append(ticket)
        self._moved()
        return ticket

    def left(self, ticket: Ticket) -> None:
        """Forget the ticket, and let the next one go on."""
        if ticket in self._answered:
            self._answered.remove(ticket)
            if ticket.begun is not None:
                self._durations.append(monotonic() - ticket.begun)
        elif ticket in self._waiting:
            self._waiting.remove(ticket)
        self._moved()

    def standing(self, ticket: Ticket) -> Standing:
        """Where the ticket stands now."""
        place = self._in_order().index(ticket) + 1
        if not self._durations:
            return Standing(place, None)
        usual = sum(self._durations) / len(self._durations)
        return Standing(place, math.ceil(place * usual / self._slots))

    def _moved(self) -> None:
        while self._waiting and (not self._slots or len(self._answered) < self._slots):
            following = self._in_order()[0]
            self._waiting.remove(following)
            self._answered.add(following)
            following.begun = monotonic()
            following.changed.set()
        for ticket in self._waiting:
            ticket.changed.set()
        metrics.ANSWERING.set(len(self._answered))
        metrics.WAITING.set(len(self._waiting))

    def _in_order(self) -> list[Ticket]:
        """Those who wait, next first: the first question of each person, then the second of each, and so on."""
        ahead: Counter[object] = Counter(ticket.person for ticket in self._answered)
        ranked = []
        for ticket in self._waiting:
            ranked.append((ahead[ticket.person], ticket.arrival, ticket))
            ahead[ticket.person] += 1
        return [ticket for *_, ticket in sorted(ranked, key=lambda row: row[:2])]


@lru_cache(maxsize=1)
def line() -> Line:
    """The line of this process."""
    return Line(settings.ANSWER_SLOTS)
