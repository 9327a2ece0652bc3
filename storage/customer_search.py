"""Finding a customer by whatever somebody remembers, inside the caller's scope and nowhere else (design decisions
10, 13).

Names lie sealed, so a part of a name or its letters cost about 2.5 µs for each customer of the circle that is looked
through; whole names, mobiles, last four digits and customer numbers go by index.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from unicodedata import is_normalized

import sqlalchemy as sa

from domain.ids import CustomerId, UnitId
from domain.normalise import compact, normalise_name
from domain.pinyin import matches
from domain.policy import Purpose, Relation, Scope
from domain.refusal import Refused
from storage import schema, search_keys
from storage.circles import CIRCLES, FROZEN_BY, Circle, around, check
from storage.statement import Statement
from storage.unit import Unit
from storage.vault import VaultError

LOOKED_THROUGH = 20_000
TOO_MANY = "您能查的客户太多，不能按拼音或姓名的一部分查。请写完整的姓名、手机号、手机后四位或客户号。"
_AROUND = " 。.!！?？,，、;；:：~～…—-\"'()（）"
_SET_APART = re.compile(r"[\s+-]")
_BEGINS, _CONTAINS = 10, 11
_CUSTOMER = schema.customer.c

_FOUND = sa.select(_CUSTOMER.customer_id, _CUSTOMER.name, _CUSTOMER.unit_id, _CUSTOMER.birth_date, FROZEN_BY)
_CALLED = sa.or_(
    _CUSTOMER.customer_id.in_((sa.bindparam("typed"), sa.bindparam("lower"), sa.bindparam("upper"))),
    _CUSTOMER.name_index == sa.bindparam("name"),
)
# The keys that words of so many digits may be, any other words by their name.
_KEYS: Mapping[int, sa.ColumnElement[bool]] = {
    0: _CALLED,
    4: sa.or_(_CALLED, _CUSTOMER.mobile_tail_index == sa.bindparam("tail")),
    11: sa.or_(_CALLED, _CUSTOMER.mobile_index == sa.bindparam("mobile")),
}
_EACH = [circle for kind in CIRCLES.values() for circle in kind]
_BY_KEY = {(circle, size): circle.of(_FOUND.where(keys)) for circle in _EACH for size, keys in _KEYS.items()}
_CELLS = {
    (circle, column): circle.of(
        sa.select(_CUSTOMER.customer_id, _CUSTOMER[column].label("cell")).limit(sa.bindparam("most"))
    )
    for circle in _EACH
    for column in ("name", "pinyin")
}
_ONES = Statement(_FOUND.where(_CUSTOMER.customer_id.in_(sa.bindparam("ids", expanding=True))))

Rank = Callable[[str], int | None]


@dataclass(frozen=True)
class Hit:
    """A customer that was found; `rank` tells how near the query came (smaller is nearer)."""

    customer_id: CustomerId
    name: str
    unit_id: UnitId
    birth_date: date | None
    relation: Relation
    rank: int


def search(unit: Unit, scope: Scope, text: str, purpose: Purpose) -> list[Hit]:
    """Who may be meant: the nearest circle with a hit answers. Raises Refused where too many would be looked through.

    What lies outside the scope is never read, so it costs and answers the same as what does not exist.
    """
    typed = normalise_name(text).strip(_AROUND)
    found: list[Hit] = []
    asking = around(scope, unit.now)
    for circle in CIRCLES[scope.kind]:
        found = _search_in(unit, scope, circle, asking, typed) if typed else []
        if found:
            break
    detail = {"purpose": purpose.value, "hits": len(found), "post": scope.post, "policy": scope.policy}
    unit.audit("customer.search", "customer", detail, [hit.customer_id for hit in found])
    return found


def _search_in(unit: Unit, scope: Scope, circle: Circle, asking: Mapping[str, Any], typed: str) -> list[Hit]:
    """By index if that finds anybody, else by letters or a part of the name; digits are never part of a name."""
    size, keys = _keys(unit, typed)
    exact = unit.rows(_BY_KEY[circle, size], {**asking, **keys})
    if exact or _number(typed):
        return _ordered(_hit(unit, row, circle.relation, 0) for row in _going_on(unit, scope, circle, exact))
    ranks = _look_through(unit, circle, asking, compact(typed))
    rows = unit.rows(_ONES, {"ids": sorted(ranks)}) if ranks else ()
    going = _going_on(unit, scope, circle, rows)
    return _ordered(_hit(unit, row, circle.relation, ranks[row.customer_id]) for row in going)


def _going_on(unit: Unit, scope: Scope, circle: Circle, rows: Sequence[Any]) -> Sequence[Any]:
    """Those at whom what is being done does not stop; frozen ones are named nowhere, and where nobody else is meant,
    that is said (raises Refused).
    """
    going = [row for row in rows if row.frozen_by is None or not scope.rests] or rows
    for row in going:
        check(unit, scope, circle.relation, row.frozen_by)
    return going


def _number(typed: str) -> str:
    """Digits as people set them apart: 138-0000-1234, +86 138 0000 1234; nothing if there is anything else."""
    bare = _SET_APART.sub("", typed)
    return bare if bare.isdecimal() else ""


def _keys(unit: Unit, typed: str) -> tuple[int, Mapping[str, Any]]:
    """Which of `_KEYS` to look under, and what for."""
    vault, number = unit.vault, _number(typed)
    named = {
        "typed": typed,
        "lower": typed.lower(),
        "upper": typed.upper(),
        "name": search_keys.name_index(vault, typed),
    }
    if len(number) == 4:
        return 4, {**named, "tail": search_keys.tail_index(vault, number)}
    if len(number) in (11, 13):
        return 11, {**named, "mobile": search_keys.mobile_index(vault, number)}
    return 0, named


def _look_through(unit: Unit, circle: Circle, asking: Mapping[str, Any], query: str) -> dict[str, int]:
    """The customers of a circle that come nearest, by opening the one cell that the query is compared with."""
    column, rank = _comparison(query)
    rows = unit.rows(_CELLS[circle, column], {**asking, "most": LOOKED_THROUGH + 1})
    if len(rows) > LOOKED_THROUGH:
        raise Refused(TOO_MANY, reason="too many to look through")
    ranked = {key: near for key, plain in _opened(unit, column, rows) if (near := rank(plain)) is not None}
    nearest = min(ranked.values(), default=0)
    return {key: near for key, near in ranked.items() if near == nearest}


def _opened(unit: Unit, column: str, rows: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """One damaged cell must not stop the searches of a whole book: it is left out and on record."""
    damaged = []
    for key, cell in rows:
        try:
            yield key, unit.vault.open("customer", column, key, cell)
        except VaultError:
            damaged.append(key)
    if damaged:
        unit.audit("customer.unreadable", f"customer.{column}", {"count": len(damaged)}, damaged)


def _comparison(query: str) -> tuple[str, Rank]:
    """Letters are met with the readings of names, anything else with the names."""
    letters = query.replace("ü", "v")
    return ("pinyin", partial(_by_letters, letters)) if letters.isascii() else ("name", partial(_by_part, query))


def _by_letters(query: str, kept: str) -> int | None:
    """However a name is shortened, its first letter stays: that leaves out most names before they are read."""
    if not (kept.startswith(query[0]) or f"|{query[0]}" in kept):
        return None
    return matches(query, search_keys.read_pinyin(kept))


def _by_part(query: str, name: str) -> int | None:
    if query[0].isalnum() and query[0] not in name.lower() and is_normalized("NFKC", name):
        return None
    plain = compact(normalise_name(name))
    return (_BEGINS if plain.startswith(query) else _CONTAINS) if query in plain else None


def _hit(unit: Unit, row: Any, relation: Relation, rank: int) -> Hit:
    name = unit.vault.open("customer", "name", row.customer_id, row.name)
    unit.seen.add(row.customer_id)
    return Hit(CustomerId(row.customer_id), name, UnitId(row.unit_id), row.birth_date, relation, rank)


def _ordered(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (hit.rank, hit.name, hit.customer_id))
