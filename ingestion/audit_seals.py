"""A daily seal of the audit log: a file outside the database that says how long the log was and how it ended.

The log's rows are chained, so nothing inside it can change unseen; but its end could be cut off. A seal tells: its
last row must still be there, and as many rows before it. Each seal names the one before, and the log names each seal,
so that neither can lose one unseen. Whoever may write both database and data folder can still forge both: copy the
seals to where that person cannot write.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.utils import timezone

from ingestion.audit import broken_links, record
from ingestion.models import AuditEvent

_PATTERN = "????-??-??.json"


@dataclass(frozen=True, slots=True)
class Seal:
    """One file. `rows`: how many there were up to `last_id`; `previous`: the SHA-256 of the seal before."""

    day: str
    sealed_at: str
    rows: int
    last_id: int
    last_digest: str
    previous: str
    sha256: str

    @property
    def path(self) -> Path:
        """Where it lies."""
        return _path(self.day)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a day's seal: `unreadable`, `unchained`, `cut` (its last row is gone), `fewer`, `missing`."""

    day: str
    what: str


def folder() -> Path:
    """Where the seals lie."""
    return Path(settings.DATA_DIR) / "audit"


def seal_if_due() -> bool:
    """Seal the log as it is now, once a day of the site. Whether this call did."""
    day = timezone.localdate().isoformat()
    if _path(day).exists():
        return False
    last = AuditEvent.objects.order_by("-id").first()
    if last is None:
        return False
    before = _newest_before(day)
    facts = {
        "day": day,
        "sealed_at": timezone.now().isoformat(),
        "rows": AuditEvent.objects.filter(id__lte=last.pk).count(),
        "last_id": last.pk,
        "last_digest": last.digest,
        "previous": before.sha256 if before else "",
    }
    if not _written(_path(day), json.dumps(facts, indent=2).encode()):
        return False
    broken = broken_links(after=before.last_id if before else 0)
    made = _read(_path(day))
    sha256 = made.sha256 if made else ""
    record("audit.sealed", day=facts["day"], rows=facts["rows"], seal=sha256, broken=len(broken))
    return True


def flaws() -> list[Flaw]:
    """Where seals and log do not agree. Empty: the end of the log is there, and so is every seal."""
    found: list[Flaw] = []
    seals: dict[str, Seal] = {}
    for path in _files():
        seal = _read(path)
        if seal is None:
            found.append(Flaw(path.stem, "unreadable"))
        else:
            seals[seal.day] = seal
    return [*found, *_unchained(list(seals.values())), *_cut(list(seals.values())), *_missing(seals)]


def seals() -> list[Seal]:
    """The seals that can be read, by day."""
    return [seal for path in _files() if (seal := _read(path))]


def newest() -> Seal | None:
    """The last seal there is."""
    return _newest_before(None)


def _unchained(seals: list[Seal]) -> list[Flaw]:
    return [Flaw(seal.day, "unchained") for before, seal in pairwise(seals) if seal.previous != before.sha256]


def _cut(seals: list[Seal]) -> list[Flaw]:
    ids = [seal.last_id for seal in seals]
    held = dict(AuditEvent.objects.filter(id__in=ids).values_list("id", "digest"))
    cut = [Flaw(seal.day, "cut") for seal in seals if held.get(seal.last_id) != seal.last_digest]
    # The chain tells of rows missing in the middle; one count tells of those missing at the beginning.
    if seals and not cut and AuditEvent.objects.filter(id__lte=seals[-1].last_id).count() != seals[-1].rows:
        return [Flaw(seals[-1].day, "fewer")]
    return cut


def _missing(seals: dict[str, Seal]) -> list[Flaw]:
    """Seals that the log names and that are not there, or are others now."""
    named = AuditEvent.objects.filter(action="audit.sealed").order_by("id").values_list("facts", flat=True)
    known = {seal.sha256 for seal in seals.values()}
    return [Flaw(str(facts.get("day")), "missing") for facts in named if facts.get("seal") not in known]


def _files() -> list[Path]:
    return sorted(folder().glob(_PATTERN))


def _path(day: str) -> Path:
    return folder() / f"{day}.json"


def _newest_before(day: str | None) -> Seal | None:
    for path in reversed(_files()):
        if (day is None or path.stem < day) and (seal := _read(path)):
            return seal
    return None


def _read(path: Path) -> Seal | None:
    try:
        data = path.read_bytes()
        said: dict[str, Any] = json.loads(data)
        return Seal(**said, sha256=hashlib.sha256(data).hexdigest())
    except (OSError, ValueError, TypeError):
        return None


def _written(path: Path, data: bytes) -> bool:
    """Put the file there whole, once: whoever comes second finds it and writes none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".seal-") as draft:
        draft.write(data)
        draft.flush()
        os.fsync(draft.fileno())
        Path(draft.name).chmod(0o400)
        try:
            os.link(draft.name, path)
        except FileExistsError:
            return False
        except OSError:  # a file system without links: a crash while this is written would leave half a seal
            return _written_once(path, data)
    return True


def _written_once(path: Path, data: bytes) -> bool:
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        return False
    path.chmod(0o400)
    return True
