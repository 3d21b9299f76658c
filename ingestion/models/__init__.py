"""The vault's rows. PostgreSQL (or SQLite) is the truth; the vector index is a projection of it."""

from ingestion.models.audit import AuditEvent
from ingestion.models.documents import (
    ACTIVE,
    UNSURE_BELOW,
    Document,
    DocumentLanguage,
    DocumentState,
    Library,
    Page,
    PageStatus,
    Revision,
    Status,
    Tag,
)
from ingestion.models.folders import FolderFile, Removed, WatchedFolder
from ingestion.models.index import Chunk, ChunkVector, IndexBuild
from ingestion.models.keys import ApiToken, UserSession
from ingestion.models.people import User
from ingestion.models.runs import IngestionRun
from ingestion.models.uploads import PartialUpload

__all__ = [
    "ACTIVE",
    "UNSURE_BELOW",
    "ApiToken",
    "AuditEvent",
    "Chunk",
    "ChunkVector",
    "Document",
    "DocumentLanguage",
    "DocumentState",
    "FolderFile",
    "IndexBuild",
    "IngestionRun",
    "Library",
    "Page",
    "PageStatus",
    "PartialUpload",
    "Removed",
    "Revision",
    "Status",
    "Tag",
    "User",
    "UserSession",
    "WatchedFolder",
]
