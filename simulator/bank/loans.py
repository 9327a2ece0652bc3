"""Loans and how late their instalments are."""

import numpy as np

from simulator.bank.cells import NEVER, Ints, days, words, yuan
from simulator.bank.files import Files
from simulator.bank.frame import Frame
from simulator.bank.people import LOST, PROSPECT, People

_LOANS = ("住房按揭", "消费贷款", "经营贷款", "其他贷款")
_LOAN_SHARES = (0.45, 0.25, 0.22, 0.08)
_LOAN_YUAN = (900_000, 80_000, 500_000, 60_000)
_LOAN_DAYS = (9_000, 1_095, 1_095, 730)
_CLASSES = ("正常", "关注", "次级", "可疑", "损失")


def draw_loans(people: People, rng: np.random.Generator) -> Ints:
    """Days each customer's loan is late, NEVER without one: 22 % borrow; 2.5, 0.9, 1.1 % of them are one, two, more
    months late.
    """
    able = ~np.isin(people.stage, (PROSPECT, LOST)) & ~people.has("minor")
    has = able & (rng.random(people.count) < 0.25) | people.has("loan_overdue")
    bands = ((0.025, 1, 31), (0.009, 31, 61), (0.011, 61, 400))
    draw, late, reached = rng.random(people.count), np.zeros(people.count, dtype=np.int64), 0.0
    for share, low, high in bands:
        inside = (draw >= reached) & (draw < reached + share)
        late = np.where(inside, rng.integers(low, high, people.count), late)
        reached += share
    late[(late + 60 > people.opened) | people.cast] = 0
    late[people.has("loan_overdue")] = 12
    return np.where(has, late, NEVER)


def write_loans(files: Files, frame: Frame, people: People, overdue: Ints, rng: np.random.Generator) -> None:
    rows = np.flatnonzero(overdue != NEVER)
    late = overdue[rows]
    kind = rng.choice(4, len(rows), p=_LOAN_SHARES)
    principal = (np.array(_LOAN_YUAN)[kind] * rng.lognormal(0, 0.4, len(rows))).astype(np.int64) * 100
    age = (np.array(_LOAN_DAYS)[kind] * rng.uniform(0.05, 0.9, len(rows))).astype(np.int64)
    age = np.maximum(np.minimum(age, people.opened[rows] - 1).clip(0), np.where(late > 0, late + 30, 0))
    left = 1 - age / np.array(_LOAN_DAYS)[kind]
    balance = (principal * left).astype(np.int64)
    files.add(
        "loans",
        [f"L{number:09d}" for number in (people.index[rows] + 1).tolist()],
        words(people.ids, rows),
        words(_LOANS, kind),
        yuan(principal),
        yuan(balance),
        [f"{rate:.4f}" for rate in (np.array((0.036, 0.049, 0.042, 0.055))[kind]).tolist()],
        days(frame.as_of, -age),
        days(frame.as_of, np.array(_LOAN_DAYS)[kind] - age),
        days(frame.as_of, np.where(late > 0, -late, rng.integers(1, 31, len(rows)))),
        yuan(np.maximum(balance // 60, 100)),
        late.tolist(),
        ["已放款"] * len(rows),
        words(_CLASSES, np.searchsorted([1, 61, 121, 271], late, side="right")),
    )
    for at in np.flatnonzero(late > 0).tolist():
        files.truth("loan_overdue", people.ids[int(rows[at])], days=int(late[at]))
