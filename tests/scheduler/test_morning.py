"""What a morning finds: every boundary as a case, a whole synthetic bank against a model, replicas, crashes, days."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from scheduler.care import Morning
from simulator.bank import write_sample
from storage import schema
from tests.chats.paper import Paper
from tests.scheduler.care_model import expected, planted, spared
from tests.scheduler.cases import Case, Held, Talk, write_cases
from tests.scheduler.conftest import AS_OF, Bank
from tests.storage.deeds import NOW

SILENT, MATURE = "churn.silent", "maturity.15"
LONG = (Talk("2026-10-01T10:00:00+08:00"),)
SOON = (Held("2026-12-01"),)
FINDING = schema.finding.c


def met(day: str, **more: str) -> tuple[Talk, ...]:
    return (Talk(f"{day}T10:00:00+08:00", **more),)


CASES = (
    # The data is of 22 November: the 23rd of October is thirty days ago.
    Case("29 days", talks=met("2026-10-24")),
    Case("30 days", talks=met("2026-10-23"), finds=(SILENT,)),
    Case("the last minute of the 30th day", talks=(Talk("2026-10-23T23:59:59+08:00"),), finds=(SILENT,)),
    Case("the first minute of the 29th day", talks=(Talk("2026-10-24T00:00:00+08:00"),)),
    Case("another zone, the same minute", talks=(Talk("2026-10-23T16:00:00Z"),)),
    Case("ultra", "超高净值", met("2026-10-23"), finds=(SILENT,)),
    Case("affluent and silent", "富裕", LONG),
    Case("mass and silent", "大众", LONG),
    Case(
        "a broadcast is no contact",
        talks=(*LONG, *met("2026-11-20", channel="企微", kind="群发", reached="1")),
        finds=(SILENT,),
    ),
    Case("群发 as a channel", talks=(*LONG, *met("2026-11-20", channel="群发", reached="")), finds=(SILENT,)),
    Case("an unanswered call is none", talks=(*LONG, *met("2026-11-20", reached="0")), finds=(SILENT,)),
    Case(
        "out, and nobody knows whether it was answered",
        talks=(*LONG, *met("2026-11-20", reached="")),
        finds=(SILENT,),
    ),
    Case("in, and nobody said reached", talks=(*LONG, *met("2026-11-20", direction="in", reached=""))),
    Case("both ways, nobody said reached", talks=(*LONG, *met("2026-11-20", direction="both", reached=""))),
    Case("today counts at once", talks=(*LONG, *met("2026-11-23"))),
    Case("never met, opened long ago", talks=(), finds=(SILENT,)),
    Case("never met, opened 29 days ago", talks=(), opened_on="2026-10-24"),
    Case("never met, a prospect", talks=(), opened_on=""),
    Case("silence is service, also with a complaint", talks=LONG, complaint="", finds=(SILENT,)),
    Case("and in collections", talks=LONG, collections="1", finds=(SILENT,)),
    Case("matures today", held=(Held("2026-11-23"),)),
    Case("matures tomorrow", held=(Held("2026-11-24"),), finds=(MATURE,)),
    Case("in 15 days", held=(Held("2026-12-08"),), finds=(MATURE,)),
    Case("in 16 days", held=(Held("2026-12-09"),)),
    Case("open-ended", held=(Held(""),)),
    Case("wealthy, a fen short", held=(Held("2026-12-01", "499999.99"),)),
    Case("affluent, exactly", "富裕", held=(Held("2026-12-01", "200000.00"),), finds=(MATURE,)),
    Case("affluent, a fen short", "富裕", held=(Held("2026-12-01", "199999.99"),)),
    Case("ultra, exactly", "超高净值", held=SOON, finds=(MATURE,)),
    Case("mass, however large", "大众", held=SOON),
    Case("two small do not make a large one", held=(Held("2026-12-01", "300000.00"), Held("2026-12-01", "300000.00"))),
    Case("two large are two", held=(*SOON, Held("2026-12-02")), finds=(MATURE, MATURE)),
    Case("silent and maturing", talks=LONG, held=SOON, finds=(SILENT, MATURE)),
    Case("no marketing in collections", held=SOON, collections="1"),
    Case("nor with an open complaint", held=SOON, complaint=""),
    Case("nor six days after it was closed", held=SOON, complaint="2026-11-17T09:00:00+08:00"),
    Case("nor seven days to the minute", held=SOON, complaint="2026-11-16T09:00:00+08:00"),
    Case("a minute later it may", held=SOON, complaint="2026-11-16T08:59:00+08:00", finds=(MATURE,)),
    Case("no RM: the sub-branch head", talks=LONG, rm="", finds=(SILENT,), owner="head01"),
    Case("no RM, kept in an outlet", talks=LONG, rm="", unit="W1", finds=(SILENT,), owner="head01"),
    Case("an RM who left", talks=LONG, rm="old01", finds=(SILENT,), owner="head01"),
    Case("kept by a post that keeps no books", talks=LONG, rm="prod01", finds=(SILENT,), owner="head01"),
    Case("no RM and no head: nobody's", talks=LONG, rm="", unit="S2", finds=(SILENT,), owner=None),
)  # fmt: skip


WANTED = Counter((f"C{number:03}", rule, case.owner) for number, case in enumerate(CASES, 1) for rule in case.finds)


def hits(found: set[tuple[object, ...]]) -> Counter[tuple[object, ...]]:
    return Counter((customer, rule, owner) for rule, customer, _, owner in found)


async def test_every_boundary(make_bank: Callable[[], Bank], tmp_path: Path) -> None:
    bank = make_bank()
    bank.load(write_cases(tmp_path / "cases", CASES))
    await bank.morning()()
    named = {f"C{number:03}": case.what for number, case in enumerate(CASES, 1)}
    got = hits(bank.found())
    wrong = {named[str(hit[0])]: hit for hit in (WANTED - got) + (got - WANTED)}
    assert wrong == {}
    todo = schema.todo.c
    assert Counter(row[0] for row in bank.rows(todo.owner)) == Counter(
        owner for _, _, owner in WANTED.elements() if owner
    )


JUDGED = {"org_units", "staff", "customers", "products", "holdings", "aum_daily", "interactions", "complaints"}


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank with its planted truth, and of its files those that care looks at."""
    folder = tmp_path_factory.mktemp("care") / "bank"
    write_sample(folder, customers=600, seed=11, as_of=AS_OF, preset="rm_book")
    for file in folder.glob("*.csv"):
        if file.stem not in JUDGED:
            file.unlink()
    return folder


