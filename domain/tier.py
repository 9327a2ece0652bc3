"""The four AUM tiers."""

from enum import StrEnum


class Tier(StrEnum):
    """The four AUM tiers, lowest first."""

    MASS = "大众"
    AFFLUENT = "富裕"
    HIGH = "高净值"
    ULTRA = "超高净值"

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {tier: place for place, tier in enumerate(Tier)}
