"""rmbot bench: its arithmetic by tables, and each kind of measuring process once, small."""

import json
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import cli
from bot.bench import LONG, ROWS, labelling, measure, viewing
from bot.bench.ack_server import NOTHING
from bot.bench.advancing import life_of
from bot.bench.bank import name_of, userid, write_bank
from bot.bench.child import ChildFailed
from bot.bench.dispatching import conversation_steps
from bot.bench.document import filled
from bot.bench.living import complaint, day, results
from bot.bench.result import FAIL, PASS, REPORTED, Result, Target, at_least, at_most, percentile
from bot.bench.service import Service
from bot.bench.stage import POSTGRES, SQLITE, CannotMeasure, Stage
from bot.bench.talking import misplaced, press
from bot.clock import HouseClock
from bot.commands import usage
from bot.packs import shipped_processes
from domain.ids import CustomerId, UserId
from domain.policy import Purpose, Relation, Scope, ScopeKind
from domain.process.advance import Refused, advance
from domain.process.event import Act, Finish, Fired, Undo, Vote
from storage import customer_search, customers, schema
from storage.opening import open_database

PEOPLE, BOOK = 6, 3
MANY = 450


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path, PEOPLE, BOOK, MANY) as made:
        yield made


@pytest.mark.parametrize(
    ("target", "subject", "floor", "verdict"),
    [
        (at_least(0.8), 80.0, 100.0, PASS),
        (at_least(0.8), 79.9, 100.0, FAIL),
        (at_most(1.5), 1.5, 1.0, PASS),
        (at_most(1.5), 1.6, 1.0, FAIL),
        (at_most(60), 60.0, None, PASS),
        (at_most(60), 60.1, None, FAIL),
        (at_most(40, gated=False), 900.0, None, REPORTED),
        (Target("0", at_most=0), 0, None, PASS),
        (Target("0", at_most=0), 1, None, FAIL),
    ],
)
def test_the_bound_holds_for_the_ratio_or_without_a_floor_for_the_value(
    target: Target, subject: float, floor: float | None, verdict: str
) -> None:
    result = Result(1, "甲", "次/秒", subject, floor, target)
    assert result.verdict == verdict
    assert result.cells()[-1] == verdict
    assert json.loads(result.line())["subject"] == subject


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 51), (0.99, 100), (1.0, 100)])
def test_percentile_is_a_measured_value(share: float, value: int) -> None:
    assert percentile(reversed(range(1, 101)), share) == value


TEXTS = [("a", "查 甲"), ("b", "查 乙"), ("a", "查 丙")]


@pytest.mark.parametrize(
    ("told", "states", "wrong"),
    [
        ({"a": ["…甲…", "丙"], "b": ["乙"]}, ["acked"] * 3, 0),
        ({"a": ["丙", "甲"], "b": ["乙"]}, ["acked"] * 3, 1),
        ({"a": ["甲"], "b": ["乙"]}, ["acked"] * 3, 1),
        ({"a": ["甲", "丙", "丙"], "b": ["乙"]}, ["acked"] * 3, 1),
        ({"a": ["甲"], "b": ["乙"]}, ["acked", "acked", "failed"], 0),
        ({}, ["acked", "failed", "failed"], 1),
        ({}, ["failed"] * 3, 0),
    ],
)
def test_everybody_gets_exactly_the_answers_to_what_was_acknowledged(
    told: dict[str, list[str]], states: list[str], wrong: int
) -> None:
    assert misplaced(TEXTS, told, states) == wrong


def test_the_bank_is_the_same_every_time_and_nobody_in_a_book_shares_a_name(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_bank(tmp_path / name, PEOPLE, BOOK)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(files) == 6
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in files)
    assert len({name_of(place) for place in range(40)}) == 40


@pytest.mark.parametrize("store", [SQLITE, NOTHING])
def test_every_message_of_a_rush_is_acknowledged_and_kept(stage: Stage, store: str) -> None:
    url = NOTHING if store == NOTHING else stage.empty(store)
    with stage.child("simulator.load", str(stage.bank)) as load:
        load.hear()
        with stage.child("bot.bench.ack_server", url, str(stage.key_file)) as server:
            load.ask(do="aim", url=f"http://127.0.0.1:{server.hear()['port']}/wecom/callback")
            answer = load.ask(do="rush", amount=60, in_flight=8)
    assert answer["statuses"] == {"200": 60}
    assert answer["seconds"] > 0
    if store == SQLITE:
        assert _states(url) == {"new": 60}


def test_the_life_of_a_complaint_goes_again_from_what_was_stored_to_its_end() -> None:
    life = life_of(shipped_processes().newest("complaint"))
    results = [advance(life.definition, step.case, step.event, step.facts, step.now) for step in life.steps]
    assert [isinstance(result, Refused) for result in results] == [step.refused for step in life.steps]
    assert {type(step.event) for step in life.steps} == {Act, Vote, Finish, Undo, Fired}
    assert life.definition.closed(life.case.state)
    pairs = zip(life.steps, results, strict=True)
    reached = [step.case if isinstance(result, Refused) else result.case for step, result in pairs]
    assert reached == [*(step.case for step in life.steps[1:]), life.case]


