"""From WeCom's encrypted envelope to the message inside it; whatever is not exactly right is refused.

Order: parameters, envelope, signature, ciphertext, receiver (design decision 3). wechatpy decrypts; what it
takes on trust (padding, alphabet, structure) is checked here (docs/decisions/wechatpy.md).
"""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha1
from xml.parsers import expat

from wechatpy.work.crypto import PrpCrypto

from bot.inner_message import BadEnvelope

MAX_BYTES = 64 * 1024
_BLOCK = 32  # PKCS#7 block of WeCom, not AES's 16 (page 90968)
_RANDOM, _LENGTH = 16, 4
_PARAMETERS = {
    "msg_signature": re.compile(r"[0-9a-f]{40}"),
    "timestamp": re.compile(r"[0-9]{10}"),
    "nonce": re.compile(r"[0-9A-Za-z_-]{1,64}"),
}
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


class ForgedEnvelope(Exception):
    """Signature or receiver is wrong: answered 403 with a constant text."""


@dataclass(frozen=True)
class Signed:
    """The signed part of a request: query parameters and ciphertext."""

    signature: str
    timestamp: str
    nonce: str
    encrypt: str


def signed(query: Mapping[str, str], encrypt: str) -> Signed:
    """The signed fields, each of its exact form; raises BadEnvelope."""
    for name, pattern in _PARAMETERS.items():
        if not pattern.fullmatch(query.get(name, "")):
            raise BadEnvelope(name)
    if not _BASE64.fullmatch(encrypt) or len(encrypt) % 4:
        raise BadEnvelope("encrypt")
    return Signed(query["msg_signature"], query["timestamp"], query["nonce"], encrypt)


def ciphertext(body: bytes) -> str:
    """The one `<Encrypt>` of an envelope; refuses document types, nesting, doubles and foreign encodings."""
    return _EnvelopeReader().read(body)


class _EnvelopeReader:
    """A flat reader: xmltodict would build the whole tree of a hostile body before the signature is known."""

    def __init__(self) -> None:
        self._path: list[str] = []
        self._text: list[str] = []
        self._found = 0

    def read(self, body: bytes) -> str:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.ProcessingInstructionHandler = self._refuse
        try:
            parser.Parse(body.decode(), True)  # text, so that neither a mark nor a declaration chooses the encoding
        except (expat.ExpatError, ValueError) as error:
            raise BadEnvelope("xml") from error
        if self._found != 1:
            raise BadEnvelope("encrypt")
        return "".join(self._text)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._path.append(name)
        if len(self._path) > 2 or self._path[0] != "xml" or attributes:
            raise BadEnvelope("structure")
        self._found += self._path == ["xml", "Encrypt"]

    def _end(self, _name: str) -> None:
        self._path.pop()

    def _characters(self, data: str) -> None:
        if self._path == ["xml", "Encrypt"]:
            self._text.append(data)

    def _refuse(self, *_: object) -> None:
        raise BadEnvelope("doctype")


class Envelope:
    """Verifies and opens what one application receives."""

    def __init__(self, token: str, aes_key: str, corp_id: str) -> None:
        self._token, self._corp_id = token, corp_id
        self._cipher = PrpCrypto(base64.b64decode(aes_key + "=")).cipher

    def open(self, request: Signed) -> bytes:
        """The plaintext message; raises ForgedEnvelope or BadEnvelope."""
        self._verify(request)
        try:
            padded = self._cipher.decrypt(base64.b64decode(request.encrypt, validate=True))
        except (ValueError, binascii.Error) as error:
            raise BadEnvelope("ciphertext") from error
        message, receiver = _layout(padded)
        if not hmac.compare_digest(receiver, self._corp_id.encode()):
            raise ForgedEnvelope("receiver")
        return message

    def _verify(self, request: Signed) -> None:
        parts = sorted((self._token, request.timestamp, request.nonce, request.encrypt))
        expected = sha1("".join(parts).encode()).hexdigest()
        if not hmac.compare_digest(expected, request.signature):
            raise ForgedEnvelope("signature")


def _layout(padded: bytes) -> tuple[bytes, bytes]:
    """random(16) | length(4) | message | receiver | padding, every byte accounted for."""
    pad = padded[-1] if padded else 0
    if not 1 <= pad <= _BLOCK or padded[-pad:] != bytes((pad,)) * pad:
        raise BadEnvelope("padding")
    plain = padded[:-pad]
    start = _RANDOM + _LENGTH
    length = int.from_bytes(plain[_RANDOM:start], "big")
    if len(plain) < start or start + length > len(plain):
        raise BadEnvelope("length")
    return plain[start : start + length], plain[start + length :]
