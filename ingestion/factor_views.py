"""A person's own second factors: an app or a key is set up, one is removed, recovery codes are made anew.

Whoever is signed in gives the password once more: a browser left open must not lock its person out.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ingestion import half_way, passkeys, second_factor, totp
from ingestion.access import as_uuid
from ingestion.errors import FactorWrong, NotFound, PasswordWrong, TenkyoError
from ingestion.models import User
from ingestion.sign_in import password_holds
from ingestion.web import person

_SECRET, _STATE = "factor_secret", "factor_state"


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def factor_app(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: the secret as a picture and as text, and a code that shows it was taken."""
    user, found = _who(request)
    secret = totp.unsealed(request.session.get(_SECRET, "")) or totp.new_secret()
    request.session[_SECRET] = totp.sealed(secret)

    def take(name: str) -> list[str]:
        return second_factor.app_add(user=user, secret=secret, code=request.POST.get("code", ""), name=name)

    done = _tried(request, user, found, take)
    if isinstance(done, HttpResponse):
        return done
    groups = [secret[begin : begin + 4] for begin in range(0, len(secret), 4)]
    return _page(request, "app", done, picture=totp.picture(secret, user.get_username()), secret=" ".join(groups))


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def factor_key(request: HttpRequest) -> HttpResponse:
    """Set up a passkey or security key."""
    user, found = _who(request)

    def take(name: str) -> list[str]:
        state = request.session.pop(_STATE, None)  # each question is answered once
        if state is None:
            raise FactorWrong
        key = passkeys.made(request, state, request.POST.get("credential", ""))
        return second_factor.key_add(user=user, key=key, name=name)

    done = _tried(request, user, found, take)
    if isinstance(done, HttpResponse):
        return done
    handle = salted_hmac("tenkyo.key_handle", str(user.pk), algorithm="sha256").digest()
    known = second_factor.key_credentials(user)
    asked = passkeys.ask_to_make(request, handle=handle, name=user.get_username(), known=known)
    request.session[_STATE] = asked.state
    return _page(request, "key", done, key_options=asked.options)


@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def factor_remove(request: HttpRequest) -> HttpResponse:
    """Remove one (`factor`: its id), after the password."""
    user = _signed_in(request)
    given = request.POST.get("factor") or request.GET.get("factor", "")
    factor = user.factors.filter(pk=as_uuid(given)).first()
    if factor is None:
        raise NotFound
    error = None
    if request.method == "POST":
        try:
            _confirm(request, user)
            second_factor.factor_remove(user=user, factor_id=given)
        except TenkyoError as refused:
            error = refused
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("The second factor was removed."))
            return redirect("account")
    return _page(request, "remove", error, factor=factor)


@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def factor_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, after the password; those from before hold no more."""
    user = _signed_in(request)
    if not user.factors.exists():
        raise NotFound
    error = None
    if request.method == "POST":
        try:
            _confirm(request, user)
        except TenkyoError as refused:
            error = refused
        else:
            return _codes(request, second_factor.codes_renew(user=user), reverse("account"))
    return _page(request, "codes", error)


def _who(request: HttpRequest) -> tuple[User, half_way.HalfWay | None]:
    user, found = half_way.setting_up(request)
    return (user, found) if found is not None else (_signed_in(request), None)


def _signed_in(request: HttpRequest) -> User:
    if not second_factor.is_offered() or not half_way.by_password(request):
        raise NotFound
    return person(request)


def _tried(
    request: HttpRequest, user: User, found: half_way.HalfWay | None, take: Callable[[str], list[str]]
) -> HttpResponse | TenkyoError | None:
    """What a form brings: where it leads, or why it was refused. None where nothing was sent yet."""
    if request.method != "POST":
        return None
    try:
        return _taken(request, user, found, take)
    except TenkyoError as refused:
        return refused


def _taken(
    request: HttpRequest, user: User, found: half_way.HalfWay | None, take: Callable[[str], list[str]]
) -> HttpResponse:
    """Take the factor; where it is the first, show the recovery codes, this once."""
    if found is None:
        _confirm(request, user)
    codes = take(request.POST.get("name", ""))
    for key in (_SECRET, _STATE):
        request.session.pop(key, None)
    if found is None:
        update_session_auth_hash(request, user)
    else:
        half_way.finish(request, found)
    if codes:
        return _codes(request, codes, found.onward if found else reverse("account"))
    messages.success(request, _("The second factor was set up."))
    return redirect("account")


def _confirm(request: HttpRequest, user: User) -> None:
    if not password_holds(request, user, request.POST.get("password", "")):
        raise PasswordWrong


def _codes(request: HttpRequest, codes: list[str], onward: str) -> HttpResponse:
    return render(request, "registration/factor_codes.html", {"codes": codes, "onward": onward})


def _page(request: HttpRequest, which: str, error: TenkyoError | None, **said: Any) -> HttpResponse:
    told = {"error": error and error.texts(), "signed_in": request.user.is_authenticated, **said}
    return render(request, f"registration/factor_{which}.html", told, status=error.status if error else 200)
