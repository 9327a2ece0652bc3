"""Where each feed file is kept: its table, the columns it owns there, and how a row is sealed and opened again.

Field ownership: a feed writes the columns of its own file and what is derived from them here, and nothing else.
Any other column of a table belongs to the house and survives every import, and so does every row entered in the chat.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from storage import schema, search_keys
from storage.imports.checks import Value
from storage.imports.format import FILES, FileSpec
from storage.schema.base import Sealed
from storage.vault import Vault

Values = dict[str, Value]
Key = tuple[Value, ...]

VIEWS: Mapping[str, sa.Table] = {
    "org_units": schema.org_unit,
    "staff": schema.staff,
    "customers": schema.customer,
    "service_team": schema.service_team,
    "risk_assessments": schema.risk_assessment,
    "products": schema.product,
    "product_nav": schema.product_nav,
    "accounts": schema.account,
    "holdings": schema.holding,
    "transactions": schema.txn,
    "aum_daily": schema.aum_daily,
    "loans": schema.loan,
    "interactions": schema.interaction,
    "complaints": schema.complaint_history,
    "relations": schema.relation,
    "touchpoints": schema.touchpoint,
}
TABLES: Mapping[str, sa.Table] = {name: schema.rows_of(view) for name, view in VIEWS.items()}
# `from` and `until` are words of SQL.
_RENAMED = {("service_team", "from"): "from_day", ("service_team", "until"): "until_day"}
# Columns of a feed table that no feed writes.
HOUSE: Mapping[str, frozenset[str]] = {"interaction": frozenset({"origin"})}
STAMPS = frozenset({"as_of", "arrived_at", "source", "closed_as_of", "digest", "since", "until"})


def column_of(spec: FileSpec, name: str) -> sa.Column[Any]:
    """The database column that keeps the file's column `name`."""
    return VIEWS[spec.name].c[_RENAMED.get((spec.name, name), name)]


@cache
def _cells(name: str) -> tuple[tuple[str, str, bool], ...]:
    """For each value of a row of file `name`: its name, its database column, and whether that keeps ciphertext."""
    spec = next(spec for spec in FILES if spec.name == name)
    targets = [column_of(spec, value) for value in spec.kept]
    sealed = [isinstance(target.type, Sealed) for target in targets]
    return tuple(zip(spec.kept, [target.name for target in targets], sealed, strict=True))


def sealed_cells(name: str) -> list[tuple[str, str]]:
    """The values of file `name` that are kept as ciphertext, each with its column."""
    return [(value, target) for value, target, is_sealed in _cells(name) if is_sealed]


def key_of(spec: FileSpec, values: Mapping[str, Value]) -> Key:
    """What tells this row from every other of the file."""
    return tuple(values[name] for name in spec.key)


def row_name(key: Key) -> str:
    """What a sealed cell is bound to: the row's key as text."""
    return "|".join(str(part) for part in key)


def stored(spec: FileSpec, values: Values, vault: Vault) -> dict[str, Any]:
    """The row as the database keeps it: sealed cells, blind indexes and derived columns included."""
    row, table = row_name(key_of(spec, values)), schema.read_as(TABLES[spec.name])
    kept = {target: values[name] for name, target, _ in _cells(spec.name)}
    sealed = {
        target: vault.seal(table, target, row, str(values[name]))
        for name, target, is_sealed in _cells(spec.name)
        if is_sealed and values[name] is not None
    }
    return kept | sealed | DERIVED.get(spec.name, _nothing)(values, vault)


def opened(spec: FileSpec, row: sa.RowMapping, vault: Vault) -> Values:
    """The values that the file would show for a stored row."""
    values: Values = {name: row[target] for name, target, _ in _cells(spec.name)}
    key, table = row_name(key_of(spec, values)), schema.read_as(TABLES[spec.name])
    for name, target, is_sealed in _cells(spec.name):
        if is_sealed:
            values[name] = vault.open_optional(table, target, key, row[target])
    return values


def _nothing(values: Values, vault: Vault) -> dict[str, Any]:
    return {}


def _customer(values: Values, vault: Vault) -> dict[str, Any]:
    name, mobile, number = str(values["name"]), values["mobile"], values["id_number"]
    pinyin = search_keys.pinyin(name)
    return {
        "name_index": search_keys.name_index(vault, name),
        "pinyin": vault.seal("customer", "pinyin", str(values["customer_id"]), pinyin),
        "mobile_index": mobile and search_keys.mobile_index(vault, str(mobile)),
        "mobile_tail_index": mobile and search_keys.tail_index(vault, str(mobile)),
        "id_number_index": number and search_keys.id_number_index(vault, str(number)),
    }


def _staff(values: Values, vault: Vault) -> dict[str, Any]:
    return {"name_index": search_keys.staff_index(vault, str(values["name"]))}


def _interaction(values: Values, vault: Vault) -> dict[str, Any]:
    return {"origin": "feed"}


DERIVED: Mapping[str, Callable[[Values, Vault], dict[str, Any]]] = {
    "customers": _customer,
    "interactions": _interaction,
    "staff": _staff,
}
