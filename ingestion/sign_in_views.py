"""The one page to sign in on: password, then the second factor where there is one or has to be one."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from ingestion import half_way, passkeys, second_factor
from ingestion.errors import FactorWrong, NotAllowed, SignInOver

_KEY_STATE = "key_asked"


class SignIn(LoginView):
    """Name and password. Who has a second factor, or must have one, is not signed in by them."""

    redirect_authenticated_user = True

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """With whether the company's own sign-in is there too."""
        return super().get_context_data(company=bool(settings.OIDC["issuer"]), **more)

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, or go on to the second step."""
        user, onward = form.get_user(), self.get_success_url()
        if second_factor.has_factor(user) or user.needs_factor:
            half_way.begin(self.request, user, onward)
            return redirect("second_step" if second_factor.has_factor(user) else "factor_setup")
        login(self.request, user)
        return redirect(onward)


def admin_sign_in(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG001
    """The administration's way to the same page. Raises NotAllowed for who is signed in and may not administer."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise NotAllowed
    return cast("HttpResponse", SignIn.as_view()(request))


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """A code of the app, a recovery code, or a key's answer: then the person is signed in."""
    found = half_way.whose(request)
    if not second_factor.has_factor(found.user):
        raise SignInOver
    if request.method == "GET":
        return _asked(request, found)
    try:
        _prove(request, found)
    except FactorWrong as error:
        return _asked(request, found, error)
    half_way.finish(request, found)
    return redirect(found.onward)


@require_GET
def factor_setup(request: HttpRequest) -> HttpResponse:
    """Which second factor to set up, for who must have one and has none."""
    half_way.setting_up(request)
    return render(request, "registration/factor_setup.html", {"signed_in": request.user.is_authenticated})


def _prove(request: HttpRequest, found: half_way.HalfWay) -> None:
    answer = request.POST.get("credential", "")
    if not answer:
        return second_factor.code_prove(user=found.user, code=request.POST.get("code", ""))
    state = request.session.pop(_KEY_STATE, None)  # each question is answered once
    if state is None:
        raise FactorWrong
    return second_factor.key_prove(user=found.user, request=request, state=state, answer=answer)


def _asked(request: HttpRequest, found: half_way.HalfWay, error: FactorWrong | None = None) -> HttpResponse:
    keys = second_factor.key_credentials(found.user)
    said: dict[str, Any] = {
        "name": found.user.get_username(),
        "error": error and error.texts(),
    }
    if keys:
        asked = passkeys.ask_to_sign(request, known=keys)
        request.session[_KEY_STATE] = asked.state
        said["key_options"] = asked.options
    return render(request, "registration/second_step.html", said, status=error.status if error else 200)