async def test_a_synthetic_bank_against_a_model(make_bank: Callable[[], Bank], sample: Path, backend: str) -> None:
    """Two mornings at once: none missing, none extra, none twice; and what the sample says it planted is there."""
    bank = make_bank()
    bank.load(sample)
    other = bank.replica() if backend == "postgresql" else bank.database
    await asyncio.gather(Morning(bank.database, bank.house)(), Morning(other, bank.house)())
    wanted = expected(sample, AS_OF)
    assert bank.found() == wanted
    owners = [owner for _, _, _, owner in wanted if owner]
    assert len(bank.rows(schema.todo.c.id)) == len(owners)
    assert told(bank) == Counter(set(owners))

    paper, customers = Paper(sample), {(rule, customer) for rule, customer, _, _ in wanted}
    silent = [each["customer_id"] for each in planted(sample, "silent")]
    # What was planted for one day after the data matures on the morning itself; collections and complaints spare some.
    due = [each["customer_id"] for each in planted(sample, "maturing") if each["days_left"] > 1]
    assert {(SILENT, customer) for customer in silent} <= customers
    assert {(MATURE, customer) for customer in due if not spared(paper, customer)} <= customers
    assert (len(silent) > 1, len(due) > 15) == (True, True)


async def test_broken_off_anywhere_it_is_finished_later(make_bank: Callable[[], Bank], tmp_path: Path) -> None:
    """A process that ends in the middle of a morning leaves nothing out and nothing double."""
    bank, chance, ends = make_bank(), random.Random(5), 0
    bank.load(write_cases(tmp_path / "cases", CASES))
    while True:
        try:
            await asyncio.wait_for(Morning(bank.database, bank.house)(), chance.uniform(0.001, 0.02) * (1 + ends / 5))
            break
        except TimeoutError:
            ends += 1
    assert ends > 2
    assert hits(bank.found()) == WANTED
    assert told(bank) == Counter({owner for _, _, owner in WANTED if owner})


