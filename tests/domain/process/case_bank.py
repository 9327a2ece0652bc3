"""A small bank that answers what `advance` asks: who is who, who is away, and working hours of nine to five."""

from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

from domain.ids import CaseId, CustomerId, UnitId, UserId
from domain.language.fields import Value
from domain.pack import load_pack
from domain.process.advance import Advanced, Refused, consult
from domain.process.case import Case
from domain.process.definition import Definition
from domain.process.event import Act, Event, Finish, Fired, Undo, Vote
from domain.process.facts import Answer, Facts, Question, Topic

SHANGHAI = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
COMPLAINT = (Path(__file__).parents[3] / "deploy/packs/complaint.yaml").read_text("utf-8")
DEFINITION = load_pack(COMPLAINT).definition
OPENS, SHUTS = time(9), time(17)

PEOPLE = {
    "rm": ("li",), "head:sub_branch": ("zhang",), "head:branch": ("wang",),
    "post:消保岗@sub_branch": (), "post:消保岗@branch": ("xiao",), "post:消保岗@head_office": ("zong",),
    "post:私行经理@branch": ("si",), "post:投诉管理岗@branch": (), "post:投诉管理岗@head_office": ("tou",),
    "post:总行分管高管@head_office": ("gao",), "post:风控专员@branch": ("feng", "xian"), "post:合规岗@branch": ("he",),
    "post:产品岗@branch": (), "post:客服坐席@branch": ("ke",), "answer:accused:李经理": ("li",), "answer:to_person:si": ("si",),
    "answer:to_person:li": ("li",),
}  # fmt: skip
LEADERS = {"li": "zhang", "si": "wang", "zhang": "wang", "wang": "gao", "xiao": "wang", "zong": "gao"}
POSTS = {"ke": ("客服坐席",), "li": ("客户经理",), "zhang": ("主管",), "si": ("私行经理",), "xiao": ("消保岗",)}


class Bank:
    """The answers; what a test changes, it changes here."""

    def __init__(self) -> None:
        self.people: dict[str, tuple[str, ...]] = dict(PEOPLE)
        self.deputies: dict[str, tuple[str, ...]] = {}
        self.away: set[str] = set()
        self.moved: set[date] = set()  # days off on which one works, and the other way round
        self.fields: dict[str, Value] = {"客户等级": "高净值", "客户年龄": 40, "三十日内同因投诉": 0}

    def __call__(self, question: Question) -> Answer:
        topic, key = question
        if topic in (Topic.AFTER, Topic.BETWEEN):
            return self.reckon(topic, key)
        if topic is Topic.AWAY:
            return key in self.away
        found = {
            Topic.PEOPLE: self.people.get(key, ()), Topic.DEPUTIES: self.deputies.get(key, ()),
            Topic.LEADER: LEADERS.get(key), Topic.POSTS: POSTS.get(key, ()), Topic.FIELD: self.fields.get(key),
        }  # fmt: skip
        return found[topic]

    def reckon(self, topic: Topic, key: str) -> Answer:
        unit, first, second = key.split("|")
        start = datetime.fromisoformat(first)
        if topic is Topic.AFTER:
            return self.after(start, int(second)) if unit == "hours" else self.days_after(start, int(second))
        end = datetime.fromisoformat(second)
        return self.worked(start, end) if unit == "hours" else self.days(start, end)

    def after(self, start: datetime, seconds: int) -> datetime:
        day = start
        while True:
            opens, shuts = self.hours(day)
            begin = max(start, opens)
            left = int((shuts - begin).total_seconds()) if self.works(day) else 0
            if 0 < seconds <= left:
                return begin + timedelta(seconds=seconds)
            seconds -= max(left, 0)
            day += timedelta(days=1)

    def worked(self, start: datetime, end: datetime) -> int:
        total, day = 0, start
        while day.date() <= end.date():
            opens, shuts = self.hours(day)
            if self.works(day):
                total += max(0, int((min(end, shuts) - max(start, opens)).total_seconds()))
            day += timedelta(days=1)
        return total

    def days(self, start: datetime, end: datetime) -> int:
        spans = (start + timedelta(days=number) for number in range(1, (end.date() - start.date()).days + 1))
        return sum(self.works(day) for day in spans)

    def days_after(self, start: datetime, days: int) -> datetime:
        while days:
            start += timedelta(days=1)
            days -= self.works(start)
        return start

    def works(self, day: datetime) -> bool:
        return (day.weekday() < 5) is not (day.date() in self.moved)

    @staticmethod
    def hours(day: datetime) -> tuple[datetime, datetime]:
        return datetime.combine(day.date(), OPENS, day.tzinfo), datetime.combine(day.date(), SHUTS, day.tzinfo)


class Story:
    """One case and what happens to it, in words."""

    def __init__(self, definition: Definition = DEFINITION) -> None:
        self.definition, self.bank, self.now = definition, Bank(), MONDAY
        case_id, customer, unit = CaseId("c1"), CustomerId("100"), UnitId("pudong")
        self.case = Case(case_id, "complaint", 1, definition.initial, customer=customer, unit=unit)
        self.records: list[tuple[Event, Facts, datetime]] = []
        self.last: Advanced | None = None

    def happens(self, event: Event) -> Advanced | Refused:
        facts, result = consult(self.definition, self.case, event, self.bank, self.now)
        if isinstance(result, Advanced):
            self.records.append((event, facts, self.now))
            self.case, self.last = result.case, result
        return result

    def does(self, who: str, action: str, reason: str = "", **answers: Value) -> Advanced | Refused:
        return self.happens(Act(action, UserId(who), self.case.revision, answers, reason))

    def votes(self, who: str, agree: bool, reason: str = "", revision: int = -1) -> Advanced | Refused:
        key = self.case.approvals[-1].approval_id
        shown = self.case.revision if revision < 0 else revision
        return self.happens(Vote(key, UserId(who), shown, agree, reason))

    def finishes(self, who: str, task: str, **answers: Value) -> Advanced | Refused:
        return self.happens(Finish(task, UserId(who), self.case.revision, answers))

    def undoes(self, who: str) -> Advanced | Refused:
        return self.happens(Undo(UserId(who), self.case.revision))

    def fires(self, timer: str) -> Advanced | Refused:
        return self.happens(Fired(timer, self.case.armed[timer].generation))

    def waits(self, **span: int) -> None:
        self.now += timedelta(**span)

    def files(self, who: str = "ke", **answers: Value) -> Advanced | Refused:
        given: dict[str, Value] = {"nature": "complaint", "source": "customer", "code_b": "b_card", "summary": "样例"}
        return self.happens(Act("file", UserId(who), self.case.revision, given | answers))
