"""The complaint of the shipped pack, played through: people, votes, tasks, clocks, ladders, undo, recusal."""

from datetime import date, datetime, timedelta

import pytest

from domain.ids import UserId
from domain.language.fields import Value
from domain.process.advance import Advanced, Refused, advance, possible
from domain.process.case import Running, Verdict
from domain.process.event import Act, AskApproval, Assign, CloseTask, Fired, Notify, OpenTask, Reckon, Sms, Vote
from domain.process.facts import Facts
from domain.process.ledger import ClockLine, ledger
from domain.process.viewing import view
from tests.domain.process.case_bank import DEFINITION, MONDAY, SHANGHAI, Story


def good(result: Advanced | Refused) -> Advanced:
    assert isinstance(result, Advanced), result
    return result


def reason(result: Advanced | Refused) -> str:
    assert isinstance(result, Refused)
    return result.reason


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def handling(story: Story) -> Story:
    good(story.files())
    good(story.does("li", "accept"))
    return story


@pytest.fixture
def proposed(handling: Story) -> Story:
    good(handling.does("li", "propose", plan="样例方案"))
    return handling


@pytest.fixture
def informed(proposed: Story) -> Story:
    good(proposed.votes("zhang", True))
    good(proposed.does("li", "decide"))
    good(proposed.does("li", "inform"))
    return proposed


def test_filing_calls_the_rm_and_copies_the_supervisor(story: Story) -> None:
    result = good(story.files())
    assert story.case.roles == {"filer": "ke", "handler": "li", "supervisor": "zhang"}
    assert [each.to for each in result.effects if isinstance(each, Notify)] == [("li",), ("zhang",)]
    assert story.case.state == "registered"
    assert set(story.case.armed) == {"ack", "contact", "propose", "resolve", "statutory", "vip"}


def test_who_serves_the_tier_hears_of_a_complaint_and_of_no_report(story: Story) -> None:
    story.bank.people["served"] = ("gu",)
    told = [each.to for each in good(story.files()).effects if isinstance(each, Notify)]
    assert told == [("li",), ("zhang",), ("gu",)]
    other = Story()
    other.bank.people["served"] = ("gu",)
    heard = [
        each.to for each in good(other.files(nature="report", accused="李经理")).effects if isinstance(each, Notify)
    ]
    assert ("gu",) not in heard


def test_the_whole_way(informed: Story) -> None:
    good(informed.does("ke", "confirm"))
    assert informed.case.state == "closed"
    assert informed.case.armed == {}
    assert {clock.state for clock in informed.case.clocks.values()} == {Running.STOPPED}
    assert reason(informed.does("li", "propose")) == "state"
    good(informed.does("zhang", "reopen", "客户又来电"))
    assert informed.case.clocks["statutory"].begun == MONDAY  # never back to zero
    assert informed.case.clocks["resolve"].episode == 2


@pytest.mark.parametrize(
    ("answers", "tier", "severity"),
    [
        ({"group": True}, "大众", "S1"), ({"source": "regulator"}, "大众", "S1"), ({"theft": True}, "大众", "S1"),
        ({"amount": 50_000_000}, "大众", "S2"), ({"amount": 49_999_999}, "大众", "S3"), ({}, "超高净值", "S2"),
        ({"nature": "praise"}, "大众", "S4"), ({}, "高净值", "S3"),
    ],
)  # fmt: skip
def test_severity_by_rule(story: Story, answers: dict[str, Value], tier: str, severity: str) -> None:
    story.bank.fields["客户等级"] = tier
    good(story.files(**answers))
    assert story.case.data["severity"] == severity


@pytest.mark.parametrize(
    ("answers", "tier", "handler"),
    [
        ({}, "高净值", "li"), ({"code_b": "b_wealth"}, "超高净值", "si"), ({"code_b": "b_wealth"}, "高净值", "li"),
        ({"about_rm": True}, "高净值", "zhang"), ({"nature": "report"}, "高净值", "xiao"),
    ],
)  # fmt: skip
def test_dispatch_by_type_and_tier(story: Story, answers: dict[str, Value], tier: str, handler: str) -> None:
    story.bank.fields["客户等级"] = tier
    good(story.files(**answers))
    assert story.case.roles["handler"] == handler


def test_an_rm_complained_about_keeps_out(story: Story) -> None:
    result = good(story.files("li", about_rm=True))
    assert story.case.excluded == {"li"}
    assert story.case.roles["handler"] == "zhang"
    assert all("li" not in getattr(effect, "to", ()) for effect in result.effects)
    assert reason(story.does("li", "note", note="样例")) == "forbidden"
    assert possible(DEFINITION, story.case, UserId("li"), story.bank, story.now) == ()


