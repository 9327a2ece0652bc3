"""What the synthetic bank says it planted is found again in its files, by rules written here afresh."""

import csv
import json
import statistics
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import pytest
from lunar_python import Lunar

from bot.packs import default_pack
from simulator.bank import write_sample
from simulator.bank.cast import CUSTOMERS
from simulator.bank.seizing import CAMPAIGNS

AS_OF = date(2026, 11, 20)
COUNT = 2_000
TIERS = ((Decimal(50_000_000), "超高净值"), (Decimal(6_000_000), "高净值"), (Decimal(500_000), "富裕"))
RANK = {"大众": 0, "富裕": 1, "高净值": 2, "超高净值": 3}


class Bank:
    """The files of one sample, read once, and what can be computed from them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.customers = {row["customer_id"]: row for row in self.read("customers")}
        self.products = {row["product_id"]: row for row in self.read("products")}
        self.aum: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
        for row in self.read("aum_daily"):
            self.aum[row["customer_id"]].append((date.fromisoformat(row["day"]), Decimal(row["aum"])))
        self.talks: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in self.read("interactions"):
            self.talks[row["customer_id"]].append(row)
        self.flows: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in self.read("transactions"):
            self.flows[row["customer_id"]].append(row)
        self.levels = {row["customer_id"]: row for row in self.read("risk_assessments")}
        self.tiers = {customer: self.tier(customer) for customer in self.customers}

    def read(self, name: str) -> list[dict[str, str]]:
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    @cached_property
    def held(self) -> dict[str, list[dict[str, str]]]:
        found: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in self.read("holdings"):
            found[row["customer_id"]].append(row)
        return found

    def truth(self, kind: str) -> dict[str, dict[str, object]]:
        lines = [json.loads(line) for line in (self.folder / "truth.jsonl").read_text("utf-8").splitlines()]
        return {line["customer_id"]: line for line in lines if line["kind"] == kind}

    def on(self, customer: str, day: date) -> Decimal:
        known = [value for at, value in self.aum[customer] if at <= day]
        return known[-1] if known else Decimal(0)

    def tier(self, customer: str) -> str:
        """By the average of the three full months before the business day, or of what there was of them."""
        first, last = date(2026, 8, 1), date(2026, 10, 31)
        opened = self.customers[customer]["opened_on"]
        first = max(first, date.fromisoformat(opened)) if opened else first
        if first > last:
            first = last = AS_OF
        path = dict(self.aum[customer])
        value, total, at = self.on(customer, first), Decimal(0), first
        while at <= last:
            value = path.get(at, value)
            total += value
            at += timedelta(days=1)
        average = total / ((last - first).days + 1)
        return next((name for floor, name in TIERS if average >= floor), "大众")

    def at_least(self, tier: str) -> set[str]:
        return {customer for customer, own in self.tiers.items() if RANK[own] >= RANK[tier]}

    def left(self, customer: str, first: date, last: date) -> Decimal:
        """Net outflow to others and in cash between two days, both included."""
        days = (first.isoformat(), last.isoformat())
        rows = [row for row in self.flows[customer] if days[0] <= row["booked_at"][:10] <= days[1]]
        return -sum((Decimal(row["amount"]) for row in rows if row["counterparty"] == "other"), Decimal(0))


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    folder = tmp_path_factory.mktemp("truth")
    write_sample(folder, customers=COUNT, seed=5, as_of=AS_OF, preset="rm_book")
    return Bank(folder)


def test_assets_end_at_accounts_plus_holdings(bank: Bank) -> None:
    owned: dict[str, Decimal] = defaultdict(Decimal)
    for row in bank.read("accounts"):
        owned[row["customer_id"]] += Decimal(row["balance"]) if row["kind"] != "信用卡" else 0
    for row in bank.read("holdings"):
        owned[row["customer_id"]] += Decimal(row["amount"])
    assert {one: bank.on(one, AS_OF) for one in owned} == owned
    assert min(value for path in bank.aum.values() for _, value in path) >= 0


def test_balances_follow_the_bookings(bank: Bank) -> None:
    balances = {row["account_id"]: Decimal(row["balance"]) for row in bank.read("accounts")}
    for rows in bank.flows.values():
        for before, after in pairwise(rows):
            assert Decimal(before["balance_after"]) + Decimal(after["amount"]) == Decimal(after["balance_after"])
            assert before["booked_at"] <= after["booked_at"]
        assert Decimal(rows[-1]["balance_after"]) == balances[rows[-1]["account_id"]]
        assert min(Decimal(row["balance_after"]) for row in rows) >= 0


def test_history_is_long_enough_for_averages_and_peaks(bank: Bank) -> None:
    old = [one for one, row in bank.customers.items() if row["opened_on"] and row["opened_on"] < "2025-09-01"]
    assert {bank.aum[one][0][0] for one in old} == {AS_OF - timedelta(days=400)}


def test_outflow_is_exactly_what_the_rule_finds(bank: Bank) -> None:
    planted = bank.truth("outflow")
    found = {one for one in bank.at_least("高净值") if _flows_out(bank, one)}
    assert found == set(planted)
    assert len(planted) >= 0.015 * len(bank.at_least("高净值"))


def _flows_out(bank: Bank, customer: str) -> bool:
    ultra = bank.tiers[customer] == "超高净值"
    share, least = (Decimal("0.15"), 5_000_000) if ultra else (Decimal("0.20"), 1_000_000)
    weeks = [AS_OF - timedelta(days=7 * number) for number in range(1, 26)]
    usual = [float(bank.left(customer, end - timedelta(days=6), end)) for end in weeks]
    middle = statistics.median(usual)
    spread = 1.4826 * statistics.median([abs(value - middle) for value in usual])
    left = bank.left(customer, AS_OF - timedelta(days=6), AS_OF)
    before = bank.on(customer, AS_OF - timedelta(days=7))
    floor = max(spread, float(before) * 0.01, 10_000)
    return left >= share * before and left >= least and float(left) >= middle + 4 * floor


def test_silence_is_exactly_what_the_rule_finds_and_broadcasts_do_not_break_it(bank: Bank) -> None:
    quiet = {one: _days_since_talk(bank, one) for one in bank.at_least("高净值")}
    planted = {one: line["days"] for one, line in bank.truth("silent").items()}
    assert {one: days for one, days in quiet.items() if days > 30} == planted
    assert all(
        any(talk["kind"] == "群发" and talk["at"][:10] > "2026-10-20" for talk in bank.talks[one]) for one in planted
    )


def _days_since_talk(bank: Bank, customer: str) -> int:
    last = max(talk["at"] for talk in bank.talks[customer] if talk["reached"] == "1")
    return (AS_OF - datetime.fromisoformat(last).date()).days


def test_slow_churn_stays_below_seven_tenths_of_the_peak(bank: Bank) -> None:
    fallen = {one for one in bank.truth("slow_churn") if bank.on(one, AS_OF) < Decimal("0.7") * _peak(bank, one)}
    assert fallen == set(bank.truth("slow_churn"))
    assert 0.008 * COUNT <= len(fallen) <= 0.012 * COUNT
    others = bank.at_least("富裕") - fallen - set(bank.truth("outflow"))
    assert [one for one in others if bank.on(one, AS_OF) < Decimal("0.7") * _peak(bank, one)] == []


def _peak(bank: Bank, customer: str) -> Decimal:
    return max(value for _, value in bank.aum[customer])


def test_maturities_are_exactly_what_the_rule_finds(bank: Bank) -> None:
    found = {}
    for row in bank.read("holdings"):
        least = {"大众": None, "富裕": 200_000}.get(bank.tiers[row["customer_id"]], 500_000)
        left = (date.fromisoformat(row["matures_on"]) - AS_OF).days if row["matures_on"] else 0
        if least and 0 < left <= 15 and Decimal(row["amount"]) >= least:
            found[row["customer_id"]] = (row["holding_id"], left, row["amount"])
    planted = bank.truth("maturing")
    assert found == {one: (line["holding_id"], line["days_left"], line["amount"]) for one, line in planted.items()}
    assert 0.045 * COUNT <= len(planted) <= 0.055 * COUNT


def test_who_comes_for_a_campaign_is_gone_a_month_later(bank: Bank) -> None:
    """At least half of a year's orders within three days of one, and each held for 45 days at most."""
    orders = {"理财申购", "基金申购", "基金赎回", "转存定期"}
    found = set()
    for one, rows in bank.flows.items():
        mine = [row["booked_at"][:10] for row in rows if row["customer_initiated"] == "1" and row["kind"] in orders]
        over = [
            (date.fromisoformat(row["matures_on"]) - date.fromisoformat(row["opened_on"])).days
            for row in bank.held[one]
            if row["matures_on"] and row["matures_on"] <= AS_OF.isoformat()
        ]
        if over and sum(over) <= 45 * len(over) and 2 * sum(map(_near_a_campaign, mine)) >= len(mine):
            found.add(one)
    planted = bank.truth("seizer")
    assert found == set(planted)
    assert 0.008 * COUNT <= len(planted) <= 0.011 * COUNT
    assert {event.every for event in default_pack().labels[-1].events} == set(CAMPAIGNS)


