"""The part of a list that is wanted, out of a few words: tiers, units, a period (高净值 城东支行, 上月)."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from domain.daytext import day_text
from domain.ids import UnitId
from domain.moment import find_moment
from domain.normalise import compact
from domain.part import Part
from domain.tier import Tier

_BETWEEN = re.compile(r"[\s,，、;；和的]+")


class Narrowing(Part):
    """Nothing in it: the whole list. `units` are meant with all below them; the days count whole."""

    tiers: tuple[Tier, ...] = ()
    units: tuple[UnitId, ...] = ()
    since: date | None = None
    until: date | None = None

    def said(self, units: Mapping[UnitId, str], today: date) -> str:
        """In words, as it was understood."""
        first, last = (day_text(day, today) if day else "" for day in (self.since, self.until))
        period = first if first == last else f"{first}–{last}"
        return " ".join([*self.tiers, *(units.get(each, each) for each in self.units), *([period] if period else [])])


def read_narrowing(words: str, units: Mapping[UnitId, str], now: datetime) -> Narrowing | str:
    """The words understood, or the first one that is not. `units` are the names of those that can be meant."""
    since = until = None
    if found := find_moment(words, now, "past"):
        since = found.moment.start.date()
        until = (found.moment.end or found.moment.start).date()
        words = found.rest
    tiers: list[Tier] = []
    places: list[UnitId] = []
    for word in filter(None, _BETWEEN.split(words.strip())):
        if compact(word) in set(Tier):
            tiers.append(Tier(compact(word)))
        elif place := _unit(word, units):
            places.append(place)
        else:
            return str(word)
    return Narrowing(tiers=tuple(tiers), units=tuple(places), since=since, until=until)


def _unit(word: str, units: Mapping[UnitId, str]) -> UnitId | None:
    """The unit of that name, or the only one whose name holds the word."""
    exact = [key for key, name in units.items() if name == word]
    near = exact or [key for key, name in units.items() if len(word) > 1 and word in name]
    return near[0] if len(near) == 1 else None
