"""Whether a revision's pages are drawn today as they were when it was read: only then do boxes of words fit.

Files with pages of their own (PDF, pictures) always are. Others are set on pages by the reader of the day.
"""

from django.db.models import Q

from ingestion.models import Revision, Status
from ingestion.parsing import LAYOUT, OWN_PAGES

_OWN = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
_FIT = (OWN_PAGES, LAYOUT)


def drawn_as_read(revision: Revision) -> bool:
    """Whether its boxes fit the pictures drawn today. Of what was read before this was kept, the name decides."""
    if revision.layout:
        return revision.layout in _FIT
    return revision.pages_total is None or revision.filename.lower().endswith(_OWN)


def drawn_otherwise(path: str = "") -> Q:
    """The same as a filter, of revisions that are ready. `path` leads to them, as in `drawn_otherwise("current__")`."""
    own = Q(**{f"{path}layout__in": _FIT})
    for suffix in _OWN:
        own |= Q(**{f"{path}layout": "", f"{path}filename__iendswith": suffix})
    return Q(**{f"{path}status": Status.READY}) & ~own
