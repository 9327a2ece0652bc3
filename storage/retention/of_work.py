"""What is kept of the work for customers: cases, visits with their photos, to-dos, findings."""

from typing import Any

import sqlalchemy as sa

from domain.retention.kinds import Kind, Start
from domain.todo import TodoState
from storage import schema
from storage.retention import held
from storage.retention.of_customers import about, ended, fed
from storage.retention.store import Along, Store, Truth

_VISIT, _PHOTO, _FILE = schema.visit.c, schema.photo.c, schema.case_file.c
_PARTS_OF_CASES = (schema.case_event, schema.case_person, schema.case_link)
_OF_VISIT = (
    sa.select(_VISIT.customer_id).where(_VISIT.id == _PHOTO.owner).correlate_except(schema.visit).scalar_subquery()
)
_OF_CASE = "{case}.%"  # photos of a case are owned by its events, whose names begin with its number


def of_work() -> tuple[Store, ...]:
    finding, todo = schema.finding.c, schema.todo.c
    past = schema.rows_of(schema.complaint_history).c
    over = todo.state.in_((TodoState.DONE.value, TodoState.CANCELLED.value))
    return (
        _cases(),
        *(Store(each, Kind.COMPLAINTS) for each in _PARTS_OF_CASES),
        fed(schema.complaint_history, Kind.COMPLAINTS, closed=past.closed_at),
        _photos(),
        _visits(),
        about(schema.todo, Kind.TODOS, {Start.CLOSED: todo.done_at}, over),
        about(schema.finding, Kind.CARE, {Start.HAPPENED: finding.found_at}),
    )


def _cases() -> Store:
    """A case goes whole: its events, its people, its links and its photos."""
    parts = [Along(each, each.c.case_id.in_) for each in _PARTS_OF_CASES]
    others = [Along(schema.case_link, schema.case_link.c.other_id.in_), Along(schema.photo, _photos_of)]
    begun, held_by = {Start.CLOSED: _FILE.moved_at}, held.by_case(_FILE.id, _FILE.customer_id)
    return Store(schema.case_file, Kind.COMPLAINTS, begun, held_by, _FILE.closed, {}, (*parts, *others))


def _photos_of(cases: list[Any]) -> Truth:
    return sa.or_(*(_PHOTO.owner.like(_OF_CASE.format(case=case)) for case in cases))


def _photos() -> Store:
    of_visits = sa.not_(_PHOTO.owner.like(_OF_CASE.format(case="%")))
    return Store(schema.photo, Kind.PHOTOS, {Start.HAPPENED: _PHOTO.sent_at}, held.by_customer(_OF_VISIT), of_visits)


def _visits() -> Store:
    begun = {Start.HAPPENED: _VISIT.at, Start.RELATION_ENDED: ended(_VISIT.customer_id)}
    photos = (Along(schema.photo, _PHOTO.owner.in_),)
    return Store(schema.visit, Kind.VISITS, begun, held.by_customer(_VISIT.customer_id), along=photos)
