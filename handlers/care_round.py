"""The morning's round: what a rule looks at, what it finds, and whose to-do that becomes."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from hashlib import sha256

from domain.calendar import Calendar
from domain.care.finding import Finding, Maturity, Silence, is_new, maturing, silent
from domain.care.rules import FEN, Care, MaturityRule, Rule, SilenceRule
from domain.daytext import end_of_day
from domain.freshness import may_judge
from domain.ids import CustomerId, FindingId, TodoId, UnitId, UserId
from domain.policy import Permission
from domain.tiering import floor_of
from domain.todo import Todo, cancel
from handlers.context import House
from handlers.visit import REMIND
from storage import care, care_candidates, directory, restrictions, tiers, timers, todos
from storage.calendars import BANK, calendar_of, places
from storage.care import Found
from storage.feeds import feed_days
from storage.lateness import LOOKING_BACK
from storage.unit import Unit

CUSTOMERS_AT_ONCE = 10_000
HEAD = "支行行长"
_DAY = timedelta(days=1)

Search = Callable[[Unit], list[Finding]]
"""A look at one window of customers, or at what matures on one day: what is new there."""


def offices(unit: Unit) -> dict[UnitId, bool]:
    """Each place with working hours of its own today, the bank among them, and whether people work there now."""
    today = unit.now.date()
    return {place: calendar_of(unit, place, today).is_open(unit.now) for place in places(unit)}


def at_work(unit: Unit, person: UserId) -> bool:
    """Whether it is working time where that person works."""
    return _calendar(unit, person).is_open(unit.now)


def _calendar(unit: Unit, person: UserId | None) -> Calendar:
    """By which somebody works, from today on; the bank's for nobody."""
    member = directory.member(unit, person) if person else None
    return calendar_of(unit, member.unit_id if member else None, unit.now.date())


def is_ready(unit: Unit, rule: Rule, today: date) -> bool:
    """Whether the data a rule judges by is there."""
    return may_judge(rule.watches, feed_days(unit), calendar_of(unit, None, today - LOOKING_BACK), today)


def searches(unit: Unit, rules: Sequence[Rule], today: date) -> list[Search]:
    """All that has to be looked at for these rules, each to be read for itself; rules that watch the same look once."""
    found: list[Search] = []
    if maturities := [rule for rule in rules if isinstance(rule, MaturityRule)]:
        days = range(1, max(rule.within.value for rule in maturities) + 1)
        found += [partial(_maturities, maturities, today, today + count * _DAY) for count in days]
    if silences := [rule for rule in rules if isinstance(rule, SilenceRule)]:
        after = ""
        while (until := care_candidates.window_end(unit, after, CUSTOMERS_AT_ONCE)) is not None:
            found.append(partial(_silences, silences, today, after, until))
            after = until
    return found


def _silences(rules: Sequence[SilenceRule], today: date, after: str, until: str, unit: Unit) -> list[Finding]:
    data_day = feed_days(unit)["interactions"]
    numbers = [number for rule in rules for number in rule.days]
    fewest = min(number.value for number in numbers)
    since = _midnight(data_day - (fewest - 1) * _DAY, unit.now)
    floor = min(floor_of(tier, today) for number in numbers for tier in number.tiers)
    rows = care_candidates.unreached(unit, after, until, since=since, floor=floor)
    tier_of = tiers.tiers_of(unit, [row.customer_id for row in rows])
    cases = [
        Silence(
            row.customer_id,
            tier_of[row.customer_id],
            row.met_at.date() if row.met_at else row.opened_on,
            row.met_at is not None,
            data_day,
        )
        for row in rows
    ]
    return [new for rule in rules for new in _new(unit, rule, today, (silent(rule, case, today) for case in cases))]


def _maturities(rules: Sequence[MaturityRule], today: date, day: date, unit: Unit) -> list[Finding]:
    data_day = feed_days(unit).get("holdings", today)
    floor = min(number.value for rule in rules for number in rule.amounts) * FEN
    rows = care_candidates.maturing(unit, day, floor)
    tier_of = tiers.tiers_of(unit, [customer_id for customer_id, _ in rows])
    cases = [Maturity(customer_id, tier_of[customer_id], held, data_day) for customer_id, held in rows]
    return [new for rule in rules for new in _new(unit, rule, today, (maturing(rule, case, today) for case in cases))]


