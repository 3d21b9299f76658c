"""Pages become chunks: within one page, along headings and sentences, with the character span kept.

A page is cut into atoms (sentences, list items, table rows), atoms form sections at headings, small sections join,
large ones are divided into equal parts. Why this and not a library's splitter: docs/decisions/0003-chunking.md.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingestion.parsing import Heading, ParsedPage
from ingestion.text import sentence_spans

RECIPE = "chunks-3"

# Tokens of the embedding model. The largest chunk and the longest context line together stay below 512.
MAX_TOKENS = 380
CONTEXT_TOKENS = 80
# A section below this joins its neighbour, even across a chapter heading.
TINY_TOKENS = 40
# A section under a heading of level 3 or deeper joins its neighbour below this.
SMALL_TOKENS = 160
_CHAPTER_LEVEL = 2
_DEEPEST = 99
# Where a sentence or row that is too long by itself may be cut, best first.
_BREAKS = (re.compile(r"\n"), re.compile(r"(?<=[。．;；])|(?<= / )"), re.compile(r"(?<=[、,])|(?<= )"))

Count = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class ChunkDraft:
    """`text == page.text[start:end]`. `embedded_text` is the context line (title, heading path) and the text."""

    page: int
    start: int
    end: int
    text: str
    heading: str
    embedded_text: str


@dataclass(frozen=True, slots=True)
class _Atom:
    """Characters [start, end) that are not cut, and how many tokens they take."""

    start: int
    end: int
    tokens: int


@dataclass(frozen=True, slots=True)
class _Section:
    """Atoms under one heading path. `level`: of the heading it begins with; _DEEPEST where it goes on from before."""

    path: tuple[str, ...]
    level: int
    atoms: tuple[_Atom, ...]

    @property
    def tokens(self) -> int:
        return sum(atom.tokens for atom in self.atoms)


def chunk_pages(
    pages: Iterable[ParsedPage], *, title: str, count_tokens: Count, before: Iterable[Heading] = ()
) -> Iterator[ChunkDraft]:
    """Cut pages, in order, into chunks the embedder can read whole. The heading path runs on from page to page.

    `before`: the headings of all pages before these. Pages cut in parts give the same chunks as pages cut at once.
    """
    path: list[Heading] = []
    for heading in before:
        _go_under(heading, path)
    context = _Context(title, count_tokens)
    for page in pages:
        sections = _sections(page, path, count_tokens)
        for section in _joined(sections):
            for atoms in _divided(section.atoms):
                yield _draft(page, section, atoms, context)


def _draft(page: ParsedPage, section: _Section, atoms: Sequence[_Atom], context: "_Context") -> ChunkDraft:
    start, end = atoms[0].start, atoms[-1].end
    text = page.text[start:end]
    heading = " > ".join(section.path)
    return ChunkDraft(page.number, start, end, text, heading, context.line(section.path) + text)


class _Context:
    """The line that tells the embedder where a chunk stands. Long paths lose their outer levels first."""

    def __init__(self, title: str, count_tokens: Count) -> None:
        self._title, self._count = " ".join(title.split()), count_tokens
        self._known: dict[tuple[str, ...], str] = {}

    def line(self, path: tuple[str, ...]) -> str:
        """Returns `title > A > B` with a line end, or nothing where there is neither title nor path."""
        if path not in self._known:
            self._known[path] = self._fitted([self._title, *path])
        return self._known[path]

    def _fitted(self, names: list[str]) -> str:
        names = [name for name in names if name]
        while names:
            line = " > ".join(names)
            tokens = self._count([line])[0]
            if tokens <= CONTEXT_TOKENS:
                return line + "\n"
            if len(names) > 1:
                names.pop(1 if len(names) > 2 else 0)  # noqa: PLR2004 - title and innermost heading go last
            else:
                names = [names[0][: len(names[0]) * CONTEXT_TOKENS // (tokens + 1)]]
        return ""


def _sections(page: ParsedPage, path: list[Heading], count: Count) -> list[_Section]:
    """The page cut at its headings. `path` is carried on: it ends as it stands at the page's end."""
    bounds = [(0, None), *((heading.start, heading) for heading in page.headings), (len(page.text), None)]
    spans: list[tuple[tuple[str, ...], int, list[tuple[int, int]]]] = []
    for (start, heading), (end, _) in pairwise(bounds):
        if heading is not None:
            _go_under(heading, path)
        found = [(start + begin, start + stop) for begin, stop in sentence_spans(page.text[start:end])]
        level = heading.level if heading is not None else _DEEPEST
        spans.append((tuple(above.text for above in path), level, found))
    tokens = iter(count([page.text[begin:stop] for _, _, found in spans for begin, stop in found]))
    return [
        _Section(names, level, tuple(_atoms(page.text, [(*span, next(tokens)) for span in found], count)))
        for names, level, found in spans
        if found
    ]


