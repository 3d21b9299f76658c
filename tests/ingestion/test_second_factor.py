"""The second factor in the browser: asked for, set up, proved, removed, reset, and what it ends."""

import json
import re
from datetime import timedelta
from io import StringIO

import pyotp
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from ingestion import half_way, second_factor, totp
from ingestion.access import token_issue
from ingestion.errors import FactorNeeded, FactorOwn, FactorReason, FactorTaken, FactorWrong, NotAllowed, SignInRefused
from ingestion.models import ApiToken, AuditEvent, RecoveryCode, SecondFactor, User
from tests.factories import make_user
from tests.ingestion.soft_key import SoftKey

PASSWORD = "correct horse battery"
NOW = 1_800_000_030


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """`clock(seconds)`: what time it is for codes."""

    def at(seconds):
        monkeypatch.setattr(totp, "time", lambda: float(seconds))

    at(NOW)
    return at


@pytest.fixture
def secret(owner):
    """`owner` has an authenticator app with this secret. Its first code is used up."""
    made = totp.new_secret()
    second_factor.app_add(user=owner, secret=made, code=code_of(made, NOW - 30), name="phone")
    return made


@pytest.fixture
def half(client, owner, secret):
    """A browser that has given the right password of `owner`."""
    log_in(client)
    return client


@pytest.fixture
def inside(half, secret):
    """A browser in which `owner` is signed in by both."""
    half.post("/login/second/", {"code": code_of(secret)})
    return half


def code_of(secret, at=NOW):
    return pyotp.TOTP(secret).at(at)


def log_in(client, name="owner", onward=""):
    return client.post("/login/", {"username": name, "password": PASSWORD, "next": onward})


def signed_in(client):
    return "_auth_user_id" in client.session


def options_on(page):
    return json.loads(re.search(r'id="key-options"[^>]*>(.*?)</script>', page.content.decode())[1])


def add_key(client, key, **more):
    page = client.get("/account/factors/key/")
    return client.post("/account/factors/key/", {"credential": key.make(options_on(page)), **more})


# Asked for


def test_who_has_no_second_factor_is_signed_in_by_the_password(client, owner):
    log_in(client)
    assert signed_in(client)


def test_who_has_one_is_not_signed_in_by_the_password(half):
    assert not signed_in(half)


@pytest.mark.parametrize(
    "address", ["/", "/libraries/", "/account/", "/account/factors/app/", "/admin/", "/api/v1/libraries"]
)
def test_the_password_alone_opens_no_page(half, address):
    assert half.get(address).status_code in {302, 401}


def test_the_right_code_signs_in_and_leads_where_the_person_wanted(client, owner, secret):
    log_in(client, onward="/account/")
    answer = client.post("/login/second/", {"code": code_of(secret)})
    assert (signed_in(client), answer["Location"]) == (True, "/account/")


@pytest.mark.parametrize("typed", ["{} ", "{:.3} {:.3}"])
def test_a_code_may_be_typed_with_blanks(half, secret, typed):
    code = code_of(secret)
    half.post("/login/second/", {"code": f"{code[:3]} {code[3:]}" if ":" in typed else f"{code} "})
    assert signed_in(half)


@pytest.mark.parametrize("code", ["000000", "", "12345", "۱۲۳۴۵۶", "x" * 5000])
def test_a_wrong_code_signs_nobody_in(half, code):
    assert (half.post("/login/second/", {"code": code}).status_code, signed_in(half)) == (422, False)


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_clock_that_is_a_step_off_is_taken(half, secret, clock, seconds):
    clock(NOW + 300)
    half.post("/login/second/", {"code": code_of(secret, NOW + 300 + seconds)})
    assert signed_in(half)


def test_a_code_of_two_minutes_ago_is_not_taken(half, secret, clock):
    clock(NOW + 120)
    assert half.post("/login/second/", {"code": code_of(secret)}).status_code == 422


def test_a_code_opens_once(inside, secret):
    again = Client()
    log_in(again)
    assert again.post("/login/second/", {"code": code_of(secret)}).status_code == 422


def test_too_many_wrong_codes_are_refused_with_the_right_one(half, secret, settings):
    settings.SIGN_IN_LIMIT = 3
    said = [half.post("/login/second/", {"code": "000000"}).status_code for _ in range(4)]
    last = half.post("/login/second/", {"code": code_of(secret)})
    assert (said, last.status_code, signed_in(half)) == ([422, 422, 422, 429], 429, False)


