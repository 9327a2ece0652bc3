"""What may be told to whom, from the bank's files and the model alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.privacy import model
from tests.privacy.canaries import Aviary, Canary, read


@dataclass
class Rules:
    """The bank on paper; `heard` says who may read words of this story: their writer, who works on the case."""

    folder: Path
    heard: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.staff = {row["userid"]: row for row in read(self.folder / "staff.csv")}
        self.customers = {row["customer_id"]: row for row in read(self.folder / "customers.csv")}
        self.above = {row["unit_id"]: row["parent_id"] for row in read(self.folder / "org_units.csv")}
        self.teams = {(row["customer_id"], row["userid"]) for row in read(self.folder / "service_team.csv")}

    def may(self, person: str, canary: Canary, surface: str) -> bool:
        """Whether a person may read that value there."""
        if canary.kind == "said":
            return person in self.heard[canary.owner]
        if canary.kind.startswith("staff"):
            return canary.kind == "staff_name"
        post = self.staff[person]["posts"].partition("|")[0]
        how = self._how(person, post, canary.owner)
        shown = {model.form(post, canary.kind, how, surface, "full_name", why) for why in model.purposes(post)}
        return how is not None and "plain" in shown

    def _how(self, person: str, post: str, customer: str) -> str | None:
        row = self.customers[customer]
        own, team = row["rm_userid"] == person, (customer, person) in self.teams
        within = self.staff[person]["unit_id"] in self._units(row["unit_id"])
        return model.relation(post, own=own, team=team, within=within, lent_unit=False, in_case=False, given=False)

    def _units(self, unit: str) -> Iterator[str]:
        while unit:
            yield unit
            unit = self.above[unit]


def beyond(rules: Rules, aviary: Aviary, person: str, text: str, surface: str) -> list[tuple[str, str, Canary]]:
    """The canaries in a text that this person must not read."""
    found = aviary.heard_in(text).items()
    return [(person, token, canary) for token, canary in found if not rules.may(person, canary, surface)]


def readers(body: Any) -> set[str]:
    """To whom a call to WeCom speaks."""
    to = {*str(body.get("touser", "")).split("|"), *body.get("userids", ())} if isinstance(body, dict) else set()
    return to - {""}


def leaks(rules: Rules, aviary: Aviary, calls: list[dict[str, Any]]) -> list[object]:
    """Of all that left for WeCom, what went beyond the rules; what speaks to nobody carries nothing."""
    found: list[object] = []
    for call in calls:
        text, to = json.dumps(call["body"], ensure_ascii=False), readers(call["body"])
        found += [each for person in sorted(to) for each in beyond(rules, aviary, person, text, "wecom")]
        found += [] if to else [(call["path"], token) for token in aviary.heard_in(text)]
    return found
