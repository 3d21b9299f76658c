"""The entries of a library's dictionary: readers see them, owners add, change, remove and import them. Audited."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language

from assistant.dictionary_csv import Row, apart, read, written
from assistant.dictionary_matching import key_of, word_key
from assistant.errors import (
    DictionaryEntryExists,
    DictionaryFileUnreadable,
    DictionaryFull,
    DictionaryRowsUnusable,
    DictionaryWordsFew,
    DictionaryWordsMany,
    DictionaryWordUnusable,
)
from assistant.models import DictionaryEntry, DictionaryWord
from assistant.questions import remark
from ingestion.access import Scope, as_uuid
from ingestion.audit import record
from ingestion.errors import NotFound, TenkyoError
from ingestion.models import Library, User
from ingestion.text import fold, one_line, search_words

ENTRIES_LIMIT = 2000
WORDS_LIMIT = 20
FILE_MB = 1
NOTE_CHARACTERS = 4000  # more is cut off
_WORD_CHARACTERS = 100
_FEWEST = 2
_PROBLEMS_TOLD = 5
_ONE_KANJI = re.compile("[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
Keys = frozenset[str]


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file did to a dictionary: how many entries are new, changed, and as they were."""

    added: int
    changed: int
    unchanged: int


def entries_list(scope: Scope, library_id: object, search: str = "") -> list[DictionaryEntry]:
    """The entries of a library, by first word, that hold every word of `search` in any spelling. Raises NotFound."""
    wanted = search_words(search)
    found = [entry for entry in _entries(scope.library(library_id)) if all(_holds(entry, word) for word in wanted)]
    return sorted(found, key=lambda entry: (fold(entry.words[0]), entry.words))


def entry_of(scope: Scope, library_id: object, entry_id: object) -> DictionaryEntry:
    """An entry of a library the person owns. Raises NotFound."""
    library = scope.library(library_id, to_change=True)
    found = DictionaryEntry.objects.select_related("library").filter(library=library, id=as_uuid(entry_id)).first()
    if found is None:
        raise NotFound
    return found


def entry_add(*, user: User, scope: Scope, library_id: object, words: Iterable[str], note: str = "") -> DictionaryEntry:
    """Say that these words mean the same in the library, from the next question on.

    Raises NotFound, DictionaryWordsFew, DictionaryWordsMany, DictionaryWordUnusable, DictionaryEntryExists,
    DictionaryFull.
    """
    library = scope.library(library_id, to_change=True)
    chosen = usable(words)
    with transaction.atomic():
        _room_for(library, chosen)
        entry = _made(library, chosen, note, user)
        _record("dictionary.added", user, library, entry=str(entry.id), words=len(chosen))
    return entry


def entry_change(
    *, user: User, scope: Scope, library_id: object, entry_id: object, words: Iterable[str], note: str = ""
) -> DictionaryEntry:
    """Give an entry other words and another note. Raises what entry_add raises, but for DictionaryFull."""
    chosen = usable(words)
    with transaction.atomic():
        entry = entry_of(scope, library_id, entry_id)
        _room_for(entry.library, chosen, but_for=entry.id)
        _rewritten(entry, chosen, note, user)
        _record("dictionary.changed", user, entry.library, entry=str(entry.id), words=len(chosen))
    return entry


def entry_remove(*, user: User, scope: Scope, library_id: object, entry_id: object) -> None:
    """Remove an entry. Raises NotFound."""
    with transaction.atomic():
        entry = entry_of(scope, library_id, entry_id)
        _record("dictionary.removed", user, entry.library, entry=str(entry.id), words=len(entry.words))
        entry.delete()


def entries_import(*, user: User, scope: Scope, library_id: object, data: bytes) -> Imported:
    """Take the rows of a CSV file in, all or none. Nothing is removed.

    A row with the words of an entry is that entry; else a row whose first word is that of one entry changes it; any
    other is new. Raises NotFound, DictionaryFileUnreadable, DictionaryRowsUnusable, DictionaryFull.
    """
    library = scope.library(library_id, to_change=True)
    rows = _rows(data)
    with transaction.atomic():
        done = _taken_in(_locked(library), rows, user)
        _record("dictionary.imported", user, library, added=done.added, changed=done.changed, unchanged=done.unchanged)
    return done


def entries_export(scope: Scope, library_id: object) -> str:
    """The whole dictionary as CSV, columns named in the reader's language. Raises NotFound."""
    entries = entries_list(scope, library_id)
    return written(((entry.words, entry.note) for entry in entries), language=get_language() or "ja")


