"""Talks with customers, broadcasts, app visits and old complaints."""

import numpy as np

from simulator.bank.cells import NEVER, Bools, Ints, times, words
from simulator.bank.files import Files
from simulator.bank.frame import PARTITION, WEALTHY, Frame
from simulator.bank.org import Org
from simulator.bank.people import DORMANT, LOST, PROSPECT, People

SILENT_CAST_DAYS = 35
_HISTORY = 200
_MONTHLY = (0.1, 0.8, 2.5, 4.0)
_TALKS = (
    # channel, direction, kind, summary, spoken to
    ("电话", "out", "回访", "电话回访，了解近期资金安排", 1),
    ("电话", "out", "营销", "介绍新发理财，客户表示考虑", 1),
    ("企微", "both", "服务", "企微沟通账户与到期安排", 1),
    ("面访", "both", "服务", "网点面谈，检视资产配置", 1),
    ("电话", "in", "咨询", "客户来电咨询存款利率", 1),
    ("电话", "out", "回访", "电话未接通", 0),
    ("企微", "out", "群发", "产品资讯群发", 0),
)
_TALK_SHARES = (0.3, 0.15, 0.25, 0.08, 0.1, 0.12)
MISSED, BROADCAST = 5, 6


def write_interactions(files: Files, frame: Frame, org: Org, people: People, rng: np.random.Generator) -> None:
    gap = _gaps(people, rng)
    owner, day, talk = (np.concatenate(columns) for columns in zip(*_talks(frame, people, gap, rng), strict=True))
    second = rng.integers(9 * 3_600, 17 * 3_600, len(owner))
    order = np.lexsort((second, day, owner))
    owner, day, second, talk = owner[order], day[order], second[order], talk[order]
    start = people.partition * PARTITION * 100
    score = rng.integers(3, 6, len(owner))
    rated = (rng.random(len(owner)) < 0.3) & (talk < MISSED)
    columns = list(zip(*_TALKS, strict=True))
    files.add(
        "interactions",
        [f"I{number:09d}" for number in range(start + 1, start + len(owner) + 1)],
        words(people.ids, owner),
        times(frame.as_of, day, second),
        *(words(column, talk) for column in columns[:3]),
        _speakers(org, people, owner, day),
        words(columns[3], talk),
        [value if shown else "" for value, shown in zip(score.tolist(), rated.tolist(), strict=True)],
        words(columns[4], talk),
    )
    for row in people.planted["silent"].tolist():
        files.truth("silent", people.ids[row], days=int(gap[row]))


def _gaps(people: People, rng: np.random.Generator) -> Ints:
    """Days since the last real talk of the silent; the same for everyone's earliest possible last talk."""
    gap = np.where(people.stage == DORMANT, 95, np.where(people.stage == LOST, 185, 0))
    gap = np.where(people.has("silent"), rng.integers(33, 80, people.count), gap)
    return np.where(people.has("silent") & people.cast, SILENT_CAST_DAYS, gap)


def _talks(frame: Frame, people: People, gap: Ints, rng: np.random.Generator) -> list[tuple[Ints, Ints, Ints]]:
    """Random talks, a certain recent one for the wealthy, the silent's last one with a missed call after,
    broadcasts.
    """
    span = np.minimum(np.where(people.opened == NEVER, 90, people.opened), _HISTORY) - gap
    count = rng.poisson(np.array(_MONTHLY)[people.tier] * np.maximum(span, 0) / 30.4)
    owner = np.repeat(np.arange(people.count), count)
    day = _workdays(frame, -gap[owner] - (rng.random(len(owner)) * span[owner]).astype(np.int64))
    common = owner, day, rng.choice(6, len(owner), p=_TALK_SHARES)
    silent = people.planted["silent"]
    return [
        _kept(people, *common),
        _certain(people, rng),
        (silent, -gap[silent], np.full(len(silent), 0)),
        (silent, np.full(len(silent), -8), np.full(len(silent), MISSED)),
        *(_broadcast(people, day, rng) for day in range(-10, -_HISTORY, -30)),
    ]


def _workdays(frame: Frame, day: Ints) -> Ints:
    """Weekends move back to Friday."""
    dates = np.datetime64(frame.as_of, "D") + day
    moved = np.busday_offset(dates, 0, roll="backward") - np.datetime64(frame.as_of, "D")
    return moved.astype(np.int64)


def _kept(people: People, owner: Ints, day: Ints, talk: Ints) -> tuple[Ints, Ints, Ints]:
    since = np.where(people.opened == NEVER, -_HISTORY, -people.opened)
    kept = day >= since[owner]
    return owner[kept], day[kept], talk[kept]