def test_the_dispatcher_finishes_what_it_is_given(stage: Stage) -> None:
    url = stage.filled(SQLITE)
    with stage.child("simulator.load", str(stage.bank)) as load:
        load.hear()
        sealed = load.ask(do="seal", texts=list(conversation_steps(PEOPLE)))
    with stage.child("bot.bench.dispatcher", url, str(stage.key_file)) as dispatcher:
        assert dispatcher.ask(**sealed)["seconds"] > 0
    assert _states(url) == {"done": 3 * PEOPLE}


def test_whole_turns_against_the_served_bot(stage: Stage) -> None:
    texts = [(userid(number % PEOPLE), f"查 {name_of(number // PEOPLE)}") for number in range(PEOPLE * BOOK)]
    with stage.child("simulator.load", str(stage.bank)) as load:
        api = load.hear()["url"]
        with Service(stage, stage.filled(SQLITE), api) as service:
            told = press(load, service, texts, rate=60)
    assert misplaced(texts, told["told"], told["states"]) == 0
    assert len(told["turns"]) == len(texts)
    assert all(turn >= ack * 0.5 for turn, ack in zip(sorted(told["turns"]), sorted(told["acks"]), strict=True))


@pytest.mark.parametrize("kind", [SQLITE, POSTGRES])
def test_a_complaint_is_lived_from_filing_to_the_answer(stage: Stage, kind: str) -> None:
    """And a story in which an answer is not the one that was expected goes no further, and is told."""
    story, mistaken = complaint(0, 0), [{"who": userid(1), "says": "待办", "hears": "没有这句话"}] * 2
    with stage.child("simulator.load", str(stage.bank)) as load:
        api = load.hear()["url"]
        with Service(stage, stage.filled(kind), api) as service:
            load.ask(do="aim", url=service.callback)
            told = load.ask(do="live", stories=[story], rate=40)
            stuck = load.ask(do="live", stories=[mistaken], rate=40, patience=0.5)
    assert (len(told["turns"]), told["stuck"], told["violations"]) == (len(story), [], [])
    assert stuck["turns"] == []
    assert stuck["stuck"] == [f"{userid(1)} 待办：没有听到“没有这句话”"]


@pytest.mark.parametrize(("amount", "sub_branches", "steps"), [(10, 1, 1), (500, 6, 1), (2000, 26, 1), (6000, 30, 2)])
def test_a_day_has_as_many_steps_of_each_kind_and_nobody_has_two_kinds(
    amount: int, sub_branches: int, steps: int
) -> None:
    stories = day(amount)
    assert [len(story) for story in stories] == [steps * len(complaint(0, 0))] * 3 * sub_branches
    people = [{step["who"] for step in story} for story in stories]
    assert sum(map(len, people)) == len(set().union(*people))


def test_who_answers_too_slowly_is_asked_less_and_both_are_told() -> None:
    told = {"acks": [5.0] * 40, "turns": [30.0] * 38 + [6_000.0], "sent": 4.0, "late": 3.2, "violations": [{}]}
    reached, p50, p99, ack, missing, violations = results("x", told, 200, 50.0)
    assert (reached.subject, reached.ratio) == (10.0, 0.2)
    assert (p50.subject, p99.subject, ack.subject) == (30.0, 6_000.0, 5.0)
    assert (missing.subject, missing.verdict) == (162, REPORTED)
    assert (violations.subject, violations.verdict) == (1, FAIL)


def _states(url: str) -> dict[str, int]:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        found = dict(connection.execute("SELECT state, count(*) FROM inbox GROUP BY state").fetchall())
    connection.close()
    return found


def test_a_process_that_ends_is_told_with_its_last_words(stage: Stage) -> None:
    child = stage.child("bot.bench.dispatcher", f"sqlite:///{stage.bank / 'staff.csv'}/all.db", str(stage.key_file))
    with child, pytest.raises(ChildFailed, match=r"bot\.bench\.dispatcher 中途退出"):
        child.ask(sealed=[])


def test_a_row_is_printed_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "results.jsonl"
    code = measure([13], 10.0, file, tmp_path)
    machine, row = (json.loads(line) for line in file.read_text("utf-8").splitlines())
    assert {"处理器", "磁盘"} <= machine["machine"].keys()
    assert row["row"] == 13
    assert 1 < row["ratio"] < 20
    assert code == (row["cells"][-1] == FAIL)
    assert row["title"] in capsys.readouterr().out
    page = filled("前\n<!-- 实测开始：由命令写入 -->旧<!-- 实测结束 -->\n后", file.read_text("utf-8"))
    assert row["title"] in page
    assert "旧" not in page
    assert page.startswith("前\n")
    assert page.endswith("\n后")


