"""What every web page of both rooms shares: errors as pages, sign-in inside a page, the page panel."""

from collections.abc import Mapping
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.defaults import page_not_found

from config.on_the_loop import OnTheLoop
from ingestion.access import Scope
from ingestion.errors import InternalError, NotFound, TenkyoError, TooManyRequests
from ingestion.layouts import drawn_as_read
from ingestion.models import Page, User
from ingestion.revealing import kinds_on, may_download, may_reveal
from ingestion.sessions import is_to_be_noted, note_session


class PageMiddleware(OnTheLoop):
    """Turns a TenkyoError raised by a page into a page (or, for htmx, a notice), and keeps pages out of caches."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The error as the person should see it; None leaves unknown exceptions to Django."""
        if isinstance(exception, NotFound):
            # The same page as for an address that never existed: nobody can tell the two apart.
            return page_not_found(request, Http404())
        if isinstance(exception, TenkyoError):
            return error_page(request, exception)
        return None

    def to_be_saved(self, request: HttpRequest) -> bool:
        """Whether the session's use is to be written down."""
        return is_to_be_noted(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep answers that say nothing else out of caches; send htmx whose session ended to the login page."""
        response.setdefault("Cache-Control", "private, no-store")  # static files never come this far
        note_session(request)
        if request.headers.get("HX-Request") and _leads_to_login(response):
            return HttpResponse(headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
        return response


def person(request: HttpRequest) -> User:
    """Who is at work on a page that only signed-in people reach."""
    assert isinstance(request.user, User)
    return request.user


def error_page(request: HttpRequest, error: TenkyoError) -> HttpResponse:
    """The error's message and hint with its status: a notice for htmx, a whole page otherwise."""
    message, hint = error.texts()
    said = {"message": message, "hint": hint, "code": error.code}
    if not request.headers.get("HX-Request"):
        return waiting(render(request, "error.html", said, status=error.status), error)
    response = render(request, "partials/notice.html", said)
    # htmx drops bodies of 4xx answers; the notice goes to its own place and the page stays as it is.
    response["HX-Retarget"], response["HX-Reswap"] = "#notices", "beforeend"
    return response


def waiting(response: HttpResponse, error: TenkyoError) -> HttpResponse:
    """The response, with Retry-After where the error says how long to wait."""
    if isinstance(error, TooManyRequests):
        response["Retry-After"] = str(error.seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for what nobody foresaw, with the request's id that the log has too."""
    message, hint = InternalError().texts()
    return _bare(request, {"message": message, "hint": hint, "code": InternalError.code})


def page_facts(found: Page, scope: Scope) -> dict[str, object]:
    """What the panel shows of a page: its place among the others, what of it is masked, whether it is superseded."""
    revision = found.revision
    last = revision.pages.order_by("-number").values_list("number", flat=True).first() or found.number
    return {
        "page": found,
        "revision": revision,
        "document": revision.document,
        "last": last,
        "previous": found.number - 1 if found.number > 1 else None,
        "next": found.number + 1 if found.number < last else None,
        "superseded": revision.document.current_id not in (None, revision.pk),
        "drawn_otherwise": not drawn_as_read(revision),
        "masked": kinds_on(found),
        "may_reveal": may_reveal(scope, found),
        "may_download": may_download(scope, revision.document),
    }


def changed(request: HttpRequest, back: str) -> HttpResponse:
    """For htmx an event that makes the lists ask again; without scripts a redirect."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Trigger": "documents-changed"})
    return redirect(back)


def _bare(request: HttpRequest, said: Mapping[str, str]) -> HttpResponse:
    # No context processors: they read the session and the database, which may be what failed.
    from django.template.loader import render_to_string

    page = render_to_string("500.html", {**said, "request_id": getattr(request, "request_id", "")})
    return HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def _leads_to_login(response: HttpResponse) -> bool:
    return response.status_code == HTTPStatus.FOUND and response["Location"].startswith(resolve_url(settings.LOGIN_URL))
