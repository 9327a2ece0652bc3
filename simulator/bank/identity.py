"""The customer file and the links between customers, and the truths that can be read from them."""

from collections.abc import Callable
from datetime import date

import numpy as np

from simulator.bank.cells import NEVER, Bools, Ints, days, flags, words, yuan
from simulator.bank.files import Files
from simulator.bank.frame import WEALTHY, Frame
from simulator.bank.identifiers import mobiles, resident_numbers
from simulator.bank.lunar import lunar_birthdays
from simulator.bank.org import CITIES, Org
from simulator.bank.people import LOST, PROSPECT, People, age_years
from simulator.bank.planting import Link

_ID_TYPES = (
    "居民身份证", "护照", "外国人永久居留身份证", "港澳居民来往内地通行证", "台湾居民来往大陆通行证",
)  # fmt: skip
_ID_PREFIX = ("", "X99", "99999900", "H99", "99")
_JOBS = ("企业职员", "公务员", "教师", "医生", "个体工商户", "企业主", "退休", "自由职业", "工程师", "律师")
_RISKS = ("低", "较低", "中", "较高", "高")
_LONG_TERM = "9999-12-31"
_OLD_MANAGER = "rmold01"


def write_customers(
    files: Files, frame: Frame, org: Org, people: People, overdue: Ints, rng: np.random.Generator
) -> None:
    count, as_of = people.count, frame.as_of
    id_type = _id_types(people)
    id_left = _id_days_left(people, rng)
    lunar = _lunar(people)
    reviewed = np.where(rng.random(count) < 0.03, -rng.integers(1, 60, count), rng.integers(1, 1_000, count))
    known = people.banked
    income = (rng.lognormal(11.7, 0.6, count) * (1 + people.tier * 2)).astype(np.int64) * 100
    files.add(
        "customers",
        people.ids,
        people.name,
        words(("女", "男", "未知"), np.where(_unsaid(people), 2, people.male)),
        _iso(people.born),
        lunar,
        words(_ID_TYPES, id_type),
        _id_numbers(people, id_type),
        _id_expiry(people, id_left, as_of),
        _blank(mobiles(people.index + 1), people.has("no_mobile")),
        _addresses(people),
        _occupations(people, as_of, rng),
        days(as_of, -np.where(known, people.opened, -NEVER)),
        words(("", *org.managers, *org.bankers), people.manager + 1),
        people.unit,
        words(_RISKS, rng.choice(5, count, p=(0.6, 0.2, 0.13, 0.05, 0.02))),
        days(as_of, np.where(known, reviewed, NEVER)),
        flags((rng.random(count) < 0.85) | people.cast),
        words(("电话", "企微", "短信", "免打扰"), rng.choice(4, count, p=(0.4, 0.45, 0.12, 0.03)) % (4 - people.cast)),
        words(("普通", "专业"), ((people.tier >= WEALTHY) & (rng.random(count) < 0.1)) * 1),
        _blank(yuan(income), ~known),
        _blank(yuan(people.aum * 5 // 4), ~known),
        words((90, 180, 365, 730, 1_095), rng.integers(0, 5, count)),
        flags((rng.random(count) < 0.002) & ~people.cast),
        flags((rng.random(count) < 0.0002) & ~people.cast),
        flags(overdue > 7),
    )
    _tell(files, people, as_of, lunar, id_type, id_left)


def _iso(day: Ints) -> list[str]:
    texts: list[str] = np.datetime_as_string(day.astype("datetime64[D]")).tolist()
    return texts


def _blank(texts: list[str], where: Bools) -> list[str]:
    return ["" if empty else text for text, empty in zip(texts, where.tolist(), strict=True)]


def _unsaid(people: People) -> Bools:
    unsaid: Bools = ~people.banked & (people.index % 10 == 9)
    return unsaid


def _lunar(people: People) -> list[str]:
    return _blank(lunar_birthdays(people.born), ~people.has("lunar_birthday"))


def _id_types(people: People) -> Ints:
    foreign = np.where(people.index % 4 == 3, 2, 1)
    compatriot = np.where(people.index % 3 == 2, 4, 3)
    chosen = np.where(people.has("compatriot"), compatriot, 0)
    return np.where(people.has("foreign"), foreign, chosen).astype(np.int64)


def _id_numbers(people: People, id_type: Ints) -> list[str]:
    """Prospects may have shown no document yet."""
    resident = resident_numbers(people.born, people.male, people.partition)
    rows = zip(resident, id_type.tolist(), people.index.tolist(), strict=True)
    numbers = [f"{_ID_PREFIX[kind]}{index:07d}" if kind else number for number, kind, index in rows]
    return _blank(numbers, (people.stage == PROSPECT) & (people.index % 2 == 0))


def _id_days_left(people: People, rng: np.random.Generator) -> Ints:
    soon, later = rng.integers(1, 91, people.count), rng.integers(100, 7_000, people.count)
    return np.where(people.has("id_expiring"), soon, later)


def _id_expiry(people: People, left: Ints, as_of: date) -> list[str]:
    texts = days(as_of, left)
    return [_LONG_TERM if forever else text for text, forever in zip(texts, _forever(people), strict=True)]


def _forever(people: People) -> list[bool]:
    forever: list[bool] = (people.has("id_long_term") | (people.stage == PROSPECT)).tolist()
    return forever


def _addresses(people: People) -> list[str]:
    rows = zip(people.home.tolist(), people.unit, strict=True)
    return [
        f"{CITIES[(int(unit[1:3]) - 1) % len(CITIES)]}市测试路{home % 900 + 1}号样例小区{home % 30 + 1}栋{home % 2_000 + 101}室"
        for home, unit in rows
    ]


def _occupations(people: People, as_of: date, rng: np.random.Generator) -> list[str]:
    age = age_years(people.born, as_of)
    job = rng.integers(0, len(_JOBS), people.count)
    job = np.where(age >= 62, _JOBS.index("退休"), job)
    return ["学生" if minor else text for minor, text in zip((age < 18).tolist(), words(_JOBS, job), strict=True)]


def _tell(files: Files, people: People, as_of: date, lunar: list[str], id_type: Ints, left: Ints) -> None:
    ids, age = people.ids, age_years(people.born, as_of)
    for row in np.flatnonzero(people.stage == PROSPECT).tolist():
        files.truth("prospect", ids[row])
    for row in np.flatnonzero(people.stage == LOST).tolist():
        files.truth("lost", ids[row], closed=bool(people.closed[row]), aum=yuan(people.aum[row : row + 1])[0])
    numbers: dict[str, Callable[[int], dict[str, object]]] = {
        "lunar_birthday": lambda row: {"lunar": lunar[row]},
        "birthday_0229": lambda row: {},
        "id_long_term": lambda row: {},
        "id_expiring": lambda row: {"days_left": int(left[row])},
        "foreign": lambda row: {"id_type": _ID_TYPES[int(id_type[row])]},
        "compatriot": lambda row: {"id_type": _ID_TYPES[int(id_type[row])]},
        "no_mobile": lambda row: {},
        "cross_unit": lambda row: {"unit_id": people.unit[row]},
        "minor": lambda row: {"age": int(age[row])},
    }
    for kind, detail in numbers.items():
        for row in people.planted[kind].tolist():
            files.truth(kind, ids[row], **detail(row))


def write_team(files: Files, frame: Frame, org: Org, people: People) -> None:
    """Advisers of the wealthy, and who handed whom over to whom."""
    managers = (*org.managers, *org.bankers)
    rows = [
        (row, f"adv{people.unit[row][1:3]}", "理财顾问", -int(people.opened[row]), NEVER)
        for row in np.flatnonzero(people.tier >= WEALTHY).tolist()
    ]
    rows += [(int(row), "rm01", "理财顾问", -365, NEVER) for row in people.planted.get("team", ())]
    for row in people.planted["handover"].tolist():
        day, successor = -int(people.handed_age[row]), managers[int(people.manager[row])]
        rows.append((row, _OLD_MANAGER, "客户经理", -int(people.opened[row]), day - 1))
        rows.append((row, successor, "客户经理", day, NEVER))
        files.truth("handover", people.ids[row], days=-day, before=_OLD_MANAGER, now=successor)
    if not rows:
        return
    row_at, userid, role, since, until = zip(*rows, strict=True)
    starts, ends = np.array(since, dtype=np.int64), np.array(until, dtype=np.int64)
    owners = words(people.ids, np.array(row_at, dtype=np.int64))
    files.add("service_team", owners, userid, role, days(frame.as_of, starts), days(frame.as_of, ends))


def write_relations(files: Files, people: People, links: list[Link]) -> None:
    ids = people.ids
    for one, other, kind, back in links:
        files.add("relations", [ids[one], ids[other]], [ids[other], ids[one]], [kind, back])
        files.truth("relation", ids[one], other=ids[other], relation=kind)
    pairs = zip(people.planted["same_name"].tolist(), people.planted["same_name_as"].tolist(), strict=True)
    for one, other in pairs:
        files.truth("same_name", ids[one], other=ids[other], name=people.name[one])


def write_assessments(files: Files, frame: Frame, people: People, rng: np.random.Generator) -> None:
    """The valid level of everyone with an account, lapsed where planted, and for some the one before."""
    rows = np.flatnonzero(people.banked & (people.level >= 0))
    lapsed = people.has("risk_expired")[rows]
    recent = (rng.random(len(rows)) * np.minimum(people.opened[rows], 360)).astype(np.int64)
    age = np.where(lapsed, rng.integers(366, 700, len(rows)), recent)
    before = np.flatnonzero((people.opened[rows] > age + 400) & (rng.random(len(rows)) < 0.3))
    earlier = age[before] + rng.integers(300, 390, len(before))
    level = people.level[rows]
    shifted = (level[before] + rng.integers(-1, 2, len(before))).clip(0, 4)
    owner = np.concatenate((rows[before], rows))
    ages, levels = np.concatenate((earlier, age)), np.concatenate((shifted, level))
    files.add(
        "risk_assessments",
        words(people.ids, owner),
        words(("C1", "C2", "C3", "C4", "C5"), levels),
        days(frame.as_of, -ages),
        days(frame.as_of, 365 - ages),
        words(("手机银行", "网点"), rng.choice(2, len(owner), p=(0.8, 0.2))),
        ["bank"] * len(owner),
    )
    for at in np.flatnonzero(lapsed).tolist():
        files.truth("risk_expired", people.ids[int(rows[at])], days=int(age[at]) - 365)
