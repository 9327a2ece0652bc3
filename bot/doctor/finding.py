"""One line of what doctor found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`sign`: ✓ fine, ! in order for now (the text says until when and what to do), ✗ wrong (the text
    says the fix), – could not be looked at (the text says why)."""

    sign: str
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.sign} {self.what}：{self.text}"


def good(what: str, text: str) -> Finding:
    return Finding("✓", what, text)


def bad(what: str, text: str) -> Finding:
    return Finding("✗", what, text)


def soon(what: str, text: str) -> Finding:
    return Finding("!", what, text)


def unknown(what: str, text: str) -> Finding:
    return Finding("–", what, text)
