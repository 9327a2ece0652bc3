"""WeCom's callback envelope, written from its description alone (developer page 90968): sign, encrypt, decrypt."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK = 32
AES_KEY = re.compile(r"[A-Za-z0-9]{43}")


class CryptoError(Exception):
    """An envelope WeCom's own sample would refuse; `code` is the WXBizMsgCrypt return code."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.code = code


class Opened(NamedTuple):
    """What an envelope held."""

    message: bytes
    receive_id: str


def sign(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """The lower-hex SHA1 over the four sorted values."""
    joined = "".join(sorted((token, timestamp, nonce, encrypted)))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


def verify(signature: str, token: str, timestamp: str, nonce: str, encrypted: str) -> None:
    """Raise -40001 unless the signature is right."""
    if not hmac.compare_digest(signature.encode(), sign(token, timestamp, nonce, encrypted).encode()):
        raise CryptoError(-40001, "signature mismatch")


def key_of(encoding_aes_key: str) -> bytes:
    """The 32 key bytes of the 43 characters (the last one's two spare bits may be set)."""
    if not AES_KEY.fullmatch(encoding_aes_key):
        raise CryptoError(-40004, "illegal EncodingAESKey")
    return base64.b64decode(encoding_aes_key + "=")


def encrypt(message: bytes, encoding_aes_key: str, receive_id: str, random: bytes | None = None) -> str:
    """Base64 of the encrypted 16 random bytes, length, message and receiver."""
    key = key_of(encoding_aes_key)
    plain = (random or secrets.token_bytes(16)) + len(message).to_bytes(4, "big") + message + receive_id.encode()
    pad = BLOCK - len(plain) % BLOCK
    cipher = Cipher(AES256(key), CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(plain + bytes([pad]) * pad) + cipher.finalize()).decode()


def decrypt(encrypted: str, encoding_aes_key: str, receive_id: str) -> bytes:
    """The message of an envelope meant for `receive_id`."""
    opened = unwrap(_plain(encrypted, key_of(encoding_aes_key)))
    if opened.receive_id != receive_id:
        raise CryptoError(-40005, "receiveid mismatch")
    return opened.message


def _plain(encrypted: str, key: bytes) -> bytes:
    try:
        data = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CryptoError(-40010, "base64") from error
    if not data or len(data) % 16:
        raise CryptoError(-40007, "ciphertext is no multiple of the AES block")
    cipher = Cipher(AES256(key), CBC(key[:16])).decryptor()
    return cipher.update(data) + cipher.finalize()


def unwrap(padded: bytes) -> Opened:
    """Strip the padding and take the layout apart."""
    pad = padded[-1]
    if not 1 <= pad <= BLOCK or padded[-pad:] != bytes([pad]) * pad:
        raise CryptoError(-40008, "padding")
    plain = padded[:-pad]
    size = int.from_bytes(plain[16:20], "big")
    if len(plain) < 20 + size:
        raise CryptoError(-40008, "length")
    try:
        return Opened(plain[20 : 20 + size], plain[20 + size :].decode())
    except UnicodeDecodeError as error:
        raise CryptoError(-40008, "receiver") from error
