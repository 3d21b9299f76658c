"""What a question's words are called otherwise, library by library, by the dictionaries that owners keep."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Value
from django.db.models.functions import StrIndex

from assistant.dictionary_matching import key_of, occurring, spellings
from assistant.models import DictionaryEntry, DictionaryWord
from ingestion.access import Scope


@dataclass(frozen=True, slots=True)
class Entry:
    """The words that mean the same in one library."""

    library_id: UUID
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alias:
    """`word` of an entry stands in the question, spelt `asked` there; `other` means the same and does not."""

    asked: str
    word: str
    other: str


Aliases = Mapping[UUID, tuple[Alias, ...]]
"""By library: an entry of one library changes nothing in another. A library without any is left out."""


def aliases_for(question: str, scope: Scope) -> Aliases:
    """What the dictionaries in scope say that the question's words are called otherwise. Empty without entries."""
    return aliases_in(question, entries_near(question, scope))


def entries_near(question: str, scope: Scope, *, without: UUID | None = None) -> list[Entry]:
    """The entries in scope of which a word may stand in the question: few are left to be looked at closely."""
    if not DictionaryEntry.objects.filter(library__in=scope.readable).exists():
        return []  # most libraries have no dictionary, and this takes a quarter of the time
    placed = DictionaryWord.objects.annotate(place=StrIndex(Value(key_of(question)), "key")).filter(place__gt=0)
    near = placed.filter(entry__library__in=scope.readable).exclude(entry=without).order_by()
    found = DictionaryWord.objects.filter(entry__in=near.values("entry")).select_related("entry")
    words: dict[tuple[UUID, UUID], list[str]] = defaultdict(list)
    for word in found.order_by("entry_id", "ordinal"):
        words[word.entry.library_id, word.entry_id].append(word.text)
    return [Entry(library_id, tuple(texts)) for (library_id, _), texts in words.items()]


def aliases_in(question: str, entries: Iterable[Entry]) -> Aliases:
    """What these entries say that the question's words are called otherwise. Pure."""
    of_library: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        of_library[entry.library_id].append(entry)
    found = {library_id: _aliases(question, ours) for library_id, ours in of_library.items()}
    return {library_id: aliases for library_id, aliases in found.items() if aliases}


def _aliases(question: str, entries: Sequence[Entry]) -> tuple[Alias, ...]:
    told = spellings(dict.fromkeys(word for entry in entries for word in entry.words), question)
    # Folded text is lower case, and codes are known by their capitals.
    found = (
        Alias(told[word].upper(), word, other)
        for entry in entries
        for word in entry.words
        if word in told
        for other in entry.words
        if other not in told
    )
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.word, one.other)))


def searches(scope: Scope, aliases: Aliases) -> list[tuple[Scope, tuple[Alias, ...]]]:
    """The scope in parts, each with what is to be searched for too: libraries that say the same are one part."""
    parts: dict[tuple[Alias, ...], set[UUID]] = defaultdict(set)
    for library_id in sorted(scope.readable):
        parts[aliases.get(library_id, ())].add(library_id)
    return [(scope if len(parts) == 1 else scope.narrowed(ids), said) for said, ids in parts.items()]


def bridged(text: str, aliases: Sequence[Alias]) -> str:
    """The text and, below it, the question's words that it says otherwise.

    By it a text and a question are compared. It is never shown, cited or held to prove anything.
    """
    return "\n".join([text, *stood_for(text, aliases)])


def stood_for(text: str, aliases: Sequence[Alias]) -> list[str]:
    """The question's words that the text says otherwise, each once."""
    return list(dict.fromkeys(alias.asked for alias in bridging(text, aliases)))


def bridging(text: str, aliases: Sequence[Alias]) -> list[Alias]:
    """Those of the aliases by which the text says a word of the question otherwise."""
    there = occurring({alias.other for alias in aliases}, text) if aliases else set()
    return [alias for alias in aliases if alias.other in there]
