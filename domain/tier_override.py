"""A tier set by hand: agreed to by somebody else, for some months at most."""

from datetime import date

from domain.part import Part
from domain.tier import Tier


class TierOverride(Part):
    """It holds through `until_day`, from the day it is agreed to; `days` is the length that was asked for."""

    tier: Tier
    days: int
    until_day: date
