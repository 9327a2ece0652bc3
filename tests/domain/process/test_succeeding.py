"""Parts of a case that change hands: only those of who hands over, never to who must keep out or who asked for it."""

from dataclasses import replace

import pytest

from domain.ids import UserId
from domain.process.advance import Advanced, Refused
from domain.process.codec import dump, load
from domain.process.event import AskApproval, Assign, Notify, Succeed
from domain.process.succeeding import parts_of
from tests.domain.process.case_bank import Story
from tests.domain.process.test_advance import good, handling, proposed, reason, story

__all__ = ["handling", "proposed", "story"]
LI, SI, ZHANG, KE = map(UserId, ("li", "si", "zhang", "ke"))


def succeeds(story: Story, before: UserId, after: UserId, *parts: str) -> Advanced | Refused:
    return story.happens(Succeed(before, after, parts or parts_of(story.case, before), UserId("boss")))


def test_the_role_goes_and_the_old_one_can_do_nothing_more(handling: Story) -> None:
    assert parts_of(handling.case, LI) == ("role:handler",)
    result = good(succeeds(handling, LI, SI))
    assert handling.case.roles == {"filer": "ke", "handler": "si", "supervisor": "zhang"}
    assert Assign("handler", SI, LI) in result.effects
    assert [each.to for each in result.effects if isinstance(each, Notify)] == [("si",)]
    assert reason(handling.does("li", "propose", plan="样例方案")) == "forbidden"
    good(handling.does("si", "propose", plan="样例方案"))


def test_back_again_is_as_before(handling: Story) -> None:
    before = handling.case
    good(succeeds(handling, LI, SI))
    good(succeeds(handling, SI, LI, "role:handler"))
    after = replace(handling.case, revision=before.revision, settled=before.settled, undoable=before.undoable)
    assert after == before


def test_only_the_parts_that_are_named_and_still_theirs(handling: Story) -> None:
    assert reason(succeeds(handling, LI, SI, "role:supervisor")) == "nothing"
    good(succeeds(handling, LI, SI))
    assert reason(succeeds(handling, LI, ZHANG, "role:handler")) == "nothing"
    assert handling.case.roles["handler"] == "si"


def test_nobody_gets_what_they_must_keep_out_of(handling: Story) -> None:
    handling.case = replace(handling.case, excluded=frozenset({SI}))
    assert reason(succeeds(handling, LI, SI)) == "recused"
    assert handling.case.roles["handler"] == "li"


def test_an_open_vote_goes_to_the_successor_who_is_asked(proposed: Story) -> None:
    [asked] = proposed.case.approvals
    assert parts_of(proposed.case, ZHANG) == ("role:supervisor", f"vote:{asked.approval_id}")
    result = good(succeeds(proposed, ZHANG, SI))
    assert proposed.case.approvals[0].voters == ("si",)
    assert [each.to for each in result.effects if isinstance(each, AskApproval)] == [("si",)]
    assert reason(proposed.votes("zhang", True)) == "forbidden"
    good(proposed.votes("si", True))


def test_who_asked_for_the_decision_does_not_come_to_take_it(proposed: Story) -> None:
    """Four eyes: the role goes, the vote stays with who was asked."""
    good(succeeds(proposed, ZHANG, LI))
    assert proposed.case.approvals[0].voters == ("zhang",)
    assert proposed.case.roles["supervisor"] == "li"
    assert reason(proposed.votes("li", True)) == "forbidden"


def test_the_one_who_filed_stays_who_filed(handling: Story) -> None:
    assert parts_of(handling.case, KE) == ()
    assert reason(succeeds(handling, KE, SI)) == "nothing"


def test_the_event_is_kept_exactly() -> None:
    event = Succeed(LI, SI, ("role:handler", "vote:1"), ZHANG)
    assert load(dump(event)) == event


@pytest.mark.parametrize("part", ["role:handler", "role:supervisor", "role:filer"])
def test_nothing_of_others_is_touched(handling: Story, part: str) -> None:
    before = dict(handling.case.roles)
    succeeds(handling, LI, SI, part)
    touched = {role for role, person in handling.case.roles.items() if before[role] != person}
    assert touched <= {"handler"}
