"""A security key made of software, for tests: it answers as a browser with a real one does."""

import hashlib
import json
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

PRESENT, ATTESTED = 0x01, 0x40


class SoftKey:
    """One key. `counter` None: it never counts, as passkeys of phones do not."""

    def __init__(self, origin="http://testserver", counter=1):
        self.origin, self.counter = origin, counter
        self.private, self.id = ec.generate_private_key(ec.SECP256R1()), os.urandom(32)

    def make(self, options):
        """The answer to a question for a new key."""
        public = ES256.from_cryptography_key(self.private.public_key())
        held = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        data = self._data(options["rp"]["id"], PRESENT | ATTESTED, bytes(held))
        attested = AttestationObject.create("none", data, {})
        client = self._client("webauthn.create", options["challenge"])
        return self._answer({"clientDataJSON": client, "attestationObject": bytes(attested)})

    def sign(self, options):
        """The answer to a question that a key is to sign."""
        data = self._data(options["rpId"], PRESENT)
        client = self._client("webauthn.get", options["challenge"])
        signed = bytes(data) + hashlib.sha256(client).digest()
        signature = self.private.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer({"clientDataJSON": client, "authenticatorData": bytes(data), "signature": signature})

    def _data(self, site, flags, held=b""):
        counter = 0 if self.counter is None else self.counter
        self.counter = None if self.counter is None else self.counter + 1
        return AuthenticatorData.create(hashlib.sha256(site.encode()).digest(), flags, counter, held)

    def _client(self, kind, challenge):
        return bytes(CollectedClientData.create(kind, websafe_decode(challenge), self.origin))

    def _answer(self, response):
        key = websafe_encode(self.id)
        told = {name: websafe_encode(value) for name, value in response.items()}
        return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": told})
