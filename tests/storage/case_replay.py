"""Whether a case is exactly what its stored events and facts make of it."""

from domain.ids import CaseId
from domain.process.advance import Advanced, advance
from domain.process.case import Case
from domain.process.library import Library
from storage import cases
from storage.unit import Unit


def assert_replays(unit: Unit, processes: Library, case_id: CaseId) -> None:
    """The events are 1..revision without gap or double; played again from the empty case, they give the stored one."""
    stored, records = cases.load_case(unit, case_id), cases.records(unit, case_id)
    assert stored is not None
    assert [record.revision for record in records] == list(range(1, stored.revision + 1)), case_id
    definition = processes.definition(stored.process, stored.version)
    case = Case(case_id, stored.process, stored.version, definition.initial, customer=stored.customer, unit=stored.unit)
    for record in records:
        result = advance(definition, case, record.event, record.facts, record.at)
        assert isinstance(result, Advanced), (case_id, record.revision, result)
        assert result.events == record.happenings, (case_id, record.revision)
        case = result.case
    assert case == stored, case_id
    told = [each.detail for record in records for each in record.happenings if each.kind == "escalated"]
    levels = [(each["deadline"], each["level"]) for each in told]
    assert len(levels) == len(set(levels)) or any(_starts_again(record.event) for record in records), (case_id, levels)


def _starts_again(event: object) -> bool:
    return getattr(event, "action", "") in ("reopen", "object") or getattr(event, "agree", None) is False