def test_who_is_the_rm_later_need_not_keep_out(story: Story) -> None:
    good(story.files(about_rm=True))
    story.bank.people["rm"] = ("si",)
    good(story.does("zhang", "accept"))
    good(story.does("zhang", "transfer", "熟悉", to_person="si"))
    assert (story.case.excluded, story.case.roles["handler"]) == ({"li"}, "si")


def test_a_calendar_that_changes_moves_the_timers_and_nothing_else(handling: Story) -> None:
    assert reason(handling.happens(Reckon())) == "nothing"
    for wednesday, later in ({date(2026, 11, 25)}, timedelta(days=1)), (set(), timedelta(days=-1)):
        before, handling.bank.moved = handling.case, wednesday
        after = good(handling.happens(Reckon())).case
        moved = {key: armed.due - before.armed[key].due for key, armed in after.armed.items()}
        assert {key: span for key, span in moved.items() if span} == {"resolve": later}
        assert (after.settled, after.clocks) == (before.settled, before.clocks)
        assert reason(handling.happens(Reckon())) == "nothing"


def test_a_report_goes_past_the_line_of_the_accused(story: Story) -> None:
    good(story.files(nature="report", accused="李经理"))
    assert story.case.excluded == {"li", "zhang", "wang", "gao"}
    assert story.case.roles["handler"] == "xiao"
    assert story.case.roles["supervisor"] == "tou"  # xiao's superior and both unit heads are of that line


def test_transferring_to_somebody_recused_falls_to_the_next(story: Story) -> None:
    good(story.files(about_rm=True))
    good(story.does("zhang", "transfer", "换人", to_person="li"))
    assert story.case.roles["handler"] == "zhang"


def test_away_means_the_stand_in_and_a_vacancy_the_unit_head(story: Story) -> None:
    story.bank.away, story.bank.deputies = {"li"}, {"li": ("si",)}
    good(story.files())
    assert story.case.roles["handler"] == "si"
    other = Story()
    other.bank.away = {"li", "zhang", "xiao"}
    good(other.files())
    assert other.case.roles["handler"] == "wang"


def test_a_vacant_role_is_told(story: Story) -> None:
    story.bank.people = {}
    result = good(story.files())
    assert Assign("handler", None) in result.effects


def test_four_eyes(handling: Story) -> None:
    handling.bank.deputies = {"li": ("xu", "zhang"), "zhang": ("xu", "wen")}
    good(handling.does("li", "propose", plan="样例"))
    asked = handling.case.approvals[-1]
    assert "zhang" not in asked.voters  # zhang stands in for li now
    assert asked.voters == ("wang",)
    for who in ("li", "xu", "zhang", "wen"):
        assert reason(handling.votes(who, True)) == "forbidden"
    good(handling.votes("wang", True))


def test_a_stand_in_decides_for_the_supervisor(proposed: Story) -> None:
    proposed.bank.away, proposed.bank.deputies = {"zhang"}, {"zhang": ("wen",)}
    result = good(proposed.votes("wen", True))
    voted = next(each for each in result.events if each.kind == "voted")
    assert (voted.actor, voted.principal) == ("wen", "zhang")


def test_the_second_decision_hears_of_the_first(proposed: Story) -> None:
    shown = proposed.case.revision
    good(proposed.votes("zhang", False, "再谈谈", revision=shown))
    again = proposed.votes("zhang", True, revision=shown)
    assert isinstance(again, Refused)
    assert (again.reason, again.text) == ("decided", "zhang 已于 11月23日 09:00 退回")
    assert proposed.case.state == "handling"


def test_rejecting_needs_a_reason(proposed: Story) -> None:
    assert reason(proposed.votes("zhang", False, " ")) == "reason"


def test_a_stale_button_does_nothing(handling: Story) -> None:
    assert reason(handling.happens(Act("propose", UserId("li"), handling.case.revision - 1))) == "stale"
    assert reason(handling.happens(Act("propose", UserId("li"), handling.case.revision + 1))) == "stale"


def test_a_quiet_note_and_a_timer_leave_buttons_valid(handling: Story) -> None:
    shown = handling.case.revision
    good(handling.does("zhang", "note", note="样例"))
    handling.waits(hours=30)
    good(handling.fires("vip"))
    good(handling.happens(Act("propose", UserId("li"), shown, {"plan": "样例"})))


