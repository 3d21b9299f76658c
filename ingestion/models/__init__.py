"""The vault's rows. PostgreSQL (or SQLite) is the truth; the vector index is a projection of it."""

from ingestion.models.audit import AuditEvent
from ingestion.models.company import CompanyIdentity, DirectoryGroup
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
from ingestion.models.factors import FactorKind, RecoveryCode, SecondFactor
from ingestion.models.folders import FolderFile, Removed, WatchedFolder
from ingestion.models.index import Chunk, ChunkVector, IndexBuild
from ingestion.models.keys import ApiToken, UserSession
from ingestion.models.masking import MaskedSpan, MaskingException, MaskingPolicy, PersonalData
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
    "CompanyIdentity",
    "DirectoryGroup",
    "Document",
    "DocumentLanguage",
    "DocumentState",
    "FactorKind",
    "FolderFile",
    "IndexBuild",
    "IngestionRun",
    "Library",
    "MaskedSpan",
    "MaskingException",
    "MaskingPolicy",
    "Page",
    "PageStatus",
    "PartialUpload",
    "PersonalData",
    "RecoveryCode",
    "Removed",
    "Revision",
    "SecondFactor",
    "Status",
    "Tag",
    "User",
    "UserSession",
    "WatchedFolder",
]
