"""Small stand-ins for the reader, the chunker and the embedder, for tests of how a run goes rather than what it finds.

A form feed begins a page, a blank line begins a chunk; pages that say `UNREADABLE` fail, those that say `PICTURE` want
an OCR engine, files that begin with `DAMAGED` do not open. `CountingEmbedder` remembers every text it was asked for.
"""

import hashlib
import sys
import zlib
from types import SimpleNamespace

import numpy as np

from ingestion import chunking, embedding, sparse
from ingestion.parsing import ParsedPage, UnreadableFile, Word
from ingestion.sparse import SparseVector

DIMENSION = 384
# Before any look at a folder: files of then have settled.
LONG_AGO = 1_700_000_000


def nothing(_number):
    """What happens before a page, unless a test says otherwise."""


class FormFeedReader:
    """Reads the pages of a text file; `before_page` is called before each, with its number."""

    before_page = staticmethod(nothing)

    ocr_installed = False

    def __init__(self, path, _filename, *, on_wait=lambda: None, **_limits):
        self.on_wait = on_wait
        self._pages = path.read_text(encoding="utf-8").split("\f")
        self.title = ""
        self.layout = "own"
        self.page_count = len(self._pages)

    def __enter__(self):
        if self._pages[0].startswith("DAMAGED"):
            raise UnreadableFile("file_damaged", {})
        return self

    def __exit__(self, *_):
        return None

    def pages(self, start=1, last=None):
        for number in range(start, (last or self.page_count) + 1):
            self.on_wait()
            self.before_page(number)
            yield _page(number, self._pages[number - 1])


def _page(number, text):
    if "PICTURE" in text:
        return _picture(number, text)
    if "UNREADABLE" in text:
        return ParsedPage(number, "", 595.0, 842.0, reason="page_crashed")
    words = (Word(0, len(text), 72.0, 72.0, 72.0 + 5 * len(text), 84.0),) if text else ()
    return ParsedPage(number, text, 595.0, 842.0, words=words)


def _picture(number, text):
    if not FormFeedReader.ocr_installed:
        return ParsedPage(number, "", 595.0, 842.0, reason="page_needs_ocr")
    return ParsedPage(
        number, text, 595.0, 842.0, (Word(0, len(text), 72.0, 72.0, 300.0, 84.0),), ocr=True, confidence=0.7
    )


def paragraphs(pages, *, title, count_tokens, before=()):
    """A chunk per paragraph."""
    for page in pages:
        start = 0
        for text in page.text.split("\n\n"):
            if text.strip():
                yield chunking.ChunkDraft(page.number, start, start + len(text), text, "", f"{title}\n{text}")
            start += len(text) + 2


class CountingEmbedder:
    """A unit vector made from the text's hash; `asked` holds every text, in the order asked."""

    name, dimension, max_tokens = "multilingual-e5-small", DIMENSION, 512

    def __init__(self):
        self.asked = []
        self.before_batch = lambda: None

    def passages(self, texts, *, on_batch=None):
        rows = []
        for done, text in enumerate(texts, start=1):
            self.before_batch()
            self.asked.append(text)
            rows.append(self.query(text))
            if on_batch:
                on_batch(done)
        return np.stack(rows)

    def query(self, text):
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
        vector = np.random.default_rng(seed).standard_normal(DIMENSION)
        return (vector / np.linalg.norm(vector)).astype(np.float32)

    def count_tokens(self, texts):
        return [len(text) for text in texts]


def encode_words(text):
    """A term per word."""
    terms = sorted({zlib.crc32(word.encode()) for word in text.split()})
    return SparseVector(tuple(terms), tuple(1.0 for _ in terms))


def install(put):
    """Put the stand-ins in place with `put(object, name, value)`; returns the embedder."""
    from ingestion import pictures, reading  # noqa: F401  # loaded before their reader is replaced

    made = CountingEmbedder()
    put(embedding, "embedder", lambda _name="": made)
    put(chunking, "chunk_pages", paragraphs)
    put(sparse, "encode_passage", encode_words)
    isolated = SimpleNamespace(IsolatedReader=FormFeedReader, render_png=None)
    put(sys.modules, "ingestion.parsing.isolated", isolated)
    return made


def run_of(document):
    """The newest run of a document."""
    from ingestion.models import IngestionRun

    return IngestionRun.objects.filter(revision__document=document).latest("id")


def points(vault):
    """What the index holds, in order."""
    return sorted(vault.index.point_ids())


def on_page(monkeypatch, number, action):
    """Do something just before this page is read."""
    monkeypatch.setattr(FormFeedReader, "before_page", staticmethod(lambda at: action() if at == number else None))
