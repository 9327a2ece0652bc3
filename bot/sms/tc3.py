"""Tencent Cloud's signature TC3-HMAC-SHA256 of a POST to `/` (cloud.tencent.com/document/product/679/47719)."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.sms.secret import Secret, hmac_sha256, sha256_hex

ALGORITHM, END = "TC3-HMAC-SHA256", "tc3_request"


def signed(headers: Mapping[str, str], body: bytes, *, service: str, secret: Secret, now: float) -> dict[str, str]:
    """`headers`, every one of them signed, and those that carry the signature; Content-Type and Host must be there."""
    stamp = str(int(now))
    day = datetime.fromtimestamp(int(now), UTC).strftime("%Y-%m-%d")
    names, canonical = _canonical(headers, body)
    scope = f"{day}/{service}/{END}"
    to_sign = "\n".join((ALGORITHM, stamp, scope, sha256_hex(canonical.encode())))
    key = f"TC3{secret.key}".encode()
    for part in (day, service, END):
        key = hmac_sha256(key, part)
    credential = f"Credential={secret.id}/{scope}, SignedHeaders={names}"
    signature = f"{ALGORITHM} {credential}, Signature={hmac_sha256(key, to_sign).hex()}"
    return {**headers, "X-TC-Timestamp": stamp, "Authorization": signature}


def _canonical(headers: Mapping[str, str], body: bytes) -> tuple[str, str]:
    """The names of the signed headers, and the request as it is signed: names and values in lower case."""
    lines = sorted((name.lower(), value.strip().lower()) for name, value in headers.items())
    names = ";".join(name for name, _ in lines)
    written = "".join(f"{name}:{value}\n" for name, value in lines)
    return names, "\n".join(("POST", "/", "", written, names, sha256_hex(body)))
