"""Members and departments of the simulated corporation, and which of them the application may see."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ACTIVE, LEFT = 1, 5


@dataclass(frozen=True)
class Department:
    """A node of the organisation; WeCom numbers them, the bank names them (`unit_id`)."""

    id: int
    name: str
    parentid: int = 0
    order: int = 1
    unit_id: str = ""


@dataclass(frozen=True)
class Member:
    """One person of the corporation. `posts` and `mobile` are what the simulator shows; WeCom itself tells only
    `position`."""

    userid: str
    name: str
    department: tuple[int, ...] = (1,)
    position: str = ""
    posts: tuple[str, ...] = ()
    direct_leader: tuple[str, ...] = ()
    is_leader_in_dept: tuple[int, ...] = ()
    status: int = ACTIVE
    mobile: str = ""

    @property
    def key(self) -> str:
        return self.userid.lower()

    def wire(self) -> dict[str, Any]:
        """As user/get shows it to an application made after 2022-06-20: no mobile, no mail, no avatar."""
        flags = self.is_leader_in_dept or (0,) * len(self.department)
        return {
            "userid": self.userid, "name": self.name, "department": self.department, "position": self.position,
            "order": [0] * len(self.department), "status": self.status, "is_leader_in_dept": flags,
            "direct_leader": self.direct_leader, "main_department": self.department[0] if self.department else 1,
            "alias": "", "telephone": "", "extattr": {"attrs": []},
        }  # fmt: skip


@dataclass
class Directory:
    """The corporation; `visible` None means everybody is in the application's visible range."""

    members: dict[str, Member] = field(default_factory=dict)
    departments: dict[int, Department] = field(default_factory=dict)
    visible: frozenset[str] | None = None
    unlicensed: frozenset[str] = frozenset()

    def find(self, userid: str) -> Member | None:
        return self.members.get(userid.lower())

    def sees(self, userid: str) -> bool:
        """Is this person an active member inside the visible range?"""
        member = self.members.get(userid.lower())
        return member is not None and member.status == ACTIVE and self.in_range(member.key)

    def in_range(self, key: str) -> bool:
        return self.visible is None or key in self.visible

    def under(self, root: int) -> list[Department]:
        """`root` and everything below it."""
        found = [self.departments[root]] if root in self.departments else []
        for department in found:
            found.extend(child for child in self.departments.values() if child.parentid == department.id)
        return found

    def of_department(self, number: int) -> list[Member]:
        return [m for m in self.members.values() if number in m.department and self.in_range(m.key)]

    def leaders_of(self, number: int) -> list[str]:
        return [
            m.userid for m in self.of_department(number)
            if any(d == number and flag for d, flag in zip(m.department, m.is_leader_in_dept, strict=False))
        ]  # fmt: skip

    def persona(self, member: Member) -> dict[str, Any]:
        """As the phone page shows a person."""
        first = self.departments.get(member.department[0]) if member.department else None
        return {
            **asdict(member), "userid": member.key, "department_name": first.name if first else "",
            "visible": self.in_range(member.key), "licensed": member.key not in self.unlicensed,
        }  # fmt: skip


def from_json(body: Mapping[str, Any]) -> Directory:
    """A directory from the control API's description."""
    departments = [Department(**row) for row in body.get("departments", ())] or [Department(1, "示例银行")]
    users = [_described(row) for row in body["users"]]
    visible = body.get("visible")
    return build(departments, users, visible, body.get("unlicensed", ()))


def _described(row: dict[str, Any]) -> Member:
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Member(**plain)


def build(
    departments: Iterable[Department], users: Iterable[Member], visible: Iterable[str] | None = None,
    unlicensed: Iterable[str] = (),
) -> Directory:  # fmt: skip
    """Index the rows; userids are case-insensitive."""
    return Directory(
        {user.key: user for user in users},
        {department.id: department for department in departments},
        None if visible is None else frozenset(name.lower() for name in visible),
        frozenset(name.lower() for name in unlicensed),
    )


def from_folder(folder: Path) -> Directory:
    """A directory from `org_units.csv` and `staff.csv` (design §5)."""
    units = _rows(folder / "org_units.csv")
    units.sort(key=lambda row: bool(row["parent_id"]))
    numbers = {row["unit_id"]: number for number, row in enumerate(units, start=1)}
    departments = [
        Department(numbers[row["unit_id"]], row["name"], numbers.get(row["parent_id"], 0), numbers[row["unit_id"]],
                   row["unit_id"])
        for row in units
    ]  # fmt: skip
    staff = _rows(folder / "staff.csv")
    leads = {(row["leader_userid"].lower(), row["unit_id"]) for row in staff if row["leader_userid"]}
    return build(departments, [_member(row, numbers, leads) for row in staff])


def _member(row: dict[str, str], numbers: dict[str, int], leads: set[tuple[str, str]]) -> Member:
    posts = tuple(post for post in row["posts"].split("|") if post)
    return Member(
        userid=row["userid"],
        name=row["name"],
        department=(numbers.get(row["unit_id"], 1),),
        position="、".join(posts),
        posts=posts,
        direct_leader=(row["leader_userid"],) if row["leader_userid"] else (),
        is_leader_in_dept=(int((row["userid"].lower(), row["unit_id"]) in leads),),
        status=LEFT if row["status"] == "left" else ACTIVE,
        mobile=row.get("mobile") or "",
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