def test_departments_work_together_and_join(handling: Story) -> None:
    result = good(handling.does("li", "assist", departments=("d_risk", "d_legal")))
    first, second = (each for each in result.effects if isinstance(each, OpenTask))
    assert (first.to, second.to, first.form) == (("feng", "xian"), ("he",), "assist_reply")
    good(handling.finishes("xian", first.task_id, reply="没有问题"))
    assert handling.case.data["risk_reply"] == "没有问题"
    assert reason(handling.finishes("feng", first.task_id)) == "decided"
    assert reason(handling.finishes("feng", second.task_id)) == "forbidden"
    shown = handling.case.revision
    joined = good(handling.finishes("he", second.task_id, reply="样例"))
    assert [each.to for each in joined.effects if isinstance(each, Notify)] == [("li",)]
    good(handling.happens(Act("propose", UserId("li"), shown, {"plan": "填到一半时各部门答复了"})))


def test_closing_withdraws_what_is_open(handling: Story) -> None:
    good(handling.does("li", "assist", departments=("d_risk",)))
    good(handling.does("li", "extend1", "情况复杂"))
    result = good(handling.does("li", "withdraw", "客户来电撤回"))
    assert handling.case.approvals[-1].verdict is Verdict.LAPSED
    assert any(isinstance(each, CloseTask) for each in result.effects)
    assert handling.case.armed == {}
    assert reason(handling.votes("tou", True)) == "decided"


def test_undo_inside_the_window_only(proposed: Story) -> None:
    good(proposed.votes("zhang", True))
    assert reason(proposed.undoes("li")) == "forbidden"
    before = proposed.case
    proposed.waits(minutes=5)
    result = good(proposed.undoes("zhang"))
    assert proposed.case.state == "proposed"
    assert proposed.case.approvals[-1].verdict is Verdict.OPEN
    assert any(isinstance(each, AskApproval) for each in result.effects)
    assert proposed.case.revision == before.revision + 1
    good(proposed.votes("zhang", True))
    proposed.waits(minutes=5, seconds=1)
    assert reason(proposed.undoes("zhang")) == "late"
    good(proposed.does("li", "decide"))
    assert reason(proposed.undoes("zhang")) == "nothing"


def test_an_extension_counts_only_once_announced(handling: Story) -> None:
    assert reason(handling.does("li", "announce1", announced_what="样例")) == "guard"
    good(handling.does("li", "extend1", "情况复杂"))
    assert reason(handling.does("li", "extend1", "再来")) == "asked"
    good(handling.votes("tou", True))
    assert handling.case.clocks["statutory"].length == 15
    good(handling.does("li", "announce1", announced_what="样例"))
    assert handling.case.clocks["statutory"].length == 30
    good(handling.does("li", "extend2", "特别复杂"))
    good(handling.votes("gao", True))
    good(handling.does("li", "announce2", announced_what="样例"))
    assert handling.case.clocks["statutory"].length == 60


def test_the_statutory_clock_counts_from_receipt_and_never_pauses(story: Story) -> None:
    good(story.files(received_at="2026-11-20T15:00:00+08:00"))
    # 24:00 on 12-05, less five days, and told in the morning
    assert story.case.armed["statutory"].due == datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
    good(story.does("li", "wait", wait_for="w_answer"))
    assert story.case.clocks["statutory"].state is Running.RUNNING
    assert story.case.clocks["resolve"].state is Running.PAUSED


def test_a_pause_stops_the_working_hours_and_ends_by_itself(handling: Story) -> None:
    handling.waits(hours=2)
    good(handling.does("li", "wait", wait_for="w_answer"))
    assert handling.case.clocks["resolve"].used == 2 * 3600
    pause_ends = handling.case.armed["resolve"].due
    assert pause_ends == datetime(2026, 11, 30, 11, tzinfo=SHANGHAI)
    handling.now = pause_ends + timedelta(hours=1)
    good(handling.fires("resolve"))
    clock = handling.case.clocks["resolve"]
    assert (clock.state, clock.begun, clock.paused_days) == (Running.RUNNING, pause_ends, 5)
    good(handling.does("li", "resume"))
    good(handling.does("li", "wait", wait_for="w_answer"))
    handling.now = handling.case.armed["resolve"].due
    good(handling.fires("resolve"))
    assert reason(handling.does("li", "wait", wait_for="w_answer")) == "clock"


def test_the_ladder_climbs_level_by_level(story: Story) -> None:
    story.bank.fields["客户等级"] = "大众"
    good(story.files())
    heard = []
    for _ in range(3):
        story.now = story.case.armed["ack"].due
        result = good(story.fires("ack"))
        heard += [each.to for each in result.effects if isinstance(each, Notify)]
    assert heard == [("li",), ("zhang",), ("zhang",)]
    assert "ack" not in story.case.armed
    assert story.now == MONDAY + timedelta(hours=2)


