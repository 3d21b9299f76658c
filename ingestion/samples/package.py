"""Office files are zip archives with the time of saving in them: written again with one fixed time."""

import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

SAVED = datetime(2026, 5, 18, 9, 0, 0, tzinfo=UTC)
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def settle(target: Path) -> None:
    """Make the archive's bytes depend on its content alone."""
    with zipfile.ZipFile(target) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, date_time=SAVED.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, _fixed(data) if name == "docProps/core.xml" else data)


def _fixed(core: bytes) -> bytes:
    return _MODIFIED.sub(rb"\g<1>" + SAVED.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<3>", core)
