"""Hypothesis drives the engine and the model side by side and compares them after every step."""

from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.ids import CaseId, UserId
from domain.pack import load_pack
from domain.process.advance import Advanced, Refused, advance, consult
from domain.process.case import Case
from domain.process.event import Act, ArmTimer, CancelTimer, Event, Finish, Fired, Notify, Undo, Vote
from domain.process.facts import Answer, Facts, Question, Topic
from tests.domain.process.case_model import FROM, PEOPLE, VOTERS, Model

START = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=8)))
DEFINITION = load_pack("""
format_version: 1
name: small
version: 1
fields:
  - {name: 批准, type: flag, case: granted}
  - {name: 协助, type: flag, case: helped}
  - {name: 涉及乙, type: flag, case: about}
forms:
  - {key: about, title: 涉及, verb: case.act, fields: [{key: about, type: flag, label: 涉及}]}
process:
  key: small
  label: 样例
  states:
    - {key: new, label: 新, kind: initial}
    - {key: work, label: 办, kind: open}
    - {key: waiting, label: 等, kind: waiting}
    - {key: done, label: 完, kind: closed}
  roles: [{key: owner, label: 经办, choose: [{person: b}, {person: c}]}]
  recusals: [{who: [{person: b}], when: 涉及乙}]
  vacancy: [{person: h}]
  figures:
    - {key: ten, label: 十, value: 10, unit: hours, effective_from: 2026-01-01, source: 样例}
    - {key: day, label: 天, value: 24, unit: hours, effective_from: 2026-01-01, source: 样例}
    - {key: undo, label: 撤, value: 10, unit: hours, effective_from: 2026-01-01, source: 样例}
    - {key: half, label: 半, value: 50, unit: percent, effective_from: 2026-01-01, source: 样例}
    - {key: full, label: 满, value: 100, unit: percent, effective_from: 2026-01-01, source: 样例}
    - {key: double, label: 倍, value: 200, unit: percent, effective_from: 2026-01-01, source: 样例}
    - {key: two, label: 两天, value: 2, unit: workdays, effective_from: 2026-01-01, source: 样例}
    - {key: three, label: 三天, value: 3, unit: workdays, effective_from: 2026-01-01, source: 样例}
  deadlines:
    - key: s
      label: 内部
      clock: business
      length: [{figure: ten}]
      pause_most: two
      pause_total: three
      ladder:
        - {key: half, label: 半, rank: 2, share: half, to: [{role: owner}], text: 半}
        - {key: full, label: 满, rank: 3, share: full, to: [{person: e}], text: 满}
        - {key: double, label: 倍, rank: 4, share: double, to: [{person: e}, {person: h}], text: 倍}
    - key: v
      label: 一天
      clock: wall
      length: [{figure: day}]
      ladder: [{key: day, label: 天, rank: 1, share: full, to: [{person: h}], text: 天, always: true}]
  actions:
    - key: begin
      label: 始
      from: [new]
      to: work
      who: [{person: a}, {person: b}]
      assign: [owner]
      clocks: &c {start: [s, v]}
    - {key: note, label: 记, from: [work, waiting], who: [{role: owner}, {role: filer}], quiet: true}
    - key: offer
      label: 提交
      from: [work]
      to: waiting
      who: [{role: owner}]
      approval: {key: o, label: 审, who: [{person: d}], text: 审, agree: {to: done, undo: undo}, reject: {to: work}}
    - key: grant
      label: 申请
      from: [work, waiting]
      who: [{role: owner}]
      approval:
        {key: g, label: 批, who: [{post: 主管, at: branch}], mode: all, bound: false, text: 批,
         agree: {set: {granted: true}, undo: undo}, reject: {}}
    - key: assist
      label: 协办
      from: [work]
      who: [{role: owner}]
      tasks:
        parts: [{key: x, label: 甲, who: [{person: d}]}, {key: y, label: 乙, who: [{person: e}]}]
        joined: {set: {helped: true}}
    - {key: hold, label: 停, from: [work], who: [{role: owner}], clocks: {pause: [s]}}
    - {key: go, label: 续, from: [work], who: [{role: owner}], clocks: {resume: [s]}}
    - {key: finish, label: 完, from: [work], to: done, who: [{role: owner}], when: 批准 且 协助}
    - {key: again, label: 再, from: [done], to: work, who: [{role: filer}, {person: d}], assign: [owner], clocks: *c}
    - {key: accuse, label: 回避, from: [work], who: [{role: filer}], form: about}
""").definition

