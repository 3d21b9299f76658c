"""Makes the first administrator."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand

from ingestion.audit import record
from ingestion.models import User

NAME = "admin"
_BYTES = 15  # 120 bits, 20 characters


class Command(BaseCommand):
    """`manage.py first_admin`: does nothing where there is an administrator."""

    help = "Make the account `admin` with a random password, printed once, if there is no administrator yet."

    def handle(self, **options: Any) -> None:
        del options
        if User.objects.filter(is_superuser=True).exists():
            self.stdout.write("  There is an administrator. Forgotten password: manage.py changepassword USERNAME")
            return
        password = secrets.token_urlsafe(_BYTES)
        user = User.objects.create_superuser(NAME, password=password)
        record("admin.create", subject=f"user:{user.pk}")
        self.stdout.write(
            f"  Account: {NAME}\n  Password: {password}\n  It is shown only now; only its hash is stored."
        )
