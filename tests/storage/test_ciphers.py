"""Both suites give the published answers; one that does not is refused before anything starts."""

import hashlib
import hmac
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from hypothesis import given
from hypothesis import strategies as st

from storage import ciphers, schema
from storage.ciphers import AES, GM, INTL, SM4, SUITES, Sm3, keyed, prove
from storage.opening import open_database
from storage.vault import VaultError
from tests.storage.deeds import Clocks

ABCD = bytes.fromhex("debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")


def test_the_second_published_answer_of_sm3() -> None:
    """GB/T 32905, example 2."""
    assert Sm3(b"abcd" * 16).digest() == ABCD


@given(key=st.binary(min_size=1, max_size=64), data=st.binary(max_size=300))
def test_keyed_hashes_are_hmac(key: bytes, data: bytes) -> None:
    """Reckoned by another library; its OpenSSL knows SM3 too."""
    assert keyed("sha256", key, data) == hmac.digest(key, data, "sha256")
    assert keyed("sm3", key, data) == hmac.new(key, data, "sm3").digest()
    assert Sm3(data).digest() == hashlib.new("sm3", data).digest()


@pytest.mark.parametrize("algorithm", [AES, SM4], ids=lambda algorithm: algorithm.name)
def test_no_bit_can_be_changed(algorithm: ciphers.Algorithm) -> None:
    sealer = algorithm.make(b"k" * algorithm.key_bytes)
    sealed = sealer.encrypt(b"n" * 12, b"words", b"bound")
    assert sealer.decrypt(b"n" * 12, sealed, b"bound") == b"words"
    with pytest.raises(InvalidTag):
        sealer.decrypt(b"n" * 12, sealed, b"elsewhere")
    for place in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(InvalidTag):
            sealer.decrypt(b"n" * 12, bytes(changed), b"bound")
    for size in range(len(sealed)):
        with pytest.raises((InvalidTag, ValueError)):
            sealer.decrypt(b"n" * 12, sealed[:size], b"bound")


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES.keys())
def test_the_self_test_passes_here(suite: ciphers.Suite) -> None:
    prove(suite)


class Wrong:
    """A cipher that answers, but not what it should."""

    def __init__(self, key: bytes) -> None:
        pass

    def encrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        return data + bytes(16)

    def decrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        return data[:-16]


class Missing(Wrong):
    """A cipher that the build of OpenSSL does not have."""

    def encrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        raise UnsupportedAlgorithm("SM4")


@pytest.mark.parametrize("broken", [Wrong, Missing])
def test_an_algorithm_that_does_not_work_here_stops_the_start(
    broken: type[Wrong], migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chinese, naming the setting; nothing is made."""
    monkeypatch.setitem(vars(SM4), "make", broken)
    with pytest.raises(VaultError, match=r"密码自检没有通过.*sm4-gcm.*RMBOT_CRYPTO__SUITE"):
        open_database(migrated_url, tmp_path / "key", Clocks(), GM)
    assert not (tmp_path / "key").exists()


def test_a_wrong_hash_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(ciphers)["DIGESTS"], "sha256", Sm3)
    with pytest.raises(VaultError, match="sha256"):
        prove(INTL)


def test_a_database_of_the_chinese_suite_uses_no_other(migrated_url: str, tmp_path: Path) -> None:
    made = open_database(migrated_url, tmp_path / "key", Clocks(), GM)
    made.start(None)
    try:
        keys = made.read_now(lambda unit: unit.rows(sa.select(schema.data_key.c.algorithm)))
        assert sorted(row.algorithm for row in keys) == ["hmac-sm3", "sm4-gcm"]
        cell = made.vault.seal("customer", "name", "C1", "示例")
        assert cell[:2] == b"\x01\x02"
        assert made.vault.open("customer", "name", "C1", cell) == "示例"
        assert len(made.vault.index("customer.name", "示例")) == 16
    finally:
        made.stop()
