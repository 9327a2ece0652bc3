"""All that is held of a customer, in the words in which it is given to them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from domain.ids import CustomerId, UnitId
from domain.personal_data.document import PERSON, Decided, Held, Reminder, Table, ToldCase
from domain.personal_data.request import SubjectRequest
from domain.process.case import Case
from domain.purpose import DISCREET
from domain.sharing import redact
from domain.suitability.saying import show_decision
from handlers.context import House
from storage import directory, labels, personal_data
from storage.decisions import Made
from storage.personal_data import Section
from storage.unit import Unit

_NAMED: Final = {"product": "产品名称", "unit": "机构名称"}


def held(unit: Unit, house: House, asked: SubjectRequest) -> Held:
    """Read outside the writer, a frozen customer's too: it is the person's right."""
    customer_id = asked.customer_id
    return Held(
        request=_request(asked),
        made_at=unit.now,
        tables=_tables(unit, customer_id),
        cases=[_case(house, *each) for each in personal_data.cases_of(unit, customer_id)],
        relations=personal_data.relations(unit, customer_id),
        labels=labels.history_of(unit, customer_id),
        decided=[_decided(each) for each in personal_data.decisions(unit, customer_id) if each.purpose not in DISCREET],
        reminders=_reminders(unit, customer_id),
        purposes=[
            {"purpose": each.purpose, "reads": each.reads, "first": each.first, "last": each.last}
            for each in personal_data.purposes(unit, customer_id, DISCREET)
        ],
    )


def _request(asked: SubjectRequest) -> dict[str, object]:
    return {
        "number": asked.number,
        "asker": asked.asker,
        "identity": asked.identity,
        "channel": asked.channel,
        "reference": asked.reference,
        "received_at": asked.received_at,
        "due_on": asked.due_on,
    }


def _tables(unit: Unit, customer_id: CustomerId) -> list[Table]:
    sections = personal_data.sections(unit, customer_id)
    tree = directory.units(unit).units
    names = {
        "product": personal_data.product_names(unit, sorted(_ids(sections, "product_id"))),
        "unit": {each: tree[UnitId(each)].name for each in _ids(sections, "unit_id")},
    }
    return [_table(each, names) for each in sections]


def _ids(sections: Iterable[Section], column: str) -> set[str]:
    return {str(row[column]) for each in sections for row in each.rows if row.get(column)}


def _table(section: Section, names: Mapping[str, Mapping[str, str]]) -> Table:
    """Products and units are called by their names beside their numbers."""
    part, fed = section.part, section.fed
    columns, rows = dict(part.given), [dict(row) for row in section.rows]
    for key, label in _NAMED.items():
        if f"{key}_id" in columns:
            columns[f"{key}_name"] = label
            rows = [{**row, f"{key}_name": names[key].get(str(row[f"{key}_id"]))} for row in rows]
    told = {"name": fed.name, "as_of": fed.as_of, "arrived_at": fed.arrived_at} if fed else None
    return Table(part.table, part.title, columns, rows, told)


def _case(house: House, opened_at: datetime, case: Case) -> ToldCase:
    definition = house.processes.definition(case.process, case.version)
    story = case.data.get(definition.process.face.story or "")
    state = definition.states[case.state].label
    return ToldCase(case.case_id, definition.process.label, opened_at, state, str(story or ""))


def _decided(made: Made) -> Decided:
    shown = show_decision(made.decision, PERSON)
    question, decision = made.question, made.decision
    return Decided(
        made.number,
        question.offer.name,
        question.amount,
        question.day,
        decision.verdict.value,
        decision.rule_version,
        shown.reasons,
        shown.steps,
    )


def _reminders(unit: Unit, customer_id: CustomerId) -> tuple[Reminder, ...]:
    """What holds a fact that is kept back is not told at all."""
    found = [(each, redact(each.reason, PERSON)) for each in personal_data.findings(unit, customer_id)]
    return tuple(Reminder(each.label, each.data_day, why) for each, why in found if why is not None)
