"""The fixed words of suitability: classes, ratings, regimes, and what a decision says (business-rules.md §2)."""

from enum import StrEnum
from typing import Self


class _Ranked(StrEnum):
    """Words in an order: the first is the lowest, of rank 0."""

    rank: int

    def __new__(cls, word: str) -> Self:
        made = str.__new__(cls, word)
        made._value_ = word
        made.rank = len(cls.__members__)
        return made


class Level(_Ranked):
    """A customer's class, the most conservative first."""

    C1 = "C1"
    C2 = "C2"
    C3 = "C3"
    C4 = "C4"
    C5 = "C5"


class Rating(_Ranked):
    """A product's class, the least risky first."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"


class Regime(StrEnum):
    """Whose rules a product is sold under; NONE are deposits, government bonds and bullion."""

    NFRA7 = "NFRA7"
    CSRC = "CSRC"
    INSURANCE = "INSURANCE"
    NONE = "NONE"


class Leave(_Ranked):
    """What a cell of the matrix gives leave to; `written` only to a client who asks in writing of their own accord."""

    BLOCK = "block"
    WRITTEN = "written"
    ALLOW = "allow"


class Verdict(_Ranked):
    """The decision, the strictest first."""

    BLOCK = "BLOCK"
    ALLOW_WITH_STEPS = "ALLOW_WITH_STEPS"
    ALLOW = "ALLOW"


class Trigger(StrEnum):
    """What calls for steps beyond those of every sale."""

    IDENTITY = "identity"
    REVIEW = "review"
    FIRST = "first"
    WRITTEN = "written"
    QUALIFIED = "qualified"
    ELDERLY = "elderly"
    RISKY = "risky"
    LARGE = "large"


class Spared(StrEnum):
    """What a product of the lowest rating may be spared, by its kind."""

    ASSESSMENT = "assessment"
    AGE = "age"
    HORIZON = "horizon"
    SHARES = "shares"
    MEANS = "means"
    LOANS = "loans"


RATINGS = {each.value: each for each in Rating}
REGIMES = {each.value: each for each in Regime}
LEVELS = {each.value: each for each in Level}
