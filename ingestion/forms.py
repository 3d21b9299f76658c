"""Forms of the library pages. Files do not pass through forms: scripts send them to the HTTP API, with progress."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ingestion.models import Library


class LibraryForm(forms.Form):
    """Name and description of a new library. The service decides whether the name is usable and free."""

    name = forms.CharField(label=_("Name"), max_length=200, strip=True)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ProofForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    """What answers from a library do with sentences that nothing proves."""

    class Meta:
        model = Library
        fields = ("proved_only",)
