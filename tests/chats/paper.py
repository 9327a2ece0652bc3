"""The bank on paper: what a summary must say, worked out from the import files alone, a day and a row at a time."""

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

TODAY, AS_OF = date(2026, 11, 23), date(2026, 11, 22)
Row = dict[str, str]
KINDS = {
    "deposit": "存款",
    "wealth": "理财",
    "fund": "基金",
    "insurance": "保险",
    "trust": "信托",
    "metal": "贵金属",
    "bond": "债券",
}
RISKS = {"C1": "保守型", "C2": "稳健型", "C3": "平衡型", "C4": "成长型", "C5": "进取型"}
BANDS = (1, 5, 20, 50, 100, 600, 1000, 5000)


def wan(yuan: Decimal) -> str:
    """120.50 万, and 3,200.00 元 below one 万."""
    small = abs(yuan) < 10_000
    value = (yuan if small else yuan / 10_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{value:,} {'元' if small else '万'}"


def band(yuan: Decimal) -> str:
    """50–100 万."""
    below = [bound for bound in BANDS if yuan >= bound * 10_000]
    above = [bound for bound in BANDS if yuan < bound * 10_000]
    if not below:
        return "不足 1 万"
    return f"{below[-1]}–{above[0]} 万" if above else "5000 万以上"


def spoken_day(day: date, today: date) -> str:
    return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"


def spoken_distance(day: date, today: date) -> str:
    days = (day - today).days
    if days in (-1, 0, 1):
        return {-1: "昨天", 0: "今天", 1: "明天"}[days]
    return f"{abs(days)}天{'后' if days > 0 else '前'}（{spoken_day(day, today)}）"


class Paper:
    """The files of one bank, read as they are."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.today, self.as_of = folder, TODAY, AS_OF
        self.customers = {row["customer_id"]: row for row in self.rows("customers")}
        self.products = {row["product_id"]: row for row in self.rows("products")}
        self._of: dict[str, dict[str, list[Row]]] = {}

    def rows(self, name: str) -> list[Row]:
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def of(self, name: str, customer: str) -> list[Row]:
        if name not in self._of:
            self._of[name] = defaultdict(list)
            for row in self.rows(name):
                self._of[name][row["customer_id"]].append(row)
        return self._of[name][customer]

    def named(self, name: str, rm: str) -> str:
        """The number of the one customer of that name whom `rm` keeps."""
        (found,) = [c for c, row in self.customers.items() if (row["name"], row["rm_userid"]) == (name, rm)]
        return found

    def book(self, rm: str) -> list[str]:
        return [c for c, row in self.customers.items() if row["rm_userid"] == rm]

    def aum(self, customer: str, day: date) -> Decimal | None:
        known = [row for row in self.of("aum_daily", customer) if row["day"] <= day.isoformat()]
        return Decimal(max(known, key=lambda row: row["day"])["aum"]) if known else None

    def tier(self, customer: str) -> str:
        """The mean over August, September and October, each day on its own."""
        day, found = date(2026, 8, 1), []
        while day <= date(2026, 10, 31):
            found.append(self.aum(customer, day))
            day += timedelta(days=1)
        there = [value for value in found if value is not None]
        mean = sum(there, Decimal()) / max(len(there), 1)
        return (
            "超高净值"
            if mean >= 50_000_000
            else "高净值"
            if mean >= 6_000_000
            else "富裕"
            if mean >= 500_000
            else "大众"
        )

    def change(self, customer: str, money: Callable[[Decimal], str] | None = None) -> str:
        """In full, or with `money` as those read it who may only see bands."""
        now, before = self.aum(customer, self.as_of), self.aum(customer, self.as_of - timedelta(days=30))
        if now is None or before is None:
            return "不满 30 天，暂不比较"
        if now == before:
            return "持平"
        said = f"{'增加' if now > before else '减少'} {(money or wan)(abs(now - before))}"
        if before <= 0:
            return said
        percent = (abs(now - before) * 100 / before).quantize(Decimal("0.1"), ROUND_HALF_UP)
        if money is not None:
            return f"{said}（{'小幅' if percent < 5 else '明显' if percent < 20 else '大幅'}）"
        return f"{said}（{'+' if now > before else '-'}{percent}%）"

    def allocation(self, customer: str) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for row in self.of("accounts", customer):
            open_still = not row["closed_on"] or row["closed_on"] > self.as_of.isoformat()
            if row.get("currency", "CNY") in ("", "CNY") and open_still and Decimal(row["balance"]) > 0:
                sums["存款"] += Decimal(row["balance"])
        for row in self.of("holdings", customer):
            if Decimal(row["amount"]) > 0:
                sums[KINDS[self.products[row["product_id"]]["kind"]]] += Decimal(row["amount"])
        return sums

    def maturity(self, customer: str) -> tuple[str, str, Decimal] | None:
        """Product, day and amount of what falls due next."""
        ahead = [r for r in self.of("holdings", customer) if r["matures_on"] >= self.today.isoformat()]
        if not ahead:
            return None
        row = min(ahead, key=lambda r: (r["matures_on"], -Decimal(r["amount"])))
        return self.products[row["product_id"]]["name"], row["matures_on"], Decimal(row["amount"])

    def risk(self, customer: str) -> str:
        tests = self.of("risk_assessments", customer)
        if not tests:
            return "从未测评"
        last = max(tests, key=lambda row: row["assessed_on"])
        until = date.fromisoformat(last["valid_until"])
        said = spoken_day(until, self.today)
        return (
            f"{last['level']} {RISKS[last['level']]}，{f'有效至{said}' if until >= self.today else f'已于{said}过期'}"
        )

    def contact(self, customer: str) -> str:
        """The last time somebody was reached, broadcasts left out."""
        met = [
            row
            for row in self.of("interactions", customer)
            if "群发" not in (row["kind"], row["channel"])
            and (row["reached"] == "1" or (row["reached"] == "" and row["direction"] in ("in", "both")))
        ]
        if not met:
            return "还没有联系上的记录"
        last = max(met, key=lambda row: datetime.fromisoformat(row["at"]))
        how = last["channel"] if last["kind"] in ("", last["channel"]) else f"{last['channel']} · {last['kind']}"
        return f"{spoken_distance(date.fromisoformat(last['at'][:10]), self.today)} {how}"

    def secrets(self) -> set[str]:
        """What no message may ever carry: identifiers, whole mobiles, addresses, notes."""
        columns = ("id_number", "mobile", "address")
        found = {row[column] for row in self.customers.values() for column in columns}
        found |= {row["summary"] for row in self.rows("interactions")} | {row["mobile"] for row in self.rows("staff")}
        return {each for each in found if len(each) >= 6}


def read_card(card: dict[str, Any]) -> dict[str, str]:
    """Label → value, wherever on the card a line found room."""
    said = {line["keyname"]: line["value"] for line in card.get("horizontal_content_list", ())}
    for line in card.get("sub_title_text", "").splitlines():
        label, _, value = line.partition("：")
        said[label] = value
    return said | {"标题": card["main_title"]["title"], "副标题": card["main_title"].get("desc", "")}
