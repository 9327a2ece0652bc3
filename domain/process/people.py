"""Who: what a selector means for this case, who takes the place of someone away, and who must keep out."""

from collections.abc import Collection, Iterable, Iterator

from domain.ids import UserId
from domain.process.draft import Draft
from domain.process.selecting import RM, SERVED, Selector

_LONGEST_LINE = 20


def named(draft: Draft, who: Selector) -> tuple[UserId, ...]:
    """The people that a selector names, present or not; its condition is not asked here."""
    if who.role is not None:
        return _one(draft.roles.get(who.role))
    if who.superior is not None:
        return _superior(draft, who.superior, who.level)
    if who.person is not None:
        return (UserId(who.person),)
    if who.rm:
        return draft.sight.people(RM)
    if who.served:
        return draft.sight.people(SERVED)
    if who.head is not None:
        return draft.sight.people(f"head:{who.head.value}")
    if who.post is not None:
        return draft.sight.people(f"post:{who.post}@{who.at.value}" if who.at else f"post:{who.post}")
    key = who.answer or who.line or ""
    found = _answered(draft, key)
    return found if who.answer else tuple(dict.fromkeys(each for person in found for each in _line(draft, person)))


def available(draft: Draft, person: UserId, barred: Collection[UserId]) -> UserId | None:
    """The person, or who stands in for them while they are away; nobody who is barred."""
    if person in barred:
        return None
    if not draft.sight.away(person):
        return person
    present = (each for each in draft.sight.deputies(person) if each not in barred and not draft.sight.away(each))
    return next(present, None)


def first_found(
    draft: Draft, who: Iterable[Selector], barred: Collection[UserId], instead: Iterable[Selector] = ()
) -> tuple[UserId, ...]:
    """The principals of the first selector that leads to somebody present; where there is none, `instead`, and then
    the vacancy rules'.
    """
    for selector in (*who, *instead, *draft.definition.process.vacancy):
        if draft.holds(selector.when):
            found = [person for person in named(draft, selector) if available(draft, person, barred)]
            if found:
                return tuple(dict.fromkeys(found))
    return ()


def present(draft: Draft, people: Iterable[UserId], barred: Collection[UserId]) -> tuple[UserId, ...]:
    """Those who really get it: each one, or their stand-in."""
    found = [there for person in people if (there := available(draft, person, barred))]
    return tuple(dict.fromkeys(found))


def recipients(
    draft: Draft, who: Iterable[Selector], *, vacancy: bool, instead: tuple[Selector, ...] = ()
) -> tuple[UserId, ...]:
    """Everybody that any selector leads to; with `vacancy` none of them leads nowhere."""
    found: list[UserId] = []
    for selector in who:
        if draft.holds(selector.when):
            people = first_found(draft, (selector,), draft.excluded, instead) if vacancy else named(draft, selector)
            found += present(draft, people, draft.excluded)
    return tuple(dict.fromkeys(found))


def standing(draft: Draft, who: Iterable[Selector], actor: UserId) -> UserId | None:
    """For whom the actor may act here: themselves, or somebody they stand in for; None is nobody."""
    if actor in draft.excluded:
        return None
    principals: list[UserId] = []
    for selector in who:
        if not draft.holds(selector.when):
            continue
        if selector.post is not None and selector.at is None:
            principals += [actor] * (selector.post in draft.sight.posts(actor))
        else:
            principals += named(draft, selector)
        if actor in principals:
            return actor
    return stood_for(draft, principals, actor)


def stood_for(draft: Draft, principals: Iterable[UserId], actor: UserId) -> UserId | None:
    """The first of them for whom the actor stands in."""
    open_ones = (each for each in dict.fromkeys(principals) if each not in draft.excluded)
    return next((each for each in open_ones if actor in draft.sight.deputies(each)), None)


def kin(draft: Draft, *people: UserId) -> frozenset[UserId]:
    """The people and all who stand in for them, however far: four eyes need somebody else."""
    found: dict[UserId, None] = dict.fromkeys(people)
    waiting = list(found)
    while waiting and len(found) < _LONGEST_LINE:
        fresh = [each for each in draft.sight.deputies(waiting.pop()) if each not in found]
        found.update(dict.fromkeys(fresh))
        waiting += fresh
    return frozenset(found)


def _one(person: UserId | None) -> tuple[UserId, ...]:
    return () if person is None else (person,)


def _answered(draft: Draft, key: str) -> tuple[UserId, ...]:
    value = draft.data.get(key)
    return () if value is None else draft.sight.people(f"answer:{key}:{value}")


def _superior(draft: Draft, of: str, level: int) -> tuple[UserId, ...]:
    people = draft.sight.people(RM) if of == RM else _one(draft.roles.get(of))
    reached = (_climb(draft, person, level) for person in people)
    return tuple(person for person in reached if person is not None)


def _climb(draft: Draft, person: UserId, level: int) -> UserId | None:
    here: UserId | None = person
    for _ in range(level):
        here = None if here is None else draft.sight.leader(here)
    return here


def _line(draft: Draft, person: UserId) -> Iterator[UserId]:
    """The person and all superiors; a circle in the directory ends the climb."""
    seen: dict[UserId, None] = {}
    here: UserId | None = person
    while here is not None and here not in seen:
        seen[here] = None
        here = draft.sight.leader(here)
    yield from seen
