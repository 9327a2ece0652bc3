"""The callback envelope against WeCom's published vectors, and against another implementation."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.work.crypto import WeChatCrypto

from simulator import crypto

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text())
V1, V3 = VECTORS[0], VECTORS[2]
each = pytest.mark.parametrize("v", VECTORS, ids=lambda v: v["name"][:2])


@each
def test_signature_equals_the_published_one(v: dict[str, Any]) -> None:
    assert crypto.sign(v["token"], v["timestamp"], v["nonce"], v["encrypt"]) == v["msg_signature"]


@each
def test_envelope_opens_to_the_published_plaintext(v: dict[str, Any]) -> None:
    message = crypto.decrypt(v["encrypt"], v["encoding_aes_key"], v["receive_id"])
    assert message.decode() == v["plaintext"]


@pytest.mark.parametrize("v", [v for v in VECTORS if "random" in v], ids=lambda v: v["name"][:2])
def test_encrypting_with_known_randomness_gives_the_published_bytes(v: dict[str, Any]) -> None:
    made = crypto.encrypt(v["plaintext"].encode(), v["encoding_aes_key"], v["receive_id"], v["random"].encode())
    assert made == v["encrypt"]


@each
def test_another_receiver_is_refused(v: dict[str, Any]) -> None:
    with pytest.raises(crypto.CryptoError, match="-40005"):
        crypto.decrypt(v["encrypt"], v["encoding_aes_key"], "ww_somebody_else")


@pytest.mark.parametrize("change", ["msg_signature", "timestamp", "nonce", "encrypt", "token"])
def test_a_changed_part_breaks_the_signature(change: str) -> None:
    v = {**V3, change: V3[change][:-1] + ("0" if V3[change][-1] != "0" else "1")}
    with pytest.raises(crypto.CryptoError, match="-40001"):
        crypto.verify(v["msg_signature"], v["token"], v["timestamp"], v["nonce"], v["encrypt"])


@pytest.mark.parametrize("key", ["", "a" * 42, "a" * 44, "$" + "a" * 42, "a" * 42 + "="])
def test_an_illegal_key_is_refused(key: str) -> None:
    with pytest.raises(crypto.CryptoError, match="-40004"):
        crypto.key_of(key)


@pytest.mark.parametrize(
    ("encrypted", "code"), [("不是base64", -40010), ("", -40007), ("AAAA", -40007), ("A" * 43 + "=", -40008)]
)
def test_broken_ciphertext_is_refused(encrypted: str, code: int) -> None:
    with pytest.raises(crypto.CryptoError) as refused:
        crypto.decrypt(encrypted, V1["encoding_aes_key"], V1["receive_id"])
    assert refused.value.code == code


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_here_opens_in_another_implementation(text: str) -> None:
    key, corp, token = V1["encoding_aes_key"], V1["receive_id"], V1["token"]
    sealed = crypto.encrypt(text.encode(), key, corp)
    envelope = f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    signature = crypto.sign(token, "1700000000", "42", sealed)
    opened = WeChatCrypto(token, key, corp).decrypt_message(envelope, signature, "1700000000", "42")
    assert (opened if isinstance(opened, str) else opened.decode()) == text
