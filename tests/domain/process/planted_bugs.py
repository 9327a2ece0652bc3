"""Bugs to plant into the engine: what is wrong, in which module, which words become which."""

from typing import NamedTuple


class Bug(NamedTuple):
    """One planted bug; `old` stands exactly once in the module."""

    name: str
    module: str
    old: str
    new: str


BUGS = (
    Bug("a decided approval can be decided again", "deciding", "if asked.verdict is not Verdict.OPEN:", "if False:"),
    Bug("the requester may approve", "deciding", " | people.kin(draft, asked.requester, asked.behalf)", ""),
    Bug("fired levels are forgotten", "escalation", "draft.fired |= {key}", "pass"),
    Bug("a pause forgets the hours used", "clocks", "paused(draft.now, _used(draft, clock))",
     "paused(draft.now, clock.used)"),
    Bug("undo works for ever", "undoing", "if draft.now > last.until:", "if False:"),
    Bug("the revision stands still", "advance", "draft.revision += 1", "draft.revision += 0"),
    Bug("stale buttons act", "advance", "not draft.case.settled <= event.revision", "not 0 <= event.revision"),
    Bug("buttons from the future act", "advance", "<= event.revision <= draft.case.revision:\n        draft.refuse",
     "<= event.revision:\n        draft.refuse"),
    Bug("any state will do", "advance", "elif draft.state not in draft.definition.sources[action.key]:", "elif False:"),
    Bug("guards are ignored", "advance", "if not draft.holds(action.when):", "if False:"),
    Bug("a quiet note makes buttons stale", "advance", "draft.settles = not action.quiet", "draft.settles = True"),
    Bug("undo stays open after the next action", "advance", "before, draft.undoable = draft.case, None",
     "before = draft.case"),
    Bug("a recused handler keeps the case", "advance", "outcome.vacate(draft)", "pass"),
    Bug("the recused may act", "people", "if actor in draft.excluded:", "if False:"),
    Bug("the absent are chosen", "people", "if not draft.sight.away(person):", "if True:"),
    Bug("barred stand-ins step in", "people", "if each not in barred and not draft", "if not draft"),
    Bug("a stand-in of a stand-in is no kin", "people", "waiting += fresh", "pass"),
    Bug("vacancy rules are not asked", "people", "(*who, *instead, *draft.definition.process.vacancy)",
     "(*who, *instead)"),
    Bug("one of all is enough", "deciding", "everyone or approval.mode is Mode.ANY", "True"),
    Bug("one person votes twice", "deciding", "elif event.actor in {ballot.voter for",
     "elif event.actor in {ballot.at for"),
    Bug("old votes are counted after new ones were asked", "deciding", "elif not asked.since <= event.revision",
     "elif not 0 <= event.revision"),
    Bug("an undecided vote makes buttons stale", "deciding",
     "if verdict is Verdict.OPEN:\n        draft.settles, draft.undoable = False, None",
         "if verdict is Verdict.OPEN:\n        draft.undoable = None"),
    Bug("finished tasks can be finished again", "deciding", "if task.closed:", "if False:"),
    Bug("the first task done joins all", "deciding", "if left and tasks.join is Mode.ALL:", "if False:"),
    Bug("tasks of another round hold the join up", "deciding", "each.since == task.since and ", ""),
    Bug("the requester's stand-ins are asked", "outcome", " | people.kin(draft, actor, behalf)", ""),
    Bug("moving on drops unbound approvals", "outcome", "or approval.bound)", "or True)"),
    Bug("closing leaves tasks open", "outcome", "    if everything:\n", "    if False:\n"),
    Bug("closing leaves clocks running", "outcome", "    if closed:\n", "    if False:\n"),
    Bug("the same approval is asked twice", "outcome", "each.verdict is Verdict.OPEN for each", "False for each"),
    Bug("a late timer gives time away", "escalation", "event.timer, armed.due)", "event.timer, draft.now)"),
    Bug("after an outage everybody hears every level", "escalation", "found if level.always else",
     "found if True else"),
    Bug("the level that always goes is held back", "escalation", "found if level.always else", "found if False else"),
    Bug("the lowest level is told instead", "escalation", "-each[1].rank", "each[1].rank"),
    Bug("cancelled timers fire", "escalation", "armed.generation != event.generation", "False"),
    Bug("timers fire early", "escalation", "if draft.now < armed.due:", "if False:"),
    Bug("reopening keeps old levels fired", "clocks", "if not timer.startswith(f\"{key}.\")", "if timer"),
    Bug("pauses have no total", "clocks", "return min(most, total - clock.paused_days)", "return most"),
    Bug("timers are not cancelled", "arming", "            if key != draft.spent:\n", "            if False:\n"),
    Bug("a resumed clock begins anew", "clocks", "clock.resumed(at, _days(",
     "replace(clock, used=0).resumed(at, _days("),
    Bug("anybody may undo", "undoing", "if event.actor != last.actor or", "if"),
    Bug("undo forgets what was told", "undoing", "draft.fired |= after.fired", "draft.fired |= frozenset()"),
    Bug("undo uses numbers twice", "undoing", "after.revision, after.serial, dict",
     "after.revision, before.serial, dict"),
)  # fmt: skip