def _go_under(heading: Heading, path: list[Heading]) -> None:
    path[:] = [*(above for above in path if above.level < heading.level), heading]


def _atoms(text: str, spans: list[tuple[int, int, int]], count: Count) -> Iterator[_Atom]:
    for start, end, tokens in spans:
        if tokens <= MAX_TOKENS:
            yield _Atom(start, end, tokens)
        else:
            yield from _cut(text, start, end, tokens, count)


def _cut(text: str, start: int, end: int, tokens: int, count: Count) -> Iterator[_Atom]:
    """Halve what is too long, at the best break near the middle, until it fits."""
    if tokens <= MAX_TOKENS or end - start < 2:  # noqa: PLR2004 - one character cannot be cut
        yield _Atom(start, end, tokens)
        return
    middle = _break_near_middle(text, start, end)
    halves = [_trim(text, start, middle), _trim(text, middle, end)]
    sizes = count([text[begin:stop] for begin, stop in halves])
    for (begin, stop), size in zip(halves, sizes, strict=True):
        if begin < stop:
            yield from _cut(text, begin, stop, size, count)


def _break_near_middle(text: str, start: int, end: int) -> int:
    middle, reach = (start + end) // 2, (end - start) // 4
    for kind in _BREAKS:
        places = [match.start() for match in kind.finditer(text, middle - reach, middle + reach)]
        if places:
            return min(places, key=lambda place: abs(place - middle))
    return middle


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


def _joined(sections: list[_Section]) -> list[_Section]:
    """Sections too small to stand alone go with the next one, or, at the page's end, with the one before."""
    found: list[_Section] = []
    for section in sections:
        if found and _belongs(found[-1], section):
            found[-1] = _merged(found[-1], section)
        else:
            found.append(section)
    if len(found) > 1 and found[-1].tokens < TINY_TOKENS and found[-2].tokens + found[-1].tokens <= MAX_TOKENS:
        found[-2:] = [_merged(found[-2], found[-1])]
    return found


def _belongs(before: _Section, section: _Section) -> bool:
    if before.tokens + section.tokens > MAX_TOKENS:
        return before.tokens < TINY_TOKENS and section.path[: len(before.path)] == before.path
    if section.level <= _CHAPTER_LEVEL:
        return before.tokens < TINY_TOKENS
    return before.tokens < SMALL_TOKENS or section.tokens < TINY_TOKENS


def _merged(before: _Section, section: _Section) -> _Section:
    """Both under one path: what heads them both, unless one of them is only a heading or stands elsewhere."""
    common = tuple(one for one, other in zip(before.path, section.path, strict=False) if one == other)
    if not common or min(before.tokens, section.tokens) < TINY_TOKENS:
        common = max(before, section, key=lambda part: part.tokens).path
    return replace(before, path=common, atoms=before.atoms + section.atoms)


def _divided(atoms: tuple[_Atom, ...]) -> Iterator[tuple[_Atom, ...]]:
    """As few parts as fit, about equally long, so that no short remnant is left at the end."""
    total = sum(atom.tokens for atom in atoms)
    goal = total / max(1, math.ceil(total / MAX_TOKENS))
    part: list[_Atom] = []
    tokens = 0
    for atom in atoms:
        if part and (tokens + atom.tokens > MAX_TOKENS or tokens + atom.tokens / 2 > goal):
            yield tuple(part)
            part, tokens = [], 0
        part.append(atom)
        tokens += atom.tokens
    if part:
        yield tuple(part)
