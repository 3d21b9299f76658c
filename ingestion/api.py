"""The HTTP API of libraries, documents and pages."""

from ninja import Router

router = Router(tags=["documents"])
