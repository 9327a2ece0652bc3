"""A bank of a million customers in the shape of a retail bank, written straight into the tables by bulk load.

Rows that ask what size costs are measured on it. Per customer: 3 holdings, 10 transactions, 2 interactions, 5 AUM
points, an account; names, mobiles and identifiers are sealed and indexed as an import would. The same every time.
"""

import csv
import random
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from storage.columns import SHANGHAI, from_microseconds, microseconds
from storage.imports.format import FILES
from storage.imports.tables import Values, stored
from storage.pouring import Cells, Pour
from storage.vault import Vault

AS_OF = date(2026, 11, 22)
MILLION = 1_000_000
BOOK = 200
"""Customers of one manager."""
PER_SUB_BRANCH, PER_BRANCH = 20, 10
HOLDINGS, TRANSACTIONS, INTERACTIONS, POINTS = 3, 10, 2, 5
PRODUCTS = 400
_HISTORY = 400  # days
_MEDIAN, _SIGMA = 8.213, 2.505  # ln of 3 688 yuan (business-rules.md §8.1)
_WORD = 2**64 - 1
_MICROSECONDS_A_DAY = 86_400_000_000
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
_FIRST, _SECOND = "秀建国玉春海文志桂丽晓明", "兰芳华英军梅平强敏静伟霞"
_KINDS = ("deposit", "wealth", "fund", "insurance", "trust", "metal", "bond")
_BOOKED = (  # kind, channel, counterparty, customer initiated, sign
    ("代发工资", "系统", "other", False, 1),
    ("消费", "POS", "other", True, -1),
    ("转账", "手机银行", "other", True, -1),
    ("理财申购", "手机银行", "own", True, -1),
    ("基金申购", "手机银行", "own", True, -1),
    ("理财赎回", "手机银行", "own", True, 1),
    ("结息", "系统", "own", False, 1),
)
_TALKS = (("电话", "out", "回访", True), ("企微", "both", "服务", True), ("电话", "out", "回访", False),
          ("企微", "out", "群发", False))  # fmt: skip


