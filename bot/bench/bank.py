"""The bank that is measured: many relationship managers with small books, written as feed files."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import product
from pathlib import Path

MANAGERS, BOOK = 600, 40
AS_OF = date(2026, 11, 22)
_SURNAMES = "赵钱孙李周吴郑王冯陈"
_GIVEN = ("测一", "测二", "试三", "试四")
PER_SUB_BRANCH = 20


def userid(manager: int) -> str:
    return f"bench{manager:03}"


def supervisor(sub_branch: int) -> str:
    return f"head{sub_branch:02}"


def name_of(place: int) -> str:
    """The name of one's customer at this place of the book; within a book no two are called the same."""
    return f"{_SURNAMES[place % 10]}{_GIVEN[place // 10]}"


def customer_id(manager: int, place: int) -> str:
    return f"B{manager:03}{place:03}"


def write_bank(folder: Path, managers: int = MANAGERS, book: int = BOOK) -> None:
    """org_units, staff, customers, aum_daily, holdings and interactions; the same every time."""
    folder.mkdir(parents=True, exist_ok=True)
    seats = list(product(range(managers), range(book)))
    _write(folder, "org_units", "unit_id name kind parent_id", _units(managers))
    _write(folder, "staff", "userid name posts unit_id leader_userid mobile status", _staff(managers))
    _write(folder, "customers", _CUSTOMER_COLUMNS, (_customer(*seat) for seat in seats))
    _write(folder, "aum_daily", "customer_id day aum", (row for seat in seats for row in _aum(*seat)))
    _write(folder, "products", "product_id name kind regime risk min_amount term_days on_sale_from on_sale_until",
           [("P1", "示例存款", "deposit", "NONE", "R1", "1000.00", "365", "2020-01-01", "")])  # fmt: skip
    _write(folder, "holdings", "holding_id customer_id product_id amount cost opened_on matures_on",
           (_holding(*seat) for seat in seats))  # fmt: skip


_CUSTOMER_COLUMNS = (
    "customer_id name gender birth_date birth_lunar id_type id_number id_expiry mobile address occupation opened_on"
    " rm_userid unit_id kyc_risk kyc_due marketing_consent contact_preference"
)


def _write(folder: Path, name: str, columns: str, rows: Iterable[tuple[str, ...]]) -> None:
    with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns.split())
        writer.writerows(rows)


def _unit(manager: int) -> str:
    return f"U{manager // PER_SUB_BRANCH:02}"


def _units(managers: int) -> Iterator[tuple[str, ...]]:
    yield "H", "示例银行", "head_office", ""
    yield "F", "示例分行", "branch", "H"
    for unit in dict.fromkeys(_unit(manager) for manager in range(managers)):
        yield unit, f"示例{unit}支行", "sub_branch", "F"


def _staff(managers: int) -> Iterator[tuple[str, ...]]:
    """Every manager answers to the supervisor of the sub-branch."""
    for place, unit in enumerate(dict.fromkeys(_unit(manager) for manager in range(managers))):
        yield supervisor(place), f"主管{unit}", "主管", unit, "", "", "active"
    for manager in range(managers):
        head = supervisor(manager // PER_SUB_BRANCH)
        yield userid(manager), f"经理{manager:03}", "客户经理", _unit(manager), head, "", "active"


def _customer(manager: int, place: int) -> tuple[str, ...]:
    born = date(1960, 1, 1) + timedelta(days=101 * place + manager)
    mobile = f"1990{manager:03}{place:04}"
    return (
        customer_id(manager, place), name_of(place), "女", born.isoformat(), "", "", "", "", mobile, "示例路 1 号", "示例职业",
        "2020-01-01", userid(manager), _unit(manager), "低", "2027-06-30", "1", "电话",
    )  # fmt: skip


def _aum(manager: int, place: int) -> Iterator[tuple[str, ...]]:
    for days_ago in (90, 45, 10):
        day = AS_OF - timedelta(days=days_ago)
        yield customer_id(manager, place), day.isoformat(), f"{10_000 * (place + 1) + 137 * days_ago}.00"


def _holding(manager: int, place: int) -> tuple[str, ...]:
    amount, matures = f"{5_000 * (place + 1)}.00", AS_OF + timedelta(days=5 + place)
    opened = matures - timedelta(days=365)
    key = customer_id(manager, place)
    return f"H{key}", key, "P1", amount, amount, opened.isoformat(), matures.isoformat()
