"""Converts JMdict (Japanese words with English glosses, an XML file) to a table of renderings in both directions.

JMdict is the property of the Electronic Dictionary Research and Development Group (EDRDG), used under CC BY-SA. Read:
`entry` → `keb` and `reb` (ways to write it; `*_pri` marks common ones) and `sense` → `gloss` (in several languages),
`misc` (usage).
"""

import gzip
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

# The file is pinned by its SHA-256, and its DTD declares entities that a hardened parser would refuse.
from xml.etree import ElementTree as ET

from ingestion.text import KANJI, Language, comparable, stem

# Renderings kept of a word, and words of an English phrase: more of either found nothing more (docs/decisions/0023).
EACH = 10
WORDS_OF_A_PHRASE = 3
TABLE = "words.sqlite"

_SCHEMA = """
CREATE TABLE word (language TEXT, key TEXT, rank INTEGER, other TEXT, PRIMARY KEY (language, key, rank)) WITHOUT ROWID;
"""
_STEMMED = "~"
_ENGLISH = re.compile("[a-z0-9]+")
_KANJI = re.compile(f"[{KANJI}]")
_KATAKANA = re.compile("[ァ-ヶー・]+")
_KANA_OF_KANJI = re.compile(f"(?<=[{KANJI}])[ぁ-ゖ]+(?=[{KANJI}]|$)")
_COMMON, _UNCOMMON = 49, 50  # newspapers' words are ranked 1 to 48
# Places that a Japanese word stands further back: 休講 is a "cancellation (of class)"; 軸受け stands in no newspaper.
_ASIDE_COSTS = _UNCOMMON_COSTS = 2
_ASIDE = re.compile(r"\([^)]*\)")
_OPENING = re.compile(r"^(?:to|a|an|the) ", re.IGNORECASE)
# Usages nobody writes a manual in; what JMdict's entities stand for.
_UNUSUAL = re.compile("archai|obsolete|rare|vulgar|slang|poetical|historical|children|derogatory")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_IN_KANA = "word usually written using kana alone"


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to write a word. `rank`: where it stands among the words of newspapers, by 500; lower is commoner."""

    text: str
    rank: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """Ways to write a word and its senses: each an ordered list of short glosses, and whether each is said in full."""

    forms: tuple[_Form, ...]
    senses: tuple[tuple[tuple[str, bool], ...], ...]


def write_folder(source: Path, folder: Path) -> None:
    """Write the table of both directions, at most `EACH` renderings a word, best first. `source` is gzipped XML."""
    folder.mkdir()
    entries = list(_entries(source))
    with closing(sqlite3.connect(folder / TABLE)) as table:
        table.executescript(_SCHEMA)
        table.executemany("INSERT INTO word VALUES ('ja', ?, ?, ?)", _numbered(_glosses(entries)))
        table.executemany("INSERT INTO word VALUES ('en', ?, ?, ?)", _numbered(_forms(entries)))
        table.commit()
        table.execute("VACUUM")


def keys_of(text: str, language: Language) -> tuple[str, ...]:
    """What a word or phrase of that language is found by, the closest first: folded; English also without endings.

    Stems are keys of their own: a bearing is no bear.
    """
    folded = comparable(text)
    if language == "ja":
        return (folded,)
    words = _ENGLISH.findall(folded)
    return " ".join(words), _STEMMED + " ".join(map(stem, words))


def _entries(source: Path) -> Iterator[_Entry]:
    with gzip.open(source) as file:
        for _, element in ET.iterparse(file):  # noqa: S314 - as above
            if element.tag == "entry":
                entry = _entry(element)
                element.clear()
                if entry.senses:
                    yield entry


def _entry(element: ET.Element) -> _Entry:
    usual = [sense for sense in element.iter("sense") if not _UNUSUAL.search(" ".join(_texts(sense, "misc")))]
    senses = tuple(filter(None, (tuple(_short_glosses(sense)) for sense in usual)))
    kanji = [_Form(form.findtext("keb", ""), _rank(_texts(form, "ke_pri"))) for form in element.iter("k_ele")]
    kana = [_Form(form.findtext("reb", ""), _rank(_texts(form, "re_pri"))) for form in element.iter("r_ele")]
    in_kana = not kanji or any(_IN_KANA in _texts(sense, "misc") for sense in usual)
    return _Entry((*kanji, *(kana if in_kana else ())), senses)


def _rank(marks: list[str]) -> int:
    """Words marked as common without a number come after those with one."""
    numbers = [int(mark[2:]) for mark in marks if mark.startswith("nf")]
    return min(numbers, default=_COMMON if marks else _UNCOMMON)


def _texts(element: ET.Element, tag: str) -> list[str]:
    return [found.text or "" for found in element.iter(tag)]


def _short_glosses(sense: ET.Element) -> Iterator[tuple[str, bool]]:
    """English glosses that name the thing; what needs more words explains it, and would find anything."""
    for gloss in sense.iter("gloss"):
        if gloss.get(_LANGUAGE, "eng") != "eng":
            continue
        said = (gloss.text or "").strip()
        named = _OPENING.sub("", _ASIDE.sub("", said).strip())
        if named and len(named.split()) <= WORDS_OF_A_PHRASE:
            yield named, not _ASIDE.search(said)


def _glosses(entries: Iterable[_Entry]) -> dict[str, list[str]]:
    """Japanese word → English: the first gloss of each sense, then the second of each. Common words before others."""
    found: dict[str, dict[bool, list[str]]] = defaultdict(lambda: {True: [], False: []})
    for entry in entries:
        by_place = [gloss for place in zip_longest(*entry.senses) for gloss, _ in filter(None, place)]
        for form in entry.forms:
            (key,), (label,) = keys_of(form.text, "ja"), keys_of(_without_endings(form.text), "ja")
            found[key][form.rank < _UNCOMMON] += by_place
            if label != key:
                found[label][False] += by_place
    return {key: told[True] or told[False] for key, told in found.items()}


def _without_endings(form: str) -> str:
    """軸受け as 軸受, 取り消し as 取消: how drawings and labels write words of two kanji or more."""
    return _KANA_OF_KANJI.sub("", form) if len(_KANJI.findall(form)) > 1 else form


def _forms(entries: Iterable[_Entry]) -> dict[str, list[str]]:
    """English word or phrase → Japanese: those of which it is the first gloss, and commoner ones, first."""
    found: dict[str, list[tuple[int, int, int, str]]] = defaultdict(list)
    for entry in entries:
        for number, sense in enumerate(entry.senses):
            for place, (gloss, full) in enumerate(sense, number):
                for form in entry.forms:
                    costs = (0 if full else _ASIDE_COSTS) + (_UNCOMMON_COSTS if _strange(form) else 0)
                    for key in keys_of(gloss, "en"):
                        found[key].append((place + costs, form.rank, len(form.text), form.text))
    return {key: [form for *_, form in sorted(told)] for key, told in found.items()}


def _strange(form: _Form) -> bool:
    """Whether few texts have it. No newspaper has パーティション, but manuals say what is written in katakana."""
    return form.rank == _UNCOMMON and not _KATAKANA.fullmatch(form.text)


def _numbered(found: dict[str, list[str]]) -> Iterator[tuple[str, int, str]]:
    for key, others in sorted(found.items()):
        for rank, other in enumerate(list(dict.fromkeys(others))[:EACH] if key else ()):
            yield key, rank, other
