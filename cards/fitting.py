"""Shortening: what a phone would cut off is cut here, with an ellipsis, between characters."""

import re
import unicodedata

_INVISIBLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_JOINERS = "\u200d\ufe0e\ufe0f"


def clean(text: str, *, lines: bool = False) -> str:
    """Without control characters, lone surrogates and direction overrides; on one line unless `lines`."""
    if text.isprintable() and "  " not in text:
        return text.strip()  # most of what is shown; what is printable holds nothing invisible and no other blanks
    text = _INVISIBLE.sub(" ", text)
    return text.strip() if lines else " ".join(text.split())


def fit(text: str, n: int) -> str:
    """At most `n` characters, the last one … when something is left out."""
    return text if len(text) <= n else text[: _boundary(text, n - 1)] + "…"


def fit_bytes(text: str, n: int) -> str:
    """At most `n` UTF-8 bytes, ending in … (3 bytes) when something is left out."""
    encoded = text.encode()
    if len(encoded) <= n:
        return text
    head = encoded[: max(n - 3, 0)].decode(errors="ignore")
    return head[: _boundary(text, len(head))] + "…"


def shown(text: str) -> str:
    """What a person sees where an empty text would be refused."""
    return clean(text) or "—"


def _boundary(text: str, at: int) -> int:
    """The nearest place at or before `at` that does not tear an accent or a joined emoji apart."""
    while 0 < at < len(text) and _belongs_to_previous(text, at):
        at -= 1
    return at


def _belongs_to_previous(text: str, at: int) -> bool:
    return text[at] in _JOINERS or text[at - 1] == "\u200d" or unicodedata.combining(text[at]) != 0
