"""The administration's page on which somebody else's second factor is reset, with the reason that is kept."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ingestion.admin_scope import BoundedSearch
from ingestion.errors import TenkyoError
from ingestion.models import User
from ingestion.second_factor import REASON_CHARACTERS, factor_reset
from ingestion.web import person


class ResetForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_CHARACTERS,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text=gettext_lazy("How the person proved who they are. It is kept in the audit trail."),
    )


class Resetting(BoundedSearch):
    """Beside a person: the page that resets their second factor."""

    change_form_template = "admin/ingestion/user/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """With the page."""
        view = self.admin_site.admin_view(self.reset_factor)
        return [path("<int:user_id>/second-factor/", view, name="ingestion_factor_reset"), *super().get_urls()]

    def reset_factor(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Ask why, then reset."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        user = get_object_or_404(User, pk=user_id)
        form = ResetForm(request.POST or None)
        if form.is_valid():
            try:
                factor_reset(by=person(request), user=user, reason=form.cleaned_data["reason"])
            except TenkyoError as error:
                form.add_error(None, " ".join(error.texts()))
            else:
                said = _("The second factor of %(name)s was reset. Their sessions ended.") % {"name": user}
                messages.success(request, said)
                return redirect("admin:ingestion_user_change", user.pk)
        return render(request, "admin/ingestion/user/factor_reset.html", self._said(request, user, form))

    def _said(self, request: HttpRequest, user: User, form: ResetForm) -> dict[str, Any]:
        title = _("Reset the second factor")
        return {
            **admin.site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "who": user,
            "factors": user.factors.all(),
        }
