"""Rows and files for tests, made the way the product makes them."""

from io import BytesIO

from assistant.dictionary_entries import entry_add
from assistant.models import DictionaryEntry
from ingestion import services
from ingestion.access import scope_for
from ingestion.models import Library, Page, User

PAGES = (
    "The pump P-101 needs oil every 500 h.",
    "吸込ストレーナーの清掃は毎月行う。",
    "Torque of the cover bolts: 45 N·m.",
)


def make_user(name: str = "owner", **fields) -> User:
    return User.objects.create_user(name, password="correct horse battery", **fields)


def make_library(name: str = "Pumps", *, owner: User | None = None) -> Library:
    library = Library.objects.create(name=name)
    if owner is not None:
        library.owners.add(owner)
    return library


def text_file(*pages: str) -> bytes:
    """A plain text file; a form feed begins a page."""
    return "\f".join(pages or PAGES).encode()


def upload(user: User, library: Library, data: bytes | None = None, *, filename: str = "pump manual.txt"):
    """Take a file in as this person; returns services.Added."""
    content = text_file() if data is None else data
    return services.document_add(
        user=user,
        scope=scope_for(user),
        library_id=library.id,
        file=BytesIO(content),
        filename=filename,
        size=len(content),
    )


def replace(user: User, document, data: bytes, *, filename: str = "pump manual.txt"):
    """Take a file in as a new revision; returns services.Added."""
    return services.document_replace(
        user=user,
        scope=scope_for(user),
        document_id=document.id,
        file=BytesIO(data),
        filename=filename,
        size=len(data),
    )


def make_page(revision, number: int = 1, text: str = PAGES[0], **fields) -> Page:
    return Page.objects.create(revision=revision, number=number, text=text, width=595, height=842, **fields)


def make_entry(library: Library, *words: str, note: str = "") -> DictionaryEntry:
    """An entry of the library's dictionary, added by its owner."""
    owner = library.owners.get()
    return entry_add(user=owner, scope=scope_for(owner), library_id=library.pk, words=words, note=note)
