"""Every kind of record that the code writes has words an auditor reads; no raw key reaches the card."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from cards.audit_words import action_text
from domain import handover, standing
from handlers.approval.families import FAMILIES as APPROVED

ROOT = Path(__file__).parents[2]
WRITERS = {"audit", "record", "_record", "settle", "change", "_change", "add", "_reviewed", "_settled"}
"""The functions that take the name of an action as they are called."""

FAMILIES = {
    "handover": [state.value for state in handover.State if state is not handover.State.WAITING],
    "staff": [turn.value for turn in standing.Turn if turn is not standing.Turn.NONE],
    "sms": ["dead", "ambiguous", "no_mobile"],
    "relation": ["undone", "reversed"],
    "case": ["clock_started", "clock_paused", "clock_resumed", "clock_extended", "clock_stopped"],
    "audit": ["who", "did", "checkpoint", "hash"],
}


def calls(*folders: str) -> Iterator[tuple[str, ast.Call]]:
    for folder in folders:
        for file in (ROOT / folder).rglob("*.py"):
            if "bench" in file.parts:
                continue
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                    yield name, node


def literals(names: set[str], *folders: str) -> set[str]:
    """What is written out in a call, also as one of two."""
    given = [first for name, node in calls(*folders) if name in names for first in node.args]
    given += [each for first in given if isinstance(first, ast.IfExp) for each in (first.body, first.orelse)]
    return {each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)}


@cache
def written() -> set[str]:
    named = literals(WRITERS, "handlers", "storage") | literals({"audit"}, "bot")
    dotted = {text for text in named if re.fullmatch(r"[a-z_]+\.[a-z_]+", text)}
    cases = {f"case.{kind}" for kind in literals({"say"}, "domain/process")}
    families = {f"{family}.{state}" for family, states in FAMILIES.items() for state in states}
    steps = ("requested", "agreed", "rejected", "withdrawn", "expired")
    asked = {f"{family}.{step}" for family in APPROVED for step in steps}
    return dotted | cases | families | asked | {"import"}


def test_every_action_has_words():
    assert [action for action in sorted(written()) if re.search("[a-z]{2}", action_text(action))] == []


def test_the_scan_finds_what_is_written():
    assert {"suitability.decided", "access.glass_broken", "customer.revealed", "case.moved"} <= written()


def test_what_has_no_words_is_named_as_it_is_recorded():
    assert action_text("never.heard") == "never.heard"
