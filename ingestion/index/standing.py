"""Whether the index holds what people ask about: after EMBED_MODEL changes it does not, and searches find nothing."""

from django.conf import settings
from django.db.models import Exists, F, OuterRef

from ingestion.errors import IndexOutdated
from ingestion.index import VectorIndex
from ingestion.models import Chunk, ChunkVector, Status


def require_current(index: VectorIndex) -> None:
    """Return where every ready document is in the index of today's embedding model. Raises IndexOutdated.

    A document's first chunk stands for it: vectors of a revision are all there before it is answered from.
    """
    ready = Chunk.objects.filter(ordinal=0, revision__document__current=F("revision"), revision__status=Status.READY)
    vectors = ChunkVector.objects.filter(build__model=settings.EMBED_MODEL, content_hash=OuterRef("content_hash"))
    missing = (ready.exclude(Exists(vectors)) if index.count() else ready).count()
    if missing:
        raise IndexOutdated(documents=missing, model=settings.EMBED_MODEL)