@dataclass(frozen=True)
class Million:
    """The bank with so many customers; `vault` is that of the database it is written into."""

    vault: Vault
    customers: int = MILLION

    def pour(self, into: Pour) -> None:
        """Everything, table by table, then the indexes."""
        into.rows("org_unit", "unit_id name kind parent_id", self._units())
        into.rows("staff", _STAFF, self._staff())
        into.rows("product", _PRODUCT, self._products())
        into.rows("customer", _CUSTOMER, self._customers())
        into.rows("account", "account_id customer_id kind opened_on balance currency", self._accounts())
        into.rows("aum_daily", "customer_id day aum", self._points())
        into.rows("holding", "holding_id customer_id product_id amount cost opened_on matures_on", self._holdings())
        into.rows("txn", _TXN, self._transactions())
        into.rows("interaction", "interaction_id customer_id at channel direction kind reached origin", self._talks())
        into.rows("risk_assessment", "customer_id assessed_on regime channel level valid_until", self._risks())
        into.feeds(tuple(spec.name for spec in FILES))

    def write(self, folder: Path) -> None:
        """Units, staff, customers and transactions as the bank's core would deliver them."""
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "org_units.csv", ["unit_id", "name", "kind", "parent_id"], self._units())
        staff = [column.name for column in _SPECS["staff"].columns]
        _write(folder / "staff.csv", staff, (_told(self._member(n), staff) for n in range(self.managers)))
        columns = [column.name for column in _SPECS["customers"].columns if not column.optional]
        _write(folder / "customers.csv", columns, (_told(self._customer(n), columns) for n in range(self.customers)))
        _write(folder / "transactions.csv", _TXN.split(), map(_booked, self._transactions()))

    @property
    def managers(self) -> int:
        return -(-self.customers // BOOK)

    @cached_property
    def wealth(self) -> "array[int]":
        """What each customer has, in fen: lognormal, as measured at large retail banks."""
        chance = random.Random(20)
        return array("q", (int(100 * chance.lognormvariate(_MEDIAN, _SIGMA)) for _ in range(self.customers)))

    @cached_property
    def opened(self) -> "array[int]":
        """How many days ago each customer came."""
        return array("q", (30 + _mixed(number, 5_000) for number in range(self.customers)))

    def _units(self) -> Iterator[Cells]:
        yield "H", "示例银行", "head_office", None
        for number in range(self._branches):
            yield f"F{number:03}", f"示例{number:03}分行", "branch", "H"
        for number in range(self._sub_branches):
            yield f"Z{number:04}", f"示例{number:04}支行", "sub_branch", f"F{number // PER_BRANCH:03}"

    @property
    def _sub_branches(self) -> int:
        return -(-self.managers // PER_SUB_BRANCH)

    @property
    def _branches(self) -> int:
        return -(-self._sub_branches // PER_BRANCH)

    def _staff(self) -> Iterator[Cells]:
        for number in range(self.managers):
            row = stored(_SPECS["staff"], self._member(number), self.vault)
            yield tuple(row[name] for name in _STAFF.split())

    def _member(self, number: int) -> Values:
        unit = f"Z{number // PER_SUB_BRANCH:04}"
        return {"userid": manager(number), "wecom_userid": manager(number), "name": f"经理{number}",
                "posts": "客户经理", "unit_id": unit, "leader_userid": None, "mobile": None,
                "status": "active", "qualifications": ""}  # fmt: skip

    def _products(self) -> Iterator[Cells]:
        for number in range(PRODUCTS):
            risk = f"R{1 + number % 5}"
            yield f"P{number:03}", f"示例产品{number:03}", _KINDS[number % 7], "NFRA7", risk, 100_000, 365, "CNY"

    def _customers(self) -> Iterator[Cells]:
        names = _CUSTOMER.split()
        for number in range(self.customers):
            row = stored(_SPECS["customers"], self._customer(number), self.vault)
            yield tuple(row[name] for name in names)

    def _customer(self, number: int) -> dict[str, Any]:
        keeper, given = number // BOOK, _mixed(number, 144)
        name = f"{_SURNAMES[_mixed(number, 20)]}{_FIRST[given // 12]}{_SECOND[given % 12]}"
        opened = AS_OF - timedelta(days=self.opened[number])
        empty = dict.fromkeys(_SPECS["customers"].kept)
        return empty | {
            "customer_id": customer_id(number), "name": name, "gender": "女" if number % 2 else "男",
            "birth_date": date(1950, 1, 1) + timedelta(days=_mixed(number, 20_000)),
            "mobile": f"1990{number:07}", "id_type": "居民身份证", "id_number": f"000000{number:012}",
            "opened_on": opened, "rm_userid": manager(keeper), "unit_id": f"Z{keeper // PER_SUB_BRANCH:04}",
            "kyc_risk": "低", "kyc_due": AS_OF + timedelta(days=_mixed(number, 700)), "marketing_consent": True,
        }  # fmt: skip

    def _accounts(self) -> Iterator[Cells]:
        for number, fen in enumerate(self.wealth):
            yield f"A{number:07}", customer_id(number), "活期", self._day(self.opened[number]), fen // 4, "CNY"

    def _points(self) -> Iterator[Cells]:
        """Five a customer, spread over the history and drifting by up to a quarter either way."""
        for number, fen in enumerate(self.wealth):
            first = min(self.opened[number], _HISTORY)
            for step in range(POINTS):
                ago = first - step * first // POINTS - _mixed(number + step, max(1, first // POINTS))
                yield customer_id(number), self._day(max(ago, 1)), fen * (75 + _mixed(number * 7 + step, 50)) // 100

    def _holdings(self) -> Iterator[Cells]:
        for step in range(HOLDINGS):
            for number, fen in enumerate(self.wealth):
                key = number * HOLDINGS + step
                age = _mixed(key, min(self.opened[number], 1_000))
                ahead = _mixed(key + 1, 700)
                matures = self._day(-ahead) if ahead % 4 else None
                product = f"P{_mixed(key + 2, PRODUCTS):03}"
                yield f"H{key:08}", customer_id(number), product, fen // 4, fen // 4, self._day(age), matures

    def _transactions(self) -> Iterator[Cells]:
        """In the order they were booked, as a bank delivers them: neighbours are different customers."""
        total, origin = self.customers * TRANSACTIONS, _midnight(AS_OF - timedelta(days=_HISTORY))
        for key in range(total):
            kind, channel, other, own, sign = _BOOKED[_mixed(key, 7)]
            number = _mixed(key + 3, self.customers)
            at = origin + key * _HISTORY * _MICROSECONDS_A_DAY // total
            yield f"T{key:09}", customer_id(number), at, sign * self.wealth[number] // 50, kind, channel, other, own

    def _talks(self) -> Iterator[Cells]:
        total, origin = self.customers * INTERACTIONS, _midnight(AS_OF - timedelta(days=_HISTORY))
        for key in range(total):
            channel, direction, kind, reached = _TALKS[key % 4]
            at = origin + key * _HISTORY * _MICROSECONDS_A_DAY // total
            number = _mixed(key + 4, self.customers)
            yield f"I{key:09}", customer_id(number), at, channel, direction, kind, reached, "feed"

    def _risks(self) -> Iterator[Cells]:
        for number in range(self.customers):
            if number % 5:
                ago = _mixed(number + 5, 400)
                level = f"C{1 + _mixed(number, 5)}"
                yield customer_id(number), self._day(ago), "bank", "手机银行", level, self._day(ago - 365)

    def _day(self, ago: int) -> date:
        return AS_OF - timedelta(days=ago)


def customer_id(number: int) -> str:
    return f"M{number:07}"


def manager(number: int) -> str:
    return f"rm{number:05}"


def _mixed(number: int, below: int) -> int:
    """Spread out without a pattern, and the same every time (the finisher of SplitMix)."""
    mixed = number * 0x9E3779B97F4A7C15 & _WORD
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _WORD
    return (mixed ^ mixed >> 27) % below


def _write(path: Path, columns: list[str], rows: Iterable[Cells]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def _told(values: Mapping[str, Any], columns: list[str]) -> Cells:
    """The cells of a file."""
    return tuple(int(cell) if isinstance(cell := values[name], bool) else cell for name in columns)


def _booked(cells: Cells) -> Cells:
    """A transaction as it stands in a file: the moment with its zone, the amount in yuan."""
    key, customer, at, fen, *rest, own = cells
    return key, customer, from_microseconds(at).isoformat(), f"{fen / 100:.2f}", *rest, int(own)


def _midnight(day: date) -> int:
    return microseconds(datetime.combine(day, time(), tzinfo=SHANGHAI))


_SPECS = {spec.name: spec for spec in FILES}
_STAFF = "userid wecom_userid name name_index posts unit_id leader_userid mobile status qualifications"
_PRODUCT = "product_id name kind regime risk min_amount term_days currency"
_CUSTOMER = (
    "customer_id name name_index pinyin gender birth_date id_type id_number id_number_index mobile mobile_index"
    " mobile_tail_index opened_on rm_userid unit_id kyc_risk kyc_due marketing_consent"
)
_TXN = "txn_id customer_id booked_at amount kind channel counterparty customer_initiated"
