"""The tree of units and the people in it, from head office down to each customer manager."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from simulator.bank.cast import STAFF, CastStaff
from simulator.bank.files import Files
from simulator.bank.names import draw_names

CITIES = (
    "北京", "上海", "广州", "深圳", "杭州", "南京", "成都", "武汉", "西安", "重庆", "天津", "苏州", "长沙", "郑州", "青岛", "宁波",
    "厦门", "大连", "济南", "福州", "合肥", "沈阳", "昆明", "南昌", "石家庄", "太原", "南宁", "贵阳", "兰州", "海口",
)  # fmt: skip
_DEPARTMENTS = (
    "零售金融部", "私人银行部", "消费者权益保护部", "内控合规部", "反洗钱中心", "风险管理部", "资产保全部", "客户服务中心", "产品管理部", "信息科技部",
    "数据安全部", "审计部",
)  # fmt: skip
_SUB_NAMES = ("城东", "城西", "城南", "城北", "新区", "高新", "湖滨", "江岸")
_QUALIFICATIONS = ("fund", "wealth", "insurance")
_SELLERS = {"客户经理", "私行经理", "理财顾问"}
_Post = tuple[str, str, str, str]
"""userid, posts, unit_id, leader_userid"""


@dataclass(frozen=True)
class Org:
    """Managers are looked up by index; `shelves[i]` are the units where manager i's customers have their accounts."""

    units: tuple[tuple[str, str, str, str], ...]
    staff: tuple[CastStaff, ...]
    managers: tuple[str, ...]
    bankers: tuple[str, ...]
    shelves: tuple[tuple[str, ...], ...]
    outlets: tuple[str, ...]

    def manager(self, userid: str) -> int:
        return (self.managers + self.bankers).index(userid)


def plan_org(managers: int, rng: np.random.Generator) -> Org:
    subs = max(4, -(-managers // 5))
    branches = max(2, -(-subs // 4))
    each = -(-subs // branches)
    sub_ids = [f"B{s // each + 1:02d}S{s % each + 1:02d}" for s in range(subs)]
    branch_ids = sorted({sub[:3] for sub in sub_ids})
    known = {person.userid for person in STAFF}
    posts = _branch_posts(branch_ids) + _sub_branch_posts(sub_ids) + _manager_posts(managers, sub_ids)
    fresh = [post for post in posts if post[0] not in known]
    names = draw_names(rng, rng.random(len(fresh)) < 0.5)
    staff = STAFF + tuple(CastStaff(userid, name, *rest) for (userid, *rest), name in zip(fresh, names, strict=True))
    return _assemble(staff, _units(branch_ids, sub_ids))


def _units(branch_ids: list[str], sub_ids: list[str]) -> tuple[tuple[str, str, str, str], ...]:
    rows = [("H00", "样例银行总行", "head_office", "")]
    rows += [(f"D{n:02d}", name, "department", "H00") for n, name in enumerate(_DEPARTMENTS, 1)]
    for number, branch in enumerate(branch_ids):
        city = CITIES[number % len(CITIES)] + ("" if number < len(CITIES) else str(number // len(CITIES) + 1))
        rows.append((branch, f"{city}分行", "branch", "H00"))
        rows.append((f"{branch}PB", f"{city}分行私人银行中心", "department", branch))
        rows.append((f"{branch}CP", f"{city}分行消费者权益保护部", "department", branch))
        for sub in (sub for sub in sub_ids if sub.startswith(branch)):
            name = f"{city}{_SUB_NAMES[(int(sub[4:]) - 1) % len(_SUB_NAMES)]}支行"
            rows.append((sub, name, "sub_branch", branch))
            rows += [(f"{sub}W{w:02d}", f"{name}第{w}网点", "outlet", sub) for w in (1, 2)]
    return tuple(rows)


def _branch_posts(branch_ids: list[str]) -> list[_Post]:
    posts: list[_Post] = []
    for number, branch in enumerate(branch_ids, 1):
        head = f"branch{number:02d}"
        posts.append((head, "分行行长", branch, "exec01"))
        posts.append((f"pb{number:02d}", "私行经理", f"{branch}PB", head))
        posts.append((f"adv{number:02d}", "理财顾问", f"{branch}PB", head))
        posts.append((f"cp{number:02d}", "消保岗", f"{branch}CP", head))
    return posts


def _sub_branch_posts(sub_ids: list[str]) -> list[_Post]:
    heads = [(f"subhead{n:02d}", "支行行长", sub, f"branch{sub[1:3]}") for n, sub in enumerate(sub_ids, 1)]
    return heads + [(f"sup{n:02d}", "主管", sub, f"subhead{n:02d}") for n, sub in enumerate(sub_ids, 1)]


def _manager_posts(managers: int, sub_ids: list[str]) -> list[_Post]:
    at = [number % len(sub_ids) for number in range(1, managers + 1)]
    return [(f"rm{n:02d}", "客户经理", sub_ids[s], f"sup{s + 1:02d}") for n, s in enumerate(at, 1)]


def _assemble(staff: tuple[CastStaff, ...], units: tuple[tuple[str, str, str, str], ...]) -> Org:
    active = [person for person in staff if person.status == "active"]
    managers = sorted((p for p in active if p.userid.startswith("rm")), key=lambda p: int(p.userid[2:]))
    bankers = sorted((p for p in active if p.userid.startswith("pb")), key=lambda p: int(p.userid[2:]))
    outlets = tuple(unit for unit, _, kind, _ in units if kind == "outlet")
    homes = [person.unit_id for person in managers] + [person.unit_id[:3] + "S01" for person in bankers]
    return Org(
        units=units,
        staff=staff,
        managers=tuple(person.userid for person in managers),
        bankers=tuple(person.userid for person in bankers),
        shelves=tuple((home, f"{home}W01", f"{home}W02") for home in homes),
        outlets=outlets,
    )


def write_org(files: Files, org: Org, as_of: date) -> None:
    files.add("org_units", *zip(*org.units, strict=True))
    staff = org.staff
    until = f"{as_of.year + 1}-12-31"
    certified = "|".join(f"{code}:{until}" for code in _QUALIFICATIONS)
    files.add(
        "staff",
        [person.userid for person in staff],
        [person.name for person in staff],
        [person.posts for person in staff],
        [person.unit_id for person in staff],
        [person.leader for person in staff],
        [f"1999900{number:04d}" for number in range(1, len(staff) + 1)],
        [person.status for person in staff],
        [certified if _SELLERS & set(person.posts.split("|")) else "" for person in staff],
    )
    for person in staff:
        if "|" in person.posts:
            files.truth("dual_post", "", userid=person.userid, posts=person.posts)
