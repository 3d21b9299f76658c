"""Signing in by the company, against a real provider in its own process: accounts, links, groups, who stays out."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.contrib.auth.models import Group
from django.test import Client

from ingestion.access import scope_for, token_issue
from ingestion.models import ApiToken, AuditEvent, CompanyIdentity, DirectoryGroup, User
from tests.company_provider import CLIENT, SECRET, provider_running
from tests.factories import make_user

HANAKO = {
    "preferred_username": "hanako",
    "email": "hanako@example.co.jp",
    "email_verified": True,
    "given_name": "花子",
    "family_name": "山田",
    "groups": ["Staff", "maintenance"],
}


@pytest.fixture(scope="module")
def address():
    with provider_running() as running:
        yield running


@pytest.fixture(autouse=True)
def company(settings, address):
    """The provider is the company's, and knows Hanako."""
    settings.OIDC = {
        "issuer": address,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "scopes": "openid profile email",
        "name_claim": "preferred_username",
        "groups_claim": "groups",
    }
    know(address, **HANAKO)
    return address


def know(address, subject="h-1", **claims):
    httpx.put(f"{address}/users/{subject}", json=claims).raise_for_status()


def come_back(client, subject="h-1", onward="", press=None):
    """Go to the provider, sign in there, and come back: the answer, not yet followed."""
    there = client.get("/login/company/", {"next": onward})["Location"]
    back = httpx.post(there, data=press or {"sub": subject})
    return client.get(back.headers["Location"])


def signed_in(client):
    return "_auth_user_id" in client.session


@pytest.fixture
def hanako(db):
    """Hanako's account, made at a first sign-in."""
    come_back(Client())
    return User.objects.get(username="hanako")


def test_the_first_sign_in_makes_the_account(client, db):
    come_back(client)
    made = User.objects.get()
    assert (made.username, made.email, made.last_name, made.has_usable_password()) == (
        "hanako",
        "hanako@example.co.jp",
        "山田",
        False,
    )


def test_the_person_is_signed_in_and_where_they_wanted_to_be(client, db):
    answer = come_back(client, onward="/account/")
    assert (signed_in(client), answer["Location"]) == (True, "/account/")


def test_nobody_is_sent_to_another_site_afterwards(client, db):
    assert come_back(client, onward="//evil.example/")["Location"] == "/"


def test_the_second_sign_in_finds_the_same_account_under_another_name(client, hanako, company):
    know(company, **HANAKO | {"preferred_username": "hanako.sato", "family_name": "佐藤"})
    come_back(client)
    assert [(one.username, one.last_name) for one in User.objects.all()] == [("hanako", "佐藤")]


def test_the_sign_in_page_leads_there(client, db):
    assert 'href="/login/company/' in client.get("/login/").content.decode()


def test_without_a_provider_there_is_no_such_door(client, db, settings):
    settings.OIDC = settings.OIDC | {"issuer": ""}
    said = [client.get(door).status_code for door in ("/login/company/", "/login/company/back/")]
    assert (said, b"/login/company/" in client.get("/login/").content) == ([404, 404], False)


# The way there and back


def test_the_browser_carries_state_nonce_and_challenge_and_no_secret(client, db):
    there = parse_qs(urlsplit(client.get("/login/company/")["Location"]).query)
    assert {"state", "nonce", "code_challenge"} <= set(there)
    assert SECRET not in str(there)


def test_a_code_without_the_browser_that_began_is_refused(client, db):
    there = client.get("/login/company/")["Location"]
    back = httpx.post(there, data={"sub": "h-1"}).headers["Location"]
    assert Client().get(back).status_code == 401


def test_a_code_is_taken_once(client, db):
    there = client.get("/login/company/")["Location"]
    back = httpx.post(there, data={"sub": "h-1"}).headers["Location"]
    client.get(back)
    client.logout()
    assert (client.get(back).status_code, signed_in(client)) == (401, False)


