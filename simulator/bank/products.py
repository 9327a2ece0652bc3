"""The shelf of four hundred products and their net asset values."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from simulator.bank.cells import NEVER, Bools, Ints, days, flags, words, yuan
from simulator.bank.files import Files

KINDS = ("deposit", "wealth", "fund", "insurance", "trust", "metal", "bond")
DEPOSIT, WEALTH, FUND, INSURANCE, TRUST, METAL, BOND = range(7)
_REGIMES = ("NONE", "NFRA7", "CSRC", "INSURANCE", "NFRA7", "NONE", "NONE")
_TITLES = ("测试大额存单", "样例理财", "测试基金", "样例保险", "测试信托", "样例积存金", "测试国债")
_SHELF = {
    # risk (0 = R1): products of each kind; the risks are 25, 35, 22, 13 and 5 % of 400
    0: {DEPOSIT: 40, BOND: 30, FUND: 20, WEALTH: 10},
    1: {WEALTH: 80, INSURANCE: 40, FUND: 20},
    2: {WEALTH: 30, FUND: 30, TRUST: 15, METAL: 13},
    3: {FUND: 30, TRUST: 12, METAL: 7, WEALTH: 3},
    4: {FUND: 17, TRUST: 3},
}
_MINIMUM_YUAN = {DEPOSIT: 10_000, WEALTH: 1, FUND: 10, INSURANCE: 10_000, TRUST: 1_000_000, METAL: 100, BOND: 100}
_TERMS = {DEPOSIT: (365, 1_095), WEALTH: (90, 180, 365, 540), INSURANCE: (1_825,), TRUST: (730,), BOND: (1_095,)}
_NAV_DAYS = 90


@dataclass(frozen=True)
class Shelf:
    """Products as columns; `renewable` is the wealth product of the maturing truth, `regraded` went up to R4,
    `campaign` runs for a month.
    """

    ids: list[str]
    kind: Ints
    risk: Ints
    minimum: Ints
    term: Ints
    since: Ints
    until: Ints
    renewable: int
    regraded: int
    campaign: int

    def on_offer(self, level: int, minimum_yuan: int) -> Ints:
        """Products on sale that suit C(level+1) and start at no more than this."""
        selling = (self.until == NEVER) | (self.until > 0)
        special = np.isin(np.arange(len(self.ids)), (self.renewable, self.regraded))
        return np.flatnonzero(selling & ~special & (self.risk <= level) & (self.minimum <= minimum_yuan * 100))


def stock_shelf(rng: np.random.Generator) -> Shelf:
    pairs = [(risk, kind) for risk, kinds in _SHELF.items() for kind, number in kinds.items() for _ in range(number)]
    risk, kind = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    count = len(pairs)
    term = [int(rng.choice(_TERMS[k])) if k in _TERMS else NEVER for k in kind.tolist()]
    ended = rng.random(count) < 0.08
    until = np.where(ended, -rng.integers(1, 60, count), rng.integers(30, 400, count))
    shelf = Shelf(
        ids=[f"P{number:04d}" for number in range(1, count + 1)],
        kind=kind,
        risk=risk,
        minimum=np.array([_MINIMUM_YUAN[k] * 100 for k in kind.tolist()], dtype=np.int64),
        term=np.array(term, dtype=np.int64),
        since=-rng.integers(1_200, 2_000, count),
        until=np.where(rng.random(count) < 0.3, NEVER, until),
        renewable=int(np.flatnonzero((kind == WEALTH) & (risk == 0))[0]),
        regraded=int(np.flatnonzero((kind == WEALTH) & (risk == 3))[0]),
        campaign=int(np.flatnonzero((kind == WEALTH) & (risk == 0))[1]),
    )
    shelf.term[[shelf.renewable, shelf.regraded, shelf.campaign]] = 180, 365, 30
    shelf.until[[shelf.renewable, shelf.regraded]] = NEVER
    return shelf


def write_shelf(files: Files, shelf: Shelf, as_of: date, rng: np.random.Generator) -> None:
    kinds = shelf.kind.tolist()
    files.add(
        "products",
        shelf.ids,
        [f"{_TITLES[kind]}{number:03d}号" for number, kind in enumerate(kinds, 1)],
        words(KINDS, shelf.kind),
        words(_REGIMES, shelf.kind),
        words(("R1", "R2", "R3", "R4", "R5"), shelf.risk),
        yuan(shelf.minimum),
        ["" if term == NEVER else term for term in shelf.term.tolist()],
        days(as_of, shelf.since),
        days(as_of, shelf.until),
        words(("R1", "R2", "R3", "R4", "R5"), np.maximum(shelf.risk - (rng.random(len(kinds)) < 0.1), 0)),
        flags(shelf.kind == TRUST),
        ["CNY"] * len(kinds),
    )
    _write_nav(files, shelf, as_of, rng)


def _write_nav(files: Files, shelf: Shelf, as_of: date, rng: np.random.Generator) -> None:
    """Ninety days of business-day values; one R3 and one R4 fund fall hard in the last twenty days."""
    valued = np.flatnonzero(np.isin(shelf.kind, (FUND, WEALTH)))
    offset = np.arange(-_NAV_DAYS, 1)
    offset = offset[np.is_busday(np.datetime64(as_of, "D") + offset)]
    swing = np.array([0.0001, 0.0003, 0.0010, 0.0020, 0.0040])[shelf.risk[valued]]
    steps = swing[:, None] * rng.standard_normal((len(valued), len(offset))) + 0.0001
    for risk, fall in ((2, 0.08), (3, 0.15)):
        row = int(np.flatnonzero((shelf.risk[valued] == risk) & (shelf.kind[valued] == FUND))[0])
        recent: Bools = offset > -20
        steps[row, recent] = -fall / recent.sum()
        files.truth("nav_drawdown", "", product_id=shelf.ids[int(valued[row])], fall_at_least=round(fall * 0.9, 3))
    nav = np.exp(np.cumsum(steps, axis=1))
    dates = days(as_of, offset)
    files.add(
        "product_nav",
        [shelf.ids[at] for at in valued.tolist() for _ in dates],
        dates * len(valued),
        [f"{value:.4f}" for value in nav.ravel().tolist()],
    )
