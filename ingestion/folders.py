"""What a folder on disk holds, against what it held when it was last looked at. Reads names, sizes and times; no rows.

A folder is often a share of another machine: what cannot be listed now is not taken for deleted.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.errors import FolderMissing

# Files that programs keep for themselves: of Windows, macOS and Office.
_NOT_DOCUMENTS = frozenset({"thumbs.db", "desktop.ini"})
_HIDDEN = (".", "~$")
# A file that changed this short a time ago may still be being copied: the next look takes it.
SETTLED_AFTER_NS = 5_000_000_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A file: its path below the folder (with "/"), size in bytes, last change in nanoseconds."""

    path: str
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Known:
    """A file as it was when it was taken in. `gone`: it was not there at the last look."""

    path: str
    size: int
    modified: int
    sha256: str = ""
    gone: bool = False


@dataclass(slots=True)
class Listing:
    """What the folder holds. `unread`: folders that could not be listed; `refused`: path → code of the error."""

    files: dict[str, Seen] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done. `moved`: (path before, the file now). `writing`: not taken before it has settled."""

    new: tuple[Seen, ...]
    changed: tuple[Seen, ...]
    moved: tuple[tuple[str, Seen], ...]
    back: tuple[Seen, ...]
    gone: tuple[str, ...]
    writing: tuple[Seen, ...]


def look(root: Path) -> Listing:
    """What the folder and those below it hold: neither hidden files nor what links lead to. Raises FolderMissing."""
    listing = Listing()
    if not _walked(root, "", listing):
        raise FolderMissing(path=str(root))
    return listing


def plan(listing: Listing, known: Iterable[Known], digest: Callable[[Seen], str], *, now_ns: int) -> Plan:
    """What changed since the last look. `digest`: the SHA-256 of a file, asked only where one may have moved."""
    before = {one.path: one for one in known}
    settled = {path: seen for path, seen in listing.files.items() if now_ns - seen.modified > SETTLED_AFTER_NS}
    fresh = [seen for path, seen in settled.items() if path not in before]
    left = {path: one for path, one in before.items() if _is_gone(path, one, listing)}
    moved = dict(_moves(fresh, left, digest))
    arrived = {seen.path for seen in moved.values()}
    there = [(settled[path], one) for path, one in before.items() if path in settled]
    return Plan(
        new=tuple(seen for seen in fresh if seen.path not in arrived),
        changed=tuple(seen for seen, one in there if _differs(seen, one)),
        moved=tuple(moved.items()),
        back=tuple(seen for seen, one in there if one.gone and not _differs(seen, one)),
        gone=tuple(path for path in left if path not in moved),
        writing=tuple(
            seen
            for path, seen in listing.files.items()
            if path not in settled and (path not in before or _differs(seen, before[path]))
        ),
    )


def _walked(folder: Path, below: str, listing: Listing) -> bool:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return False
    for entry in entries:
        name, readable = _name(entry.name)
        path = f"{below}{name}"
        if not readable:
            listing.refused[path] = "folder_name"
        elif entry.is_symlink():
            listing.refused[path] = "folder_link"
        elif _is_hidden(name):
            continue
        elif entry.is_dir(follow_symlinks=False):
            if not _walked(folder / entry.name, f"{path}/", listing):
                listing.unread.append(f"{path}/")
        elif entry.is_file(follow_symlinks=False):
            _noted(entry, path, listing)
    return True


def _noted(entry: "os.DirEntry[str]", path: str, listing: Listing) -> None:
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:  # it went away, or the share did, between listing and asking
        listing.unread.append(path)
    else:
        listing.files[path] = Seen(path, facts.st_size, facts.st_mtime_ns)


def _name(name: str) -> tuple[str, bool]:
    """The name as it can be kept and shown, and whether that is the name it has."""
    shown = os.fsencode(name).decode("utf-8", "replace")
    return shown, shown == name


def _is_hidden(name: str) -> bool:
    return name.startswith(_HIDDEN) or name.lower() in _NOT_DOCUMENTS


def _is_gone(path: str, one: Known, listing: Listing) -> bool:
    unknown = any(path.startswith(folder) for folder in listing.unread)
    return not one.gone and not unknown and path not in listing.files and path not in listing.refused


def _differs(seen: Seen, one: Known) -> bool:
    return (seen.size, seen.modified) != (one.size, one.modified)


def _moves(
    fresh: Iterable[Seen], left: Mapping[str, Known], digest: Callable[[Seen], str]
) -> Iterator[tuple[str, Seen]]:
    """(path before, the file now) of files whose bytes are those of one that is not where it was."""
    waiting = {path: one for path, one in left.items() if one.sha256}
    for seen in fresh:
        alike = [path for path, one in waiting.items() if one.size == seen.size]
        sha256 = digest(seen) if alike else ""
        for path in alike:
            if sha256 == waiting[path].sha256:
                del waiting[path]
                yield path, seen
                break
