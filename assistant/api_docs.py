"""The API's description at /api/v1/docs, from files on this machine: nothing is fetched from anywhere else."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger

# Swagger UI's own style sheet carries its icons as data: images. Scripts stay as strict as everywhere.
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class LocalSwagger(Swagger):
    """Swagger UI out of ninja's static files, with no validator badge from the internet."""

    def __init__(self) -> None:
        """`validatorUrl` none: Swagger UI would send the description's address to swagger.io."""
        super().__init__({"validatorUrl": None, "docExpansion": "list", "defaultModelsExpandDepth": 0})

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """The page, under its own Content-Security-Policy."""
        response = super().render_page(request, api, **kwargs)
        response["Content-Security-Policy"] = _POLICY
        return response
