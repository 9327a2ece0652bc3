"""What the morning must find in a bank's import files, worked out row by row, sharing no code with the rules."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.chats.paper import Paper

TODAY = date(2026, 11, 23)
KEEPERS = {"客户经理", "私行经理", "理财顾问", "主管", "支行行长"}
RICH = {"高净值", "超高净值"}

Hit = tuple[str, str, str, str | None]
"""Rule, customer, what begins the occasion, whose it is."""


def expected(folder: Path, as_of: date) -> set[Hit]:
    """All findings of TODAY on the data of `as_of`."""
    paper = Paper(folder)
    people = {row["userid"].lower(): row for row in paper.rows("staff")}
    units = {row["unit_id"]: row for row in paper.rows("org_units")}
    hits = set()
    for number, row in paper.customers.items():
        found = [*_silent(paper, number, as_of), *(_maturing(paper, number) if not spared(paper, number) else ())]
        hits |= {(rule, number, began, _keeper(row, people, units)) for rule, began in found}
    return hits


def _silent(paper: Paper, number: str, as_of: date) -> Iterator[tuple[str, str]]:
    met = [row["at"][:10] for row in paper.of("interactions", number) if _counts(row)]
    since = max(met, default=paper.customers[number]["opened_on"])
    days, tier = (as_of - date.fromisoformat(since)).days if since else -1, paper.tier(number)
    if days >= 30 and tier in RICH:
        yield "churn.silent", since
    elif (tier == "超高净值" and days >= 14) or (tier == "富裕" and days >= 90):
        yield "contact.floor", since


def _counts(row: dict[str, str]) -> bool:
    if "群发" in (row["kind"], row["channel"]):
        return False
    return row["reached"] == "1" or (row["reached"] == "" and row["direction"] != "out")


def _maturing(paper: Paper, number: str) -> Iterator[tuple[str, str]]:
    dated = [row for row in paper.of("holdings", number) if row["matures_on"]]
    soon = [row for row in dated if 1 <= (date.fromisoformat(row["matures_on"]) - TODAY).days <= 15]
    tier = paper.tier(number) if soon else ""
    for row in soon:
        if tier != "大众" and Decimal(row["amount"]) >= (500_000 if tier in RICH else 200_000):
            yield "maturity.15", f"{row['holding_id']}@{row['matures_on']}"


def spared(paper: Paper, number: str) -> bool:
    """In collections, or with a complaint that is open or was closed less than a week ago."""
    recent = (TODAY - timedelta(days=7)).isoformat()
    fresh = [row for row in paper.of("complaints", number) if not row["closed_at"] or row["closed_at"][:10] > recent]
    return paper.customers[number].get("collections") == "1" or bool(fresh)


def _keeper(row: dict[str, str], people: dict[str, dict[str, str]], units: dict[str, dict[str, str]]) -> str | None:
    rm = people.get(row["rm_userid"].lower())
    if rm and rm["status"] == "active" and rm["posts"].split("|")[0] in KEEPERS:
        return rm["userid"].lower()
    place = row["unit_id"]
    while place and units[place]["kind"] != "sub_branch":
        place = units[place]["parent_id"]
    heads = sorted(
        userid
        for userid, each in people.items()
        if place
        and each["unit_id"] == place
        and each["posts"].split("|")[0] == "支行行长"
        and each["status"] == "active"
    )
    return heads[0] if heads else None


def planted(folder: Path, kind: str) -> list[dict[str, Any]]:
    """The truth of that kind that the sample says it has planted."""
    lines = (folder / "truth.jsonl").read_text("utf-8").splitlines()
    return [each for each in map(json.loads, lines) if each["kind"] == kind]
