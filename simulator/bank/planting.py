"""Which customers carry which planted truth; cast members carry theirs whatever the seed."""

from datetime import date

import numpy as np

from simulator.bank.cast import CUSTOMERS
from simulator.bank.cells import Bools, Ints
from simulator.bank.frame import AFFLUENT, MASS, TIER_CEILING, TIER_FLOOR, ULTRA, WEALTHY, pick
from simulator.bank.people import GROWING, MATURE, People

Link = tuple[int, int, str, str]
"""a, b, what b is to a, what a is to b."""

_STEADY = (
    # kind, share, of the wealthy only, lowest tier
    ("silent", 0.03, True, WEALTHY),
    ("outflow", 0.02, True, WEALTHY),
    ("slow_churn", 0.01, False, AFFLUENT),
    ("unsuitable", 0.005, False, AFFLUENT),
    ("maturing", 0.05, False, AFFLUENT),
)
_LOOSE = {
    "lunar_birthday": 0.20,
    "risk_expired": 0.12,
    "id_long_term": 0.08,
    "id_expiring": 0.04,
    "handover": 0.03,
    "foreign": 0.004,
    "compatriot": 0.006,
    "no_mobile": 0.01,
    "cross_unit": 0.01,
}


def plant(people: People, first: bool, outlets: tuple[str, ...], as_of: date, rng: np.random.Generator) -> list[Link]:
    """Choose the carriers, shape them, and return the family links among them."""
    cast = np.zeros(people.count, dtype=np.bool_)
    cast[: len(CUSTOMERS) if first else 0] = True
    _plant_steady(people, cast, rng)
    links = _plant_minors(people, cast, as_of, rng)
    links += _plant_couples(people, cast, rng) + _plant_agents(people, cast, rng)
    _plant_names(people, cast, rng)
    _plant_leap_days(people, cast, rng)
    for kind, share in _LOOSE.items():
        _add(people, kind, pick(rng, ~cast & _may_carry(people, kind), round(share * people.count)))
    if first:
        links += _plant_cast(people)
    _settle(people, len(CUSTOMERS) if first else 0, outlets, rng)
    return links


def _settle(people: People, cast: int, outlets: tuple[str, ...], rng: np.random.Generator) -> None:
    """Hand-overs get their day, and who banks elsewhere an outlet of another branch; the cast's units are fixed."""
    handed = people.planted["handover"]
    people.handed_age[handed] = rng.integers(30, 300, len(handed))
    for row in people.planted["cross_unit"].tolist():
        elsewhere = [outlet for outlet in outlets if outlet[:3] != people.unit[row][:3]]
        if row >= cast:
            people.unit[row] = elsewhere[int(rng.integers(len(elsewhere)))]


def _add(people: People, kind: str, rows: Ints) -> None:
    people.planted[kind] = np.union1d(people.planted.get(kind, np.array([], dtype=np.int64)), rows)


