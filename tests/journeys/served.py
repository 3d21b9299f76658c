"""Runs the product in a process of its own, `manage.py serve`, with people who can log in."""

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.contrib.auth.models import Group  # noqa: E402
from django.core.management import call_command  # noqa: E402

from ingestion.models import User  # noqa: E402
from tests.journeys.people import PASSWORD  # noqa: E402


def people():
    """An administrator, an auditor, a person who may read nothing, and two who take a second factor."""
    User.objects.create_superuser("admin", password=PASSWORD)
    for name in ("stranger", "careful", "keyed"):
        User.objects.create_user(name, password=PASSWORD)
    User.objects.create_user("auditor", password=PASSWORD).groups.add(Group.objects.get(name="Auditors"))


if __name__ == "__main__":
    call_command("migrate", interactive=False, verbosity=0)
    people()
    call_command("serve")