def test_a_code_of_another_sign_in_is_refused_by_its_challenge(client, db):
    client.get("/login/company/")
    other = Client().get("/login/company/")["Location"]
    code = parse_qs(urlsplit(httpx.post(other, data={"sub": "h-1"}).headers["Location"]).query)["code"][0]
    answer = client.get("/login/company/back/", {"code": code, "state": client.session["company"]["state"]})
    assert (answer.status_code, signed_in(client)) == (401, False)


def test_a_person_who_says_no_there_is_told_so(client, db):
    there = client.get("/login/company/")["Location"]
    state = client.session["company"]["state"]
    back = httpx.post(there, data={"action": "deny"}).headers["Location"]
    answer = client.get(f"{back}&state={state}" if "state=" not in back else back)
    assert (answer.status_code, b"company_refused" in answer.content) == (403, True)


@pytest.mark.parametrize(("language", "words"), [("en", "does not answer"), ("ja", "応答がありません")])
def test_a_provider_that_is_away_is_told_in_the_persons_language(client, db, settings, language, words):
    settings.OIDC = settings.OIDC | {"issuer": "http://127.0.0.1:9"}
    answer = client.get("/login/company/", headers={"Accept-Language": language})
    assert (answer.status_code, words in answer.content.decode()) == (503, True)


def test_a_flood_of_beginnings_is_refused(client, db, monkeypatch):
    monkeypatch.setattr("ingestion.company_views._A_MINUTE", 1)
    assert [client.get("/login/company/").status_code for _ in range(2)] == [302, 429]


def test_who_logs_out_is_shown_the_way_out_there_too(client, db, company):
    come_back(client)
    page = client.post("/logout/").content.decode()
    assert (signed_in(client), f"{company}/oauth2/end_session?client_id=tenkyo" in page) == (False, True)


def test_who_came_by_password_is_not(client, reader):
    client.post("/login/", {"username": "reader", "password": "correct horse battery"})
    assert client.post("/logout/").status_code == 302


# Whose account it is


def test_a_name_links_nobody(client, db):
    make_user("hanako")
    assert (come_back(client).status_code, CompanyIdentity.objects.count()) == (409, 0)


@pytest.mark.parametrize("name", ["HANAKO", "Hanako"])
def test_a_name_in_other_letters_is_the_same_name(client, db, name):
    make_user(name)
    assert come_back(client).status_code == 409


def test_an_email_address_links_nobody_unless_the_settings_say_so(client, db):
    make_user("yamada", email="hanako@example.co.jp")
    come_back(client)
    assert CompanyIdentity.objects.get().user.username == "hanako"


@pytest.fixture
def link_email(settings):
    settings.OIDC_LINK_EMAIL = True


def test_a_verified_address_links_where_they_do(client, db, link_email):
    make_user("yamada", email="Hanako@example.co.jp")
    come_back(client)
    assert CompanyIdentity.objects.get().user.username == "yamada"


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_is_not_verified_links_nobody(client, db, link_email, company, verified):
    know(company, **HANAKO | {"email_verified": verified})
    make_user("yamada", email="hanako@example.co.jp")
    come_back(client)
    assert CompanyIdentity.objects.get().user.username == "hanako"


@pytest.mark.parametrize("role", ["is_staff", "is_superuser"])
def test_an_administrator_is_linked_by_no_address(client, db, link_email, role):
    make_user("yamada", email="hanako@example.co.jp", **{role: True})
    come_back(client)
    assert CompanyIdentity.objects.get().user.username == "hanako"


def test_an_address_of_two_people_links_nobody(client, db, link_email):
    for name in ("yamada", "sato"):
        make_user(name, email="hanako@example.co.jp")
    come_back(client)
    assert CompanyIdentity.objects.get().user.username == "hanako"


def test_an_account_of_another_directory_is_linked_by_no_address(client, db, link_email):
    other = make_user("yamada", email="hanako@example.co.jp")
    CompanyIdentity.objects.create(user=other, source="ldap", subject="x")
    come_back(client)
    assert CompanyIdentity.objects.get(subject="h-1").user.username == "hanako"


def test_an_address_that_is_not_verified_is_not_kept(client, db, company):
    know(company, **HANAKO | {"email_verified": False})
    come_back(client)
    assert User.objects.get().email == ""