def usable(words: Iterable[str]) -> list[str]:
    """The words on one line each, every spelling once.

    Raises DictionaryWordUnusable, DictionaryWordsFew, DictionaryWordsMany.
    """
    lines = [line for word in words for part in apart(word) if (line := one_line(part))]
    if len(lines) > WORDS_LIMIT:
        raise DictionaryWordsMany(count=len(lines), limit=WORDS_LIMIT)
    chosen: dict[str, str] = {}
    for word in lines:
        if len(word) > _WORD_CHARACTERS or not _names_something(word):
            raise DictionaryWordUnusable(word=word[:_WORD_CHARACTERS], limit=_WORD_CHARACTERS)
        chosen.setdefault(word_key(word), word)
    if len(chosen) < _FEWEST:
        raise DictionaryWordsFew
    return list(chosen.values())


def _names_something(word: str) -> bool:
    """Whether it can be told where the word is meant: か or 12 stand in anything."""
    key = word_key(word)
    return bool(_LETTER.search(key)) and (len(key) > 1 or bool(_ONE_KANJI.fullmatch(key)))


def _holds(entry: DictionaryEntry, wanted: str) -> bool:
    text, key = "\n".join([*entry.words, entry.note]), key_of(wanted)
    return fold(wanted) in fold(text) or (bool(key) and any(key in key_of(word) for word in entry.words))


def _entries(library: Library) -> list[DictionaryEntry]:
    return list(DictionaryEntry.objects.filter(library=library).select_related("changed_by").prefetch_related("spelt"))


def _keys(words: Iterable[str]) -> Keys:
    return frozenset(map(word_key, words))


def _locked(library: Library) -> Library:
    """Two owners at work at once take turns."""
    return Library.objects.select_for_update().get(pk=library.pk)


def _room_for(library: Library, words: Sequence[str], *, but_for: UUID | None = None) -> None:
    others = [entry for entry in _entries(_locked(library)) if entry.id != but_for]
    same = next((entry for entry in others if _keys(entry.words) == _keys(words)), None)
    if same is not None:
        raise DictionaryEntryExists(words=str(same))
    if len(others) >= ENTRIES_LIMIT:
        raise DictionaryFull(limit=ENTRIES_LIMIT)


def _made(library: Library, words: Sequence[str], note: str, user: User) -> DictionaryEntry:
    entry = DictionaryEntry.objects.create(library=library, note=remark(note), changed_by=user)
    _spell(entry, words)
    return entry


def _rewritten(entry: DictionaryEntry, words: Sequence[str], note: str, user: User) -> None:
    entry.note, entry.changed_by = remark(note), user
    entry.save(update_fields=["note", "changed_by", "changed_at"])
    entry.spelt.all().delete()
    _spell(entry, words)
    entry.refresh_from_db()  # it may remember the words before


def _spell(entry: DictionaryEntry, words: Sequence[str]) -> None:
    DictionaryWord.objects.bulk_create(
        DictionaryWord(entry=entry, ordinal=ordinal, text=word, key=word_key(word))
        for ordinal, word in enumerate(words)
    )


def _rows(data: bytes) -> list[Row]:
    """The file's rows, every one of which can be an entry."""
    rows = read(data) if len(data) <= FILE_MB * 1024 * 1024 else None
    if not rows:
        raise DictionaryFileUnreadable(limit_mb=FILE_MB)
    found, problems = list[Row](), list[str]()
    for row in rows:
        try:
            found.append(Row(row.line, tuple(usable(row.words)), row.note))
        except TenkyoError as error:
            problems.append(f"{row.line}: {error.texts()[0]}")
    if problems:
        told = "; ".join(problems[:_PROBLEMS_TOLD])
        raise DictionaryRowsUnusable(count=len(problems), problems=told)
    return found


def _taken_in(library: Library, rows: Sequence[Row], user: User) -> Imported:
    entries = _entries(library)
    same = {_keys(entry.words): entry for entry in entries}
    untouched = [entry for entry in entries if _keys(entry.words) not in {_keys(row.words) for row in rows}]
    begun = Counter(word_key(entry.words[0]) for entry in untouched)
    first = {key: entry for entry in untouched if begun[key := word_key(entry.words[0])] == 1}
    done = Counter[str]()
    for row in rows:
        entry = same.get(_keys(row.words)) or first.pop(word_key(row.words[0]), None)
        if entry is None:
            entry = _made(library, row.words, row.note, user)
            done["added"] += 1
        elif (entry.words, entry.note) != (row.words, remark(row.note)):
            _rewritten(entry, row.words, row.note, user)
            done["changed"] += 1
        else:
            done["unchanged"] += 1
        same[_keys(row.words)] = entry
    if len(entries) + done["added"] > ENTRIES_LIMIT:
        raise DictionaryFull(limit=ENTRIES_LIMIT)
    return Imported(done["added"], done["changed"], done["unchanged"])


def _record(action: str, user: User, library: Library, **facts: object) -> None:
    record(action, actor=user, subject=f"library:{library.pk}", **facts)
