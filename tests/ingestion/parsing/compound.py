"""OLE containers and Outlook messages, put together here."""

import struct
from dataclasses import dataclass

SECTOR, SMALL, CUTOFF = 512, 64, 4096
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


@dataclass
class Entry:
    """A line of the container's directory: 1 is a storage, 2 a stream, 5 the root."""

    name: str
    kind: int
    data: bytes = b""
    child: int = FREE
    right: int = FREE
    start: int = END
    size: int = 0


def compound(tree):
    """A container of these streams (names to bytes) and storages (names to such trees)."""
    entries = [Entry("Root Entry", 5)]
    _enter(tree, entries, entries[0])
    minifat, large = [], []
    ministream = b"".join(_small(entry, minifat) if len(entry.data) < CUTOFF else b"" for entry in entries)
    large = [entry for entry in entries if len(entry.data) >= CUTOFF]
    parts = [struct.pack(f"<{len(minifat)}I", *minifat), ministream, *(entry.data for entry in large)]
    counts = [-(-len(entries) * 128 // SECTOR), *(-(-len(part) // SECTOR) for part in parts)]
    fat, starts = _chained(counts)
    for entry, start in zip(large, starts[3:], strict=True):
        entry.start, entry.size = start, len(entry.data)
    entries[0].start, entries[0].size = starts[2], len(ministream)
    tables = len(fat) * 4 // SECTOR
    head = struct.pack("<8s16x5H6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, tables, starts[0], 0, CUTOFF, starts[1], counts[1], END, 0)
    head += struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))
    return head + b"".join(map(_whole, [struct.pack(f"<{len(fat)}I", *fat), b"".join(map(_line, entries)), *parts]))


def _enter(tree, entries, parent):
    """The children of a storage hang on each other by their right sides."""
    above = None
    for name, content in tree.items():
        stream = isinstance(content, bytes)
        entry = Entry(name, 2 if stream else 1, content if stream else b"")
        if above is None:
            parent.child = len(entries)
        else:
            above.right = len(entries)
        entries.append(entry)
        above = entry
        if not stream:
            _enter(content, entries, entry)


def _small(entry, minifat):
    """What a small stream adds to the stream of small ones."""
    if not entry.data:
        return b""
    count = -(-len(entry.data) // SMALL)
    entry.start, entry.size = len(minifat), len(entry.data)
    minifat.extend([*range(entry.start + 1, entry.start + count), END])
    return entry.data.ljust(count * SMALL, b"\0")


def _chained(counts):
    """The table of sectors for parts of so many sectors each, after its own; and where each part begins."""
    tables = -(-sum(counts) // (SECTOR // 4 - 1))
    fat, starts = [FAT] * tables, []
    for count in counts:
        starts.append(len(fat) if count else END)
        fat.extend([*range(len(fat) + 1, len(fat) + count), END] if count else [])
    return [*fat, *[FREE] * (tables * SECTOR // 4 - len(fat))], starts


def _whole(part):
    return part.ljust(-(-len(part) // SECTOR) * SECTOR, b"\0")


def _line(entry):
    name = entry.name.encode("utf-16-le") + b"\0\0"
    links = (FREE, entry.right, entry.child)
    return struct.pack("<64sHBB3I36xIQ", name, len(name), entry.kind, 1, *links, entry.start, entry.size)


def outlook(*, header=32, numbers=(), attachments=(), **texts):
    """The streams of a message; texts by the numbers of their properties, as str, or bytes for what is binary."""
    rows = b"".join(struct.pack("<HHI8s", kind, tag, 6, value.to_bytes(8, "little")) for tag, kind, value in numbers)
    tree = {"__properties_version1.0": bytes(header) + rows, **streams(texts)}
    for number, attachment in enumerate(attachments):
        tree[f"__attach_version1.0_#{number:08X}"] = {"__properties_version1.0": bytes(8), **attachment}
    return tree


def streams(texts):
    """Names like p0037 to their streams."""
    return {
        f"__substg1.0_{name[1:]}{'0102' if isinstance(text, bytes) else '001F'}": text
        if isinstance(text, bytes)
        else text.encode("utf-16-le")
        for name, text in texts.items()
    }


def attached(name, data):
    return streams({"p3707": name, "p3701": data})