def _new(unit: Unit, rule: Rule, today: date, found: Iterable[Finding | None]) -> list[Finding]:
    if not (hits := [finding for finding in found if finding is not None]):
        return []
    earlier = care.earlier(unit, rule.id, [finding.customer_id for finding in hits])
    return [finding for finding in hits if is_new(finding, earlier[finding.customer_id], rule, today)]


def keep(unit: Unit, house: House, section: Care, position: int, finding: Finding) -> None:
    """A finding with its to-do, once an occasion; on a day off of who keeps the customer, beyond a day's most, or while
    no marketing may reach the customer, it waits to be found again. `position`: its place in what this morning found.
    """
    owner, today = keeper(unit, house, finding.customer_id), unit.now.date()
    calendar = _calendar(unit, owner)
    if not calendar.is_workday(today) or _has_enough(unit, owner, section):
        return
    if restrictions.holds(unit, finding.customer_id) is not None:
        return
    if finding.rule.marketing and _spared(unit, section, finding, owner):
        return
    due = finding.due(today, calendar)
    todo = _todo(unit, finding.finding_id, finding.customer_id, owner, finding.rule.todo, due)
    if care.add(unit, finding, due, todo, house.pack.version) and todo is not None:
        todos.add(unit, replace(todo, position=position), finding.finding_id)


def _spared(unit: Unit, section: Care, finding: Finding, owner: UserId | None) -> bool:
    return care_candidates.suppressed(unit, finding.customer_id, owner, section.complaint_quiet.value * _DAY)


def _has_enough(unit: Unit, owner: UserId | None, section: Care) -> bool:
    begun = _midnight(unit.now.date(), unit.now)
    return owner is not None and care.made_since(unit, owner, begun) >= section.daily_most.value


def keeper(unit: Unit, house: House, customer_id: CustomerId) -> UserId | None:
    """Whose a customer's care is: the RM's, else the sub-branch head's, else nobody's."""
    book = care.book_of(unit, customer_id)
    if book is None:
        return None
    rm, place = book
    if rm is not None and _cares(unit, house, rm):
        return rm
    sub_branch = directory.units(unit).sub_branch(place)
    heads = directory.holders(unit, HEAD, 3, sub_branch.unit_id) if sub_branch else []
    return next((head for head in heads if _cares(unit, house, head)), None)


def _cares(unit: Unit, house: House, person: UserId) -> bool:
    member = directory.member(unit, person)
    return member is not None and Permission.CARE_READ in house.policy.permissions(member)


def addressees(unit: Unit, place: UnitId, offices: Collection[UnitId]) -> list[UserId]:
    """Who has something to hear this morning, of those who work by the hours of that place."""
    units = directory.units(unit)

    def by_whose_hours(at: UnitId) -> UnitId:
        return next((above.unit_id for above in units.lineage(at) if above.unit_id in offices), BANK)

    people = care.addressees(unit, until=_midnight(unit.now.date() + _DAY, unit.now))
    return [person for person, at in people if by_whose_hours(at) == place]


def astray(unit: Unit, house: House) -> list[Found]:
    """Findings to be done that belong to somebody else by now: who keeps the customer changed, or left."""
    return [found for found in care.astray(unit) if keeper(unit, house, found.customer_id) != found.owner]


def hand_over(unit: Unit, house: House, found: Found) -> None:
    """A finding follows its customer: the old to-do is cancelled, who keeps the customer now gets one."""
    owner, today = keeper(unit, house, found.customer_id), unit.now.date()
    todo = _todo(unit, found.finding_id, found.customer_id, owner, found.title, max(found.due_on, today))
    if owner == found.owner or not care.hand_over(unit, found, todo):
        return
    before = todos.load(unit, found.todo_id) if found.todo_id else None
    if before is not None and before.pending:
        todos.change(unit, before, cancel(before), "todo.cancelled")
        timers.cancel(unit, subject=f"todo:{before.todo_id}", kind=REMIND)
    if todo is not None:
        todos.add(unit, todo, found.finding_id)


def _todo(
    unit: Unit, finding_id: FindingId, customer_id: CustomerId, owner: UserId | None, title: str, due: date
) -> Todo | None:
    """The owner's to-do, another one whenever a finding changes hands; nobody has none."""
    if owner is None:
        return None
    name = f"t:{finding_id}:{owner}:{unit.now.isoformat()}"
    todo_id = TodoId("t" + sha256(name.encode()).hexdigest()[:15])
    return Todo(todo_id, owner, customer_id, title, end_of_day(due, unit.now), source="care")


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), tzinfo=now.tzinfo)
