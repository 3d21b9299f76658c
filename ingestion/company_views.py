"""Signing in at the company's provider: there, back with a code, and out again."""

from hmac import compare_digest
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from ingestion import half_way, oidc
from ingestion.directory import COMPANY_BACKEND, Known, person_known
from ingestion.errors import CompanyRefused, NotFound, SignInOver, TenkyoError, TooManyRequests
from ingestion.limits import MINUTE, REFUSED, address_of, count, wait

log = structlog.get_logger(__name__)
_KEPT = "company"
# Each makes a session row: a whole office may begin its day, a flood may not fill the database.
_A_MINUTE = 600
_NAME_CHARACTERS = 150


@require_GET
def company(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider (`next`: where it wants to go afterwards)."""
    of = _provider()
    if count("company", f"address:{address_of(request)}", MINUTE) > _A_MINUTE:
        REFUSED.labels("company").inc()
        raise TooManyRequests(seconds=wait(MINUTE))
    begun = oidc.begin(of, back=_back(request))
    request.session[_KEPT] = begun.kept | {"onward": _onward(request)}
    return redirect(begun.address)


@require_GET
def company_back(request: HttpRequest) -> HttpResponse:
    """Take what the provider sent the browser back with, and sign the person in."""
    of = _provider()
    kept = request.session.pop(_KEPT, None)  # each sign-in ends once
    if kept is None or not compare_digest(request.GET.get("state", "").encode(), kept["state"].encode()):
        raise SignInOver
    if "error" in request.GET:
        raise CompanyRefused(reason=_word(request.GET["error"]))
    try:
        claims = oidc.finish(of, code=request.GET.get("code", ""), kept=kept, back=_back(request))
        user = person_known(_known(of, claims))
    except TenkyoError as error:
        log.warning("company_sign_in_failed", error=str(error), cause=repr(error.__cause__))
        raise
    login(request, user, backend=COMPANY_BACKEND)
    return redirect(kept["onward"])


class SignOut(LogoutView):
    """Log out here; who came by the company is shown the way out there too. The provider's own session is theirs."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session."""
        of = oidc.provider()
        by_company = of is not None and request.user.is_authenticated and not half_way.by_password(request)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        if of is None or not by_company:
            return answer
        back = request.build_absolute_uri(resolve_url(settings.LOGIN_URL))
        return render(request, "registration/signed_out.html", {"way_out": oidc.way_out(of, back=back)})


def _provider() -> oidc.Provider:
    found = oidc.provider()
    if found is None:
        raise NotFound
    return found


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("company_back"))


def _onward(request: HttpRequest) -> str:
    asked = request.GET.get("next", "")
    here = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=here, require_https=request.is_secure())
    return asked if safe else resolve_url(settings.LOGIN_REDIRECT_URL)


def _known(of: oidc.Provider, claims: dict[str, Any]) -> Known:
    groups = claims.get(of.groups_claim) or []
    if not isinstance(groups, list):
        groups = [groups]
    verified = claims.get("email_verified") is True
    return Known(
        source=of.issuer,
        subject=str(claims["sub"]),
        username=str(claims.get(of.name_claim) or claims["sub"])[:_NAME_CHARACTERS],
        email=str(claims.get("email") or "") if verified else "",
        email_links=verified,
        groups=frozenset(str(one) for one in groups),
        first_name=str(claims.get("given_name") or ""),
        last_name=str(claims.get("family_name") or ""),
    )


def _word(given: str) -> str:
    """The provider's error code, as far as it looks like one: anybody can write the address that it stands in."""
    kept = "".join(letter for letter in given if letter.isascii() and (letter.isalnum() or letter == "_"))
    return kept[:40] or "?"
