"""Every seeded mistake in the code of the policy is found by the fast part of the matrix."""

import importlib
import itertools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.packs import POLICY, SHIPPED
from domain import pack_source
from domain.ids import CustomerId, UnitId, UserId
from domain.scope import Scope, ScopeKind
from storage import schema
from storage.migrate import upgrade
from storage.unit import Unit
from tests.privacy import cells, model
from tests.privacy.mutants import PURE, ROWS

PLAIN = pack_source.read((SHIPPED / POLICY).read_text("utf-8")).plain["policy"]
DOMAIN = ("purpose", "scope", "sharing", "field_rule", "conflict", "limit", "policy", "policy_pack")
STORAGE = ("granted", "team_seats", "circles")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@contextmanager
def remade(names: tuple[str, ...], mutated: str, old: str, new: str) -> Iterator[dict[str, ModuleType]]:
    """The modules made again, one of them from changed source; the real ones are back afterwards."""
    before = {name: importlib.import_module(name) for name in names}
    for name in names:
        del sys.modules[name]
    try:
        yield {name: _made(name, old, new) if name == mutated else importlib.import_module(name) for name in names}
    finally:
        for name, module in before.items():
            sys.modules[name] = module
            package, _, last = name.rpartition(".")
            setattr(sys.modules[package], last, module)


def _made(name: str, old: str, new: str) -> ModuleType:
    file = Path(*name.split(".")).with_suffix(".py")
    source = (Path(__file__).parents[2] / file).read_text("utf-8")
    assert source.count(old) == 1, f"{file}: {old!r} stands there {source.count(old)} times"
    module = sys.modules[name] = ModuleType(name)
    exec(compile(source.replace(old, new), str(file), "exec"), module.__dict__)
    setattr(sys.modules[name.rpartition(".")[0]], name.rpartition(".")[2], module)
    return module


def first_difference(mutated: str, old: str, new: str) -> object:
    names = tuple(f"domain.{name}" for name in DOMAIN)
    with remade(names, mutated, old, new) as made:
        part = made["domain.policy_pack"].PolicyPart.model_validate(PLAIN)
        named = {name.removeprefix("domain."): module for name, module in made.items()}
        modules = SimpleNamespace(POLICY=part.policy("policy", 1), **named)
        try:
            return next((cell for cell, found, wanted in cells.all_cells(modules) if found != wanted), None)
        except Exception as error:
            return error


@pytest.mark.parametrize(("module", "old", "new"), PURE, ids=[str(number) for number in range(len(PURE))])
def test_a_mistake_in_the_rules_is_found(module: str, old: str, new: str) -> None:
    assert first_difference(module, old, new) is not None


def test_nothing_is_found_where_there_is_no_mistake() -> None:
    assert first_difference("domain.policy", "class Policy:", "class Policy:") is None


# One situation of one customer: what is different from nothing at all, and what it opens to an actor.
CASES: list[tuple[dict[str, Any], bool]] = [
    ({}, True), ({"part": "voter"}, True), ({"part": "task"}, True), ({"part": "told"}, False),
    ({"part": "filer"}, False), ({"part": "barred"}, False), ({"current": False}, False), ({"closed": True}, False),
    ({"barred": True}, False), ({"who": "boss"}, True), ({"who": "stranger"}, False), ({"who": "later"}, False),
    ({"who": "gone"}, False), ({"who": "ended"}, False), ({"who": "lent_to_other"}, False),
]  # fmt: skip
GIVEN: list[tuple[dict[str, Any], bool | str]] = [
    ({}, True), ({"state": "waiting"}, False), ({"state": "withdrawn"}, False), ({"userid": "other"}, False),
    ({"kind": "permission"}, False), ({"kind": "emergency"}, "broken"),
    ({"from_at": NOW + HOUR}, False), ({"until_at": NOW - HOUR}, False),
]  # fmt: skip
TEAM: list[tuple[dict[str, Any] | None, bool]] = [
    (None, False), ({}, True), ({"from_day": NOW.date() + DAY}, False), ({"until_day": NOW.date() - DAY}, False),
    ({"until_day": NOW.date()}, True), ({"closed_as_of": NOW.date()}, False), ({"userid": "other"}, False),
    ({"gone_to": "other"}, False), ({"userid": "other", "gone_to": "me"}, True),
    ({"userid": "other", "gone_to": "me", "closed_as_of": NOW.date()}, False),
]  # fmt: skip
WINDOWS = {"boss": (-HOUR, HOUR), "later": (HOUR, DAY), "gone": (-DAY, -HOUR), "ended": (-HOUR, HOUR)}
SCOPES = {
    "客户经理": Scope(ScopeKind.OWN_BOOK, UserId("me")),
    "主管": Scope(ScopeKind.UNIT_TREE, UserId("me"), frozenset({UnitId("S1")}), frozenset({UnitId("S9")})),
    "客服坐席": Scope(ScopeKind.ALL, UserId("me")),
    "审计员": Scope(ScopeKind.NONE, UserId("me")),
}


