"""A copy's number, woven into text where nobody sees it, and read out of any fragment that holds one mark whole.

A mark is 28 signs of no width, two bits each: the 40 bits of the number and 16 of a checksum (CRC-16/CCITT). It needs
no beginning: a run of such signs is tried at every place, and what is no mark fails the checksum. Every mark says the
whole number, so any cell that carries one is enough; several in a fragment outvote one that a chance agreement made.
"""

import re
import secrets
from binascii import crc_hqx
from collections import Counter

SIGNS = "\u200b\u200c\u200d\u2060"
"""Zero width space, non-joiner, joiner, word joiner: they survive copying between office programs and browsers."""
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs that nobody mistakes for one another
LENGTH = 8
_BITS, _CHECK = 5 * LENGTH, 16
MARK_SIGNS = (_BITS + _CHECK) // 2
_RUN = re.compile(f"[{SIGNS}]+")
_SAID = re.compile(rf"副本号\s*([{LETTERS}]{{{LENGTH}}})(?![0-9A-Z])")
_OF_SIGN = {sign: number for number, sign in enumerate(SIGNS)}


def new_copy() -> str:
    """The number of a copy: forty random bits."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def mark_of(copy: str) -> str:
    """The mark of a copy's number."""
    number = 0
    for letter in copy:
        number = number << 5 | LETTERS.index(letter)
    whole = number << _CHECK | _check(number)
    return "".join(SIGNS[whole >> shift & 3] for shift in range(2 * MARK_SIGNS - 2, -2, -2))


def bare(text: str) -> str:
    """Without any sign of a mark: what the data themselves bring along must not spoil one."""
    return _RUN.sub("", text)


def woven(text: str, mark: str) -> str:
    """The mark behind the first character, where no trimming of the ends takes it away; an empty text stays empty."""
    text = bare(text)
    return text[:1] + mark + text[1:] if text else text


def copies_in(text: str) -> list[str]:
    """The numbers found in a text, the most frequent first: out of the marks, else as they are written for the eye."""
    found = Counter(copy for run in _RUN.findall(text) for copy in _read(run))
    if not found:
        found = Counter(_SAID.findall(bare(text)))
    return [copy for copy, _ in found.most_common()]


def _read(run: str) -> list[str]:
    """Marks stand one behind the other; where none begins, the next place is tried."""
    copies, at = [], 0
    while at + MARK_SIGNS <= len(run):
        copy = _copy(run[at : at + MARK_SIGNS])
        copies += [copy] if copy else []
        at += MARK_SIGNS if copy else 1
    return copies


def _copy(signs: str) -> str | None:
    whole = 0
    for sign in signs:
        whole = whole << 2 | _OF_SIGN[sign]
    number = whole >> _CHECK
    if whole & 0xFFFF != _check(number):
        return None
    return "".join(LETTERS[number >> shift & 31] for shift in range(_BITS - 5, -5, -5))


def _check(number: int) -> int:
    return crc_hqx(number.to_bytes(_BITS // 8, "big"), 0xFFFF)
