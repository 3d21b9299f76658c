"""The company's OpenID Connect provider: authorization code with PKCE, and what it signed, checked.

Nothing but the issuer's own host is asked: no redirect is followed, no proxy of the environment is taken.
"""

import base64
import hashlib
import ipaddress
import secrets
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

from ingestion.errors import (
    CompanyAnswerWrong,
    CompanyAudience,
    CompanyClock,
    CompanyMisconfigured,
    CompanyUnreachable,
    TenkyoError,
)

if TYPE_CHECKING:
    import httpx

_SECONDS = 10.0
# How far the clocks of both servers may be apart.
_LEEWAY_SECONDS = 60
# What only the provider can sign: nothing that is made with the client's secret, and never "none".
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"]


@dataclass(frozen=True, slots=True)
class Provider:
    """Where the provider is and who Tenkyo is there."""

    issuer: str
    client_id: str
    client_secret: str
    scopes: str
    name_claim: str
    groups_claim: str


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and what its session must keep until it comes back."""

    address: str
    kept: dict[str, str]


def provider() -> Provider | None:
    """The one that the settings name, if any."""
    return Provider(**settings.OIDC) if settings.OIDC["issuer"] else None


def begin(of: Provider, *, back: str) -> Begun:
    """A sign-in at the provider; `back`: the address it sends the browser back to. Raises CompanyUnreachable."""
    kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(kept["verifier"].encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": of.client_id,
        "redirect_uri": back,
        "scope": of.scopes,
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    with _asking() as client:
        door = _endpoint(of, _described(of, client), "authorization_endpoint")
    return Begun(f"{door}{'&' if '?' in door else '?'}{urlencode(asked)}", kept)


def finish(of: Provider, *, code: str, kept: dict[str, str], back: str) -> dict[str, Any]:
    """What the provider says of the person who came back with this code. Raises an error of errors/company.py."""
    with _asking() as client:
        described = _described(of, client)
        given = _token(of, client, described, {"code": code, "code_verifier": kept["verifier"], "redirect_uri": back})
        keys = _json(client.get(_endpoint(of, described, "jwks_uri")))
        claims = verified(of, given.get("id_token"), keys, nonce=kept["nonce"])
        missing = {of.name_claim, of.groups_claim} - set(claims)
        if missing and described.get("userinfo_endpoint"):
            told = _told(of, client, described, str(given.get("access_token")))
            if told.get("sub") != claims["sub"]:
                raise CompanyAnswerWrong(reason="userinfo")
            claims = told | claims
    return claims


def way_out(of: Provider, *, back: str) -> str:
    """Where a browser signs out at the provider too; empty where it has no such address or does not answer."""
    try:
        with _asking() as client:
            door = _endpoint(of, _described(of, client), "end_session_endpoint")
    except TenkyoError:
        return ""
    return f"{door}?{urlencode({'client_id': of.client_id, 'post_logout_redirect_uri': back})}"


def ping(of: Provider) -> None:
    """Ask the provider what it is. Raises CompanyUnreachable, CompanyMisconfigured."""
    with _asking() as client:
        described = _described(of, client)
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            _endpoint(of, described, name)


def verified(of: Provider, token: object, keys: dict[str, Any], *, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that this provider signed, for Tenkyo, for this sign-in, now."""
    from joserfc import jwt
    from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError
    from joserfc.jwk import KeySet

    expected = jwt.JWTClaimsRegistry(
        leeway=_LEEWAY_SECONDS,
        iss={"essential": True, "values": [of.issuer, f"{of.issuer}/"]},  # settings keep it without its last slash
        aud={"essential": True, "value": of.client_id},
        nonce={"essential": True, "value": nonce},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        claims = jwt.decode(str(token), KeySet.import_key_set(keys), algorithms=_ALGORITHMS).claims  # type: ignore[arg-type]
        expected.validate(claims)
    except ExpiredTokenError as error:
        raise CompanyClock from error
    except InvalidClaimError as error:
        raise _wrong_claim(error.claim) from error
    except MissingClaimError as error:
        raise CompanyAnswerWrong(reason=error.claim) from error
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise CompanyAnswerWrong(reason=type(error).__name__) from error
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != of.client_id:
        raise CompanyAudience
    return claims


def _wrong_claim(claim: str) -> TenkyoError:
    if claim in {"exp", "iat", "nbf"}:
        return CompanyClock()
    return CompanyAudience() if claim == "aud" else CompanyAnswerWrong(reason=claim)


def _described(of: Provider, client: "httpx.Client") -> dict[str, Any]:
    if not is_safe(of.issuer):
        raise CompanyMisconfigured(reason="OIDC_ISSUER: https")
    found = _json(client.get(f"{of.issuer}/.well-known/openid-configuration"))
    if str(found.get("issuer", "")).rstrip("/") != of.issuer:
        raise CompanyMisconfigured(reason="issuer")
    return found


def _endpoint(of: Provider, described: dict[str, Any], name: str) -> str:
    """An address that the provider names, on its own host: a description must not lead anywhere else."""
    address = str(described.get(name, ""))
    if urlsplit(address)[:2] != urlsplit(of.issuer)[:2]:
        raise CompanyMisconfigured(reason=name)
    return address


def _token(of: Provider, client: "httpx.Client", described: dict[str, Any], sent: dict[str, str]) -> dict[str, Any]:
    sent, auth = {"grant_type": "authorization_code", "client_id": of.client_id, **sent}, None
    if of.client_secret:
        ways = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if "client_secret_basic" in ways:
            auth = (quote(of.client_id, safe=""), quote(of.client_secret, safe=""))
        else:
            sent["client_secret"] = of.client_secret
    answer = client.post(_endpoint(of, described, "token_endpoint"), data=sent, auth=auth)  # type: ignore[arg-type]
    if answer.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
        raise _refused(answer)
    return _json(answer)


def _refused(answer: "httpx.Response") -> TenkyoError:
    """Why the provider gives no token: it does not know Tenkyo, or this code is not for this browser."""
    try:
        why = str(answer.json()["error"])
    except (ValueError, KeyError, TypeError):
        why = f"HTTP {answer.status_code}"
    return CompanyMisconfigured(reason=why) if "client" in why else CompanyAnswerWrong(reason=why[:40])


def _told(of: Provider, client: "httpx.Client", described: dict[str, Any], access: str) -> dict[str, Any]:
    door = _endpoint(of, described, "userinfo_endpoint")
    return _json(client.get(door, headers={"Authorization": f"Bearer {access}"}))


def _json(answer: "httpx.Response") -> dict[str, Any]:
    if not answer.is_success:
        raise CompanyUnreachable(reason=f"HTTP {answer.status_code}")
    try:
        said = answer.json()
    except ValueError as error:
        raise CompanyUnreachable(reason="JSON") from error
    if not isinstance(said, dict):
        raise CompanyUnreachable(reason="JSON")
    return said


@contextmanager
def _asking() -> Iterator["httpx.Client"]:
    import httpx

    trusted = ssl.create_default_context(cafile=settings.DIRECTORY_CA_FILE)
    try:
        with httpx.Client(verify=trusted, timeout=_SECONDS, trust_env=False, follow_redirects=False) as client:
            yield client
    except httpx.HTTPError as error:
        raise CompanyUnreachable(reason=type(error).__name__) from error


def is_safe(address: str) -> bool:
    """Whether nobody on the way can read along: TLS, or this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