def test_an_administrator_links_by_hand(client, admin, company):
    yamada = make_user("yamada")
    client.force_login(admin)
    said = {"user": yamada.pk, "source": company, "subject": "h-1"}
    client.post("/admin/ingestion/companyidentity/add/", said)
    come_back(client)
    assert client.session["_auth_user_id"] == str(yamada.pk)


def test_staff_link_nobody(client, db):
    from django.contrib.auth.models import Permission

    staff = make_user("staff", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="ingestion"))
    client.force_login(staff)
    assert client.get("/admin/ingestion/companyidentity/add/").status_code == 403


# Who stays out


def test_a_suspended_person_stays_out(client, hanako):
    hanako.is_active = False
    hanako.save()
    assert (come_back(client).status_code, signed_in(client)) == (403, False)


def test_where_accounts_are_not_made_only_the_linked_enter(client, db, settings):
    settings.DIRECTORY_CREATE = False
    assert (come_back(client).status_code, User.objects.count()) == (403, 0)


def test_only_the_groups_that_may_enter_do(client, db, settings):
    settings.DIRECTORY_GROUPS = ["Managers"]
    assert (come_back(client).status_code, User.objects.count()) == (403, 0)


def test_whoever_may_no_longer_enter_is_out_everywhere(client, hanako, settings):
    come_back(client)
    token_issue(user=hanako)
    settings.DIRECTORY_GROUPS = ["Managers"]
    come_back(Client())
    assert (client.get("/account/").status_code, ApiToken.objects.count()) == (302, 0)


def test_a_refusal_is_recorded_with_its_reason(client, db, settings):
    settings.DIRECTORY_GROUPS = ["Managers"]
    come_back(client)
    assert AuditEvent.objects.get(action="user.company_refused").facts["why"] == "groups"


# Groups


@pytest.fixture
def managed(library):
    """The group that reads `library` is the directory's "Maintenance"."""
    group = Group.objects.get(name="Maintenance")
    DirectoryGroup.objects.create(group=group, name="Maintenance")
    return group


def test_a_group_of_the_directory_opens_its_library(managed, hanako, library):
    assert library.pk in scope_for(hanako).readable


def test_leaving_it_closes_the_library_to_every_session_at_once(managed, hanako, library, company, client):
    come_back(client)
    before = client.get(f"/libraries/{library.pk}/").status_code
    know(company, **HANAKO | {"groups": ["Staff"]})
    come_back(Client())
    assert (before, client.get(f"/libraries/{library.pk}/").status_code) == (200, 404)


@pytest.mark.parametrize("groups", [[], None, "Staff"])
def test_a_directory_that_tells_no_groups_takes_them(managed, hanako, company, groups):
    know(company, **HANAKO | {"groups": groups})
    come_back(Client())
    assert not hanako.groups.exists()


def test_a_group_that_the_directory_does_not_manage_is_not_touched(client, hanako):
    hanako.groups.add(Group.objects.create(name="Book club"))
    come_back(client)
    assert [group.name for group in hanako.groups.all()] == ["Book club"]


def test_a_group_of_the_directory_is_none_here_by_its_name_alone(library, hanako):
    assert not hanako.groups.exists()


def test_a_change_of_groups_is_in_the_audit_trail(managed, hanako):
    assert AuditEvent.objects.filter(action="access.groups_add", subject=f"user:{hanako.pk}").exists()


def test_nobody_administers_by_default(hanako):
    assert (hanako.is_staff, hanako.is_superuser) == (False, False)


def test_groups_named_in_the_settings_administer_and_cease_to(hanako, settings, company):
    said = []
    settings.DIRECTORY_ADMINISTRATORS = ["Staff"]
    for groups in (["Staff"], []):
        know(company, **HANAKO | {"groups": groups})
        come_back(Client())
        hanako.refresh_from_db()
        said.append((hanako.is_staff, hanako.is_superuser))
    assert said == [(True, True), (False, False)]


def test_the_second_factor_of_who_came_by_the_company_is_the_companys(client, hanako):
    come_back(client)
    said = (b"factors-title" in client.get("/account/").content, client.get("/account/factors/app/").status_code)
    assert said == (False, 404)
