"""Forms of library and document pages. Files do not pass through them: scripts send them to the HTTP API."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ingestion.lifecycle import Lifecycle
from ingestion.models import Document, DocumentState, Library


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


class LifecycleForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    """Whether and when a document is effective. The service decides whether the days make sense."""

    class Meta:
        model = Document
        fields = ("state", "effective_from", "effective_until", "withdrawn_on")
        # The browser's own date field takes and gives ISO dates, whatever the language of the page.
        widgets = {  # noqa: RUF012  Django's way of configuration
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("effective_from", "effective_until", "withdrawn_on")
        }
        help_texts = {  # noqa: RUF012
            "effective_from": _("Empty: at once."),
            "effective_until": _("The last day. Empty: no end."),
            "withdrawn_on": _("For withdrawn documents. Empty: today."),
        }

    def said(self) -> Lifecycle:
        """What the person chose, of a valid form."""
        return Lifecycle(**{**self.cleaned_data, "state": DocumentState(self.cleaned_data["state"])})

    def said_before(self) -> list[tuple[str, str]]:
        """The same as field names and values, to be sent once more."""
        return [(name, str(value)) for name, value in self.cleaned_data.items() if value]
