"""`rmbot api keys`: shown once, listed without the secret, taken back at once; a column has one system."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import HouseClock
from bot.commands.errands import perform
from domain.refusal import Refused
from storage import api_keys, schema
from storage.database import Database
from storage.imports.progress import nobody
from storage.opening import open_database
from tests.bot.inside import Inside
from tests.bot.inside import rmbot as rmbot

CLOCK = HouseClock()
TOKEN = re.compile(r"rmk_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    made = open_database(migrated_url, tmp_path / "key", CLOCK)
    made.start(None)
    yield made
    made.stop()


def told(database: Database, command: str, **arguments: object) -> list[str]:
    heard: list[str] = []
    perform(database, CLOCK, f"api.keys.{command}", {**arguments, "actor": "cli:tester"}, heard.append, nobody)
    return heard


def added(database: Database, system: str, *kinds: str) -> str:
    return told(database, "add", system=system, kinds=list(kinds), days=30)[0]


def test_a_key_from_its_beginning_to_its_end(database: Database) -> None:
    token, hint = told(database, "add", system="核心系统", kinds=["customers", "staff:posts,status"], days=30)
    found = TOKEN.fullmatch(token)
    assert found
    assert "“核心系统”能写 customers staff:posts,status，30 天后到期" in hint
    line, total = told(database, "list")
    assert line.split("  ")[:4] == [found[1], "核心系统", "customers staff:posts,status", "有效"]
    assert line.endswith("还没有用过")
    assert total == "共 1 个"
    caller = database.read_now(lambda unit: api_keys.find(unit, token))
    assert caller is not None
    assert caller.grant.columns("staff") == ("userid", "posts", "status")
    assert (caller.grant.whole("customers"), caller.grant.whole("staff")) == (True, False)

    assert told(database, "revoke", key=found[1], reason="换了") == [f"{found[1]} 已吊销，从现在起一律拒绝"]
    assert database.read_now(lambda unit: api_keys.find(unit, token)) is None
    assert "已吊销" in told(database, "list")[0]
    with pytest.raises(Refused, match="没有编号为"):
        told(database, "revoke", key=found[1], reason="再来")
    bodies = [bytes(row.body).decode() for row in database.read_now(lambda unit: unit.rows(schema.audit.select()))]
    assert [('"api_key.added"' in body, '"api_key.revoked"' in body) for body in bodies] == [
        (True, False),
        (False, True),
    ]
    assert token.split("_", 2)[2] not in "".join(bodies)


@pytest.mark.parametrize(
    ("kinds", "says"),
    [
        ([], "--kind"),
        (["riches"], "没有“riches”这一种数据"),
        (["customers", "customers"], "写了两次"),
        (["customers:shoe_size"], "没有“shoe_size”这一列"),
        (["customers:customer_id"], "没有“customer_id”这一列（主键不用写）"),
        (["customers:"], "后面要写列名"),
    ],
)
def test_what_no_key_can_be_for(database: Database, kinds: list[str], says: str) -> None:
    with pytest.raises(Refused, match=re.escape(says)):
        told(database, "add", system="核心系统", kinds=kinds, days=30)
    assert told(database, "list")[-1].startswith("共 0 个")


def test_a_column_has_one_system(database: Database) -> None:
    core = added(database, "核心系统", "customers:name,mobile", "transactions")
    with pytest.raises(Refused, match=r"customers\.mobile 已经归“核心系统”写"):
        added(database, "客服系统", "customers:occupation,mobile")
    with pytest.raises(Refused, match=r"customers\.name 已经归“核心系统”写"):
        added(database, "客服系统", "customers")
    added(database, "客服系统", "customers:occupation", "transactions")  # records that nobody changes have many sources
    added(database, "核心系统", "customers:name")  # the next key of the same system
    told(database, "revoke", key=TOKEN.fullmatch(core)[1], reason="换了")  # type: ignore[index]
    added(database, "客服系统", "customers:mobile")


def test_nobody_gets_in_by_half_a_key(database: Database) -> None:
    token = added(database, "核心系统", "customers")
    wrong = [token[:-1], token + "A", token[:-1] + ("A" if token[-1] != "A" else "B"), token.upper(), "", "rmk__"]
    assert [database.read_now(lambda unit, each=each: api_keys.find(unit, each)) for each in wrong] == [None] * 6


def test_on_the_command_line(rmbot: Inside) -> None:
    assert rmbot.does("migrate").code == 0
    made = rmbot.does("api", "keys", "add", "核心系统", "--kind", "customers", "--days", "9")
    assert (made.code, made.err) == (0, "")
    found = TOKEN.match(made.out)
    assert found
    assert found[1] in rmbot.does("api", "keys", "list").out
    assert rmbot.does("api", "keys", "revoke", found[1]).code == 2
    assert rmbot.does("api", "keys", "revoke", found[1], "--reason", "换了").code == 0
    assert rmbot.does("api", "keys", "add", " ", "--kind", "customers").code == 2
    assert rmbot.does("api", "keys", "add", "核心系统").code == 1
    assert rmbot.does("api", "keys", "add", "核心系统", "--kind", "customers", "--days", "0").code == 2
