"""Passages become numbered sentences: the evidence the model may cite, owned by the server, within a token budget."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.citations import Evidence, held_share
from assistant.retrieval import Passage
from ingestion.text import sentence_spans

# The best passage may fill so much of the budget, each further one so much of what is left.
_FIRST_SHARE = 0.6
_LATER_SHARE = 0.5
_LEAST_TOKENS = 24
_WIDE = re.compile(r"[^\x00-\u024f]")
_QUESTION_END = re.compile(r"[?？][」』)）\"”]?\s*$|(?:ですか|ますか|でしょうか)[。」]?\s*$|^\s*Q\d*[.:：]")
_ROW = re.compile(r"\t|\S \| |\S {3,}\S")
_TEXT = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Block:
    """One passage as the model reads it: where it is from, then lines: numbered evidence, or bare context."""

    passage: Passage
    lines: tuple[tuple[Evidence | None, str], ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """Characters [start, end) of the page's text. `proves`: neither a heading nor a question."""

    start: int
    end: int
    text: str
    proves: bool
    tokens: int


def evidence_blocks(passages: Sequence[Passage], question: str, *, budget: int) -> list[Block]:
    """The passages' sentences, numbered from 1 over all blocks, best passage first, in at most `budget` tokens.

    Where a passage does not fit whole, the sentences around those that share most with the question are kept.
    """
    blocks: list[Block] = []
    left, number = float(budget), 1
    for rank, passage in enumerate(passages):
        share = left * (_FIRST_SHARE if rank == 0 else _LATER_SHARE)
        if share < _LEAST_TOKENS:
            break
        block = _block(passage, _chosen(_lines(passage), question, share), number)
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


def _lines(passage: Passage) -> list[_Line]:
    headings = set(passage.headings)
    found = []
    for a, b in sentence_spans(passage.text):
        start, end, text = passage.start + a, passage.start + b, passage.text[a:b]
        heading = any(first <= start and end <= last for first, last in headings)
        proves = bool(not heading and not _QUESTION_END.search(text) and _TEXT.search(text))
        found.append(_Line(start, end, text, proves, tokens(text) + 4))
    return found


def _chosen(lines: list[_Line], question: str, room: float) -> list[_Line]:
    """All lines where they fit; else the best ones with their neighbours, in page order."""
    if sum(line.tokens for line in lines) <= room:
        return lines
    fit = [held_share(question, [line.text]) for line in lines]
    weight = [
        fit[at] + 0.5 * max(fit[at - 1] if at else 0.0, fit[at + 1] if at + 1 < len(fit) else 0.0)
        for at in range(len(lines))
    ]
    taken: set[int] = set()
    for at in sorted(range(len(lines)), key=lambda at: (-weight[at], at)):
        if lines[at].tokens <= room:
            taken.add(at)
            room -= lines[at].tokens
    return [lines[at] for at in sorted(taken)]


def _block(passage: Passage, lines: list[_Line], number: int) -> Block:
    return Block(passage, tuple(_numbered(passage, lines, number)))


def _numbered(passage: Passage, lines: list[_Line], number: int) -> Iterator[tuple[Evidence | None, str]]:
    context = _first_row(passage)
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
                context=f"{passage.heading}\n{context}".strip(),
            ),
            line.text,
        )
        number += 1


def _first_row(passage: Passage) -> str:
    """The first row of a table in the passage: it names the columns and their units."""
    return next((row for row in passage.text.split("\n") if _ROW.search(row)), "")
