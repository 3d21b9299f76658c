"""Sparse vectors of our own: BM25 term weights over character bigrams (CJK), stemmed words and whole part numbers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

from ingestion.lexicon import Rendering
from ingestion.text import KANA, KANJI, comparable, stem

RECIPE = "sparse-1"
# Chosen by measurement (docs/reference/retrieval.md). The average length is fixed: a vector must not depend on others.
K1 = 0.6
B = 0.75
AVERAGE_TERMS = 250.0
INFLECTION_WEIGHT = 0.5  # a bigram all in hiragana: する, から; not 0, for ねじ is a word
EDGE_WEIGHT = 0.5  # a bigram half in hiragana: the end of one word

_CJK = f"{KANA}{KANJI}"
_TOKEN = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<word>[^\W{_CJK}_]+(?:[-_./:'’,][^\W{_CJK}_]+)*)")
_PIECE = re.compile(r"[^-_./:'’,]+")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3})")
# "P 101", "E 05": a short code and its number apart.
_SPACED_CODE = re.compile(rf"(?<![^\W{_CJK}])([a-z]{{1,4}}) ([0-9]+[a-z]?)(?![^\W{_CJK}])")
_HIRAGANA = re.compile("[ぁ-ゖ]+")
_OKURIGANA = re.compile(f"(?=([{KANJI}])[ぁ-ゖ]([{KANJI}]))")


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Term ids (unsigned 32 bit, distinct, ascending) and their weights. IDF is applied by the index."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


def encode_passage(text: str) -> SparseVector:
    """Term weights of a passage: BM25's saturated term frequency; the index multiplies IDF."""
    counts = Counter(map(term_id, terms(text)))
    norm = K1 * (1 - B + B * counts.total() / AVERAGE_TERMS)
    return _vector({key: count * (K1 + 1) / (count + norm) for key, count in counts.items()})


def encode_query(text: str, also: Sequence[Rendering] = ()) -> SparseVector:
    """Term weights of a question: 1 for a term that names something, less for a bigram of inflections and particles.

    `also`: what to look for in place of its words too. All terms of a rendering together weigh what those of the word
    do, times how likely it is; the question's own terms keep their weights.
    """
    own = _query_weights(text)
    more: dict[int, float] = {}
    for rendering in also:
        for key, weight in _standing_for(rendering):
            more[key] = max(more.get(key, 0.0), weight)
    return _vector(more | own)


def _query_weights(text: str) -> dict[int, float]:
    return {term_id(term): _weight(term) for term in terms(text)}


def _standing_for(rendering: Rendering) -> Iterator[tuple[int, float]]:
    """Terms of the other, weighing together what those of the word do: five bigrams must not drown one code."""
    weights = _query_weights(rendering.other)
    share = rendering.weight * sum(_query_weights(rendering.word).values()) / (sum(weights.values()) or 1.0)
    return ((key, weight * share) for key, weight in weights.items())


def _weight(term: str) -> float:
    if not _HIRAGANA.search(term):
        return 1.0
    return INFLECTION_WEIGHT if _HIRAGANA.fullmatch(term) else EDGE_WEIGHT


def _vector(weights: dict[int, float]) -> SparseVector:
    ordered = sorted(weights.items())
    return SparseVector(tuple(key for key, _ in ordered), tuple(value for _, value in ordered))


def term_id(term: str) -> int:
    """The term's 32-bit id, the same on every machine and in every version."""
    return crc32(term.encode())


def terms(text: str) -> Iterator[str]:
    """Every term of a text, repeated as often as it occurs."""
    folded = comparable(text)
    for match in _TOKEN.finditer(folded):
        yield from _cjk_terms(match[0]) if match.lastgroup == "cjk" else _word_terms(match[0])
    for match in _SPACED_CODE.finditer(folded):
        yield match[1] + match[2]


def _cjk_terms(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for first, second in pairwise(run):
        yield first + second
    # 吸い込み also as 吸込: inflection between two kanji is written or not.
    for match in _OKURIGANA.finditer(run):
        yield match[1] + match[2]


def _word_terms(token: str) -> Iterator[str]:
    token = _THOUSANDS.sub("", token)
    pieces = _PIECE.findall(token)
    if len(pieces) == 1 or _NUMBER.fullmatch(token):
        yield from _simple_terms(token)
        return
    # P-101, P/101 and P101 are one part; its pieces are found too.
    yield "".join(pieces)
    for piece in pieces:
        yield from _simple_terms(piece)


def _simple_terms(word: str) -> Iterator[str]:
    yield word
    if word.isascii() and word.isalpha():
        stemmed = stem(word)
        if stemmed != word:
            yield stemmed
