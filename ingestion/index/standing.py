"""Whether the index holds what people ask about: a database that was brought back without it is not found in it."""

from django.db.models import Exists, F, OuterRef

from ingestion.errors import IndexOutdated
from ingestion.index import VectorIndex
from ingestion.models import Chunk, ChunkVector, Status
from ingestion.searched import look


def require_current(index: VectorIndex) -> None:
    """Return where every ready document is in the index that is searched. Raises IndexOutdated.

    A document's first chunk stands for it: vectors of a revision are all there before it is answered from.
    """
    model = look()
    ready = Chunk.objects.filter(ordinal=0, revision__document__current=F("revision"), revision__status=Status.READY)
    vectors = ChunkVector.objects.filter(build__model=model, content_hash=OuterRef("content_hash"))
    missing = (ready.exclude(Exists(vectors)) if index.count() else ready).count()
    if missing:
        raise IndexOutdated(documents=missing, model=model)
