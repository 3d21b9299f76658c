"""Forms of the vault's pages. Files do not pass through them: scripts send them to the HTTP API."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ingestion import tags
from ingestion.access import TOKEN_DAYS, Scope
from ingestion.audit_trail import Wanted
from ingestion.audit_words import action_choices
from ingestion.describing import Change
from ingestion.description import PLAIN, Description
from ingestion.lifecycle import Lifecycle
from ingestion.models import Document, DocumentLanguage, DocumentState, Library, MaskingPolicy, PersonalData
from ingestion.tokens import NAME_CHARACTERS


def _day() -> forms.DateInput:
    """The browser's own date field takes and gives ISO dates, whatever the language of the page."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


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


class MaskingForm(forms.Form):
    """What a library masks, what becomes of questions, and who may see what is masked."""

    kinds = forms.MultipleChoiceField(
        label=_("What is masked"), choices=PersonalData.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    questions_searched = forms.ChoiceField(
        label=_("Personal data in questions"),
        choices=[
            ("yes", _("is searched for; what is kept of the question is masked")),
            ("no", _("is masked before anything is searched")),
        ],
        required=False,
    )
    revealers = forms.ModelMultipleChoiceField(
        label=_("Groups that may see what is masked, beside the owners"),
        queryset=Group.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, scope: Scope, library: Library, data: Any = None) -> None:
        """Begin with what the library does today; offer the groups that may read it."""
        self._policy = MaskingPolicy.objects.filter(library=library).first()
        searched = "yes" if self._policy is None or self._policy.questions_searched else "no"
        allowed = self._policy.revealers.all() if self._policy else Group.objects.none()
        kinds = self._policy.kinds if self._policy else []
        super().__init__(data, initial={"kinds": kinds, "questions_searched": searched, "revealers": allowed})
        offered = self.fields["revealers"]
        assert isinstance(offered, forms.ModelMultipleChoiceField)
        # A token for one library, too, offers what belongs to that one.
        offered.queryset = library.readers.all() if library.pk in scope.owned else Group.objects.none()

    def clean_questions_searched(self) -> bool:
        """Left out: searched for."""
        return bool(self.cleaned_data["questions_searched"] != "no")

    def chosen(self) -> list[str]:
        """The kinds that are masked today, in words."""
        kinds = self._policy.kinds if self._policy else []
        return [str(kind.label) for kind in PersonalData if kind in kinds]


class LifecycleForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    """Whether and when a document is effective. The service decides whether the days make sense."""

    class Meta:
        model = Document
        fields = ("state", "effective_from", "effective_until", "withdrawn_on")
        widgets = {  # noqa: RUF012  Django's way of configuration
            name: _day() for name in ("effective_from", "effective_until", "withdrawn_on")
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


def _texts(**more: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", **more})


class DescriptionForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    """What a document is about. Tags are typed as a list; the service makes of it what is kept."""

    tag_names = forms.CharField(
        label=_("Tags"), required=False, max_length=20_000, widget=_texts(), help_text=_("Several: parted by commas.")
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("as it was found to be")), *DocumentLanguage.choices]
    )

    class Meta:
        model = Document
        fields = ("responsible", "department", "product", "language")

    field_order = ("tag_names", "responsible", "department", "product", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With the document's tags as a list."""
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.library_id:
            self.initial["tag_names"] = ", ".join(tags.names_of(self.instance))

    def described(self) -> Description:
        """What the person said, of a valid form."""
        plain = {name: self.cleaned_data[name] for name in PLAIN}
        return Description(tuple(tags.listed(self.cleaned_data["tag_names"])), **plain)


class ChangeForm(forms.Form):
    """What becomes different of all chosen documents: only fields whose box is ticked, empty ones are cleared."""

    add = forms.CharField(label=_("Add tags"), required=False, max_length=2000, widget=_texts())
    remove = forms.CharField(label=_("Remove tags"), required=False, max_length=2000, widget=_texts())
    responsible = forms.CharField(label=_("Responsible person"), required=False, max_length=200, widget=_texts())
    department = forms.CharField(label=_("Department"), required=False, max_length=200, widget=_texts())
    product = forms.CharField(label=_("Product"), required=False, max_length=200, widget=_texts())
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("as it was found to be")), *DocumentLanguage.choices]
    )
    effective_from = forms.DateField(label=_("Effective from"), required=False, widget=_day())
    effective_until = forms.DateField(label=_("Effective until"), required=False, widget=_day())

    TICKED = (*PLAIN, "effective_from", "effective_until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With a box beside each field that replaces a value: empty may mean "leave" and "clear"."""
        super().__init__(*args, **kwargs)
        for name in self.TICKED:
            self.fields[f"set_{name}"] = forms.BooleanField(required=False)

    def rows(self) -> list[tuple[Any, Any]]:
        """Each field with its box, or none."""
        return [(self[name], self[f"set_{name}"] if name in self.TICKED else None) for name in self.declared_fields]

    def change(self) -> Change:
        """What the person chose, of a valid form."""
        said = {name: self.cleaned_data[name] for name in self.TICKED if self.cleaned_data[f"set_{name}"]}
        added, removed = (tuple(tags.listed(self.cleaned_data[name])) for name in ("add", "remove"))
        return Change(added, removed, said)


class TokenForm(forms.Form):
    """A new token. Whether its libraries may be read the service decides."""

    name = forms.CharField(label=_("What it is for"), max_length=NAME_CHARACTERS)
    reach = forms.ChoiceField(
        label=_("Reads and changes"),
        choices=[
            ("all", _("all libraries that I may read")),
            ("chosen", _("only the libraries chosen here")),
        ],
        widget=forms.RadioSelect,
        initial="chosen",
    )
    libraries = forms.MultipleChoiceField(label=_("Libraries"), required=False, widget=forms.CheckboxSelectMultiple)
    expires_on = forms.DateField(label=_("Last day"), widget=_day())

    def __init__(self, scope: Scope, data: Any = None) -> None:
        """Offer what this scope may read."""
        last = timezone.localdate() + timedelta(days=TOKEN_DAYS)
        super().__init__(data, initial={"expires_on": last, "reach": "chosen"})
        offered = self.fields["libraries"]
        assert isinstance(offered, forms.MultipleChoiceField)
        offered.choices = [(str(library.pk), library.name) for library in scope.libraries()]


class AuditForm(forms.Form):
    """What an auditor looks for; every field may be empty."""

    person = forms.CharField(label=_("Person"), required=False, max_length=150)
    action = forms.ChoiceField(label=_("Action"), required=False)
    subject = forms.CharField(label=_("Object (kind or id)"), required=False, max_length=120)
    since = forms.DateField(label=_("From"), required=False, widget=_day())
    until = forms.DateField(label=_("Until"), required=False, widget=_day())
    words = forms.CharField(label=_("Words in the details"), required=False, max_length=200)

    def __init__(self, data: Any = None) -> None:
        """Offer every action there is."""
        super().__init__(data)
        offered = self.fields["action"]
        assert isinstance(offered, forms.ChoiceField)
        offered.choices = [("", gettext("everything")), *action_choices()]

    def wanted(self) -> Wanted:
        """What was chosen, of a valid form."""
        return Wanted(**self.cleaned_data)
