"""What owners say a document is about: its tags, who answers for it, department, product, language."""

from dataclasses import dataclass, fields

from ingestion import tags
from ingestion.models import Document
from ingestion.text import one_line

CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Description:
    """`language` is empty where what the revision was found to be in counts."""

    tags: tuple[str, ...] = ()
    responsible: str = ""
    department: str = ""
    product: str = ""
    language: str = ""


PLAIN = tuple(one.name for one in fields(Description) if one.name != "tags")
"""The fields that are columns of the document."""


def description_of(document: Document) -> Description:
    """What its owners have said of it."""
    return Description(tuple(tags.names_of(document)), *(getattr(document, name) for name in PLAIN))


def cleaned(said: Description) -> Description:
    """The same as it is kept: on one line each, tags once."""
    plain = (one_line(getattr(said, name))[:CHARACTERS] for name in PLAIN)
    return Description(tuple(tags.distinct(said.tags)), *plain)


def written_in(document: Document) -> list[str]:
    """The languages it is filtered by: the language said of it, else those its current revision was found in."""
    if document.language:
        return [document.language]
    return document.current.languages.split() if document.current else []
