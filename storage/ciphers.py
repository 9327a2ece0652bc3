"""The two suites of algorithms, international and Chinese, and the proof at every start that they work here.

A build of OpenSSL may lack SM4 and SM3, or be restricted; then nothing starts, instead of failing at the first cell.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC

from storage.vault_error import VaultError

TAG_BYTES, INDEX_BYTES = 16, 16


class Sealer(Protocol):
    """Authenticated encryption under one key."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...


class Sm4Gcm:
    """SM4 in GCM (GB/T 32907, RFC 8998); raises InvalidTag as AESGCM does."""

    def __init__(self, key: bytes) -> None:
        self._key = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        sealing = Cipher(self._key, modes.GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(associated_data)
        return sealing.update(data) + sealing.finalize() + sealing.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        if len(data) < TAG_BYTES:
            raise InvalidTag
        opening = Cipher(self._key, modes.GCM(nonce, data[-TAG_BYTES:])).decryptor()
        opening.authenticate_additional_data(associated_data)
        return opening.update(data[:-TAG_BYTES]) + opening.finalize()


@dataclass(frozen=True)
class Algorithm:
    """A cipher: its name beside a key, its number in a cell."""

    name: str
    number: int
    key_bytes: int
    make: Callable[[bytes], Sealer]


class Digest(Protocol):
    """A finished hash, as hashlib gives it."""

    def digest(self) -> bytes: ...


@cache
def _begun_sm3() -> hashes.Hash:
    """Copied, which is quicker than to begin anew."""
    return hashes.Hash(hashes.SM3())


class Sm3:
    """SM3 (GB/T 32905) in the manner of hashlib, which knows it only on some builds."""

    def __init__(self, data: bytes) -> None:
        self._hash = _begun_sm3().copy()
        self._hash.update(data)

    def digest(self) -> bytes:
        return self._hash.finalize()


@dataclass(frozen=True)
class Suite:
    """What one setting stands for: the cipher of cells, the hash of blind indexes and of the audit chain."""

    name: str
    cells: Algorithm
    digest: str


AES, SM4 = Algorithm("aes-256-gcm", 1, 32, AESGCM), Algorithm("sm4-gcm", 2, 16, Sm4Gcm)
ALGORITHMS: Mapping[str, Algorithm] = {each.name: each for each in (AES, SM4)}
DIGESTS: Mapping[str, Callable[[bytes], Digest]] = {"sha256": hashlib.sha256, "sm3": Sm3}
INTL, GM = Suite("intl", AES, "sha256"), Suite("gm", SM4, "sm3")
SUITES: Mapping[str, Suite] = {suite.name: suite for suite in (INTL, GM)}
_BLOCK_BYTES = 64  # of both hashes


def keyed(digest: str, key: bytes, data: bytes) -> bytes:
    """HMAC with the hash of that name."""
    return hmac.digest(key, data, "sha256") if digest == "sha256" else _hmac_sm3(key, data)


def keyed_by(digest: str, key: bytes) -> Callable[[bytes], bytes]:
    """The same for many data under one key: to take up where the key left off is less than half the work."""
    if digest != "sha256":
        return partial(keyed, digest, key)
    begun = HMAC(key, hashes.SHA256())

    def finished(data: bytes) -> bytes:
        one = begun.copy()
        one.update(data)
        return one.finalize()

    return finished


def _hmac_sm3(key: bytes, data: bytes) -> bytes:
    """RFC 2104 over SM3; keys here are never longer than a block."""
    block = key.ljust(_BLOCK_BYTES, b"\0")
    inner = Sm3(bytes(byte ^ 0x36 for byte in block) + data).digest()
    return Sm3(bytes(byte ^ 0x5C for byte in block) + inner).digest()


# Known answers: the GCM specification's test case 14, RFC 8998 A.1, FIPS 180-2 B.1, GB/T 32905 A.1, RFC 4231 case 1;
# the last (key 0x0b × 20, "Hi There") reckoned with OpenSSL.
_CIPHERS = (
    (AES, "00" * 32, "00" * 12, "", "00" * 16, "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"),
    (
        SM4,
        "0123456789abcdeffedcba9876543210",
        "00001234567800000000abcd",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8,
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15"
        "a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec",
    ),
)
_HASHES = {
    "sha256": (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ),
    "sm3": (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        "51b00d1fb49832bfb01c3ce27848e59f871d9ba938dc563b338ca964755cce70",
    ),
}


def prove(suite: Suite) -> None:
    """Reckon the known answers of a suite; raises VaultError where one is wrong or the algorithm is not there."""
    try:
        right = _cipher_answers(suite.cells) and _hash_answers(suite.digest)
    except (UnsupportedAlgorithm, InvalidTag, ValueError):
        right = False
    if not right:
        raise VaultError(
            f"密码自检没有通过：本机的加密库不能正确计算 {suite.cells.name} 和 {suite.digest}，因此不启动。"
            "请换用带这些算法的 OpenSSL（cryptography 官方安装包自带），或检查 RMBOT_CRYPTO__SUITE"
        )


def _cipher_answers(algorithm: Algorithm) -> bool:
    key, nonce, bound, plain, sealed = next(
        [bytes.fromhex(part) for part in case] for owner, *case in _CIPHERS if owner is algorithm
    )
    sealer = algorithm.make(key)
    return sealer.encrypt(nonce, plain, bound) == sealed and sealer.decrypt(nonce, sealed, bound) == plain


def _hash_answers(digest: str) -> bool:
    plain, mac = _HASHES[digest]
    said = keyed(digest, b"\x0b" * 20, b"Hi There")
    return DIGESTS[digest](b"abc").digest().hex() == plain and said.hex() == mac
