"""What a library masks today, as a value; and what it does with questions."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from ingestion.models import MaskingException, MaskingPolicy

# Raised when recognisers find something else: pages are then masked anew with their next run.
RECIPE = "personal-1"


@dataclass(frozen=True, slots=True)
class Policy:
    """Kinds of personal data that are masked, and what is spared of them: kind → keys."""

    kinds: frozenset[str] = frozenset()
    spared: Mapping[str, Collection[str]] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """What is kept on a page that was masked by it; empty where it masks nothing."""
        if not self.kinds:
            return ""
        said = [RECIPE, sorted(self.kinds), {kind: sorted(self.spared.get(kind, ())) for kind in sorted(self.kinds)}]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:32]


def policy_of(library_id: UUID, *, kinds: Collection[str] | None = None) -> Policy:
    """The policy of a library; with `kinds`, what it would be if they were chosen."""
    if kinds is None:
        kinds = MaskingPolicy.objects.filter(library_id=library_id).values_list("kinds", flat=True).first() or []
    if not kinds:
        return Policy()
    spared: dict[str, set[str]] = {}
    for kind, key in MaskingException.objects.filter(library_id=library_id).values_list("kind", "key"):
        spared.setdefault(kind, set()).add(key)
    return Policy(frozenset(kinds), spared)