def test_without_the_peers_the_row_says_what_to_do(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.bench import dispatching

    monkeypatch.delenv("BENCH_PEERS", raising=False)
    with pytest.raises(CannotMeasure, match=r"\./run bench"):
        dispatching.measure(stage, 1)


def test_without_a_row_all_but_the_long_ones_are_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    measured: list[int] = []

    def noted(row: int, _stage: Stage, _seconds: float) -> list[Result]:
        measured.append(row)
        return []

    monkeypatch.setattr("bot.bench.ROWS", {row: partial(noted, row) for row in ROWS})
    assert measure([], 1.0, None, tmp_path) == 0
    assert measure([15, 3], 1.0, None, tmp_path) == 0
    assert measured == [*(row for row in ROWS if row not in LONG), 15, 3]
    assert set(ROWS) > LONG


@pytest.mark.parametrize("customers", [None, 1_000_000, 200_000])
def test_figures_of_a_smaller_bank_say_so_themselves(
    customers: int | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[int] = []

    def noted(row: int, stage: Stage, _seconds: float) -> list[Result]:
        asked.append(stage.customers)
        return [Result(row, "测得", "秒", 1.0, None, Target("只报告", gated=False))]

    monkeypatch.setattr("bot.bench.ROWS", {row: partial(noted, row) for row in ROWS})
    file = tmp_path / "results.jsonl"
    measure([10, 13], 1.0, file, tmp_path, customers)
    machine, ten, thirteen = (json.loads(line) for line in file.read_text("utf-8").splitlines())
    said = "缩小为 200,000 位客户，不是目标的 1,000,000 位"
    assert asked == [customers or 1_000_000] * 2
    assert [said in told for told in (ten["title"], machine["machine"].get("规模", ""))] == [customers == 200_000] * 2
    assert thirteen["title"] == "测得"
    assert capsys.readouterr().out.count(said) == 2 * (customers == 200_000)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["99"], "ROW：没有第 99 行，有 1、2、"),
        (["x"], "要写整数"),
        (["--seconds", "0"], "--seconds：不能小于 1"),
        (["--seconds", "61"], "--seconds：不能大于 60"),
        (["--seconds", "x"], "--seconds：要写数"),
        (["--customers", "999"], "--customers：不能小于 1000"),
        (["--customers", "1000001"], "--customers：不能大于 1000000"),
        (["--nonsense"], "没有 --nonsense 这个选项"),
    ],
)
def test_what_cannot_be_measured_is_a_usage_error(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert usage.run(cli.app, ["bench", *arguments]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("kind", [SQLITE, POSTGRES])
def test_the_bank_of_a_million_is_a_bank_with_its_indexes(
    stage: Stage, kind: str, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BENCH_POSTGRES", postgres_url)
    url = stage.million(kind)
    assert stage.million(kind) == url
    database = open_database(url, stage.key_file, HouseClock())
    database.start(None)
    try:
        counts = database.read_now(
            lambda unit: {t: unit.execute(sa.text(f"SELECT count(*) FROM {t}")).scalar() for t in FILLED}
        )
        ours = Scope(ScopeKind.OWN_BOOK, UserId("rm00002"))
        name, relation = database.read_now(lambda unit: customers.name_for(unit, ours, CustomerId("M0000449")))
        found = database.read_now(lambda unit: customer_search.search(unit, ours, name, Purpose.SERVICE))
        indexes = database.read_now(
            lambda unit: {index["name"] for index in sa.inspect(unit.connection).get_indexes("txn_row")}
        )
    finally:
        database.stop()
    assert counts == FILLED
    assert relation is Relation.OWN_BOOK
    assert CustomerId("M0000449") in [hit.customer_id for hit in found]
    assert indexes == {index.name for index in schema.rows_of(schema.txn).indexes}


FILLED = {"customer": MANY, "holding": 3 * MANY, "txn": 10 * MANY, "interaction": 2 * MANY, "aum_daily": 5 * MANY}


def test_labels_and_care_are_measured_beside_a_scan(
    stage: Stage, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BENCH_POSTGRES", postgres_url)
    monkeypatch.setattr(labelling, "ONE_BY_ONE", 3)
    made = [*labelling.labels(stage, 1), *labelling.care(stage, 1)]
    assert [result.row for result in made] == [7] * 10 + [6] * 4
    differing = [result.subject for result in made if "结果不同的客户" in result.title]
    assert differing == [0, 0]
    assert sum(result.subject > 0 for result in made) == len(made) - len(differing)
    assert {result.detail["rules"] for result in made if result.row == 6 and result.detail} == {3}


def test_looking_and_finding_are_measured_on_both_databases(
    stage: Stage, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BENCH_POSTGRES", postgres_url)
    for name, few in (("ROUNDS", 1), ("BATCH", 3), ("WARM", 2)):
        monkeypatch.setattr(viewing, name, few)
    results = viewing.measure_looks(stage, 0.1) + viewing.measure_searches(stage, 0.1)
    assert [result.row for result in results] == [8, 8, 9, 9]
    assert [result.title.split("：")[0] for result in results] == ["SQLite", "PostgreSQL"] * 2
    assert all(result.subject > 0 for result in results)
    assert all(result.floor and result.detail["looks"] == 3 for result in results[:2])