def told(bank: Bank) -> Counter[object]:
    """How many digests wait for each person."""
    out = schema.outbox.c
    return Counter(row[0] for row in bank.rows(out.recipient, where=out.lane == "digest"))


@pytest.mark.parametrize(
    ("moment", "runs"),
    [
        (NOW.replace(hour=8, minute=59, second=59), False),
        (NOW, True),
        (NOW.replace(hour=17, minute=29), True),
        (NOW.replace(hour=17, minute=30), False),
        (NOW - timedelta(days=1), False),  # a Sunday
        (NOW - timedelta(days=2), False),
    ],
)
async def test_only_in_working_hours(make_bank: Callable[[], Bank], tmp_path: Path, moment: object, runs: bool) -> None:
    bank = make_bank()
    bank.load(write_cases(tmp_path / "cases", (Case("matures", held=SOON),)))
    bank.clocks.now = moment  # type: ignore[assignment]
    await bank.morning()()
    assert bool(bank.found()) == runs
    assert told(bank) == (Counter(rm01=1) if runs else Counter())


ONE_LONG = (Case("silent", talks=LONG), Case("matures in 18 days", held=(Held("2026-12-11"),)))


async def test_days_go_by(make_bank: Callable[[], Bank], tmp_path: Path) -> None:
    """Once an occasion, also after a jump over days; one digest a day with something new, none without."""
    bank = make_bank()
    bank.load(write_cases(tmp_path / "cases", ONE_LONG))
    morning = bank.morning()
    await morning()
    await morning()
    first = {(SILENT, "C001", "2026-10-01", "rm01")}
    assert bank.found() == first
    assert told(bank) == Counter(rm01=1)
    bank.clocks.now = NOW + timedelta(days=1)
    await bank.morning()()
    assert (bank.found(), told(bank)) == (first, Counter(rm01=1))  # nothing new, nothing due
    bank.clocks.now = NOW + timedelta(days=3)
    await bank.morning()()
    assert told(bank) == Counter(rm01=2)  # the first to-do is due that day; and the holding is 15 days away
    both = first | {(MATURE, "C002", "C002-1@2026-12-11", "rm01")}
    assert bank.found() == both
    bank.clocks.now = NOW + timedelta(days=28)
    await bank.morning()()
    assert (bank.found(), told(bank)) == (both, Counter(rm01=3))  # a month later one digest, no storm


async def test_late_data_is_waited_for(make_bank: Callable[[], Bank], tmp_path: Path) -> None:
    """Tuesday with the data of Sunday: silence is not judged, maturities are; once the data is there, it is."""
    bank = make_bank()
    quiet = Case("29 days on Sunday", talks=met("2026-10-24"))
    bank.load(write_cases(tmp_path / "cases", (quiet, Case("matures", held=SOON))))
    bank.clocks.now = NOW + timedelta(days=1)
    morning = bank.morning()
    await morning()
    assert {hit[0] for hit in bank.found()} == {MATURE}
    bank.clocks.now += timedelta(hours=3)
    bank.load(tmp_path / "cases", date(2026, 11, 23))
    await morning()
    assert {hit[0] for hit in bank.found()} == {MATURE, SILENT}
    assert told(bank) == Counter(rm01=1)  # what came late is told with the next morning's
    bank.clocks.now = NOW + timedelta(days=2)
    await morning()
    assert told(bank) == Counter(rm01=2)


@pytest.mark.parametrize(("as_of", "judged"), [(date(2026, 11, 20), True), (date(2026, 11, 19), False)])
async def test_fridays_data_do_for_monday(
    make_bank: Callable[[], Bank], tmp_path: Path, as_of: date, judged: bool
) -> None:
    bank = make_bank()
    bank.load(write_cases(tmp_path / "cases", (Case("silent", talks=LONG),)), as_of)
    await bank.morning()()
    assert bool(bank.found()) == judged


