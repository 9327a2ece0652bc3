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
        return list(Tier).index(self)
