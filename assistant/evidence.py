"""Passages become numbered sentences: the evidence the model may cite, owned by the server, within a token budget."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log

from assistant.citations import Evidence
from assistant.dictionary import bridged, stood_for
from assistant.instructions import instructs, told_names
from assistant.retrieval import Passage
from assistant.terms import content_terms
from ingestion.text import sentence_spans

# The best passage may fill so much of the budget, each further one so much of what is left.
_FIRST_SHARE = 0.6
_LATER_SHARE = 0.5
# Less than this is a scrap that misleads.
_LEAST_TOKENS = 80
_REPEATED = 0.1
_LINE_TOKENS = 4  # its number and its end
# "Note", "(MB)", "101": what says less than two things proves nothing.
_LEAST_TERMS = 2
_WIDE = re.compile(r"[^\x00-\u024f]")
_QUESTION_END = re.compile(r"[?？][」』)）\"”]?\s*$|(?:ですか|ますか|でしょうか)[。」]?\s*$|^\s*Q\d*[.:：]")
# Up to a full stop or a line's end: text all in small letters has no sentences otherwise. Never at a comma, where what
# is cut off may say that the rest is forbidden.
_STRETCH = re.compile(r"\S(?:.*?[.!?;；。](?=\s)|.*?(?=\s*$))", re.MULTILINE)
_ROW = re.compile(r"\t|\S \| |\S {3,}\S")


@dataclass(frozen=True, slots=True)
class Block:
    """One passage as the model reads it: where it is from, then lines: numbered evidence, or bare context."""

    passage: Passage
    lines: tuple[tuple[Evidence | None, str], ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """Characters [start, end) of the page's text. `proves`: no heading, no question, and it says something.

    `terms`: what it shares with a question, also by other words of the dictionary.
    """

    start: int
    end: int
    text: str
    proves: bool
    tokens: int
    terms: frozenset[str]


def evidence_blocks(passages: Sequence[Passage], question: str, *, budget: int) -> list[Block]:
    """The passages' sentences, numbered from 1 over all blocks, best passage first, in at most `budget` tokens.

    Where a passage does not fit whole, the stretch of it that shares most with the question is kept.
    """
    blocks: list[Block] = []
    left, number = float(budget), 1
    read = [_lines(passage, longest=int(budget * _FIRST_SHARE)) for passage in passages]
    rarity = _rarity(question, chain.from_iterable(read))
    for rank, (passage, lines) in enumerate(zip(passages, read, strict=True)):
        share = left * (_FIRST_SHARE if rank == 0 else _LATER_SHARE)
        if rank and share < _LEAST_TOKENS:
            break
        block = _block(passage, _chosen(lines, rarity, share), number)
        proving = [evidence for evidence, _ in block.lines if evidence]
        if proving:
            blocks.append(block)
            number += len(proving)
            left -= sum(tokens(text) for _, text in block.lines)
    return blocks


def tokens(text: str) -> int:
    """About how many tokens a text takes: one per wide character, one per three and a half others. Errs upwards."""
    wide = len(_WIDE.findall(text))
    return wide + int((len(text) - wide) / 3.5) + 1


def _lines(passage: Passage, *, longest: int) -> list[_Line]:
    """The passage's sentences; one of more than `longest` tokens, which could never be shown, in pieces.

    What speaks to the model is none of them, nor is what follows it in its paragraph.
    """
    told = _without_instructions(passage.text, sentence_spans(passage.text))
    spans = chain.from_iterable(_pieces(passage.text, *span, longest) for span in told)
    return [_line(passage, *span) for span in spans]


def _without_instructions(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last, speaks = 0, False
    for start, end in spans:
        speaks = (speaks and "\n\n" not in text[last:start]) or instructs(text[start:end])
        last = end
        if not speaks:
            yield start, end


def _pieces(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    if tokens(text[start:end]) + _LINE_TOKENS <= longest:
        yield start, end
        return
    for match in _STRETCH.finditer(text, start, end):
        yield match.span()


def _line(passage: Passage, a: int, b: int) -> _Line:
    start, end, text = passage.start + a, passage.start + b, passage.text[a:b]
    heading = any(first <= start and end <= last for first, last in passage.headings)
    said = content_terms(text)
    proves = not heading and not _QUESTION_END.search(text) and len(said) >= _LEAST_TERMS
    terms = content_terms(bridged(text, passage.aliases)) if passage.aliases else said
    return _Line(start, end, text, proves, tokens(text) + _LINE_TOKENS, frozenset(terms))


def _chosen(lines: list[_Line], rarity: Mapping[str, float], room: float) -> list[_Line]:
    """All lines where they fit; else the stretch of lines that holds most of the question, rare terms counting more.

    A stretch and not the best lines one by one: a table's row says nothing without its neighbours.
    """
    if sum(line.tokens for line in lines) <= room:
        return lines
    held = [set(line.terms & rarity.keys()) for line in lines]
    worth = {one: _worth(held[slice(*one)], rarity) for one in _stretches(lines, room)}
    # Of equally good stretches the middle one: what was looked for then has neighbours on both sides.
    best = [one for one in worth if worth[one] == max(worth.values())]
    first, last = best[len(best) // 2] if best else (0, 0)
    return lines[first:last]


def _stretches(lines: list[_Line], room: float) -> Iterator[tuple[int, int]]:
    """[first, last) of the longest stretch from each line on that fits."""
    for first in range(len(lines)):
        last, left = first, room
        while last < len(lines) and lines[last].tokens <= left:
            left -= lines[last].tokens
            last += 1
        if last > first:
            yield first, last


def _worth(held: Sequence[set[str]], rarity: Mapping[str, float]) -> float:
    """What a stretch holds of the question: each term once, and a little for each time it stands there."""
    once = sum(rarity[term] for term in set().union(*held))
    return once + _REPEATED * sum(rarity[term] for terms in held for term in terms)


def _rarity(question: str, lines: Iterable[_Line]) -> dict[str, float]:
    """The question's terms and how much each tells: a term that every line holds tells little."""
    terms = content_terms(question)
    counts, number = Counter[str](), 0
    for line in lines:
        number += 1
        counts.update(line.terms & terms)
    return {term: log(1 + number / (1 + counts[term])) for term in terms}


def _block(passage: Passage, lines: list[_Line], number: int) -> Block:
    return Block(passage, tuple(_numbered(passage, lines, number)))


def _numbered(passage: Passage, lines: list[_Line], number: int) -> Iterator[tuple[Evidence | None, str]]:
    context, heading = _first_row(passage), told_names(passage.heading)
    for line in lines:
        if not line.proves:
            yield None, line.text
            context = f"{context}\n{line.text}".strip()
            continue
        yield (
            Evidence(
                number=number,
                document_id=passage.document_id,
                document_title=passage.document_title,
                revision_id=passage.revision_id,
                revision_number=passage.revision_number,
                page=passage.page,
                start=line.start,
                end=line.end,
                text=line.text,
                context=f"{heading}\n{context}".strip(),
                stands_for=_stands_for(passage, line, context),
            ),
            line.text,
        )
        number += 1


def _stands_for(passage: Passage, line: _Line, context: str) -> tuple[str, ...]:
    whole = f"{passage.document_title}\n{passage.heading}\n{context}\n{line.text}"
    return tuple(stood_for(whole, passage.aliases))


def _first_row(passage: Passage) -> str:
    """The first row of a table in the passage: it names the columns and their units."""
    return next((row for row in passage.text.split("\n") if _ROW.search(row)), "")