def _plant_steady(people: People, cast: Bools, rng: np.random.Generator) -> None:
    """Truths that rules must find sit far from tier borders, so that an average cannot move them over."""
    middle = (people.aum >= TIER_FLOOR[people.tier] * 1.3) & (people.aum <= TIER_CEILING[people.tier] * 0.6)
    steady = np.isin(people.stage, (GROWING, MATURE)) & (people.opened >= 500) & middle
    free = steady & ~cast
    for kind, share, of_wealthy, tier in _STEADY:
        eligible = free & (people.tier >= tier)
        if kind == "unsuitable":
            eligible &= people.level <= 2
        base = int((people.tier >= WEALTHY).sum()) if of_wealthy else people.count
        chosen = pick(rng, eligible, min(round(share * base), int(eligible.sum()) // 4))
        free[chosen] = False
        _add(people, kind, chosen)


def _plant_minors(people: People, cast: Bools, as_of: date, rng: np.random.Generator) -> list[Link]:
    free = ~cast & (people.tier == MASS) & np.isin(people.stage, (GROWING, MATURE))
    chosen = pick(rng, free, 2 * round(0.003 * people.count))
    minors, guardians = chosen[::2], chosen[1::2]
    age_days = rng.integers(6 * 365, 17 * 365, len(minors))
    people.born[minors] = np.datetime64(as_of, "D").astype(np.int64) - age_days
    people.born[guardians] = np.minimum(people.born[guardians], people.born[minors] - 22 * 365)
    people.level[minors] = -1
    people.opened[minors] = np.minimum(people.opened[minors], 1_500)
    _share_home(people, minors, guardians)
    for child, parent in zip(minors.tolist(), guardians.tolist(), strict=True):
        people.name[child] = people.name[parent][0] + "小" + people.name[child][-1]
    _add(people, "minor", minors)
    _add(people, "guardian", guardians)
    return [(c, p, "监护人", "子女") for c, p in zip(minors.tolist(), guardians.tolist(), strict=True)]


def _share_home(people: People, follower: Ints, leader: Ints) -> None:
    people.manager[follower] = people.manager[leader]
    people.home[follower] = people.home[leader]
    for one, other in zip(follower.tolist(), leader.tolist(), strict=True):
        people.unit[one] = people.unit[other]


def _unrelated(people: People, cast: Bools) -> Bools:
    taken = cast | people.has("minor") | people.has("guardian") | people.has("family")
    free: Bools = ~taken & people.banked & (people.tier < ULTRA)
    return free


def _plant_couples(people: People, cast: Bools, rng: np.random.Generator) -> list[Link]:
    chosen = rng.permutation(pick(rng, _unrelated(people, cast), 2 * round(0.02 * people.count)))
    one, other = chosen[0::2], chosen[1::2]
    people.male[other] = ~people.male[one]
    youngest = people.born[~people.has("minor") & ~cast].max()
    people.born[other] = np.minimum(people.born[one] + rng.integers(-1_500, 1_500, len(one)), youngest)
    people.opened[other] = np.minimum(people.opened[other], 730)
    _share_home(people, other, one)
    _add(people, "family", chosen)
    return [(a, b, "配偶", "配偶") for a, b in zip(one.tolist(), other.tolist(), strict=True)]


def _plant_agents(people: People, cast: Bools, rng: np.random.Generator) -> list[Link]:
    chosen = rng.permutation(pick(rng, _unrelated(people, cast), 2 * round(0.003 * people.count)))
    _add(people, "agent", chosen[0::2])
    return [(a, b, "代理人", "被代理人") for a, b in zip(chosen[0::2].tolist(), chosen[1::2].tolist(), strict=True)]


def _plant_names(people: People, cast: Bools, rng: np.random.Generator) -> None:
    """Pairs with one name: every other pair in one manager's book, the rest across books."""
    chosen = rng.permutation(pick(rng, _unrelated(people, cast), 2 * round(0.005 * people.count)))
    one, other = chosen[0::2], chosen[1::2]
    people.male[other] = people.male[one]
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        people.name[b] = people.name[a]
    _share_home(people, other[::2], one[::2])
    people.planted["same_name"], people.planted["same_name_as"] = one, other


def _plant_leap_days(people: People, cast: Bools, rng: np.random.Generator) -> None:
    chosen = pick(rng, _unrelated(people, cast) & (people.tier < WEALTHY), round(0.002 * people.count))
    years = 1948 + 4 * rng.integers(0, 14, len(chosen))
    days = np.array([f"{year}-02-29" for year in years.tolist()], dtype="datetime64[D]")
    people.born[chosen] = days.astype(np.int64)
    people.opened[chosen] = np.minimum(people.opened[chosen], 730)
    _add(people, "birthday_0229", chosen)


def _may_carry(people: People, kind: str) -> Bools:
    allowed = people.banked
    if kind == "risk_expired":
        allowed &= (people.opened > 800) & (people.level >= 0)
    if kind == "handover":
        allowed &= (people.opened > 400) & (people.manager >= 0) & (people.tier < ULTRA)
    if kind in ("id_expiring", "id_long_term", "foreign", "compatriot"):
        for other in ("id_long_term", "id_expiring", "foreign", "minor"):
            allowed &= ~people.has(other)
    return allowed


def _plant_cast(people: People) -> list[Link]:
    for at, person in enumerate(CUSTOMERS):
        for tag in person.tags:
            _add(people, tag, np.array([at]))
    children, guardians = (
        [at for at, person in enumerate(CUSTOMERS) if tag in person.tags] for tag in ("minor", "guardian")
    )
    return [(c, g, "监护人", "子女") for c, g in zip(children, guardians, strict=True)]