def _certain(people: People, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """All who are or were near the wealthy tier spoke to someone within four weeks, unless silence is planted."""
    near = (people.tier >= WEALTHY) | (people.aum > 2_400_000_00)
    rows = np.flatnonzero(near & ~people.has("silent") & ~np.isin(people.stage, (DORMANT, LOST)))
    day = -np.minimum(rng.integers(1, 27, len(rows)), people.opened[rows])
    return rows, day, rng.integers(0, MISSED, len(rows))


def _broadcast(people: People, day: int, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    hit: Bools = (rng.random(people.count) < 0.25) & (people.manager >= 0) | people.has("silent") & (day == -10)
    rows = np.flatnonzero(hit & (people.opened > -day))
    return rows, np.full(len(rows), day), np.full(len(rows), BROADCAST)


def _speakers(org: Org, people: People, owner: Ints, day: Ints) -> list[str]:
    names = (*org.managers, *org.bankers, "cs01", "cs02", "rmold01")
    nobody = len(org.managers) + len(org.bankers)
    speaker = np.where(people.manager < 0, nobody + people.index % 2, people.manager)[owner]
    before = people.has("handover")[owner] & (day < -people.handed_age[owner])
    return words(names, np.where(before, nobody + 2, speaker))


_PAGES = ("首页", "理财列表", "产品详情", "持仓", "转账", "存款")
_PRODUCT_PAGE = 2


def write_touchpoints(
    files: Files, frame: Frame, people: People, products: list[str], rng: np.random.Generator
) -> None:
    active = ~np.isin(people.stage, (PROSPECT, DORMANT, LOST))
    owner = np.repeat(np.arange(people.count), rng.poisson(np.where(active, 4, 0)))
    day = -(rng.random(len(owner)) * np.minimum(people.opened[owner], 60)).astype(np.int64)
    key = np.unique((owner * 100 - day) * 86_400 + rng.integers(7 * 3_600, 23 * 3_600, len(owner)))
    owner, day, second = key // 86_400 // 100, -(key // 86_400 % 100), key % 86_400
    page = rng.integers(0, len(_PAGES), len(key))
    product = words(products, rng.integers(0, len(products), len(key)))
    files.add(
        "touchpoints",
        words(people.ids, owner),
        times(frame.as_of, day, second),
        ["手机银行"] * len(key),
        words(_PAGES, page),
        [text if at == _PRODUCT_PAGE else "" for text, at in zip(product, page.tolist(), strict=True)],
        rng.integers(3, 240, len(key)).tolist(),
    )


_CAUSES = ("C01", "C04", "C02", "C05", "C12", "C03", "C06", "C09", "C10", "C99")
_CAUSE_SHARES = (0.35, 0.18, 0.15, 0.12, 0.10, 0.03, 0.03, 0.02, 0.01, 0.01)
_BUSINESS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08")
_CHANNELS = ("A0101", "A0102", "A0103", "A0201")
_OUTCOMES = ("已解决", "部分支持", "不支持", "客户撤回")
_COMPLAINT_MONTHS = 24


def write_complaints(files: Files, frame: Frame, people: People, rng: np.random.Generator) -> None:
    able = np.flatnonzero(people.banked & (people.opened > 30) & ~people.cast)
    rows = np.sort(rng.choice(able, rng.poisson(0.0006 * people.count * _COMPLAINT_MONTHS)))
    rows = np.concatenate((rows, people.planted.get("open_complaint", rows[:0])))
    lived = np.minimum(people.opened[rows], 30 * _COMPLAINT_MONTHS)
    age = np.where(people.has("open_complaint")[rows], 3, (rng.random(len(rows)) * lived).astype(np.int64))
    lasted = rng.integers(1, 15, len(rows))
    still = lasted >= age
    second = rng.integers(9 * 3_600, 17 * 3_600, len(rows))
    still |= people.has("open_complaint")[rows]
    closed = times(frame.as_of, np.where(still, 0, lasted - age), second)
    outcome = words(_OUTCOMES, rng.choice(4, len(rows), p=(0.7, 0.15, 0.1, 0.05)))
    start = people.partition * PARTITION
    files.add(
        "complaints",
        [f"K{number:08d}" for number in range(start + 1, start + len(rows) + 1)],
        words(people.ids, rows),
        times(frame.as_of, -age, second),
        words(_CHANNELS, rng.integers(0, 4, len(rows))),
        words(_BUSINESS, rng.integers(0, 8, len(rows))),
        words(_CAUSES, rng.choice(10, len(rows), p=_CAUSE_SHARES)),
        ["客户对办理结果不满意（样例）"] * len(rows),
        ["" if open_ else text for open_, text in zip(still.tolist(), closed, strict=True)],
        ["" if open_ else text for open_, text in zip(still.tolist(), outcome, strict=True)],
    )
    for at in np.flatnonzero(still).tolist():
        files.truth("open_complaint", people.ids[int(rows[at])], days=int(age[at]))
