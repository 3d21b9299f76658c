"""What an entry would change, before it is saved: the first results of a question as they are and as they would be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.utils.translation import gettext as _

from assistant.dictionary import Alias, Entry, aliases_in, entries_near
from assistant.dictionary_matching import spellings
from assistant.models import Message
from assistant.questions import cleaned
from assistant.reports_inbox import inbox, question_of
from assistant.retrieval import Passage, retrieve
from ingestion.access import Scope
from ingestion.models import Library, User

SHOWN = 5
# A result that comes into view has a place before, if not too far down.
_LOOKED_AT = 30
_QUESTIONS = 5
_QUESTIONS_READ = 300


@dataclass(frozen=True, slots=True)
class Placed:
    """A result at its place, and in words where it comes from or goes to. `kind`: same, up, down, new, gone."""

    rank: int
    passage: Passage
    kind: str
    moved: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A question's first results in one library before and after. `aliases`: what it would be searched for too.

    `changed`: how many of the results after are new there or at another place.
    """

    question: str
    aliases: tuple[Alias, ...]
    before: tuple[Placed, ...]
    after: tuple[Placed, ...]
    changed: int


def preview(
    question: str, words: Sequence[str], *, scope: Scope, library: Library, entry_id: UUID | None = None
) -> Preview:
    """How the question's results change if the library has an entry of these words (in the place of `entry_id`).

    Raises QuestionEmpty, QuestionTooLong, EmbedderUnavailable, IndexUnavailable.
    """
    question, alone = cleaned(question), scope.narrowed([library.id])
    now = aliases_in(question, entries_near(question, alone))
    then = aliases_in(question, [*entries_near(question, alone, without=entry_id), Entry(library.id, tuple(words))])
    before = retrieve(question, scope=alone, limit=_LOOKED_AT, aliases=now)
    after = retrieve(question, scope=alone, limit=_LOOKED_AT, aliases=then) if then != now else before
    placed = tuple(_came(rank, passage, before) for rank, passage in _ranked(after))
    return Preview(
        question=question,
        aliases=then.get(library.id, ()),
        before=tuple(_goes(rank, passage, after) for rank, passage in _ranked(before)),
        after=placed,
        changed=sum(one.kind != "same" for one in placed),
    )


def questions_with(words: Sequence[str], *, user: User, scope: Scope, library: Library) -> list[str]:
    """The last questions to the library with one of the words: the person's own, and those reported to its owners."""
    answers = Message.objects.filter(role="assistant", conversation__user=user, question__isnull=False)
    asked = answers.order_by("-created_at").values_list("question__text", "searched")[:_QUESTIONS_READ]
    own = (text for text, searched in asked if str(library.id) in searched)
    reported = map(question_of, inbox(scope).filter(libraries=library)[:_QUESTIONS_READ])
    found = (text for text in _once([*reported, *own]) if spellings(words, text))
    return list(islice(found, _QUESTIONS))


def _once(texts: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(" ".join(text.split()) for text in texts)


def _ranked(passages: Sequence[Passage]) -> list[tuple[int, Passage]]:
    return list(enumerate(passages[:SHOWN], start=1))


def _came(rank: int, passage: Passage, before: Sequence[Passage]) -> Placed:
    was = _place(passage, before)
    if was is None:
        return Placed(rank, passage, "new", _("new here"))
    if was == rank:
        return Placed(rank, passage, "same", _("same place"))
    said = _("up from %(n)s") if was > rank else _("down from %(n)s")
    return Placed(rank, passage, "up" if was > rank else "down", said % {"n": was})


def _goes(rank: int, passage: Passage, after: Sequence[Passage]) -> Placed:
    to = _place(passage, after)
    if to is None or to > SHOWN:
        return Placed(rank, passage, "gone", _("no longer among the first %(n)s") % {"n": SHOWN})
    return Placed(rank, passage, "same", "")


def _place(passage: Passage, among: Sequence[Passage]) -> int | None:
    """Where the same stretch of the same page stands; neighbours may have been joined to it, or not."""
    for place, other in enumerate(among, start=1):
        if other.page_id == passage.page_id and other.start < passage.end and passage.start < other.end:
            return place
    return None
