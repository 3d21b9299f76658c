"""What a paragraph of DOCX says once every tracked change is accepted: insertions in, deletions out."""

from collections.abc import Iterator
from typing import Any

from ingestion.parsing.word_notes import REFERENCES, Notes
from ingestion.parsing.word_unseen import RUN, is_unseen

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
# Deleted text, field codes, readings above kanji, the second copy of a drawing, and text boxes, which come after.
_SKIPPED = {
    *(f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delInstrText", "rt", "pPr", "txbxContent")),
    FALLBACK,
}
_SPOKEN = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


def text_of(paragraph: Any, notes: Notes) -> str:
    r"""The text that is seen, with the marks of its notes; a form feed where the page is broken."""
    parts: list[str] = []

    def gather(element: Any) -> None:
        for child in element:
            if child.tag in {f"{W}t", f"{_MATH}t"}:
                parts.append(child.text or "")
            elif child.tag == f"{W}br":
                parts.append("\f" if child.get(f"{W}type") == "page" else "\n")
            elif child.tag in REFERENCES:
                parts.append(notes.mark(child))
            elif child.tag in _SPOKEN:
                parts.append(_SPOKEN[child.tag])
            elif child.tag not in _SKIPPED and not (child.tag == RUN and is_unseen(child)):
                gather(child)

    gather(paragraph)
    return "".join(parts)


def ends_deleted(paragraph: Any) -> bool:
    """Whether the paragraph's end is deleted: what is left of it belongs to the next one."""
    return any(paragraph.find(f"{W}pPr/{W}rPr/{W}{name}") is not None for name in ("del", "moveFrom"))


def boxes_of(paragraph: Any) -> Iterator[Any]:
    """The text boxes that hang on this paragraph, not those that hang on a paragraph inside one of them."""
    for box in paragraph.iter(f"{W}txbxContent"):
        if next(box.iterancestors(f"{W}p"), None) is paragraph and not is_second_copy(box):
            yield box


def is_second_copy(element: Any) -> bool:
    """Whether the element is there for programs that do not know the first one."""
    return any(parent.tag == FALLBACK for parent in element.iterancestors())
