"""The first administrator."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from ingestion.models import User

pytestmark = pytest.mark.django_db


def printed():
    out = StringIO()
    call_command("first_admin", stdout=out)
    return out.getvalue()


def password_in(text):
    return text.split("Password: ")[1].split()[0]


def test_the_printed_password_opens_the_account():
    assert authenticate(username="admin", password=password_in(printed())).is_superuser


def test_a_second_run_makes_nobody():
    printed()
    printed()
    assert User.objects.count() == 1


def test_a_second_run_shows_no_password():
    printed()
    assert "Password:" not in printed()


def test_the_password_is_not_stored_in_clear():
    assert password_in(printed()) not in User.objects.get().password


def test_two_installations_have_different_passwords():
    first = password_in(printed())
    User.objects.all().delete()
    assert password_in(printed()) != first
