"""A whole customer in one statement: every part of a bank known by heart, as far as its reader may know it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.customer import AumPoint, Contact, CustomerFacts, RiskAssessment
from domain.ids import CaseId, CustomerId, UserId
from domain.policy import Purpose, Relation
from domain.profile import Habit, Loan, Member, Month, OwnCase, PastComplaint, Tie, Touch
from domain.refusal import Refused
from storage import customers, directory, schema
from storage.customers import NARROW, Opened, Sight
from storage.database import Database
from storage.unit import Unit
from tests.databases import Copied
from tests.policies import POLICY
from tests.storage.banked import stock
from tests.storage.import_bank import BANK
from tests.storage.test_customer_search import opened

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
WAN = 10_000 * 100
MORE = {
    "transactions": BANK["transactions"]
    + "T4,C001,2025-12-01T00:00:00+08:00,700000.00,转账汇入,手机银行,other,0,A1\n"
    + "T5,C001,2025-11-30T23:59:59+08:00,900000.00,转账汇入,手机银行,other,0,A1\n"
    + "T6,C001,2026-10-01T08:00:00+08:00,-10000.00,理财申购,手机银行,own,1,A1\n"
    + "T7,C001,2026-11-22T12:00:00+08:00,-1.50,消费,,other,1,A1\n",
    "aum_daily": BANK["aum_daily"] + "C001,2020-01-01,1.00\nC001,2025-06-01,500000.00\nC001,2026-01-05,800000.00\n",
    "touchpoints": BANK["touchpoints"]
    + "C001,2026-11-21T09:00:00+08:00,网点Wi-Fi,大堂,,900\nC001,2026-01-01T09:00:00+08:00,手机银行,首页,,9\n",
    "relations": BANK["relations"] + "C001,C002,朋友\nC001,C003,同事\n",
}

Look = Callable[..., Opened]


def filled(url: str, key: Path) -> None:
    stock(url, key, as_of=DAY, **MORE)


@pytest.fixture
def database(copied: Copied, tmp_path: Path) -> Iterator[Database]:
    with opened(copied(filled, tmp_path / "key"), tmp_path / "key") as made:
        yield made


def looked(unit: Unit, person: str, customer: str, sight: Sight) -> Opened:
    unit.now, unit.actor = NOW, person
    member, units = directory.member(unit, UserId(person)), directory.units(unit)
    assert member is not None
    scope = POLICY.scope(member, units)
    return customers.open_customer(unit, scope, CustomerId(customer), Purpose.SERVICE, "test", sight)


@pytest.fixture
def look(database: Database) -> Look:
    return lambda person, customer="C001", sight=NARROW: database.run(
        lambda unit: looked(unit, person, customer, sight)
    )


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


def test_money(look: Look) -> None:
    facts = look("rm01").facts
    assert facts.business_day == DAY
    assert [(each.holding_id, each.product.name, each.amount, each.matures_on) for each in facts.holdings] == [
        ("H1", "样例稳健九十天", 50 * WAN, date(2026, 11, 30))
    ]
    assert sorted((each.account_id, each.balance, each.currency) for each in facts.accounts) == [
        ("A1", 12 * WAN, "CNY"),
        ("A2", -32_055, "CNY"),
    ]
    assert facts.aum == (  # a year, and the point that holds at its beginning
        AumPoint(date(2025, 6, 1), 50 * WAN),
        AumPoint(date(2026, 1, 5), 80 * WAN),
        AumPoint(date(2026, 10, 24), 90 * WAN),
        AumPoint(date(2026, 11, 22), 62 * WAN),
    )


def test_flows_by_month_of_this_place_without_moves_between_own_accounts(look: Look) -> None:
    facts = look("rm01").facts
    assert facts.months == (
        Month("2025-12", 70 * WAN, 0),
        Month("2026-10", 0, 0),
        Month("2026-11", 321, 20 * WAN + 150),
    )
    assert sorted(facts.habits, key=lambda each: each.last_at) == [
        Habit("理财申购", "手机银行", True, 0, 1, 0, 0, 0, 0, at(2026, 10, 1, 8)),
        Habit("转账", "手机银行", True, 1, 1, 0, 20 * WAN, 0, 20 * WAN, at(2026, 11, 20, 10)),
        Habit("结息", None, False, 1, 1, 321, 0, 321, 0, at(2026, 11, 21, 0, 30)),
        Habit("消费", None, True, 1, 1, 0, 150, 0, 150, at(2026, 11, 22, 12)),
    ]


def test_debts_risk_and_complaints(look: Look) -> None:
    facts = look("rm01", "C002").facts
    assert facts.loans == (
        Loan("L1", "按揭", 100 * WAN, 75 * WAN, 0, None, "正常", date(2039, 1, 1), date(2026, 12, 1), 512_345),
    )
    assert facts.complaints == (PastComplaint(at(2026, 5, 1, 9, 30), at(2026, 5, 8, 17), "已道歉"),)
    assert facts.risk == RiskAssessment("C4", date(2025, 8, 8), date(2026, 8, 7), "bank", "手机银行")
    both = look("rm01").facts.risks
    assert [(each.level, each.regime) for each in both] == [("C2", "bank"), ("C3", "fund")]


def test_people(look: Look) -> None:
    facts = look("rm01").facts
    assert facts.team == (Member(UserId("rm02"), "赵敏样", "协办"),)
    assert look("rm01", "C002").facts.team == ()  # the adviser's time is over
    assert facts.contacts == (Contact(at(2026, 11, 1, 15), "电话", "回访", "out", True, None),)
    assert (facts.rm_name, facts.place) == ("李强样", "静湖")


@pytest.mark.parametrize(
    ("reader", "ties"),
    [
        ("rm01", {"朋友": Relation.OWN_BOOK, "同事": None, "母女": None}),
        ("rm02", {"朋友": None, "同事": None, "母女": Relation.OWN_BOOK}),
        ("zhangwei", {"朋友": Relation.IN_SCOPE, "同事": None, "母女": None}),
        ("sunguo", {"朋友": Relation.IN_SCOPE, "同事": Relation.IN_SCOPE, "母女": Relation.IN_SCOPE}),
    ],
)
def test_how_the_reader_stands_to_third_persons(look: Look, reader: str, ties: dict[str, Relation | None]) -> None:
    others = {"朋友": "C002", "同事": "C003", "母女": "C004"}
    expected = {Tie(kind, CustomerId(others[kind]), how) for kind, how in ties.items()}
    assert set(look(reader).facts.ties) == expected


def test_touchpoints_only_where_agreed_and_never_from_the_air(look: Look) -> None:
    assert look("rm01").facts.touches == ()
    facts = look("rm01", sight=Sight(trail=True)).facts
    assert set(facts.touches) == {
        Touch("手机银行", "产品详情", "样例稳健九十天", 1, 95, at(2026, 11, 22, 20, 15)),
        Touch("手机银行", "首页", None, 1, 4, at(2026, 11, 22, 20, 17)),
    }


def test_who_has_nothing(look: Look) -> None:
    facts = look("sunguo", "C003").facts
    empty = {
        name: getattr(facts, name) for name in ("aum", "holdings", "accounts", "risks", "contacts", "team", "loans")
    }
    assert empty == dict.fromkeys(empty, ())
    assert (facts.risk, facts.open_todos, facts.overdue_todos, facts.months, facts.habits) == (None, 0, 0, (), ())


def test_nobody_reads_what_is_not_theirs(look: Look) -> None:
    assert look("rm02").relation is Relation.SERVICE_TEAM
    assert look("zhangwei").relation is Relation.IN_SCOPE
    for person, customer in (("rm02", "C002"), ("rm01", "C004"), ("zhangwei", "C003"), ("rm01", "C999")):
        with pytest.raises(Refused) as refusal:
            look(person, customer)
        assert refusal.value.reason == "customer not in scope"


def case_of(unit: Unit, number: str, *, confidential: bool = False, barred: str = "", takes_part: str = "") -> None:
    row = {
        "id": number, "process": "complaint", "version": 1, "state": "open", "closed": False, "revision": 1,
        "confidential": confidential, "customer_id": "C001", "unit_id": "S1",
        "opened_at": NOW, "moved_at": NOW, "body": b"",
    }  # fmt: skip
    unit.execute(schema.case_file.insert().values(**row))
    people = [(barred, "barred"), (takes_part, "handler")]
    for person, part in people:
        if person:
            values = {"case_id": number, "userid": person, "part": part, "current": True, "awaited": False}
            unit.execute(schema.case_person.insert().values(**values))


def test_cases_as_far_as_the_reader_may_see_them(database: Database, look: Look) -> None:
    def file(unit: Unit) -> None:
        case_of(unit, "C1")
        case_of(unit, "C2", barred="rm01")
        case_of(unit, "C3", confidential=True, takes_part="rm02")

    database.run(file)
    seen = {
        ("rm01", False): ["C1"],
        ("rm02", False): ["C3"],
        ("zhangwei", False): [],
        ("zhangwei", True): ["C1", "C2"],
    }
    for (person, oversees), numbers in seen.items():
        found = look(person, sight=Sight(oversees=oversees)).facts.cases
        assert found == tuple(OwnCase(CaseId(number), False, NOW) for number in numbers), person


def test_to_dos_are_counted_as_they_stand(database: Database, look: Look) -> None:
    def add(unit: Unit) -> None:
        for number, (days, state) in enumerate([(-1, "open"), (1, "snoozed"), (-2, "done")]):
            due = {"due_at": NOW + timedelta(days=days), "state": state, "source": "test", "created_at": NOW}
            unit.execute(
                schema.todo.insert().values(id=f"t{number}", owner="rm01", customer_id="C001", title=b"", **due)
            )

    database.run(add)
    facts: CustomerFacts = look("rm01").facts
    assert (facts.open_todos, facts.overdue_todos) == (2, 1)


class Counting(Unit):
    """A unit of work that counts what it asks the database."""

    asked = 0

    def execute(self, statement: object, parameters: object = None) -> object:
        self.asked += 1
        return super().execute(statement, parameters)  # type: ignore[arg-type]

    def rows(self, statement: object, parameters: object = None) -> Sequence[object]:
        self.asked += 1
        return super().rows(statement, parameters)  # type: ignore[arg-type]


@pytest.mark.parametrize("person", ["rm01", "zhangwei", "sunguo"])
def test_it_is_one_statement(database: Database, person: str) -> None:
    """All that it takes to load a customer, once the scope is known."""

    def asked(unit: Unit) -> int:
        unit.now, unit.actor = NOW, person
        member, units = directory.member(unit, UserId(person)), directory.units(unit)
        assert member is not None
        scope = POLICY.scope(member, units)
        counting = Counting(unit.connection, unit.vault, NOW, actor=person)
        customers.open_customer(counting, scope, CustomerId("C001"), Purpose.SERVICE, "test")
        return counting.asked

    assert database.run(asked) == 1
