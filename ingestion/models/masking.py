"""Personal data: its kinds, what a library masks of them, what was masked, and what only looks like it."""

from typing import ClassVar

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from ingestion.models.documents import Library, Page
from ingestion.models.people import User


class PersonalData(models.TextChoices):
    """The kinds of personal data that are found. The values are the API's."""

    NAME = "name", _("names")
    ADDRESS = "address", _("addresses")
    PHONE = "phone", _("phone numbers")
    EMAIL = "email", _("e-mail addresses")
    MY_NUMBER = "my_number", _("individual numbers (My Number)")
    ACCOUNT = "account", _("bank accounts")
    CARD = "card", _("payment cards")
    LICENCE = "licence", _("driving licences")
    PASSPORT = "passport", _("passports")
    VEHICLE = "vehicle", _("vehicle registrations")
    BIRTH_DATE = "birth_date", _("dates of birth")
    EMPLOYEE = "employee", _("employee numbers")


class MaskingPolicy(models.Model):
    """What one library masks. A library without a row masks nothing."""

    library = models.OneToOneField(Library, on_delete=models.CASCADE, primary_key=True, related_name="masking")
    kinds = models.JSONField(_("what is masked"), default=list, help_text="Values of PersonalData.")
    questions_searched = models.BooleanField(
        _("personal data in questions is searched for"),
        default=True,
        help_text=_("It is masked in what is kept of a question either way."),
    )
    revealers = models.ManyToManyField(
        Group, verbose_name=_("groups that may see what is masked"), blank=True, related_name="+"
    )
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("masking of personal data")
        verbose_name_plural = _("masking of personal data")

    def __str__(self) -> str:
        return ", ".join(self.kinds)


class MaskingException(models.Model):
    """Words that an owner says are no personal data of this kind in this library, compared by `key`."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="masking_exceptions")
    kind = models.CharField(max_length=12, choices=PersonalData.choices)
    text = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    added_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("exception from masking")
        verbose_name_plural = _("exceptions from masking")
        ordering: ClassVar[list[str]] = ["kind", "text"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["library", "kind", "key"], name="masking_exception_once")
        ]

    def __str__(self) -> str:
        return self.text


class MaskedSpan(models.Model):
    """What stood at [start, end) of a page's text before it was masked. Nothing but a reveal reads it."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="masked_spans")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=PersonalData.choices)
    text = models.TextField()

    class Meta:
        verbose_name = _("masked span")
        verbose_name_plural = _("masked spans")
        ordering: ClassVar[list[str]] = ["page", "start"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["page", "start"], name="masked_span_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start}-{self.end}"
