"""People."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from ingestion.models.keys import ApiToken


class User(AbstractUser):
    """A person. The custom model exists from the first migration because it cannot be added later."""

    language = models.CharField(
        _("language"), max_length=5, blank=True, choices=[("ja", "日本語"), ("en", "English")], default=""
    )
    # Not a column: the API token this request came with. `scope_for` narrows by it, so every door does.
    token: "ApiToken | None" = None
