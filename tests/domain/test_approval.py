"""Who decides what somebody asked for: the table of one seat and of two, and what no history can bring about."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.approval import Approval, Seat, State, Wish, can_be_filled, concerns, decide, out_of_time, passed_on
from domain.ids import ApprovalId, UserId
from domain.policy import Permission
from domain.refusal import Refused

NOW = datetime.fromisoformat("2026-11-23T09:00:00+08:00")
FREEZE, TIER, READS = Permission.PERSON_FREEZE, Permission.TIER_DECIDE, Permission.CUSTOMER_READ
ASKER, BOSS, OFFICER, SECOND, ABOUT = map(UserId, ("asker", "boss", "officer", "second", "about"))
HELD = {ASKER: {FREEZE, TIER}, BOSS: {TIER}, OFFICER: {FREEZE, TIER}, SECOND: {FREEZE}, ABOUT: {FREEZE, TIER}}
ONE, TWO = (Seat(FREEZE),), (Seat(TIER, BOSS), Seat(FREEZE))
TAKE = {"同意": State.AGREED, "退回": State.REJECTED, "撤回": State.WITHDRAWN}


def asked(seats: tuple[Seat, ...], until: datetime | None = None) -> Approval:
    wish = Wish("customer:C1", "要求", seats, barred=(ABOUT,), until=until)
    return Approval(ApprovalId("a1"), "freeze", wish, ASKER, NOW)


def after(approval: Approval, story: str, now: datetime = NOW) -> tuple[Approval, str]:
    """`boss 同意, officer 退回`: the standing, and the last refusal that was heard."""
    heard = ""
    for step in filter(None, story.split(", ")):
        who, deed = step.split()
        result = decide(approval, TAKE[deed], UserId(who), HELD[UserId(who)], now)
        heard = result.text if isinstance(result, Refused) else ""
        approval = approval if isinstance(result, Refused) else result
    return approval, heard


@pytest.mark.parametrize(
    ("seats", "story", "state", "taken", "hears"),
    [
        (ONE, "second 同意", "agreed", "second", ""),
        (ONE, "second 退回", "rejected", "", ""),
        (ONE, "asker 撤回", "withdrawn", "", ""),
        (ONE, "asker 同意", "waiting", "", "自己的申请要由别人来决定"),
        (ONE, "asker 退回", "waiting", "", "自己的申请要由别人来决定"),
        (ONE, "second 撤回", "waiting", "", "只有申请人能撤回"),
        (ONE, "boss 同意", "waiting", "", "不由您来决定"),
        (ONE, "about 同意", "waiting", "", "不由您来决定"),
        (ONE, "second 同意, officer 退回", "agreed", "second", "已经办过了"),
        (ONE, "second 退回, second 同意", "rejected", "", "已经办过了"),
        (ONE, "second 同意, asker 撤回", "agreed", "second", "已经办过了"),
        (ONE, "asker 撤回, second 同意", "withdrawn", "", "已经办过了"),
        (TWO, "boss 同意", "waiting", "boss", ""),
        (TWO, "boss 同意, officer 同意", "agreed", "boss officer", ""),
        (TWO, "boss 同意, boss 同意", "waiting", "boss", "还要另一个人来决定"),
        (TWO, "boss 同意, officer 退回", "rejected", "boss", ""),
        (TWO, "boss 退回", "rejected", "", ""),
        (TWO, "officer 同意", "waiting", "", "不由您来决定"),
        (TWO, "officer 退回", "waiting", "", "不由您来决定"),
        (TWO, "boss 同意, asker 撤回", "withdrawn", "boss", ""),
        (TWO, "boss 同意, about 同意", "waiting", "boss", "不由您来决定"),
        (TWO, "boss 同意, officer 同意, second 退回", "agreed", "boss officer", "已经办过了"),
        ((Seat(FREEZE), Seat(FREEZE)), "second 同意, second 同意", "waiting", "second", "还要另一个人来决定"),
        ((Seat(FREEZE), Seat(FREEZE)), "second 同意, officer 同意", "agreed", "second officer", ""),
    ],
)
def test_who_decides(seats: tuple[Seat, ...], story: str, state: str, taken: str, hears: str) -> None:
    stands, heard = after(asked(seats), story)
    assert (stands.state.value, " ".join(stands.taken)) == (state, taken)
    assert hears in heard
    assert bool(hears) is bool(heard)
    assert (stands.decided_at is not None) is (state != "waiting")


@pytest.mark.parametrize(
    ("minutes", "deed", "state"),
    [
        (-1, "second 同意", "agreed"),
        (0, "second 同意", "waiting"),
        (0, "second 退回", "rejected"),
        (0, "asker 撤回", "withdrawn"),
    ],
)
def test_from_its_end_on_nobody_agrees(minutes: int, deed: str, state: str) -> None:
    until = NOW + timedelta(days=1)
    stands, heard = after(asked(ONE, until), deed, until + timedelta(minutes=minutes))
    assert stands.state.value == state
    assert ("有效期已经过了" in heard) is (state == "waiting")


@pytest.mark.parametrize(
    ("who", "held", "reads"),
    [(ASKER, set(), True), (BOSS, {TIER}, True), (OFFICER, {TIER}, False), (OFFICER, {FREEZE}, True),
     (BOSS, set(), False), (ABOUT, {FREEZE}, False), (SECOND, {READS}, False)],
)  # fmt: skip
def test_who_reads_what_became_of_it(who: UserId, held: set[Permission], reads: bool) -> None:
    assert concerns(asked(TWO), who, held) is reads


def test_who_had_a_word_in_it_reads_it_without_the_permission() -> None:
    stands, _ = after(asked(TWO), "boss 同意, officer 退回")
    assert all(concerns(stands, who, set()) for who in (BOSS, OFFICER))


PEOPLE = st.sampled_from(sorted(HELD))
SEATS = st.lists(
    st.builds(Seat, st.sampled_from([FREEZE, TIER]), st.none() | PEOPLE), min_size=1, max_size=3
).map(tuple)  # fmt: skip
STEPS = st.lists(st.tuples(PEOPLE, st.sampled_from(sorted(TAKE)), st.sets(st.sampled_from([FREEZE, TIER, READS]))))


@given(SEATS, STEPS)
def test_no_history_gets_around_the_second_person(seats: tuple[Seat, ...], steps: list[Any]) -> None:
    stands, rights = asked(seats), []
    for who, deed, held in steps:
        before, result = stands, decide(stands, TAKE[deed], who, held, NOW)
        if isinstance(result, Refused):
            continue
        stands = result
        assert before.state is State.WAITING, "decided once"
        assert stands.wish == before.wish
        assert stands.taken[: len(before.taken)] == before.taken
        rights += [held] if len(stands.taken) > len(before.taken) else []
    assert len(set(stands.taken)) == len(stands.taken) == len(rights)
    assert not {ASKER, ABOUT} & set(stands.taken)
    for seat, who, held in zip(seats, stands.taken, rights, strict=False):
        assert seat.permission in held
        assert seat.named in (None, who)
    assert (stands.state is State.AGREED) is (len(stands.taken) == len(seats))
    assert (stands.decided_by == ASKER) is (stands.state is State.WITHDRAWN)


@given(st.lists(st.sets(PEOPLE), max_size=4))
def test_seats_can_be_filled_when_some_choice_names_nobody_twice(candidates: list[set[UserId]]) -> None:
    choices = product(*candidates)
    assert can_be_filled(candidates) is any(len(set(choice)) == len(choice) for choice in choices)


@pytest.mark.parametrize("story", ["", "boss 同意", "boss 同意, officer 同意", "boss 退回", "asker 撤回"])
def test_time_ends_what_waits_and_nothing_else(story: str) -> None:
    end = NOW + timedelta(days=1)
    stands, _ = after(asked(TWO, until=end), story)
    assert out_of_time(stands, end - timedelta(seconds=1)) is None
    over = out_of_time(stands, end)
    assert (over is not None) is (story in ("", "boss 同意"))
    if over is not None:
        assert (over.state, over.decided_at, over.decided_by, over.taken) == (State.EXPIRED, end, None, stands.taken)
        assert "已经办过了" in after(over, "officer 退回", end)[1]
    assert out_of_time(asked(TWO), end) is None  # one without an end waits on


def test_a_seat_that_is_passed_on_is_the_other_ones_alone() -> None:
    asked = Approval(ApprovalId("a"), "tier", Wish("customer:C1", "", TWO), ASKER, NOW)
    onward = passed_on(asked, OFFICER)
    assert onward.wish.seats == (Seat(TIER, OFFICER), Seat(FREEZE))
    assert isinstance(decide(onward, State.AGREED, BOSS, HELD[BOSS], NOW), Refused)
    agreed = decide(onward, State.AGREED, OFFICER, HELD[OFFICER], NOW)
    assert isinstance(agreed, Approval)
    assert (agreed.state, agreed.taken) == (State.WAITING, (OFFICER,))
    assert passed_on(agreed, SECOND).wish.seats == (Seat(TIER, OFFICER), Seat(FREEZE, SECOND)), "what was agreed stands"
