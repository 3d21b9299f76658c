"""Passkeys and security keys (WebAuthn): what a browser is asked, and whether a key's answer is genuine.

A key's answer is for one site: the name that the browser shows, which Django has compared with ALLOWED_HOSTS.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from ingestion.errors import FactorWrong

if TYPE_CHECKING:
    from fido2.server import Fido2Server

_TITLE = "Tenkyo"


@dataclass(frozen=True, slots=True)
class Asked:
    """`options` for the browser; `state` to be kept in the session until its answer comes."""

    options: dict[str, Any]
    state: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key, the digest of its id, and how often it says that it signed."""

    credential: bytes
    digest: str
    counter: int


def ask_to_make(request: HttpRequest, *, handle: bytes, name: str, known: Sequence[bytes]) -> Asked:
    """What the browser needs to have a key made for this person; `known`: keys that are there already."""
    from fido2.webauthn import PublicKeyCredentialUserEntity, ResidentKeyRequirement, UserVerificationRequirement

    options, state = _server(request).register_begin(
        PublicKeyCredentialUserEntity(id=handle, name=name, display_name=name),
        credentials=_unpacked(known),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.DISCOURAGED,  # the password is the other factor
    )
    return Asked(dict(options)["publicKey"], state)


def made(request: HttpRequest, state: dict[str, Any], answer: str) -> Key:
    """The key that the browser's answer holds. Raises FactorWrong."""
    from fido2.webauthn import AttestedCredentialData

    said = _parsed(answer)
    try:
        found = _server(request).register_complete(state, said)
    except Exception as error:  # whatever a forged answer breaks in its parser
        raise FactorWrong from error
    credential = found.credential_data
    assert isinstance(credential, AttestedCredentialData)
    return Key(bytes(credential), _digest(credential.credential_id), found.counter)


def ask_to_sign(request: HttpRequest, *, known: Sequence[bytes]) -> Asked:
    """What the browser needs to have one of these keys answer."""
    from fido2.webauthn import UserVerificationRequirement

    options, state = _server(request).authenticate_begin(
        _unpacked(known), user_verification=UserVerificationRequirement.DISCOURAGED
    )
    return Asked(dict(options)["publicKey"], state)


def signed(request: HttpRequest, state: dict[str, Any], answer: str, known: Sequence[bytes]) -> Key:
    """Which of these keys answered. Raises FactorWrong."""
    from fido2.webauthn import AuthenticationResponse

    said = _parsed(answer)
    try:
        found = _server(request).authenticate_complete(state, _unpacked(known), said)
        counter = AuthenticationResponse.from_dict(said).response.authenticator_data.counter
    except Exception as error:  # whatever a forged answer breaks in its parser
        raise FactorWrong from error
    return Key(bytes(found), _digest(found.credential_id), counter)


def _server(request: HttpRequest) -> "Fido2Server":
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    origin = f"{request.scheme}://{request.get_host()}"
    site = PublicKeyCredentialRpEntity(id=request.get_host().rsplit(":", 1)[0], name=_TITLE)
    return Fido2Server(site, verify_origin=lambda given: given == origin)


def _unpacked(known: Sequence[bytes]) -> list[Any]:
    from fido2.webauthn import AttestedCredentialData

    return [AttestedCredentialData(bytes(one)) for one in known]


def _parsed(answer: str) -> dict[str, Any]:
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise FactorWrong from error
    if not isinstance(said, dict):
        raise FactorWrong
    return said


def _digest(credential_id: bytes) -> str:
    return hashlib.sha256(credential_id).hexdigest()