def test_a_refusal_of_codes_is_recorded_once(half, owner, settings):
    settings.SIGN_IN_LIMIT = 1
    for _ in range(4):
        half.post("/login/second/", {"code": "000000"})
    assert AuditEvent.objects.filter(action="factor.refused", subject=f"user:{owner.pk}").count() == 1


def test_a_password_that_was_right_waits_ten_minutes_for_the_code(half, secret, monkeypatch, clock):
    later = NOW + 3600
    monkeypatch.setattr(half_way, "time", lambda: half.session["half_way"]["at"] + 601)
    clock(later)
    answer = half.post("/login/second/", {"code": code_of(secret, later)})
    assert (answer.status_code, signed_in(half)) == (401, False)


@pytest.mark.parametrize("change", ["suspended", "password", "removed"])
def test_a_sign_in_half_way_ends_where_the_person_is_not_as_they_were(half, owner, secret, change):
    if change == "suspended":
        User.objects.filter(pk=owner.pk).update(is_active=False)
    elif change == "password":
        owner.set_password("another horse battery")
        owner.save()
    else:
        owner.delete()
    assert half.post("/login/second/", {"code": code_of(secret)}).status_code == 401


def test_the_second_step_without_a_first_is_over(client, db):
    assert client.get("/login/second/").status_code == 401


def test_the_administrations_door_asks_for_the_second_factor_too(client, admin):
    made = totp.new_secret()
    second_factor.app_add(user=admin, secret=made, code=code_of(made), name="phone")
    answer = client.post("/admin/login/?next=/admin/", {"username": "admin", "password": PASSWORD})
    assert (answer["Location"], signed_in(client)) == ("/login/second/", False)


def test_who_may_not_administer_is_told_so_and_not_sent_round(client, reader):
    client.force_login(reader)
    assert client.get("/admin/", follow=True).status_code == 403


# Recovery codes


def test_a_recovery_code_opens_once(client, owner):
    made = totp.new_secret()
    codes = second_factor.app_add(user=owner, secret=made, code=code_of(made), name="")
    said = []
    for _ in range(2):
        client.logout()
        log_in(client)
        client.post("/login/second/", {"code": codes[0].upper()})
        said.append(signed_in(client))
    assert said == [True, False]


def test_no_recovery_code_is_stored(owner):
    made = totp.new_secret()
    codes = second_factor.app_add(user=owner, secret=made, code=code_of(made), name="")
    stored = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert (len(stored), stored & {code.replace("-", "") for code in codes}) == (10, set())


def test_new_recovery_codes_take_the_place_of_those_before(inside, owner):
    before = set(owner.recovery_codes.values_list("digest", flat=True))
    page = inside.post("/account/factors/codes/", {"password": PASSWORD})
    after = set(owner.recovery_codes.values_list("digest", flat=True))
    assert (page.content.count(b"<li><code>"), before & after) == (10, set())


def test_the_secret_is_stored_encrypted(owner, secret):
    assert secret not in SecondFactor.objects.get().secret


def test_a_secret_of_another_signing_key_opens_nothing(half, secret, settings):
    settings.SECRET_KEY = "x" * 50
    assert totp.unsealed(SecondFactor.objects.get().secret) is None


# Set up


