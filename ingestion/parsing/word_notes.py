"""Footnotes and endnotes of DOCX: a mark where one is referred to, and its text after that block."""

from collections.abc import Callable
from typing import Any

from ingestion.parsing import UnreadableFile
from ingestion.parsing.counting import roman
from ingestion.parsing.markup import parsed

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
# Word's own formats where a document chooses none: 1, 2, 3 and i, ii, iii.
_SHOWN: dict[str, Callable[[int], str]] = {"footnote": str, "endnote": roman}
REFERENCES = {f"{_W}{kind}Reference": kind for kind in _SHOWN}
_OFF = {"0", "false", "off"}


class Notes:
    """The notes of a document, numbered in the order in which they are referred to."""

    def __init__(self, document: Any) -> None:
        self._bodies = {kind: _bodies(document, kind) for kind in _SHOWN}
        self._marks: dict[tuple[str, str], str] = {}
        self._counts = dict.fromkeys(_SHOWN, 0)
        self._due: list[tuple[str, Any]] = []

    def mark(self, reference: Any) -> str:
        """What stands in the text for a reference; the note is due then, once."""
        kind, identity = REFERENCES[reference.tag], reference.get(f"{_W}id", "")
        body = self._bodies[kind].get(identity)
        if body is None:
            return ""
        if (kind, identity) not in self._marks:
            self._marks[kind, identity] = self._next(kind, reference)
            self._due.append((self._marks[kind, identity], body))
        return self._marks[kind, identity]

    def due(self) -> list[tuple[str, Any]]:
        """The notes referred to since the last call: mark and element. The mark is empty where the note has its own."""
        found, self._due = self._due, []
        return found

    def _next(self, kind: str, reference: Any) -> str:
        if reference.get(f"{_W}customMarkFollows", "0") not in _OFF:
            return ""
        self._counts[kind] += 1
        return f"(*{_SHOWN[kind](self._counts[kind])})"


def _bodies(document: Any, kind: str) -> dict[str, Any]:
    """Id → element. The separators that Word keeps among the notes have a type."""
    try:
        part = document.part.part_related_by(f"{_RELATIONSHIP}{kind}s")
        root = parsed(part.blob)
    except (KeyError, ValueError, AttributeError, UnreadableFile):
        return {}
    return {note.get(f"{_W}id"): note for note in root.iter(f"{_W}{kind}") if note.get(f"{_W}type") in {None, "normal"}}
