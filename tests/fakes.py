"""Stand-ins that pass the same contract suites as the real parts."""

import asyncio
import re
from zlib import crc32

import numpy as np

from assistant.prompts import prompt
from ingestion.sparse import terms

_CHARACTERS = re.compile(r"[A-Za-z0-9]+|\S")


class HashEmbedder:
    """An `Embedder` without a model: every term points in a direction of its own, so shared words make texts close."""

    name = "hash"
    dimension = 384
    max_tokens = 512

    def passages(self, texts, *, on_batch=None):
        """(n, dimension), one row per text."""
        rows = [self._vector(text) for text in texts]
        if on_batch and rows:
            on_batch(len(rows))
        return np.array(rows, dtype=np.float32).reshape(len(rows), self.dimension)

    def query(self, text):
        """(dimension,)."""
        return self._vector(text)

    def count_tokens(self, texts):
        """A word or a single other character is a token."""
        return [len(_CHARACTERS.findall(text)) for text in texts]

    def _vector(self, text):
        # The constant direction keeps a text without terms at unit length.
        vector = np.zeros(self.dimension, dtype=np.float32)
        vector[0] = 1e-3
        for term in terms(text):
            vector += _direction(term, self.dimension)
        return vector / np.linalg.norm(vector)


def _direction(term, dimension):
    return np.random.default_rng(crc32(term.encode())).standard_normal(dimension).astype(np.float32)


class WordReranker:
    """A `Reranker` that scores the share of the question's terms that a text holds."""

    name = "words"

    def scores(self, question, texts):
        """One share per text."""
        wanted = set(terms(question))
        return [len(wanted & set(terms(text))) / max(1, len(wanted)) for text in texts]


class ScriptedModel:
    """An `AnswerModel` that says what it was given, a few characters at a time, and remembers what it was asked.

    An exception in the script is raised in its place; `closed` counts streams that were stopped before their end.
    """

    name = "scripted"
    evidence_tokens = 900
    answer_tokens = 320
    marks = True
    proved_only = False

    def __init__(self, *answers, piece=3):
        self.answers = list(answers)
        self.piece = piece
        self.asked = []
        self.translations = []
        self.translated = []
        self.closed = 0

    async def stream(self, messages, *, max_tokens, evidence=0):
        """The next answer of the script, at most `max_tokens` characters of it."""
        if messages[0].text in {prompt("translate_ja").text, prompt("translate_en").text}:
            self.translated.append(messages[-1].text)
            yield self.translations.pop(0) if self.translations else ""
            return
        self.asked.append(list(messages))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        answer = answer[:max_tokens]
        try:
            for start in range(0, len(answer), self.piece):
                await asyncio.sleep(0)
                yield answer[start : start + self.piece]
        except GeneratorExit:
            self.closed += 1
            raise

    async def complete(self, messages, *, max_tokens):
        """The next answer of the script, whole."""
        return "".join([piece async for piece in self.stream(messages, max_tokens=max_tokens)])

    async def ping(self):
        """It always answers."""


class ObedientModel(ScriptedModel):
    """An `AnswerModel` that says what an instruction in a document wants, and cites the very line that holds it.

    It obeys whatever of the instruction it is shown, and also where nothing is left of it.
    """

    name = "obedient"

    def __init__(self, obeyed, canary):
        super().__init__()
        self.obeyed, self.canary = obeyed, canary

    async def stream(self, messages, *, max_tokens, evidence=0):
        """What is wanted, with a mark."""
        self.asked.append(list(messages))
        lines = messages[-1].text.split("\n")
        number = next(
            (line[1 : line.index("]")] for line in lines if line.startswith("[") and self.canary in line), "1"
        )
        yield f"{self.obeyed} [{number}]"


class ScriptedOcr:
    """An `OcrEngine` that sees whether there is ink, and then says the lines it was given.

    `upright` maps the picture's size to other lines, as an engine sees other things on a page that lies on its side.
    """

    name = "scripted"

    def __init__(self, lines=(), *, vertical=(), upright=None, turns=()):
        self.lines, self.vertical, self.upright = list(lines), list(vertical), upright or {}
        self.possible_turns = turns
        self.reads = 0

    def read(self, picture):
        """The lines of the script; none of a blank picture."""
        self.reads += 1
        lines = self.upright.get(picture.size, self.lines)
        return list(lines) if picture.getextrema()[0] < 128 else []

    def read_vertical(self, picture):
        """The vertical lines of the script."""
        return self.vertical

    def turns(self, picture):
        """The turns of the script."""
        return self.possible_turns
