"""A branch of its own for the complaints, so that nobody else hears of them: its units, people and customers."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

COMPLAINTS = 12
_NAMES = "甲乙丙丁戊己庚辛壬癸子丑"
UNITS = (("B09", "样例九分行", "branch", "H00"), ("B09S01", "样例九支行", "sub_branch", "B09"))
STAFF = (
    ("boss09", "行长九", "分行行长", "B09", "exec01"),
    ("head09", "支行九", "支行行长", "B09S01", "boss09"),
    ("sup09", "主管九", "主管", "B09S01", "head09"),
    ("sub09", "代办九", "主管", "B09S01", "head09"),
    ("rm09", "经理九", "客户经理", "B09S01", "sup09"),
    ("judge09a", "投诉甲九", "投诉管理岗", "B09", "boss09"),
    ("judge09b", "投诉乙九", "投诉管理岗", "B09", "boss09"),
    ("cs09", "坐席九", "客服坐席", "D08", "exec01"),
)

LEAVERS, LEADER_OF_LEAVERS, PAIRS = 48, "sup03", 12


def leaver(number: int) -> str:
    """Each of them leaves once."""
    return f"go{number:02}"


def pair(number: int) -> tuple[str, str]:
    """Somebody who asks, and their superior, who leaves before deciding; each pair once."""
    return f"ask{number:02}", f"golead{number:02}"


def number_of(day: int) -> str:
    """Every day's complaint has a customer of its own, whose RM is rm09; 高净值, so that the 24 hours run."""
    return f"C09{day:06}"


def name_of(day: int) -> str:
    return f"诸葛{_NAMES[day]}九"


def add_branch(folder: Path) -> None:
    """To the feed files of a bank."""
    columns = ("unit_id", "name", "kind", "parent_id")
    _add(folder, "org_units", [dict(zip(columns, unit, strict=True)) for unit in UNITS])
    columns = "userid", "name", "posts", "unit_id", "leader_userid"
    leavers = ((leaver(n), f"短工{n:02}", "理财顾问|催收岗", "B02S01", LEADER_OF_LEAVERS) for n in range(LEAVERS))
    pairs = [person for n in range(PAIRS) for person in _pair(n)]
    people = [dict(zip(columns, person, strict=True)) for person in (*STAFF, *leavers, *pairs)]
    _add(folder, "staff", ({**who, "mobile": f"1999999{n:04}", "status": "active"} for n, who in enumerate(people)))
    days = range(COMPLAINTS)
    _add(folder, "customers", ({**_KNOWN, "customer_id": number_of(day), "name": name_of(day)} for day in days))
    theirs = ({**_KNOWN, "customer_id": f"C08{n:06}", "name": f"司徒{_NAMES[n]}八"} for n in range(PAIRS))
    kept = ({**each, "rm_userid": pair(n)[0], "unit_id": "B02S01"} for n, each in enumerate(theirs))
    _add(folder, "customers", kept)
    worth = {"day": "2026-06-01", "aum": "8600000.00"}
    _add(folder, "aum_daily", ({**worth, "customer_id": number_of(day)} for day in days))


def _pair(number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    asker, superior = pair(number)
    return (
        (superior, f"带队{number:02}", "主管", "B02S01", LEADER_OF_LEAVERS),
        (asker, f"申请{number:02}", "客户经理", "B02S01", superior),
    )


_KNOWN = {
    "gender": "女", "birth_date": "1978-12-01", "opened_on": "2020-01-01", "rm_userid": "rm09", "unit_id": "B09S01",
    "kyc_risk": "低", "kyc_due": "2029-06-30", "marketing_consent": "1", "contact_preference": "电话",
}  # fmt: skip


def _add(folder: Path, name: str, rows: Iterable[Mapping[str, str]]) -> None:
    """Rows at the end of a feed file; what they do not say stays empty."""
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, restval="").writerows(rows)
