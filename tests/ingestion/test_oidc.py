"""What a provider signed is believed where it is genuine, for Tenkyo, for this sign-in and now; whom Tenkyo asks."""

import time

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from ingestion import oidc
from ingestion.errors import (
    CompanyAnswerWrong,
    CompanyAudience,
    CompanyClock,
    CompanyMisconfigured,
    CompanyUnreachable,
)

HOST = "https://id.example.co.jp"
ISSUER = f"{HOST}/realms/staff"
OF = oidc.Provider(ISSUER, "tenkyo", "secret", "openid", "preferred_username", "groups")
KEY = RSAKey.generate_key(2048, parameters={"kid": "one"})
KEYS = KeySet([KEY]).as_dict(private=False)
ADDRESSES = {
    "issuer": ISSUER,
    "authorization_endpoint": "https://id.example.co.jp/auth",
    "token_endpoint": "https://id.example.co.jp/token",
    "jwks_uri": "https://id.example.co.jp/keys",
}


def token(key=KEY, alg="RS256", **claims):
    now = int(time.time())
    said = {"iss": ISSUER, "aud": "tenkyo", "sub": "7", "nonce": "n", "iat": now, "exp": now + 300} | claims
    return jwt.encode({"alg": alg, "kid": "one"}, said, key, algorithms=[alg])


def test_what_is_genuine_is_believed():
    assert oidc.verified(OF, token(groups=["Staff"]), KEYS, nonce="n")["groups"] == ["Staff"]


def test_an_issuer_may_end_in_a_slash():
    assert oidc.verified(OF, token(iss=f"{ISSUER}/"), KEYS, nonce="n")


def test_a_clock_half_a_minute_off_is_borne():
    assert oidc.verified(OF, token(iat=int(time.time()) + 30), KEYS, nonce="n")


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"aud": "payroll"}, CompanyAudience),
        ({"aud": ["payroll", "mail"]}, CompanyAudience),
        ({"aud": ["payroll", "tenkyo"]}, CompanyAudience),
        ({"aud": ["payroll", "tenkyo"], "azp": "payroll"}, CompanyAudience),
        ({"iss": "https://id.example.com"}, CompanyAnswerWrong),
        ({"nonce": "another"}, CompanyAnswerWrong),
        ({"nonce": None}, CompanyAnswerWrong),
        ({"sub": ""}, CompanyAnswerWrong),
        ({"sub": 7}, CompanyAnswerWrong),
        ({"exp": 1_000_000_000}, CompanyClock),
        ({"iat": 9_000_000_000, "exp": 9_000_000_300}, CompanyClock),
        ({"nbf": 9_000_000_000}, CompanyClock),
        ({"exp": None}, CompanyAnswerWrong),
    ],
)
def test_what_is_for_others_or_another_time_is_not(claims, error):
    with pytest.raises(error):
        oidc.verified(OF, token(**claims), KEYS, nonce="n")


@pytest.mark.parametrize(
    "forged",
    [
        None,
        "x.y.z",
        token(RSAKey.generate_key(2048)),
        token(OctKey.import_key("secret" * 8), "HS256"),
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiI3In0.",
    ],
)
def test_what_the_provider_did_not_sign_is_not(forged):
    with pytest.raises(CompanyAnswerWrong):
        oidc.verified(OF, forged, KEYS, nonce="n")


@pytest.fixture
def asked(monkeypatch):
    """`asked(described)`: the provider describes itself so. Its `.addresses` are what Tenkyo asked for."""

    def describe(described=ADDRESSES, status=200, headers=None):
        def answer(request):
            describe.addresses.append(str(request.url))
            if isinstance(described, Exception):
                raise described
            return httpx.Response(status, json=described, headers=headers)

        real = httpx.Client
        monkeypatch.setattr(httpx, "Client", lambda **said: real(transport=httpx.MockTransport(answer), **said))

    describe.addresses = []
    return describe


def test_a_provider_that_describes_itself_is_found(asked):
    asked()
    oidc.ping(OF)
    assert asked.addresses == [f"{ISSUER}/.well-known/openid-configuration"]


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("address", ["https://evil.example/x", "http://id.example.co.jp/x", "file:///etc/passwd", ""])
def test_a_description_leads_to_no_other_host(asked, name, address):
    asked(ADDRESSES | {name: address})
    with pytest.raises(CompanyMisconfigured):
        oidc.ping(OF)


def test_a_redirect_is_not_followed(asked):
    asked(status=302, headers={"Location": "https://evil.example/"})
    with pytest.raises(CompanyUnreachable):
        oidc.ping(OF)
    assert len(asked.addresses) == 1


@pytest.mark.parametrize("said", [{"issuer": "https://evil.example"}, {}, []])
def test_a_description_of_another_issuer_is_refused(asked, said):
    asked(said)
    with pytest.raises((CompanyMisconfigured, CompanyUnreachable)):
        oidc.ping(OF)


@pytest.fixture
def thin(monkeypatch):
    """`thin(subject)`: a provider whose token tells no groups, and whose other answer tells them of this subject."""

    def told(subject):
        answers = {
            f"{ISSUER}/.well-known/openid-configuration": ADDRESSES | {"userinfo_endpoint": f"{HOST}/me"},
            f"{HOST}/token": {"id_token": token(), "access_token": "a"},
            f"{HOST}/keys": KEYS,
            f"{HOST}/me": {"sub": subject, "groups": ["Staff"]},
        }
        real = httpx.Client
        transport = httpx.MockTransport(lambda request: httpx.Response(200, json=answers[str(request.url)]))
        monkeypatch.setattr(httpx, "Client", lambda **said: real(transport=transport, **said))
        return oidc.finish(OF, code="c", kept={"nonce": "n", "verifier": "v"}, back="https://tenkyo.example/back")

    return told


def test_what_the_token_leaves_out_is_asked_for(thin):
    assert thin("7")["groups"] == ["Staff"]


def test_what_is_told_of_another_person_is_not_taken(thin):
    with pytest.raises(CompanyAnswerWrong):
        thin("8")


def test_a_provider_that_is_away_is_said_to_be(asked):
    asked(httpx.ConnectError("refused"))
    with pytest.raises(CompanyUnreachable):
        oidc.begin(OF, back="https://tenkyo.example/back")


def test_no_proxy_of_the_environment_is_taken(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://evil.example:8080")
    with oidc._asking() as client:
        assert client.trust_env is False


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://id.example.co.jp", True),
        ("http://id.example.co.jp", False),
        ("http://127.0.0.1:9", True),
        ("http://localhost", True),
        ("http://[::1]:9", True),
        ("http://127.0.0.1.evil.example", False),
        ("ftp://localhost", False),
    ],
)
def test_only_tls_or_this_machine_is_safe(address, safe):
    assert oidc.is_safe(address) is safe
