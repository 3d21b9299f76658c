"""A person's own sessions and API tokens: where they are signed in, which programs act for them, and how it ends."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from ingestion import half_way, second_factor, sessions, tokens
from ingestion.access import scope_for
from ingestion.audit import record
from ingestion.errors import TenkyoError, TooManyRequests
from ingestion.forms import TokenForm
from ingestion.limits import count, give_back, wait
from ingestion.sign_in import WINDOW
from ingestion.web import person


class PasswordChange(PasswordChangeView):
    """A new password, for who knows the old one: guessing that, in a browser left open, fails slowly too. Audited."""

    success_url = reverse_lazy("libraries")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Count the try before the old password is looked at. Raises TooManyRequests."""
        if count(*_tries(request)) > settings.SIGN_IN_LIMIT:
            raise TooManyRequests(seconds=wait(WINDOW))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it: every other session ends by that."""
        give_back(*_tries(self.request))
        answer = super().form_valid(form)
        record("user.password_changed", actor=person(self.request), subject=f"user:{self.request.user.pk}")
        messages.success(self.request, _("The password was changed. Your other sessions have ended."))
        return answer


@login_required
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """The person's sessions and tokens, and the form for a new token."""
    return _page(request, TokenForm(scope_for(person(request))))


@login_required
@require_POST
def session_end(request: HttpRequest) -> HttpResponse:
    """End one session (`session`: its id), or all but this one (`others`)."""
    if request.POST.get("others"):
        count = sessions.sessions_end_others(user=person(request), here=request.session.session_key)
        said = ngettext("%(n)s other session was ended.", "%(n)s other sessions were ended.", count) % {"n": count}
        messages.success(request, said)
    else:
        sessions.session_end(user=person(request), session_id=request.POST.get("session", ""))
        messages.success(request, _("The session was ended."))
    return redirect("account")


@login_required
@require_POST
def token_make(request: HttpRequest) -> HttpResponse:
    """Make a token; the page that answers is the only one that shows it."""
    scope = scope_for(person(request))
    form = TokenForm(scope, request.POST)
    if not form.is_valid():
        return _page(request, form)
    said = form.cleaned_data
    chosen = said["libraries"] if said["reach"] == "chosen" else None
    try:
        made = tokens.token_make(
            user=person(request), scope=scope, name=said["name"], library_ids=chosen, expires_on=said["expires_on"]
        )
    except TenkyoError as error:
        form.add_error(None, " ".join(error.texts()))
        return _page(request, form)
    return _page(request, TokenForm(scope), made=made)


@login_required
@require_POST
def token_withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw a token (`token`: its number)."""
    tokens.token_withdraw(user=person(request), token_id=request.POST.get("token", ""))
    messages.success(request, _("The token was withdrawn. Programs that use it are refused from now on."))
    return redirect("account")


def _tries(request: HttpRequest) -> tuple[str, str, int]:
    return "password", f"user:{request.user.pk}", WINDOW


def _page(request: HttpRequest, form: TokenForm, made: str = "") -> HttpResponse:
    readable = scope_for(person(request)).readable
    rows = [
        {"token": token, "libraries": [one for one in token.libraries.all() if one.pk in readable]}
        for token in tokens.tokens_of(person(request))
    ]
    said = {
        "sessions": sessions.sessions_of(person(request), request.session.session_key),
        "tokens": rows,
        "form": form,
        "made": made,
        "factors_offered": second_factor.is_offered() and half_way.by_password(request),
        "factors": person(request).factors.all(),
        "codes_left": person(request).recovery_codes.count(),
    }
    return render(request, "ingestion/account.html", said)