def _near_a_campaign(day: str) -> bool:
    around = (date.fromisoformat(day) + timedelta(days=days) for days in range(-3, 4))
    return any(f"{each:%m-%d}" in CAMPAIGNS for each in around)


def test_only_planted_holdings_are_unsuitable(bank: Bank) -> None:
    found = {
        row["customer_id"]: row["holding_id"]
        for row in bank.read("holdings")
        if bank.products[row["product_id"]]["risk"][1] > bank.levels[row["customer_id"]]["level"][1]
    }
    planted = bank.truth("unsuitable")
    assert found == {one: line["holding_id"] for one, line in planted.items()}
    assert 0.004 * COUNT <= len(planted) <= 0.007 * COUNT


def test_documents_and_birthdays_are_what_is_planted(bank: Bank) -> None:
    people = bank.customers
    soon = (AS_OF + timedelta(days=90)).isoformat()
    assert {one for one, row in people.items() if row["id_expiry"] <= soon} == set(bank.truth("id_expiring"))
    assert {one for one, row in people.items() if row["birth_date"] > "2008-11-20"} == set(bank.truth("minor"))
    assert {one for one, row in people.items() if not row["mobile"]} == set(bank.truth("no_mobile"))
    assert {one for one, row in people.items() if row["birth_lunar"]} == set(bank.truth("lunar_birthday"))
    assert set(bank.truth("birthday_0229")) <= {one for one, row in people.items() if row["birth_date"][5:] == "02-29"}
    lapsed = {one for one, row in bank.levels.items() if row["valid_until"] < AS_OF.isoformat()}
    assert lapsed == set(bank.truth("risk_expired"))
    late = {row["customer_id"] for row in bank.read("loans") if int(row["days_overdue"]) > 0}
    assert late == set(bank.truth("loan_overdue"))
    still = {row["customer_id"] for row in bank.read("complaints") if not row["closed_at"]}
    assert still == set(bank.truth("open_complaint"))


