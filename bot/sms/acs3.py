"""Alibaba Cloud's signature ACS3-HMAC-SHA256 of a POST to `/` (help.aliyun.com/document_detail/2593177.html)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from bot.sms.secret import Secret, hmac_sha256, sha256_hex

ALGORITHM = "ACS3-HMAC-SHA256"


def canonical_query(parameters: Mapping[str, str]) -> str:
    """Sorted, every byte but the unreserved ones of RFC 3986 as %XX."""
    return "&".join(f"{quote(name, safe='')}={quote(parameters[name], safe='')}" for name in sorted(parameters))


def signed(
    headers: Mapping[str, str], query: str, body: bytes, *, secret: Secret, now: float, nonce: str
) -> dict[str, str]:
    """`headers`, every one of them signed, and those that carry the signature; `host` must be there, `query` is
    canonical, `nonce` never used before."""
    digest = sha256_hex(body)
    ours = {
        "x-acs-content-sha256": digest,
        "x-acs-date": datetime.fromtimestamp(int(now), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
    }
    complete = {**{name.lower(): value.strip() for name, value in headers.items()}, **ours}
    names = ";".join(sorted(complete))
    written = "".join(f"{name}:{complete[name]}\n" for name in sorted(complete))
    canonical = "\n".join(("POST", "/", query, written, names, digest))
    signature = hmac_sha256(secret.key.encode(), f"{ALGORITHM}\n{sha256_hex(canonical.encode())}").hex()
    credential = f"Credential={secret.id},SignedHeaders={names},Signature={signature}"
    return {**complete, "Authorization": f"{ALGORITHM} {credential}"}
