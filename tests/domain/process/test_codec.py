"""A stored case, its events and facts come back exactly, and replay to the same case."""

import json
from decimal import Decimal

import pytest

from domain.process.advance import Advanced, advance
from domain.process.case import Case
from domain.process.codec import dump, load
from tests.domain.process.case_bank import DEFINITION, Story


def told() -> Story:
    """A day with everything in it: tasks, votes, a pause, a ladder, an undo."""
    story = Story()
    story.bank.fields["客户年龄"] = Decimal("66.5")
    story.files()
    story.does("li", "accept")
    story.does("li", "assist", departments=("d_risk", "d_legal"))
    story.does("li", "wait", wait_for="w_answer")
    story.waits(hours=24)
    story.fires("vip")
    story.does("li", "propose", plan="样例")
    story.votes("zhang", True)
    story.undoes("zhang")
    story.votes("zhang", True)
    return story


def test_stored_events_and_facts_replay_to_the_same_case() -> None:
    story = told()
    stored = json.loads(json.dumps([[dump(event), dump(facts), dump(now)] for event, facts, now in story.records]))
    case = Story().case
    for event, facts, now in stored:
        result = advance(DEFINITION, case, load(event), load(facts), load(now))
        assert isinstance(result, Advanced)
        case = result.case
    assert len(stored) == 9
    assert case == story.case


def test_a_case_comes_back_exactly() -> None:
    case = told().case
    back = load(json.loads(json.dumps(dump(case))))
    assert isinstance(back, Case)
    assert back == case
    assert back.clocks["statutory"].state is case.clocks["statutory"].state


@pytest.mark.parametrize("value", [1.5, object(), [1]])
def test_what_is_not_of_the_engine_is_not_stored(value: object) -> None:
    with pytest.raises(TypeError):
        dump(value)
