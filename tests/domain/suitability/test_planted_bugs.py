"""The cases and the second telling of the rules find every bug that is planted in the decision."""

import inspect
import sys
from types import ModuleType
from typing import Any

import pytest

from domain.suitability import deciding, matter, money, objections
from domain.suitability.facts import Question
from tests.domain.suitability.model import judge
from tests.domain.suitability.people import CASES, SELLER, TABLE, question, varied
from tests.domain.suitability.planted_bugs import BUGS
from tests.domain.suitability.test_deciding import PLAIN, RANKS, without_one

PARTS = (matter, money, objections, deciding)


def whole() -> str:
    """The modules of the decision as one, without what they import from one another."""
    source = "\n".join(inspect.getsource(part) for part in PARTS)
    among = tuple(f"from {part.__name__} import" for part in PARTS)
    return "\n".join(line for line in source.splitlines() if not line.startswith(among))


SOURCE = whole()


def planted(old: str, new: str) -> ModuleType:
    """The module with the bug in it."""
    changed = SOURCE.replace(old, new)
    assert changed != SOURCE, old
    module = ModuleType("planted")
    sys.modules["planted"] = module  # where a dataclass looks up the names of its fields
    exec(compile(changed, "planted", "exec"), module.__dict__)
    return module


def wrong(module: Any) -> str | None:
    """What shows that the module does not decide as it should."""
    for row in CASES["rows"]:
        for asked in _around(question(*row[:4])):
            found = module.decide(asked, TABLE, 1)
            verdict, codes = judge(asked.model_dump(), PLAIN)
            if (found.verdict, {reason.code for reason in found.reasons}) != (verdict, codes):
                return str(row)
            if bool(found.steps) != (verdict == "ALLOW_WITH_STEPS") or bool(found.papers) != (verdict != "BLOCK"):
                return f"steps {row}"
            if [RANKS[reason.verdict] for reason in found.reasons] != sorted(RANKS[r.verdict] for r in found.reasons):
                return f"order {row}"
        if module.decide(question(*row[:4]), TABLE, 1).first != row[5]:
            return f"first {row}"
    return None


def _around(asked: Question) -> list[Question]:
    """A case, and what is near it."""
    client, offer = asked.client, asked.offer
    certificates = SELLER.qualifications or {}
    lapses = varied(SELLER, qualifications=dict.fromkeys(certificates, asked.day))
    nearby = [
        varied(asked, written=True),
        varied(asked, amount=0),
        varied(asked, seller=lapses),
        varied(asked, seller=varied(SELLER, active=None)),
        varied(asked, offer=varied(offer, held=100_000_000)),
        varied(asked, offer=varied(offer, term_days=client.horizon_days)),
        varied(asked, offer=varied(offer, sale_until=asked.day)),
        varied(asked, offer=varied(offer, currency="USD", sale_until=None)),
        varied(asked, client=varied(client, risky=110_000_000)),
        varied(asked, client=varied(client, opened_on=asked.day.replace(year=2027))),
        varied(asked, client=varied(client, holds=("fund",), born=asked.day.replace(year=1961))),
        varied(asked, client=varied(client, born=asked.day.replace(year=2008))),
        varied(asked, day=TABLE.effective_from),
        *(varied(asked, client=varied(client, assessments=tests)) for tests in _tests_near(asked)),
    ]
    return [asked, *nearby, *without_one(asked)]


def _tests_near(asked: Question) -> list[tuple[Any, ...]]:
    tests = asked.client.assessments or ()
    later = [varied(each, assessed_on=asked.day.replace(year=2027)) for each in tests]
    return [
        (*tests, *later),
        (*tests, *(varied(each, channel=None, level="C1") for each in tests)),
        tuple(varied(each, valid_until=asked.day) for each in tests),
        tuple(varied(each, regime="fund") for each in tests),
    ]


def test_the_decision_itself_is_found_right() -> None:
    assert wrong(deciding) is None


def test_there_are_enough_bugs() -> None:
    assert len(BUGS) >= 30


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug[1][:40])
def test_each_is_found(bug: tuple[str, str]) -> None:
    assert wrong(planted(*bug)) is not None