PERSON, STAND_INS = st.sampled_from(PEOPLE), st.sampled_from(["", "c", "a", "h", "cd"])
VOTING, BACK = st.sampled_from("cddbehc"), st.sampled_from([0, 0, 1, 2])


class Machine(RuleBasedStateMachine):
    """What the model says a step does, the engine must do."""

    def __init__(self) -> None:
        super().__init__()
        self.model, self.case = Model(), Case(CaseId("x"), "small", 1, "new")
        self.first, self.records = self.case, list[tuple[Event, Facts, datetime]]()
        self.timers: dict[str, int] = {}
        self.used: set[int] = set()

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self.model.now)

    def ask(self, question: Question) -> Answer:
        topic, key = question
        parts = key.split("|")
        if topic is Topic.AFTER:
            span = timedelta(days=int(parts[2])) if parts[0] == "workdays" else timedelta(seconds=int(parts[2]))
            return datetime.fromisoformat(parts[1]) + span
        if topic is Topic.BETWEEN:
            start, end = map(datetime.fromisoformat, parts[1:])
            return (end.date() - start.date()).days if parts[0] == "workdays" else int((end - start).total_seconds())
        if topic is Topic.DEPUTIES:
            return tuple(self.model.deputies.get(key, ()))
        return key in self.model.away if topic is Topic.AWAY else tuple(VOTERS)

    def both(self, event: Event, said: str | None) -> Advanced | None:
        facts, result = consult(DEFINITION, self.case, event, self.ask, self.now)
        if isinstance(result, Refused):
            assert {"timer": "early"}.get(result.reason, result.reason) == said
            return None
        assert said is None
        assert result.case.revision == self.case.revision + 1
        self.records.append((event, facts, self.now))
        for effect in result.effects:
            if isinstance(effect, CancelTimer):
                assert self.timers.pop(effect.timer) == effect.generation
            elif isinstance(effect, ArmTimer):
                assert effect.generation not in self.used
                self.used.add(effect.generation)
                self.timers[effect.timer] = effect.generation
        self.case = result.case
        return result

    def seen(self, back: int) -> int:
        return max(0, self.case.revision - back)

    @rule(action=st.sampled_from(sorted(FROM)), actor=PERSON, back=st.sampled_from([0, 0, 0, 1, 2, -1]))
    def anybody_acts(self, action: str, actor: str, back: int) -> None:
        self.act(action, actor, self.seen(back))

    @rule(pick=st.integers(0, 99))
    def the_right_one_acts(self, pick: int) -> None:
        roles = self.model.s["roles"]
        fits = sorted(action for action, states in FROM.items() if self.model.s["state"] in states)
        actor = {"begin": "ab"[pick % 2], "again": "d", "accuse": roles.get("filer", "a")}
        action = fits[pick % len(fits)]
        if action != "accuse" or pick > 60:
            self.act(action, actor.get(action, roles.get("owner", "b")), self.seen(0))

    def act(self, action: str, actor: str, revision: int) -> None:
        answers: dict[str, Any] = {"about": True} if action == "accuse" else {}
        self.both(Act(action, UserId(actor), revision, answers), self.model.act(action, actor, revision))

    @precondition(lambda self: self.model.s["asked"])
    @rule(pick=st.integers(0, 2), actor=VOTING, back=BACK, agree=st.sampled_from([True, True, False]))
    def votes(self, pick: int, actor: str, back: int, agree: bool) -> None:
        self.vote(max(0, len(self.case.approvals) - 1 - pick), actor, self.seen(back), agree)

    def vote(self, place: int, actor: str, revision: int, agree: bool) -> None:
        event = Vote(self.case.approvals[place].approval_id, UserId(actor), revision, agree, "理由")
        self.both(event, self.model.vote(place, actor, revision, agree))

    @precondition(lambda self: self.model.s["state"] == "work" and "owner" in self.model.s["roles"])
    @rule(fires=st.booleans(), wait=st.sampled_from([0, 3600]))
    def a_grant_is_given_and_taken_back(self, fires: bool, wait: int) -> None:
        self.act("grant", self.model.s["roles"]["owner"], self.seen(0))
        for actor in VOTERS if self.case.approvals else ():
            self.vote(len(self.case.approvals) - 1, actor, self.seen(0), True)
        if fires and self.case.armed:
            self.fire(0, wait)
        self.both(Undo(UserId("d"), self.seen(0)), self.model.undo("d", self.seen(0)))

    @precondition(lambda self: self.model.s["tasks"])
    @rule(pick=st.integers(0, 2), actor=st.sampled_from("ddeeh"), back=st.sampled_from([0, 0, 1, 3]))
    def finishes(self, pick: int, actor: str, back: int) -> None:
        place = max(0, len(self.case.tasks) - 1 - pick)
        event = Finish(self.case.tasks[place].task_id, UserId(actor), self.seen(back))
        self.both(event, self.model.finish(place, actor, self.seen(back)))

    @precondition(lambda self: self.model.s["undo"])
    @rule(actor=st.sampled_from("cdddh"), wait=st.sampled_from([0, 0, 36000, 36001]), back=st.sampled_from([0, 0, 1]))
    def undoes(self, actor: str, wait: int, back: int) -> None:
        self.model.now += wait
        revision = self.seen(back)
        self.both(Undo(UserId(actor), revision), self.model.undo(actor, revision))

    @precondition(lambda self: self.case.armed)
    @rule(pick=st.integers(0, 1), late=st.sampled_from([-1, 0, 0, 60, 90000]))
    def a_timer_fires(self, pick: int, late: int) -> None:
        self.fire(pick, late)

    def fire(self, pick: int, late: int) -> None:
        key = sorted(self.case.armed)[pick % len(self.case.armed)]
        due = self.model.due(key)
        assert due is not None
        self.model.now = max(self.model.now, due + late)
        spent = self.timers.pop(key)
        _, old = consult(DEFINITION, self.case, Fired(key, spent - 1), self.ask, self.now)
        assert isinstance(old, Refused)
        result = self.both(Fired(key, spent), self.model.fire(key))
        if result is None:
            self.timers[key] = spent
            return
        told = {each.key.rsplit(".", 1)[0]: list(each.to) for each in result.effects if isinstance(each, Notify)}
        assert told == {level: people for level, people in self.model.told.items() if people}
        assert isinstance(advance(DEFINITION, self.case, Fired(key, spent), Facts(), self.now), Refused)

    @rule(minutes=st.sampled_from([1, 30, 200, 3000]))
    def time_passes(self, minutes: int) -> None:
        self.model.now += minutes * 60

    @rule(person=st.sampled_from("bbcde"), stand_in=STAND_INS, next_one=st.sampled_from("dehb"), away=st.booleans())
    def somebody_is_away(self, person: str, stand_in: str, next_one: str, away: bool) -> None:
        self.model.deputies = {person: [each for each in stand_in if each != person]}
        if stand_in not in ("", person, next_one):
            self.model.deputies[stand_in[0]] = [next_one]
        self.model.away = {person} if away else set()

    @invariant()
    def both_agree(self) -> None:
        s, case = self.model.s, self.case
        assert (case.state, case.revision, case.settled) == (s["state"], s["rev"], s["settled"])
        assert (dict(case.roles), set(case.excluded), set(case.fired)) == (s["roles"], s["out"], s["fired"])
        asked = [
            (each.action, list(each.voters), len(each.ballots), each.verdict.value, each.since)
            for each in case.approvals
        ]
        assert asked == [(a["action"], a["voters"], len(a["votes"]), a["verdict"], a["since"]) for a in s["asked"]]
        tasks = [(list(task.people), not task.closed) for task in case.tasks]
        assert tasks == [(task["who"], task["open"]) for task in s["tasks"]]
        assert {key for key in ("granted", "helped") if case.data.get(key)} == s["flags"]
        assert (case.undoable is not None) == (s["undo"] is not None)

    @invariant()
    def the_clocks_agree(self) -> None:
        for key, clock in self.case.clocks.items():
            wanted = self.model.s["clocks"][key]
            assert (clock.state.value, clock.episode) == (wanted["state"], wanted["times"])
        due = {key: (armed.due - START).total_seconds() for key, armed in self.case.armed.items()}
        assert due == {key: second for key in ("s", "v") if (second := self.model.due(key)) is not None}
        assert {key: armed.generation for key, armed in self.case.armed.items()} == self.timers

    def teardown(self) -> None:
        case = self.first
        for event, facts, now in self.records:
            result = advance(DEFINITION, case, event, facts, now)
            assert isinstance(result, Advanced)
            case = result.case
        assert case == self.case
