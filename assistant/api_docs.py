"""The API's description at /api/v1/docs, from files on this machine: nothing is fetched from anywhere else."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema

from assistant.api_schemas import ErrorFacts, ErrorOut
from ingestion.errors import statuses

_SCHEMAS = "#/components/schemas/"
# Swagger UI's own style sheet carries its icons as data: images. Scripts stay as strict as everywhere.
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class DescribedApi(NinjaAPI):
    """An API whose description says of every operation that it may refuse, and in which shape."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description, with the answer of every error's status where an operation does not name it itself."""
        described = super().get_openapi_schema(**options)
        shapes = ErrorOut.model_json_schema(ref_template=_SCHEMAS + "{model}")
        shapes.pop("$defs")
        described["components"]["schemas"] |= {"ErrorOut": shapes, "ErrorFacts": ErrorFacts.model_json_schema()}
        for operations in described["paths"].values():
            for operation in operations.values():
                operation["responses"] = _REFUSALS | operation["responses"]
        return described


def _refusal(status: int) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"{_SCHEMAS}ErrorOut"}}}
    return {"description": HTTPStatus(status).phrase, "content": content}


_REFUSALS = {status: _refusal(status) for status in statuses()}


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
