"""Tags of documents: words that owners choose, and the folders a file lay in. One spelling per library is shown.

Two words are the same tag where their keys are equal: folded as everywhere in Tenkyo (NFKC, case, long vowels, dashes).
"""

import re
from collections.abc import Iterable
from unicodedata import normalize

from ingestion.errors import TagsTooMany
from ingestion.models import Document, Tag
from ingestion.text import fold, one_line

MOST = 50
CHARACTERS = 255
_KEY_CHARACTERS = 500
# People type a list with them, so none of them can be part of a tag.
_PARTING = re.compile(r"[,，、､;；\n]")


def cleaned(name: str) -> str:
    """The tag as it is kept: on one line, without what parts a list. Empty where nothing is left."""
    # Folders of macOS come with their letters taken apart.
    return one_line(_PARTING.sub(" ", normalize("NFC", name)))[:CHARACTERS].strip()


def key_of(name: str) -> str:
    """What two spellings of one tag have in common. Cut, because one character may fold into many."""
    return fold(cleaned(name))[:_KEY_CHARACTERS]


def listed(text: str) -> list[str]:
    """The tags of a list that somebody typed, parted by commas."""
    return distinct(_PARTING.split(text))


def distinct(names: Iterable[str]) -> list[str]:
    """The tags, each in the spelling that comes first, without empty ones."""
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(key_of(name), cleaned(name))
    return [name for key, name in kept.items() if key]


def of_folders(path: str) -> list[str]:
    """The folders of a file's path as tags, from the outermost: "pumps/P-101/manual.pdf" gives pumps and P-101.

    An archive inside an archive is a folder under its name.
    """
    folders = path.replace("\\", "/").split("/")[:-1]
    named = (folder.strip().removesuffix(".zip") for folder in folders if not folder.endswith(":"))
    return distinct(name for name in named if name.strip("."))[:MOST]


def names_of(document: Document) -> list[str]:
    """The document's tags by name, from what was prefetched where it was."""
    return sorted((tag.name for tag in document.tags.all()), key=lambda name: (fold(name), name))


def put(document: Document, names: Iterable[str]) -> None:
    """Give the document exactly these tags. Raises TagsTooMany."""
    wanted = distinct(names)
    if len(wanted) > MOST:
        raise TagsTooMany(limit=MOST)
    document.tags.set([_tag(document, name) for name in wanted])


def add(document: Document, names: Iterable[str]) -> list[str]:
    """Give the document these tags beside its own, as many as it can have. Returns those that it had not."""
    before = names_of(document)
    known = {key_of(name) for name in before}
    fresh = [name for name in distinct(names) if key_of(name) not in known][: max(0, MOST - len(before))]
    document.tags.add(*(_tag(document, name) for name in fresh))
    return fresh


def _tag(document: Document, name: str) -> Tag:
    """The library's tag of that key. One that no document has any more takes the new spelling."""
    tag, _ = Tag.objects.get_or_create(library_id=document.library_id, key=key_of(name), defaults={"name": name})
    if tag.name != name and not tag.documents.exists():
        tag.name = name
        tag.save(update_fields=["name"])
    return tag
