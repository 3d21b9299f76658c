"""What the company's directory says: who a person is there, and which groups it manages here."""

from typing import ClassVar

from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ingestion.models.people import User


class CompanyIdentity(models.Model):
    """Whom the directory means by an id of its own. Names and e-mail addresses change hands; this does not."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identities", verbose_name=_("user"))
    source = models.CharField(
        _("directory"), max_length=255, help_text=_("The issuer's address as in OIDC_ISSUER, or `ldap`.")
    )
    subject = models.CharField(_("id in the directory"), max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), default=timezone.now)

    class Meta:
        verbose_name = _("company identity")
        verbose_name_plural = _("company identities")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "subject"], name="company_identity_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.subject}"


class DirectoryGroup(models.Model):
    """A group whose members the directory decides. Groups without such a row are never touched by it."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="directory", verbose_name=_("group"))
    name = models.CharField(
        _("name in the directory"),
        max_length=255,
        help_text=_("As the directory tells it; capital letters do not matter."),
    )

    class Meta:
        verbose_name = _("directory group")
        verbose_name_plural = _("directory groups")

    def __str__(self) -> str:
        return self.name
