"""Signing in by the company's LDAP server, against a real slapd: passwords, groups in groups, who stays out, TLS."""

import ldap3
import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.test import Client

from ingestion import ldap
from ingestion.access import scope_for
from ingestion.errors import CompanyMisconfigured, CompanyUnreachable
from ingestion.models import CompanyIdentity, DirectoryGroup, User
from tests.factories import make_user
from tests.ldap_server import (
    ADMIN,
    ADMIN_PASSWORD,
    APT_LINE,
    BASE,
    PASSWORD,
    group_dn,
    is_there,
    person_dn,
    slapd_running,
)

pytestmark = [pytest.mark.services, pytest.mark.skipif(not is_there(), reason=APT_LINE)]


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    with slapd_running(tmp_path_factory.mktemp("slapd")) as running:
        yield running


@pytest.fixture(autouse=True)
def directory(settings, company):
    """The server is the company's."""
    settings.LDAP = {
        "address": company.plain,
        "bind_dn": ADMIN,
        "bind_password": ADMIN_PASSWORD,
        "base": BASE,
        "person_filter": "(&(objectClass=person)(|(sAMAccountName={name})(uid={name})))",
        "group_filter": "(|(member={dn})(uniqueMember={dn}))",
    }
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, "ingestion.ldap.LdapSignIn"]


def log_in(client, name="hanako", password=PASSWORD):
    return client.post("/login/", {"username": name, "password": password})


def signed_in(client):
    return "_auth_user_id" in client.session


def test_the_directorys_password_signs_in_and_makes_the_account(client, db):
    log_in(client)
    made = User.objects.get()
    assert (signed_in(client), made.username, made.last_name, made.email) == (
        True,
        "hanako",
        "山田",
        "hanako@example.co.jp",
    )


def test_the_second_time_it_is_the_same_account(client, db):
    for _ in range(2):
        log_in(client)
        client.logout()
    assert (User.objects.count(), CompanyIdentity.objects.count()) == (1, 1)


@pytest.mark.parametrize("password", ["guessed", "", "x" * 5000])
def test_a_wrong_password_signs_nobody_in(client, db, password):
    log_in(client, password=password)
    assert (signed_in(client), User.objects.count()) == (False, 0)


@pytest.mark.parametrize("name", ["nobody", "*", "hanako)(uid=*", "h*", "double", "x" * 5000])
def test_a_name_that_is_no_one_persons_signs_nobody_in(client, db, name):
    log_in(client, name)
    assert (signed_in(client), User.objects.count()) == (False, 0)


def test_guesses_are_slowed_as_everywhere(client, db, settings):
    settings.SIGN_IN_LIMIT = 2
    assert [log_in(client, password="guessed").status_code for _ in range(3)] == [200, 200, 429]


def test_an_account_of_that_name_that_is_there_already_is_not_taken(client, db):
    make_user("hanako", is_superuser=True).set_password("another horse battery")
    User.objects.get().save()
    User.objects.update(password="!")
    assert (log_in(client).status_code, signed_in(client)) == (409, False)


def test_the_directorys_address_links_nobody(client, db, settings):
    settings.OIDC_LINK_EMAIL = True
    make_user("yamada", email="hanako@example.co.jp")
    log_in(client)
    assert CompanyIdentity.objects.get().user.username == "hanako"


def test_a_suspended_person_stays_out(client, db):
    log_in(Client())
    person = User.objects.get()
    person.is_active = False
    person.save()
    assert (log_in(client).status_code, signed_in(client)) == (403, False)


def test_only_the_groups_that_may_enter_do(client, db, settings):
    settings.DIRECTORY_GROUPS = ["Office"]
    assert [(log_in(Client(), name).status_code) for name in ("hanako", "taro")] == [403, 302]


@pytest.fixture
def managed(library):
    """Who reads `library` is in the directory's group "Maintenance", which has the group "Bearings" in it."""
    DirectoryGroup.objects.create(group=Group.objects.get(name="Maintenance"), name="maintenance")


def test_a_group_inside_a_group_opens_the_library(managed, library, client):
    log_in(client)
    assert library.pk in scope_for(User.objects.get(username="hanako")).readable


def test_leaving_it_closes_the_library(managed, library, client, company):
    log_in(Client())
    company.say(group_dn("Bearings"), {"member": [(ldap3.MODIFY_REPLACE, [person_dn("taro")])]})
    try:
        log_in(client)
        assert scope_for(User.objects.get(username="hanako")).readable == frozenset()
    finally:
        company.say(group_dn("Bearings"), {"member": [(ldap3.MODIFY_REPLACE, [person_dn("hanako")])]})


def test_a_ring_of_groups_ends():
    assert ldap.asked(ldap.server(), "hanako", PASSWORD).groups == {"Bearings", "Maintenance", "Plant"}


def test_a_person_of_the_directory_may_have_a_second_factor(client, db):
    log_in(client)
    assert b"factors-title" in client.get("/account/").content


def test_a_password_kept_here_is_tried_here_first(client, admin, settings):
    settings.LDAP = settings.LDAP | {"address": "ldap://127.0.0.1:9"}
    log_in(client, "admin")
    assert signed_in(client)


def test_a_server_that_is_away_is_said_to_be(client, db, settings):
    settings.LDAP = settings.LDAP | {"address": "ldap://127.0.0.1:9"}
    answer = log_in(client)
    assert (answer.status_code, b"company_unreachable" in answer.content) == (503, True)


def test_a_server_that_does_not_know_tenkyo_is_said_to_be(settings):
    settings.LDAP = settings.LDAP | {"bind_password": "guessed"}
    with pytest.raises(CompanyMisconfigured):
        ldap.ping(ldap.server())


def test_over_tls_with_the_companys_certificate(settings, company):
    settings.DIRECTORY_CA_FILE = company.certificate
    settings.LDAP = settings.LDAP | {"address": company.tls}
    assert ldap.asked(ldap.server(), "hanako", PASSWORD)


def test_a_certificate_that_nobody_trusts_is_refused(settings, company):
    settings.LDAP = settings.LDAP | {"address": company.tls}
    with pytest.raises(CompanyUnreachable):
        ldap.ping(ldap.server())


def test_a_certificate_for_another_name_is_refused(settings, company):
    settings.DIRECTORY_CA_FILE = company.certificate
    settings.LDAP = settings.LDAP | {"address": company.tls.replace("127.0.0.1", "localhost")}
    with pytest.raises(CompanyUnreachable):
        ldap.ping(ldap.server())


def test_without_tls_another_machine_is_not_talked_to_in_clear(settings, company, monkeypatch):
    monkeypatch.setattr(ldap, "is_loopback", lambda _host: False)
    settings.DIRECTORY_CA_FILE = None
    with pytest.raises((CompanyUnreachable, CompanyMisconfigured)):
        ldap.ping(ldap.server())


def test_starttls_is_enough(settings, company, monkeypatch):
    monkeypatch.setattr(ldap, "is_loopback", lambda _host: False)
    settings.DIRECTORY_CA_FILE = company.certificate
    assert ldap.asked(ldap.server(), "taro", PASSWORD).groups == {"Office"}


def test_no_password_is_no_sign_in_whatever_the_server_says(db):
    assert authenticate(None, username="hanako", password="") is None