def situations() -> Iterator[dict[str, Any]]:
    plain = {"keeper": "other", "team": TEAM[0], "place": "S2", "case": None, "given": None}
    for keeper, team, place in itertools.product(("me", "other", None), TEAM, ("S1", "S2", "S9")):
        yield {**plain, "keeper": keeper, "team": team, "place": place}
    for case, place in itertools.product(CASES, ("S1", "S2")):
        yield {**plain, "case": case, "place": place}
    for given, place in itertools.product(GIVEN, ("S1", "S2")):
        yield {**plain, "given": given, "place": place}


def expected(post: str, situation: dict[str, Any]) -> str | None:
    return model.relation(
        post,
        own=situation["keeper"] == "me",
        team=situation["team"][1],
        within=situation["place"] == "S1",
        lent_unit=post == "主管" and situation["place"] == "S9",
        in_case=bool(situation["case"] and situation["case"][1]),
        given=bool(situation["given"] and situation["given"][1] is True),
        broken=bool(situation["given"] and situation["given"][1] == "broken"),
    )


def put(connection: sa.Connection, table: sa.Table, **values: Any) -> None:
    """A row with something in every column that needs it."""
    blank = {sa.Integer: 0, sa.BigInteger: 0, sa.Boolean: False, sa.Date: date(2026, 1, 1), sa.LargeBinary: b""}
    for column in table.columns:
        if column.name not in values and not column.nullable and column.server_default is None:
            kind = next((each for each in blank if isinstance(column.type, each)), None)
            values[column.name] = NOW if "Instant" in type(column.type).__name__ else blank[kind] if kind else ""
    connection.execute(table.insert().values(**values))


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Connection]:
    url = f"sqlite:///{tmp_path_factory.mktemp('rows') / 'bank.db'}"
    upgrade(url)
    with sa.create_engine(url).connect() as connection:
        for who, (start, end) in WINDOWS.items():
            over = NOW - HOUR if who == "ended" else None
            put(connection, schema.stand_in, id=who, principal=who, deputy="me", from_at=NOW + start,
                until_at=NOW + end, ended_at=over)  # fmt: skip
        put(connection, schema.stand_in, id="o", principal="lent_to_other", deputy="other", from_at=NOW - HOUR,
            until_at=NOW + HOUR)  # fmt: skip
        for number, situation in enumerate(situations()):
            _fill(connection, f"C{number:04d}", situation)
        yield connection


def _fill(connection: sa.Connection, customer: str, situation: dict[str, Any]) -> None:
    put(connection, schema.rows_of(schema.customer), customer_id=customer, rm_userid=situation["keeper"],
        unit_id=situation["place"])  # fmt: skip
    if (team := situation["team"][0]) is not None:
        usual = {"userid": "me", "from_day": date(2026, 1, 1), **team}
        if (successor := usual.pop("gone_to", None)) is not None:
            put(connection, schema.team_seat, customer_id=customer, fed=usual["userid"], userid=successor)
        put(connection, schema.rows_of(schema.service_team), customer_id=customer, **usual)
    if situation["case"]:
        case = {"who": "me", "part": "handler", "current": True, "closed": False, **situation["case"][0]}
        put(connection, schema.case_file, id=customer, customer_id=customer, closed=case["closed"])
        put(connection, schema.case_person, case_id=customer, userid=case["who"], part=case["part"],
            current=case["current"])  # fmt: skip
        if case.get("barred"):
            put(connection, schema.case_person, case_id=customer, userid="me", part="barred", current=True)
    if situation["given"]:
        usual = {"userid": "me", "kind": "customer", "state": "agreed", "from_at": NOW - HOUR, "until_at": NOW + HOUR}
        put(connection, schema.access, id=customer, what=customer, **{**usual, **situation["given"][0]})


def wrong_rows(connection: sa.Connection, circles: Any) -> list[object]:
    unit = Unit(connection, None, NOW)  # type: ignore[arg-type]
    return [
        (post, situation, found, wanted)
        for number, situation in enumerate(situations())
        for post, scope in SCOPES.items()
        if (found := circles.relation_to(unit, scope, CustomerId(f"C{number:04d}")))
        != (wanted := expected(post, situation))
    ]


@pytest.mark.parametrize(("module", "old", "new"), ROWS, ids=[str(number) for number in range(len(ROWS))])
def test_a_mistake_in_the_statements_is_found(bank: sa.Connection, module: str, old: str, new: str) -> None:
    with remade(tuple(f"storage.{name}" for name in STORAGE), module, old, new) as made:
        assert wrong_rows(bank, made["storage.circles"]) != []


def test_the_statements_are_right(bank: sa.Connection) -> None:
    assert wrong_rows(bank, importlib.import_module("storage.circles")) == []


def test_there_are_enough_of_them() -> None:
    mutants = [*PURE, *ROWS]
    assert len(mutants) == len(set(mutants)) >= 30