async def test_a_new_silence_is_a_new_finding(make_bank: Callable[[], Bank], tmp_path: Path) -> None:
    bank = make_bank()
    again = (*LONG, Talk("2026-11-24T10:00:00+08:00"))
    bank.load(write_cases(tmp_path / "a", (Case("silent", talks=LONG),)))
    await bank.morning()()
    for day, finds in ((date(2026, 12, 23), 1), (date(2026, 12, 24), 2), (date(2026, 12, 25), 2)):
        # The data of a day is judged the next morning; the 24th of December is thirty days after the talk.
        bank.clocks.now = NOW.replace(year=day.year, month=day.month, day=day.day) + timedelta(days=1)
        while bank.clocks.now.weekday() > 4:
            bank.clocks.now += timedelta(days=1)
        bank.load(write_cases(tmp_path / str(day), (Case("silent", talks=again),)), day)
        await bank.morning()()
        assert len(bank.found()) == finds, day
    assert {hit[2] for hit in bank.found()} == {"2026-10-01", "2026-11-24"}


async def test_a_day_brings_a_person_no_more_than_they_can_do(make_bank: Callable[[], Bank], tmp_path: Path) -> None:
    """Twenty, what matures first before the rest, which comes the next morning; others are not held up."""
    bank = make_bank()
    days = [Held(f"2026-12-{1 + number % 7:02}", f"{600_000 + number}.00") for number in range(25)]
    cases = tuple(Case(f"{number}", held=(held,)) for number, held in enumerate(days))
    bank.load(write_cases(tmp_path / "cases", (*cases, Case("another's", held=SOON, rm="rm02"))))
    await bank.morning()()
    mine = [str(hit[2]).partition("@")[2] for hit in bank.found() if hit[3] == "rm01"]
    assert sorted(mine) == sorted(held.matures_on for held in days)[:20]
    assert told(bank) == Counter(rm01=1, rm02=1)
    bank.clocks.now = NOW + timedelta(days=1)
    await bank.morning()()
    assert len(bank.found()) == 26


async def test_findings_follow_their_customers(make_bank: Callable[[], Bank], tmp_path: Path) -> None:
    """Handed over, left without an RM, closed, and at last somebody's: each to-do is where it can be done."""
    bank = make_bank()
    before = [Case(what, talks=LONG) for what in ("handed over", "left alone", "stays")]
    nobody = Case("nobody's", talks=LONG, rm="", unit="S2")
    closed = Case("closed", talks=LONG)
    bank.load(write_cases(tmp_path / "a", (*before, nobody, closed)))
    await bank.morning()()
    owners = {"C001": "rm01", "C002": "rm01", "C003": "rm01", "C004": None, "C005": "rm01"}
    assert {hit[1]: hit[3] for hit in bank.found()} == owners

    after = (replace(before[0], rm="rm02"), replace(before[1], rm="old01"), before[2], replace(nobody, rm="rm02"))
    bank.load(write_cases(tmp_path / "b", after), date(2026, 11, 23))
    bank.clocks.now = NOW + timedelta(days=1)
    await bank.morning()()
    owners |= {"C001": "rm02", "C002": "head01", "C004": "rm02", "C005": None}
    assert {hit[1]: hit[3] for hit in bank.found()} == owners
    todo = schema.todo.c
    work = Counter(bank.rows(todo.customer_id, todo.owner, todo.state))
    assert work == Counter({
        ("C001", "rm01", "cancelled"): 1, ("C001", "rm02", "open"): 1,
        ("C002", "rm01", "cancelled"): 1, ("C002", "head01", "open"): 1,
        ("C003", "rm01", "open"): 1, ("C004", "rm02", "open"): 1, ("C005", "rm01", "cancelled"): 1,
    })  # fmt: skip
    assert told(bank) == Counter(rm01=1, rm02=1, head01=1)  # who got something new is told; rm01 heard yesterday
    bank.clocks.now = NOW + timedelta(days=2)
    await bank.morning()()
    assert Counter(bank.rows(todo.customer_id, todo.owner, todo.state)) == work