def test_after_an_outage_each_hears_only_the_highest(story: Story) -> None:
    good(story.files())
    story.waits(days=30)
    result = good(story.fires("resolve"))
    told = [each for each in result.effects if isinstance(each, Notify)]
    always = ("statutory.over.1", "vip.president.1")
    by_person = [person for each in told for person in each.to if each.key not in always]
    assert len(by_person) == len(set(by_person))
    assert [each.to for each in told if each.key == "vip.president.1"] == [("wang",)]
    assert story.case.armed == {}


def statutory_words(story: Story, late: timedelta) -> set[str]:
    """What is told of the statutory clock when its next timer fires that much late."""
    story.now = story.case.armed["statutory"].due + late
    told = [each for each in good(story.fires("statutory")).effects if isinstance(each, Notify)]
    return {each.text for each in told if each.key.startswith("statutory.")}


def test_words_of_a_ladder_are_true_when_they_are_told(story: Story) -> None:
    """The 15 days from the 23rd end with the 8th; 还有 5 天 is due at nine of the 4th."""
    good(story.files())
    assert statutory_words(story, timedelta(0)) == {"法定期限还有 5 天"}
    assert story.now == datetime(2026, 12, 4, 9, tzinfo=SHANGHAI)
    assert statutory_words(story, timedelta(hours=30)) == {"法定期限还剩 1 天 9 小时"}  # not: 还有 3 天
    assert statutory_words(story, timedelta(hours=18)) == {"法定期限已超 3 小时"}  # not: 只剩 1 天
    assert statutory_words(story, timedelta(days=9)) == {"法定期限已过"}


def test_a_clock_of_working_hours_is_told_in_them_everywhere(story: Story) -> None:
    story.bank.fields["客户等级"] = "大众"
    good(story.files())

    def clock() -> ClockLine:
        lines = view(story.definition, story.case, story.bank, story.now, ledger)
        return next(line for line in lines if line.label == "受理确认")

    told = {}
    for hours in (1, 2, 3, 24 * 4):
        story.now = MONDAY + timedelta(hours=hours)
        told[hours] = (clock().left(story.now), clock().explained.split("，")[1])
    assert told == {
        1: ("还剩 1 小时（工作时间）", "已用 1 小时"),
        2: ("刚到期", "已用 2 小时"),
        3: ("已超 1 小时（工作时间）", "已用 3 小时"),
        24 * 4: (f"已超 {4 * 8 - 2} 小时（工作时间）", f"已用 {4 * 8} 小时"),
    }


def test_the_24_hours_go_by_card_and_sms_on_the_second(story: Story) -> None:
    good(story.files())
    generation = story.case.armed["vip"].generation
    story.waits(hours=23, minutes=59, seconds=59)
    assert reason(story.happens(Fired("vip", generation))) == "early"
    story.waits(seconds=1)
    result = good(story.fires("vip"))
    assert [(each.to, each.key) for each in result.effects if isinstance(each, Sms)] == [(("wang",), "vip.president.1")]
    assert reason(story.happens(Fired("vip", generation))) == "timer"


@pytest.mark.parametrize(("nature", "tier", "runs"), [
    ("complaint", "高净值", True), ("complaint", "富裕", False), ("question", "超高净值", False),
])  # fmt: skip
def test_who_has_the_24_hours(story: Story, nature: str, tier: str, runs: bool) -> None:
    story.bank.fields["客户等级"] = tier
    good(story.files(nature=nature))
    assert ("vip" in story.case.clocks) is runs
    assert ("statutory" in story.case.clocks) is (nature == "complaint")


def test_a_refusal_says_which_facts_are_missing() -> None:
    story = Story()
    event = Act("file", UserId("ke"), 0, {"nature": "complaint"})
    result = advance(DEFINITION, story.case, event, Facts(), MONDAY)
    assert isinstance(result, Refused)
    assert result.reason == "facts"
    assert ("posts", "ke") in result.questions


@pytest.mark.parametrize("event", [
    Act("fly", UserId("li"), 0), Vote("a9", UserId("li"), 0, True), Fired("vip", 1), Act("accept", UserId("li"), 0),
])  # fmt: skip
def test_nonsense_is_refused(story: Story, event: Act | Vote | Fired) -> None:
    before = story.case
    assert isinstance(story.happens(event), Refused)
    assert story.case is before


def test_closing_too_early_says_why(informed: Story) -> None:
    result = informed.does("zhang", "close", "客户失联")
    assert isinstance(result, Refused)
    assert result.text.startswith("告知客户不满一天")
    informed.waits(days=1)
    good(informed.does("zhang", "close", "客户失联"))


def test_what_somebody_can_do_now(handling: Story) -> None:
    found = possible(DEFINITION, handling.case, UserId("li"), handling.bank, handling.now)
    assert "propose" in [each.key for each in found]
    assert "accept" not in [each.key for each in found]