def test_lunar_birthdays_are_the_birth_dates(bank: Bank) -> None:
    lunar = [row for row in bank.customers.values() if row["birth_lunar"]]
    for row in lunar:
        month, day = row["birth_lunar"].removeprefix("L").split("-")
        year = int(row["birth_date"][:4])
        sign = -1 if row["birth_lunar"].startswith("L") else 1
        dates = [_solar(at, sign * int(month), int(day)) for at in (year, year - 1)]
        assert row["birth_date"] in dates
    assert any(row["birth_lunar"].startswith("L") for row in lunar)


def _solar(year: int, month: int, day: int) -> str:
    try:
        return str(Lunar.fromYmd(year, month, day).getSolar().toYmd())
    except Exception as error:  # the library raises bare Exception for a day the year lacks
        return str(error)


def test_relations_and_handovers_resolve_both_ways(bank: Bank) -> None:
    pairs = {(row["customer_id"], row["other_customer_id"]) for row in bank.read("relations")}
    assert {(other, one) for one, other in pairs} == pairs
    guarded = {row["customer_id"] for row in bank.read("relations") if row["kind"] == "监护人"}
    assert guarded == set(bank.truth("minor"))
    team = defaultdict(list)
    for row in bank.read("service_team"):
        team[row["customer_id"]].append(row)
    for one, line in bank.truth("handover").items():
        old = next(row for row in team[one] if row["userid"] == line["before"])
        new = next(row for row in team[one] if row["userid"] == line["now"] and row["role"] == "客户经理")
        assert old["from"] <= old["until"] < new["from"] <= AS_OF.isoformat()
        assert bank.customers[one]["rm_userid"] == line["now"]


def test_shapes_are_those_of_a_managers_book(bank: Bank) -> None:
    tiers = Counter(bank.tiers.values())
    for tier, share in (("大众", 0.45), ("富裕", 0.43), ("高净值", 0.105), ("超高净值", 0.015)):
        assert abs(tiers[tier] / COUNT - share) < 0.03, tier
    levels = Counter(row["level"] for row in bank.levels.values())
    for level, share in (("C1", 0.22), ("C2", 0.30), ("C3", 0.27), ("C4", 0.15), ("C5", 0.06)):
        assert abs(levels[level] / len(bank.levels) - share) < 0.04, level
    people = list(bank.customers.values())
    assert abs(sum(row["gender"] == "男" for row in people) / COUNT - 0.52) < 0.04
    assert abs(sum(not row["opened_on"] for row in people) / COUNT - 0.06) < 0.005
    assert abs(len(bank.truth("lunar_birthday")) / COUNT - 0.20) < 0.01
    assert abs(len(bank.truth("risk_expired")) / COUNT - 0.12) < 0.01
    assert abs(len(bank.truth("id_expiring")) / COUNT - 0.04) < 0.005
    assert 13 <= len({row["rm_userid"] for row in people if row["rm_userid"].startswith("rm")}) <= 15
    assert sum(map(len, bank.flows.values())) < 150_000


