"""What a morning finds: every boundary as a case, a whole synthetic bank against a model, broken off anywhere."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.packs import default_pack
from handlers.context import House
from scheduler.care import Morning
from simulator.bank import write_sample
from storage import schema
from tests.chats.paper import Paper
from tests.policies import POLICY
from tests.scheduler.care_model import expected, planted, spared
from tests.scheduler.cases import FLOOR, LONG, MATURE, SILENT, SOON, Case, Held, Talk, met, write_cases
from tests.scheduler.conftest import AS_OF, Bank

CASES = (
    # The data is of 22 November: the 23rd of October is thirty days ago.
    Case("29 days", talks=met("2026-10-24")),
    Case("30 days", talks=met("2026-10-23"), finds=(SILENT,)),
    Case("the last minute of the 30th day", talks=(Talk("2026-10-23T23:59:59+08:00"),), finds=(SILENT,)),
    Case("the first minute of the 29th day", talks=(Talk("2026-10-24T00:00:00+08:00"),)),
    Case("another zone, the same minute", talks=(Talk("2026-10-23T16:00:00Z"),)),
    Case("ultra", "超高净值", met("2026-10-23"), finds=(SILENT,)),
    Case("affluent and silent", "富裕", LONG),
    Case("affluent, 89 days", "富裕", met("2026-08-25")),
    Case("affluent, 90 days", "富裕", met("2026-08-24"), finds=(FLOOR,)),
    Case("ultra, 13 days", "超高净值", met("2026-11-09")),
    Case("ultra, 14 days", "超高净值", met("2026-11-08"), finds=(FLOOR,)),
    Case("ultra, 29 days", "超高净值", met("2026-10-24"), finds=(FLOOR,)),
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


@pytest.fixture(scope="session")
def care_house() -> House:
    """Nobody has enough for a day: what is found is counted here, not how it is rationed."""
    pack = default_pack()
    assert pack.care is not None
    most = pack.care.daily_most.model_copy(update={"value": 1_000})
    care = pack.care.model_copy(update={"daily_most": most})
    return House(pack=pack.model_copy(update={"care": care}), policy=POLICY, agent_id=1)


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
    assert bank.told() == Counter(set(owners))

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
    assert bank.told() == Counter({owner for _, _, owner in WANTED if owner})
