"""Row 14: `advance` through the whole life of a complaint, on the case, the event and the facts as they are stored."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from bot.bench.result import Result, Target
from bot.bench.stage import CannotMeasure, Stage
from bot.clock import SHANGHAI
from bot.packs import shipped_processes
from domain.ids import CaseId, CustomerId, UnitId, UserId
from domain.language.fields import Value
from domain.process.advance import Advanced, advance, consult
from domain.process.case import Case
from domain.process.codec import dump, load
from domain.process.definition import Definition
from domain.process.event import Act, Event, Finish, Fired, Undo, Vote
from domain.process.facts import Answer, Facts, Question, Topic

ROUNDS, LIVES = 20, 50
LEAST = 20_000.0
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
PEOPLE: Mapping[str, tuple[str, ...]] = {
    "rm": ("rm",), "head:sub_branch": ("head",), "head:branch": ("boss",), "post:风控专员@branch": ("risk",),
    "post:合规岗@branch": ("legal",), "post:消保岗@branch": ("care",), "post:投诉管理岗@head_office": ("top",),
    "post:总行分管高管@head_office": ("exec",),
}  # fmt: skip
LEADERS: Mapping[str, str] = {"rm": "sup", "sup": "head", "head": "boss", "boss": "exec"}
POSTS: Mapping[str, tuple[str, ...]] = {"agent": ("客服坐席",), "rm": ("客户经理",), "sup": ("主管",)}
FIELDS: Mapping[str, Value] = {"客户等级": "高净值", "客户年龄": 48, "三十日内同因投诉": 0}


def known(question: Question) -> Answer:
    """A bank of eleven people who work around the clock."""
    topic, key = question
    if topic is Topic.AFTER:
        unit, start, amount = key.split("|")
        span = timedelta(days=int(amount)) if unit == "workdays" else timedelta(seconds=int(amount))
        return datetime.fromisoformat(start) + span
    if topic is Topic.BETWEEN:
        unit, *ends = key.split("|")
        begun, over = map(datetime.fromisoformat, ends)
        return (over.date() - begun.date()).days if unit == "workdays" else int((over - begun).total_seconds())
    tables: Mapping[Topic, Callable[[str], Answer]] = {
        Topic.PEOPLE: lambda key: PEOPLE.get(key, ()), Topic.LEADER: LEADERS.get, Topic.FIELD: FIELDS.get,
        Topic.POSTS: lambda key: POSTS.get(key, ()), Topic.DEPUTIES: lambda key: (), Topic.AWAY: lambda key: False,
    }  # fmt: skip
    return tables[topic](key)


class Step(NamedTuple):
    """What one `advance` is given, as it is read from the database, and whether it is refused."""

    case: Case
    event: Event
    facts: Facts
    now: datetime
    refused: bool


@dataclass
class Life:
    """A case on its way, and the steps that it took."""

    definition: Definition
    case: Case
    now: datetime = MONDAY
    steps: list[Step] = field(default_factory=list)

    def happens(self, event: Event, refused: str = "") -> None:
        """The event, with what must come of it."""
        facts, result = consult(self.definition, self.case, event, known, self.now)
        reason = "" if isinstance(result, Advanced) else result.reason
        if reason != refused:
            raise CannotMeasure(f"投诉流程变了，第 14 行的经过要跟着改：{event} {reason}")
        case, stored_event, stored_facts = (load(dump(each)) for each in (self.case, event, facts))
        self.steps.append(Step(case, stored_event, stored_facts, self.now, bool(refused)))
        self.case = result.case if isinstance(result, Advanced) else self.case

    def does(self, who: str, action: str, refused: str = "", **answers: Value) -> None:
        self.happens(Act(action, UserId(who), self.case.revision, answers), refused)

    def agrees(self, who: str, refused: str = "") -> None:
        approval = self.case.approvals[-1].approval_id
        self.happens(Vote(approval, UserId(who), self.case.revision, agree=True), refused)

    def rings(self, timer: str) -> None:
        """When it is due."""
        self.now = max(self.now, self.case.armed[timer].due)
        self.happens(Fired(timer, self.case.armed[timer].generation))


def life_of(definition: Definition) -> Life:
    """A complaint from its registration to its end, with what people try on the way and may not."""
    customer, unit = CustomerId("B000001"), UnitId("U00")
    life = Life(
        definition,
        Case(CaseId("C1"), "complaint", definition.version, definition.initial, customer=customer, unit=unit),
    )
    _is_taken_up(life)
    _is_looked_into(life)
    _is_settled(life)
    return life


def _is_taken_up(life: Life) -> None:
    """Filed, its handler reminded, accepted, the customer called."""
    codes = {"code_a": "a_counter", "code_b": "b_wealth", "code_c": "c_service"}
    about = {"nature": "complaint", "source": "customer", "customer": "B000001", "summary": "样例"}
    life.does("agent", "file", about_rm=False, group=False, theft=False, **codes, **about)
    life.rings("ack")
    life.does("agent", "accept", refused="forbidden")
    life.does("rm", "accept")
    life.does("sup", "accept", refused="state")
    life.does("rm", "contact", contact_how="k_phone", contact_note="样例")


def _is_looked_into(life: Life) -> None:
    """Two departments asked, paused, the branch president told after a day, taken up again."""
    life.does("rm", "answer", refused="guard", told_how="t_phone", told_what="样例")
    life.does("rm", "assist", departments=("d_risk", "d_legal"), assist_what="样例")
    for task in life.case.tasks:
        life.happens(Finish(task.task_id, task.people[0], life.case.revision, {"reply": "样例"}))
    life.does("rm", "wait", wait_for="w_answer")
    life.rings("vip")
    life.does("rm", "resume")


def _is_settled(life: Life) -> None:
    """A proposal agreed to by another person, taken back, agreed to again; decided, told, confirmed."""
    life.does("rm", "propose", plan="样例")
    life.agrees("rm", refused="forbidden")
    life.agrees("sup")
    life.happens(Undo(UserId("sup"), life.case.revision))
    life.agrees("sup")
    life.happens(Act("decide", UserId("rm"), 1), refused="stale")
    life.does("rm", "decide", fault="f_bank", decision="样例")
    life.does("rm", "inform", told_how="t_phone", told_what="样例")
    life.happens(Act("close", UserId("sup"), life.case.revision, reason="样例"), refused="guard")
    life.does("rm", "confirm", satisfaction="s_good")


def measure(stage: Stage, seconds: float) -> list[Result]:
    """Of the whole life, and of its accepted steps alone: refusals cost less."""
    life = life_of(shipped_processes().newest("complaint"))
    accepted = [step for step in life.steps if not step.refused]
    target = Target(f"≥ {LEAST:,.0f} 次/秒", at_least=LEAST)
    return [
        Result(14, f"`advance`：{what}，按处理器时间", "次/秒", _median_rate(life.definition, steps), None, target,
               {"steps": len(steps), "lives": ROUNDS * LIVES})
        for what, steps in (("投诉的一生，含被拒的", life.steps), ("只算成了的", accepted))
    ]  # fmt: skip


def _median_rate(definition: Definition, steps: Sequence[Step]) -> float:
    return median(_rate(definition, steps) for _ in range(ROUNDS))


def _rate(definition: Definition, steps: Sequence[Step]) -> float:
    """Steps a second of this process's time, whoever else uses the machine."""
    started = time.process_time()
    for _ in range(LIVES):
        for case, event, facts, now, _refused in steps:
            advance(definition, case, event, facts, now)
    return LIVES * len(steps) / (time.process_time() - started)