def test_a_whole_bank_has_the_long_tail(tmp_path: Path) -> None:
    write_sample(tmp_path, customers=10_000, seed=2, as_of=AS_OF, preset="bank_base")
    with (tmp_path / "accounts.csv").open(encoding="utf-8") as accounts:
        owned: dict[str, float] = defaultdict(float)
        for row in csv.DictReader(accounts):
            owned[row["customer_id"]] += float(row["balance"]) * (row["kind"] != "信用卡")
    with (tmp_path / "holdings.csv").open(encoding="utf-8") as holdings:
        for row in csv.DictReader(holdings):
            owned[row["customer_id"]] += float(row["amount"])
    assert abs(sum(value < 50_000 for value in owned.values()) / len(owned) - 0.851) < 0.02
    assert abs(sum(value >= 500_000 for value in owned.values()) / len(owned) - 0.025) < 0.006


def test_the_cast_is_on_stage_whatever_the_seed(tmp_path: Path, bank: Bank) -> None:
    write_sample(tmp_path, customers=200, seed=99, as_of=AS_OF, preset="rm_book")
    for stage in (bank, Bank(tmp_path)):
        rows = list(stage.customers.values())
        for row, person in zip(rows, CUSTOMERS, strict=False):
            assert (row["name"], row["rm_userid"], row["gender"]) == (person.name, person.rm, person.gender)
        books = Counter((row["name"], row["rm_userid"]) for row in rows)
        assert (books["王秀兰", "rm01"], books["王秀兰", "rm02"], books["张伟", "rm01"]) == (1, 1, 2)
        assert Counter(row["name"] for row in rows)["张伟"] == 2
        assert stage.truth("maturing")["C00000001"]["customer_id"] == "C00000001"
        assert stage.truth("silent")["C00000007"]["days"] == 35
        assert stage.tiers["C00000007"] == "高净值"
        assert stage.tiers["C00000010"] == "超高净值"
        assert stage.customers["C00000014"]["birth_lunar"] == "L10-09"
        assert stage.customers["C00000011"]["opened_on"] == "" == stage.customers["C00000012"]["mobile"]
        assert {"C00000019"} <= set(stage.truth("outflow"))
        assert {"C00000016"} <= set(stage.truth("handover"))
        team = {(row["customer_id"], row["userid"], row["role"]) for row in stage.read("service_team")}
        assert ("C00000010", "rm01", "理财顾问") in team


def test_the_lost_are_gone_and_the_dormant_do_nothing_themselves(bank: Bank) -> None:
    half_a_year = (AS_OF - timedelta(days=180)).isoformat()
    lost = bank.truth("lost")
    for one, line in lost.items():
        assert bank.on(one, AS_OF) == Decimal(str(line["aum"])) < 1_000
        assert not _acted_since(bank, one, half_a_year)
    quarter = (AS_OF - timedelta(days=90)).isoformat()
    settled = [one for one, row in bank.customers.items() if row["opened_on"] and one not in lost]
    dormant = [one for one in settled if not _acted_since(bank, one, quarter)]
    assert abs(len(dormant) / COUNT - 0.16) < 0.04


def _acted_since(bank: Bank, customer: str, day: str) -> bool:
    booked = any(row["booked_at"] > day for row in bank.flows[customer] if row["customer_initiated"] == "1")
    return booked or any(talk["at"] > day for talk in bank.talks[customer] if talk["reached"] == "1")


def test_two_funds_fell_and_the_other_values_stay_calm(bank: Bank) -> None:
    lines = [json.loads(line) for line in (bank.folder / "truth.jsonl").read_text("utf-8").splitlines()]
    planted = {line["product_id"]: line["fall_at_least"] for line in lines if line["kind"] == "nav_drawdown"}
    values: dict[str, list[float]] = defaultdict(list)
    for row in bank.read("product_nav"):
        if row["day"] >= (AS_OF - timedelta(days=30)).isoformat():
            values[row["product_id"]].append(float(row["nav"]))
    falls = {product: 1 - path[-1] / max(path) for product, path in values.items()}
    limits = {"R3": 0.05, "R4": 0.10}
    found = {one for one, fall in falls.items() if fall >= limits.get(bank.products[one]["risk"], 1)}
    assert found == set(planted)
    assert all(falls[one] >= fall for one, fall in planted.items())
