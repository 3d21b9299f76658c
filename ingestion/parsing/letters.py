"""A message, whichever program kept it: header fields, bodies, and what is enclosed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Union

from ingestion.parsing.blocks import Block, Section, Story, Style, story
from ingestion.parsing.plain import text_blocks
from ingestion.parsing.source import Source
from ingestion.parsing.webpage import blocks_of

_FIELDS = {"sender": "差出人 (From)", "to": "宛先 (To)", "cc": "Cc", "date": "日時 (Date)"}
_ENCLOSED = "添付 (Attachments)"
# HTML that holds less of the text than this is a stub ("your program cannot show this message").
_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Body:
    """One text of a message in the forms it came in; either may be empty."""

    plain: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """An attachment: a file, a message, or the reason (an error code) why it cannot be read."""

    name: str
    content: Union[Source, "Letter", None]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says. The date is as people read it."""

    subject: str
    sender: str
    to: str
    cc: str
    date: str
    bodies: Sequence[Body]
    enclosed: Sequence[Enclosed]


def story_of(letter: Letter) -> Story:
    """The message without its attachments, which it names. Raises UnreadableFile (file_too_complex)."""
    return story(letter.subject, _parts(letter))


def _parts(letter: Letter) -> Iterator[Block | Section]:
    if letter.subject:
        yield Block(Style.HEADING, letter.subject, 1)
    for field, name in _FIELDS.items():
        if getattr(letter, field):
            yield Block(Style.ITEM, f"{name}: {getattr(letter, field)}")
    if letter.enclosed:
        yield Block(Style.ITEM, f"{_ENCLOSED}: {' / '.join(part.name for part in letter.enclosed)}")
    for body in letter.bodies:
        yield from _richer(body)


def _richer(body: Body) -> Sequence[Block | Section]:
    """The body as HTML, where that says what the plain text says: it has the headings and tables."""
    shown = blocks_of(body.html) if body.html.strip() else []
    amount = sum(len("".join(block.text.split())) for block in shown)
    if not shown or amount < _SHARE * len("".join(body.plain.split())):
        return list(text_blocks(body.plain)) or shown
    return shown
