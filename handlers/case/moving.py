"""The one way a case moves: locked, decided by `advance` on the bank's answers, saved with the facts."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.ids import CaseId
from domain.language.fields import Value
from domain.pack import load_pack
from domain.process.advance import Advanced, Refused, consult
from domain.process.case import Case
from domain.process.definition import Definition
from domain.process.event import Act, Event
from domain.process.viewing import awaited, view
from domain.refusal import Refused as Refusal
from handlers.context import Context, House
from storage import card_rows, cases, pack_versions
from storage.case_facts import Bank
from storage.cases import TASK, VOTER, Record, Standing
from storage.unit import Unit

UNKNOWN = "没有找到这个案件。请核对编号；也可以发“案件”看您能看到的案件。"


@dataclass(frozen=True)
class Moved:
    """A case one event on, with whom to ask about it."""

    definition: Definition
    bank: Bank
    before: Case
    advanced: Advanced

    @property
    def case(self) -> Case:
        return self.advanced.case

    @property
    def settled(self) -> bool:
        """Whether buttons that were shown before mean nothing any more."""
        return self.case.settled == self.case.revision


@dataclass(frozen=True)
class Unmoved:
    """Nothing happened, and why."""

    definition: Definition
    bank: Bank
    case: Case
    refusal: Refused


def load(context: Context, case_id: CaseId, *, lock: bool = True) -> Case:
    """The case, nobody else's until the commit; raises Refused for an unknown one."""
    case = cases.load_case(context.unit, case_id, lock=lock)
    if case is None:
        raise Refusal(UNKNOWN, reason="unknown case")
    return case


def definition_of(context: Context, case: Case) -> Definition:
    """The version of the process that the case was begun under."""
    return version_of(context, case.process, case.version)


def version_of(context: Context, process: str, version: int) -> Definition:
    """One version of a process."""
    return known_version(context.unit, context.house, process, version)


def known_version(unit: Unit, house: House, process: str, version: int) -> Definition:
    """The same outside an update; one that another replica brought is read here."""
    processes = house.processes
    if not processes.has(process, version):
        for body in pack_versions.bodies(unit, process):
            processes.learn(load_pack(body))
    return processes.definition(process, version)


def bank_of(context: Context, definition: Definition, case: Case, data: Mapping[str, Value] | None = None) -> Bank:
    """Answers what the process asks about this case, with `data` on top of what it holds."""
    alike = _alike(definition, {**case.data, **(data or {})})
    service = context.house.pack.service
    return Bank(context.unit, context.units, case.process, case.customer, case.unit, alike, case.case_id, service)


def move(context: Context, case: Case, event: Event, shown: str = "") -> Moved | Unmoved:
    """Let it happen, and keep what came of it; a refusal is on record and changes nothing.

    `shown` is the digest of the card it was decided on, where that is not the clicked one.
    """
    definition = definition_of(context, case)
    bank = bank_of(context, definition, case, event.answers if isinstance(event, Act) else None)
    facts, result = consult(definition, case, event, bank, context.now)
    if isinstance(result, Refused):
        context.unit.audit("case.refused", f"case:{case.case_id}", {"reason": result.reason})
        return Unmoved(definition, bank, case, result)
    seen = shown or shown_on(context) or None
    record = Record(result.case.revision, context.now, event, facts, result.events, seen)
    cases.save(context.unit, case, result.case, _standing(definition, bank, result.case, context), record)
    return Moved(definition, bank, case, result)


def shown_on(context: Context) -> str:
    """The digest of what the clicked card showed; empty for words and timers."""
    return card_rows.digest(context.card.content) if context.card else ""


def _standing(definition: Definition, bank: Bank, case: Case, context: Context) -> Standing:
    guard = definition.process.confidential
    secret = view(definition, case, bank, context.now, lambda draft: guard is not None and draft.holds(guard))
    waits = awaited(definition, case) | {VOTER, TASK}
    return Standing(definition.closed(case.state), secret, _alike(definition, case.data), waits)


def _alike(definition: Definition, data: Mapping[str, Value]) -> str:
    """What the case is about, as it is compared with others; empty where not all of that is known."""
    keys = definition.process.face.same
    known = [str(data[key]) for key in keys if key in data]
    return "|".join(known) if keys and len(known) == len(keys) else ""
