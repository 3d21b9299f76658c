"""What may be said of a document, for each place it can stand today."""

from dataclasses import asdict
from datetime import timedelta

from ingestion.lifecycle import Lifecycle, Standing, today
from ingestion.models import Document, DocumentState


def lifecycle(standing: Standing) -> Lifecycle:
    day = timedelta(days=1)
    return {
        Standing.DRAFT: Lifecycle(state=DocumentState.DRAFT),
        Standing.UPCOMING: Lifecycle(effective_from=today() + day),
        Standing.EFFECTIVE: Lifecycle(effective_from=today(), effective_until=today()),
        Standing.EXPIRED: Lifecycle(effective_until=today() - day),
        Standing.WITHDRAWN: Lifecycle(state=DocumentState.WITHDRAWN, withdrawn_on=today() - day),
    }[standing]


def put(document: Document, standing: Standing) -> Document:
    """The document as it stands so, without a service."""
    Document.objects.filter(pk=document.pk).update(**asdict(lifecycle(standing)))
    document.refresh_from_db()
    return document


OUT_OF_FORCE = [one for one in Standing if one != Standing.EFFECTIVE]
