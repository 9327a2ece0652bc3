"""A bank of many small branches: each has an RM, their supervisor and two who decide on extensions."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

AS_OF = date(2026, 11, 22)


@dataclass(frozen=True)
class Cell:
    """One branch; nobody in it has anything to do with another one."""

    number: int

    @property
    def rm(self) -> str:
        return f"rm{self.number:02}"

    @property
    def sup(self) -> str:
        return f"sup{self.number:02}"

    @property
    def judges(self) -> tuple[str, str]:
        return f"judge{self.number:02}a", f"judge{self.number:02}b"

    @property
    def unit(self) -> str:
        return f"B{self.number:02}S"

    def customer(self, place: int) -> str:
        return f"C{self.number:02}{place:05}"


def write_bank(folder: Path, cells: Iterable[Cell], customers: int) -> None:
    """As feed files; every customer is 高净值, so that the 24 hours run."""
    cells = tuple(cells)
    folder.mkdir(parents=True, exist_ok=True)
    units = [("H", "示例总行", "head_office", "")]
    staff = [("exec", "总行高管", "总行分管高管", "H", ""), ("top", "总行投诉", "投诉管理岗", "H", "exec")]
    for cell in cells:
        branch, n = cell.unit[:-1], f"{cell.number:02}"
        units += [(branch, f"示例{n}分行", "branch", "H"), (cell.unit, f"示例{n}支行", "sub_branch", branch)]
        staff += [
            (f"boss{n}", f"行长{n}", "分行行长", branch, "exec"),
            (f"head{n}", f"支行长{n}", "支行行长", cell.unit, f"boss{n}"),
            (f"care{n}", f"消保{n}", "消保岗", branch, f"boss{n}"),
            (cell.sup, f"主管{n}", "主管", cell.unit, f"head{n}"),
            (cell.rm, f"经理{n}", "客户经理", cell.unit, cell.sup),
            *((judge, f"投诉{judge[-3:]}", "投诉管理岗", branch, f"boss{n}") for judge in cell.judges),
        ]
    seats = [(cell, place) for cell in cells for place in range(customers)]
    _write(folder, "org_units", "unit_id name kind parent_id", units)
    _write(folder, "staff", "userid name posts unit_id leader_userid mobile status",
           [(*person, f"1380000{number:04}", "active") for number, person in enumerate(staff)])  # fmt: skip
    _write(folder, "customers", _CUSTOMER, [_customer(cell, place) for cell, place in seats])
    _write(folder, "aum_daily", "customer_id day aum",
           [(cell.customer(place), "2026-06-01", "8600000.00") for cell, place in seats])  # fmt: skip


_CUSTOMER = (
    "customer_id name gender birth_date birth_lunar id_type id_number id_expiry mobile address occupation opened_on"
    " rm_userid unit_id kyc_risk kyc_due marketing_consent contact_preference"
)


def _customer(cell: Cell, place: int) -> tuple[str, ...]:
    return (
        cell.customer(place), f"客户{cell.number}之{place}", "女", "1978-12-01", "", "", "", "", "", "示例路", "示例",
        "2020-01-01", cell.rm, cell.unit, "低", "2029-06-30", "1", "电话",
    )  # fmt: skip


def _write(folder: Path, name: str, columns: str, rows: Iterable[tuple[str, ...]]) -> None:
    with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns.split(), *rows])
