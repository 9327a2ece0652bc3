"""A code that shows who somebody is: six digits sent to their own mobile, good once, for minutes, for a few tries."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

DIGITS: Final = 6


class Outcome(StrEnum):
    """What became of a try."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class SentCode:
    """The newest code of one wish; `tries` are the wrong ones so far, of all codes of the wish."""

    digits: str
    sent_at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class CodeRules:
    """How long a code is good, for how many wrong tries, and how soon another may be sent."""

    life: timedelta
    tries: int
    pause: timedelta


def judge(sent: SentCode, typed: str, now: datetime, rules: CodeRules) -> Outcome:
    """A locked wish stays locked for the right code too; the comparison takes as long for every wrong code."""
    if sent.tries >= rules.tries:
        return Outcome.LOCKED
    if now >= sent.sent_at + rules.life:
        return Outcome.OVER
    if hmac.compare_digest(sent.digits.encode(), typed.encode(errors="replace")):
        return Outcome.RIGHT
    return Outcome.LOCKED if sent.tries + 1 >= rules.tries else Outcome.WRONG


def seconds_to_wait(sent: SentCode, now: datetime, rules: CodeRules) -> int:
    """Until another code may be sent."""
    return max(0, int((sent.sent_at + rules.pause - now).total_seconds()))
