"""What a decision is made from, as it is read; what is stored is sealed; rules that decided keep their words."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from bot.clock import SHANGHAI, HouseClock
from bot.commands.errands import perform
from bot.packs import keep_packs, shipped_processes, shipped_rules
from domain.ids import CustomerId, ProductId, UserId
from domain.policy import Purpose
from domain.refusal import Refused
from domain.scope import Scope, ScopeKind
from domain.suitability.deciding import decide
from domain.suitability.facts import Offer, Question
from domain.suitability.words import Rating, Verdict
from simulator.bank import write_sample
from storage import decisions, offers, pack_versions, schema, suitability
from storage.database import Database
from storage.imports.progress import nobody
from storage.unit import Unit
from tests.databases import Copied, Fill
from tests.domain.suitability.people import AS_SHIPPED, EDITION, PACK, TABLE, TEXT
from tests.storage.banked import stock_from
from tests.storage.deeds import opened

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
ALL, RM02 = Scope(ScopeKind.ALL, UserId("comp01")), Scope(ScopeKind.OWN_BOOK, UserId("rm02"))
WANG = CustomerId("C00000001")


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bank")
    write_sample(folder, customers=200, seed=7, as_of=date(2026, 11, 22), preset="rm_book")
    for name in ("transactions", "touchpoints", "aum_daily", "interactions", "complaints", "product_nav"):
        (folder / f"{name}.csv").unlink()
    return folder


@pytest.fixture(scope="module")
def filling(bank: Path) -> Fill:
    return partial(stock_from, bank, as_of=date(2026, 11, 22))


@pytest.fixture
def database(copied: Copied, filling: Fill, tmp_path: Path) -> Iterator[Database]:
    with opened(copied(filling, tmp_path / "key"), tmp_path) as made:
        yield made


def known(unit: Unit, customer_id: CustomerId, scope: Scope = ALL, seller: str | None = None) -> suitability.Known:
    unit.now = NOW
    return suitability.known(unit, scope, customer_id, TABLE, UserId(seller) if seller else None, Purpose.SERVICE)


def asked(unit: Unit, customer_id: CustomerId, product_id: str) -> Question:
    found = known(unit, customer_id)
    offer = offers.load(unit, customer_id, ProductId(product_id), TABLE)
    assert offer is not None
    return Question(client=found.client, offer=offer, seller=found.seller, amount=offer.minimum, day=NOW.date())


def test_a_customer_as_the_files_have_them(database: Database, bank: Path) -> None:
    import csv

    def rows(name: str) -> list[dict[str, str]]:
        with (bank / f"{name}.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def fen(text: str) -> int:
        return int(text.replace(".", ""))

    products = {row["product_id"]: row for row in rows("products")}
    found = database.read_now(lambda unit: [known(unit, CustomerId(row["customer_id"])) for row in rows("customers")])
    for row, one in zip(rows("customers"), found, strict=True):
        mine = [each for each in rows("holdings") if each["customer_id"] == row["customer_id"]]
        accounts = [fen(each["balance"]) for each in rows("accounts") if each["customer_id"] == row["customer_id"]
                    and not each["closed_on"]]  # fmt: skip
        held = {each["product_id"]: fen(each["amount"]) for each in mine if fen(each["amount"])}  # some have ended
        ratings = {number: max(row["risk"], row["issuer_risk"]) for number, row in products.items()}
        risky = [fen(each["amount"]) for each in mine if ratings[each["product_id"]] >= "R4"]
        lent = [fen(each["principal"]) for each in rows("loans") if each["customer_id"] == row["customer_id"]
                and each["kind"] != "住房按揭" and each["opened_on"] >= "2026-08-25"]  # fmt: skip
        client = one.client
        assert client.assets == sum(fen(each["amount"]) for each in mine) + sum(max(each, 0) for each in accounts)
        assert (client.risky, client.recent_loans) == (sum(risky), sum(lent))
        saved = {"deposit"} if any(each > 0 for each in accounts) else set()
        assert set(client.holds or ()) == {products[number]["kind"] for number in held} | saved
        tests = [each for each in rows("risk_assessments") if each["customer_id"] == row["customer_id"]]
        assert {str(each.assessed_on) for each in client.assessments or ()} == {each["assessed_on"] for each in tests}
        assert (client.frozen, client.sanctioned) == (row["frozen"] == "1", row["sanctioned"] == "1")


def test_loading_is_authorising_and_on_record(database: Database) -> None:
    with pytest.raises(Refused, match="没有找到这位客户"):
        database.read_now(lambda unit: known(unit, WANG, RM02))
    database.run(lambda unit: known(unit, WANG))
    record = schema.audit.c
    last = database.read_now(lambda unit: unit.rows(sa.select(record.body).order_by(record.seq))[-1].body)
    assert orjson.loads(last)["action"] == "customer.read"


def test_who_asks_sells_else_the_manager(database: Database) -> None:
    def sellers(unit: Unit) -> list[Any]:
        return [known(unit, WANG, seller=who).seller for who in (None, "rm02", "comp01", "rmold01", "nobody")]

    manager, named, compliance, left, stranger = database.read_now(sellers)
    assert manager == named
    assert set(manager.qualifications) == {"fund", "wealth", "insurance"}
    assert (compliance.active, compliance.qualifications) == (True, {})
    assert left.active is False
    assert (stranger.active, stranger.qualifications) == (None, None)


def test_what_has_not_arrived_is_not_known(database: Database) -> None:
    def without_feeds(unit: Unit) -> Question:
        unit.execute(schema.feed.delete().where(schema.feed.c.name.in_(("holdings", "loans"))))
        return asked(unit, WANG, "P0101")

    question = database.run(without_feeds)
    client, offer = question.client, question.offer
    assert (client.assets, client.risky, client.holds, client.recent_loans, offer.held) == (None,) * 5
    codes = {reason.code for reason in decide(question, TABLE, 1).reasons}
    assert {"assets_unknown", "loans_unknown"} <= codes


def test_what_came_too_long_ago_is_not_known_either(database: Database) -> None:
    """On the last day that the rules allow for it is, a day later it is not, and nothing is decided by it."""

    def fed(unit: Unit, days: int) -> Question:
        named = ("holdings", "accounts", "loans", "risk_assessments", "products")
        old = schema.feed.update().where(schema.feed.c.name.in_(named))
        unit.execute(old.values(as_of=NOW.date() - timedelta(days=days)))
        return asked(unit, WANG, "P0101")

    young = database.run(lambda unit: fed(unit, TABLE.data_days.value))
    assert None not in (young.client.assets, young.client.recent_loans, young.client.holds, young.offer.held)
    assert young.client.assessments
    assert young.offer.timely
    old = database.run(lambda unit: fed(unit, TABLE.data_days.value + 1))
    assert (old.client.assets, old.client.risky, old.client.holds, old.client.recent_loans) == (None,) * 4
    assert (old.offer.held, old.client.assessments, old.offer.timely) == (None, None, False)
    late = {"assets_unknown", "loans_unknown", "assessments_unknown", "products_late"}
    assert late <= {reason.code for reason in decide(old, TABLE, 1).reasons}


def test_a_decision_from_before_the_age_of_the_list_was_asked_is_made_the_same_again(database: Database) -> None:
    """What is stored of it says nothing of that."""
    question = database.run(lambda unit: asked(unit, WANG, "P0101"))
    told = question.model_dump(mode="json")
    del told["offer"]["timely"]
    assert decide(Question.model_validate(told), TABLE, 1) == decide(question, TABLE, 1)


def test_the_shelf_holds_what_may_simply_be_allowed_and_each_as_it_is(database: Database) -> None:
    """Whatever it leaves out is not allowed; the order within a kind is by rating, then by term."""

    def looked(unit: Unit) -> tuple[list[Offer], list[Question]]:
        one = known(unit, WANG)
        held = offers.shelf(unit, one, TABLE, tuple(TABLE.kinds), Rating.R3)
        listed = [each.product_id for each in offers.listed(unit)]
        return [offer for kind in held.values() for offer in kind], [asked(unit, WANG, each) for each in listed]

    shelf, questions = database.read_now(looked)
    known_as = {question.offer.product_id: question.offer for question in questions}
    assert all(offer == known_as[offer.product_id] for offer in shelf)
    shown = {offer.product_id for offer in shelf}
    missing = [each for each in questions if each.offer.product_id not in shown]
    assert not [each.offer for each in missing if decide(each, TABLE, 1).verdict is Verdict.ALLOW]
    assert {offer.kind for offer in shelf} >= {"deposit", "wealth", "fund"}
    ranks = [(offer.kind, -int(offer.rating[1:]), offer.term_days) for offer in shelf if offer.rating]
    assert ranks == sorted(ranks)


def test_every_decision_is_frequent_on_the_sample_bank(database: Database) -> None:
    """Pairs drawn at random, each asked at the product's minimum by the customer's manager."""

    def drawn(unit: Unit) -> list[str]:
        customers = [row.customer_id for row in unit.rows(sa.select(schema.customer.c.customer_id))]
        products = [each.product_id for each in offers.listed(unit)]
        draw, found = Random(1), []
        for customer_id in sorted(customers):
            one = known(unit, customer_id)
            for product_id in draw.sample(products, 20):
                offer = offers.load(unit, customer_id, product_id, TABLE)
                assert offer is not None
                question = Question(
                    client=one.client, offer=offer, seller=one.seller, amount=offer.minimum, day=NOW.date()
                )
                found.append(decide(question, AS_SHIPPED, 1).verdict.value)
        return found

    verdicts = database.read_now(drawn)
    shares = {verdict: verdicts.count(verdict) / len(verdicts) for verdict in set(verdicts)}
    assert set(shares) == {"ALLOW", "ALLOW_WITH_STEPS", "BLOCK"}
    assert min(shares.values()) >= 0.05, shares


def decided(unit: Unit) -> str:
    unit.actor = "rm01"
    question = asked(unit, WANG, "P0101")
    decision = decide(question, TABLE, EDITION.version)
    return decisions.keep(unit, WANG, [(question, decision)], Purpose.SERVICE)[0]


def test_what_was_decided_comes_back_whole_and_is_sealed(database: Database) -> None:
    number = database.run(decided)
    made = database.read_now(lambda unit: decisions.load(unit, number))
    assert made is not None
    assert decide(made.question, TABLE, made.decision.rule_version) == made.decision
    assert (made.customer_id, made.asked_by, made.purpose) == (WANG, "rm01", Purpose.SERVICE)
    row = database.read_now(lambda unit: unit.rows(sa.select(schema.suitability_decision))[0])
    for cell in (row.question, row.decision):
        assert not any(word in cell for word in (b'"C2"', b"born", b"1962"))
    assert database.read_now(lambda unit: decisions.load(unit, "S261123-AAAAAA")) is None


def keep(unit: Unit, text: str, version: int = PACK.version) -> None:
    pack_versions.keep(unit, PACK.name, version, text)


def test_rules_that_decided_something_keep_their_words(database: Database) -> None:
    database.run(lambda unit: keep(unit, TEXT))
    database.run(lambda unit: keep(unit, TEXT + "\n# nobody was judged by it yet\n"))
    database.run(decided)
    with pytest.raises(Refused, match="第 1 版的内容变了，而已有案件或判断在用它"):
        database.run(lambda unit: keep(unit, TEXT))
    database.run(lambda unit: keep(unit, TEXT, 2))


def test_an_operator_makes_it_again(database: Database) -> None:
    def told(number: str) -> list[str]:
        heard: list[str] = []
        perform(
            database, HouseClock(), "suitability.replay", {"number": number, "actor": "cli:ops"}, heard.append, nobody
        )
        return heard

    database.run(lambda unit: keep_packs(unit, shipped_processes(), shipped_rules()))
    number = database.run(decided)
    assert told(number)[0].split()[1:] == [str(NOW.date()), "P0101", "BLOCK", "不可以"]
    assert told(number.lower())[-1] == "按第 1 版规则重算：结论、理由、步骤、文件都一致"
    other = EDITION.table.model_copy(update={"large": TABLE.large.model_copy(update={"value": 0})})

    def changed(unit: Unit) -> str:
        question = asked(unit, WANG, "P0101")
        return decisions.keep(unit, WANG, [(question, decide(question, other, 1))], Purpose.SERVICE)[0]

    wrong = database.run(changed)
    with pytest.raises(Refused, match="重算不一致"):
        told(wrong)
    with pytest.raises(Refused, match="没有编号为"):
        told("S261123-AAAAAA")