def test_an_app_is_set_up_with_the_code_and_the_password(client, owner):
    client.force_login(owner)
    page = client.get("/account/factors/app/").content.decode()
    shown = re.search(r'class="key" tabindex="0">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    answer = client.post("/account/factors/app/", {"code": code_of(shown), "password": PASSWORD})
    assert (answer.content.count(b"<li><code>"), owner.factors.count()) == (10, 1)


def test_the_picture_is_drawn_without_a_style_of_its_own(client, owner):
    client.force_login(owner)
    page = client.get("/account/factors/app/").content.decode()
    assert ("<svg" in page, "style=" in page[page.index("<main") :]) == (True, False)


@pytest.mark.parametrize("said", [{"password": "guessed"}, {"code": "000000"}])
def test_without_password_and_code_nothing_is_set_up(client, owner, said):
    client.force_login(owner)
    client.get("/account/factors/app/")
    secret = totp.unsealed(client.session["factor_secret"])
    answer = client.post("/account/factors/app/", {"code": code_of(secret), "password": PASSWORD} | said)
    assert (answer.status_code, owner.factors.count()) == (422, 0)


def test_guessing_the_password_there_is_slowed_as_signing_in_is(client, owner, settings):
    settings.SIGN_IN_LIMIT = 2
    client.force_login(owner)
    said = [client.post("/account/factors/app/", {"password": "guessed"}).status_code for _ in range(3)]
    assert said == [422, 422, 429]


def test_setting_the_first_one_up_ends_the_sessions_that_had_none(client, owner):
    elsewhere = Client()
    for browser in (elsewhere, client):
        browser.force_login(owner)
    add_key(client, SoftKey(), password=PASSWORD)
    said = [browser.get("/account/").status_code for browser in (client, elsewhere)]
    assert said == [200, 302]


def test_the_account_page_lists_them(inside):
    assert "phone" in inside.get("/account/").content.decode()


# Keys


def test_a_key_signs_in(client, owner):
    key = SoftKey()
    client.force_login(owner)
    add_key(client, key, password=PASSWORD, name="blue key")
    client.logout()
    log_in(client)
    question = options_on(client.get("/login/second/"))
    client.post("/login/second/", {"credential": key.sign(question)})
    assert signed_in(client)


def test_a_key_that_never_counts_signs_in_again_and_again(client, owner):
    key = SoftKey(counter=None)
    client.force_login(owner)
    add_key(client, key, password=PASSWORD)
    for _ in range(2):
        client.logout()
        log_in(client)
        client.post("/login/second/", {"credential": key.sign(options_on(client.get("/login/second/")))})
    assert signed_in(client)


@pytest.fixture
def keyed(client, owner):
    """(browser half way, question, key) of `owner` with one key."""
    key = SoftKey()
    client.force_login(owner)
    add_key(client, key, password=PASSWORD)
    client.logout()
    log_in(client)
    return client, options_on(client.get("/login/second/")), key


def test_an_answer_for_another_site_is_refused(keyed):
    browser, question, key = keyed
    key.origin = "http://evil.example"
    browser.post("/login/second/", {"credential": key.sign(question)})
    assert not signed_in(browser)


def test_an_answer_to_another_question_is_refused(keyed):
    browser, question, key = keyed
    browser.get("/login/second/")
    browser.post("/login/second/", {"credential": key.sign(question)})
    assert not signed_in(browser)


def test_an_answer_is_taken_once(keyed):
    browser, question, key = keyed
    answer = key.sign(question)
    browser.post("/login/second/", {"credential": answer})
    browser.logout()
    log_in(browser)
    browser.post("/login/second/", {"credential": answer})
    assert not signed_in(browser)


def test_a_copied_key_that_counts_less_is_refused(keyed):
    browser, question, key = keyed
    key.counter = 1
    browser.post("/login/second/", {"credential": key.sign(question)})
    assert not signed_in(browser)


def test_another_persons_key_is_refused(keyed):
    browser, question, key = keyed
    other = SoftKey()
    other.id = key.id
    browser.post("/login/second/", {"credential": other.sign(question)})
    assert not signed_in(browser)


@pytest.mark.parametrize("answer", ["x", "[]", "{}", '{"id": 1, "rawId": "", "response": {}}', "[" * 100_000])
def test_an_answer_that_is_none_is_refused_like_a_wrong_one(keyed, answer):
    browser, _question, _key = keyed
    assert browser.post("/login/second/", {"credential": answer}).status_code == 422


def test_a_key_is_not_two_peoples(client, owner, reader):
    key = SoftKey()
    client.force_login(owner)
    add_key(client, key, password=PASSWORD)
    client.force_login(reader)
    assert (add_key(client, key, password=PASSWORD).status_code, reader.factors.count()) == (FactorTaken.status, 0)


# Demanded


@pytest.fixture
def demanded(settings):
    settings.SECOND_FACTOR = "everybody"


def test_who_must_have_one_sets_it_up_before_anything_else(client, demanded, owner):
    answer = log_in(client)
    assert (answer["Location"], signed_in(client), client.get("/").status_code) == ("/login/set-up/", False, 302)


def test_having_set_it_up_they_are_signed_in(client, demanded, owner):
    log_in(client, onward="/account/")
    page = add_key(client, SoftKey())
    assert (signed_in(client), b'href="/account/"' in page.content) == (True, True)


def test_the_password_alone_adds_no_second_one_to_the_first(half, demanded):
    half.logout()
    log_in(half)
    assert half.get("/account/factors/app/").status_code == 401


def test_sessions_signed_in_with_less_end_when_more_is_demanded(client, owner, settings):
    log_in(client)
    settings.SECOND_FACTOR = "everybody"
    assert client.get("/account/").status_code == 302


def test_the_last_one_cannot_be_removed(owner, secret, demanded):
    with pytest.raises(FactorNeeded):
        second_factor.factor_remove(user=owner, factor_id=owner.factors.get().pk)


def test_of_administrators_only(admin, owner, settings):
    settings.SECOND_FACTOR = "administrators"
    assert [log_in(Client(), name)["Location"] for name in ("admin", "owner")] == ["/login/set-up/", "/"]


def test_where_it_is_off_the_password_signs_in(client, owner, secret, settings):
    settings.SECOND_FACTOR = "off"
    log_in(client)
    assert signed_in(client)


# Removed and reset


def test_one_is_removed_with_the_password(inside, owner):
    factor = owner.factors.get()
    inside.post("/account/factors/remove/", {"factor": factor.pk, "password": PASSWORD})
    assert (owner.factors.count(), owner.recovery_codes.count(), inside.get("/account/").status_code) == (0, 0, 200)


def test_another_persons_is_not_found(inside, reader):
    made = totp.new_secret()
    second_factor.app_add(user=reader, secret=made, code=code_of(made), name="")
    data = {"factor": reader.factors.get().pk, "password": PASSWORD}
    assert inside.post("/account/factors/remove/", data).status_code == 404


def test_a_reset_takes_factors_codes_sessions_and_tokens(inside, owner, admin):
    token_issue(user=owner)
    inside.get("/account/")
    second_factor.factor_reset(by=admin, user=owner, reason="lost phone, seen in person")
    left = (owner.factors.count(), owner.recovery_codes.count(), ApiToken.objects.count())
    assert (left, inside.get("/account/").status_code) == ((0, 0, 0), 302)


def test_a_reset_is_recorded_with_its_reason(owner, secret, admin):
    second_factor.factor_reset(by=admin, user=owner, reason="lost phone")
    event = AuditEvent.objects.get(action="factor.reset")
    assert (event.actor, event.subject, event.facts["reason"]) == ("admin", f"user:{owner.pk}", "lost phone")


def test_nobody_resets_their_own(admin):
    with pytest.raises(FactorOwn):
        second_factor.factor_reset(by=admin, user=admin, reason="x")


def test_staff_reset_no_administrators(admin):
    staff = make_user("staff", is_staff=True)
    with pytest.raises(NotAllowed):
        second_factor.factor_reset(by=staff, user=admin, reason="x")


def test_a_reset_needs_a_reason(admin, owner):
    with pytest.raises(FactorReason):
        second_factor.factor_reset(by=admin, user=owner, reason=" \u0007")


def test_an_administrator_resets_it_on_the_persons_page(client, admin, owner, secret):
    client.force_login(admin)
    page = client.get(f"/admin/ingestion/user/{owner.pk}/change/").content.decode()
    address = f"/admin/ingestion/user/{owner.pk}/second-factor/"
    client.post(address, {"reason": "lost phone"})
    assert (address in page, owner.factors.count()) == (True, 0)


def test_staff_without_the_permission_reset_nothing(client, owner, secret):
    client.force_login(make_user("staff", is_staff=True))
    answer = client.post(f"/admin/ingestion/user/{owner.pk}/second-factor/", {"reason": "x"})
    assert (answer.status_code, owner.factors.count()) == (403, 1)


def test_whoever_has_the_server_resets_it(owner, secret):
    call_command("second_factor_reset", "owner", reason="only administrator", stdout=StringIO())
    assert owner.factors.count() == 0


def test_a_name_there_is_not_is_said(db):
    with pytest.raises(CommandError):
        call_command("second_factor_reset", "nobody", reason="x")


def test_tries_at_once_are_counted_before_they_are_looked_at(owner, secret, settings):
    settings.SIGN_IN_LIMIT = 1
    with pytest.raises(FactorWrong):
        second_factor.code_prove(user=owner, code="000000")
    with pytest.raises(SignInRefused):
        second_factor.code_prove(user=owner, code=code_of(secret))


def test_when_it_was_last_used_is_kept(inside, owner):
    assert timezone.now() - owner.factors.get().last_used_at < timedelta(minutes=1)
