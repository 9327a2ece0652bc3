"""The format as data against the contract's own words and against the tables that keep it."""

import re

import pytest
import sqlalchemy as sa

from storage.imports.format import FILES, FileSpec, Kind
from storage.imports.tables import DERIVED, HOUSE, STAMPS, VIEWS, column_of

# Copied from the contract: S snapshot, A append; columns after the semicolon are optional.
CONTRACT = """
org_units S unit_id, name, kind, parent_id
staff S userid, name, posts, unit_id, leader_userid, mobile, status; qualifications
customers S customer_id, name, gender, birth_date, birth_lunar, id_type, id_number, id_expiry, mobile, address, \
occupation, opened_on, rm_userid, unit_id, kyc_risk, kyc_due, marketing_consent, contact_preference; \
investor_class, annual_income, liquid_assets, horizon_days, frozen, sanctioned, collections
service_team S customer_id, userid, role, from, until
risk_assessments A customer_id, level, assessed_on, valid_until, channel; regime
products S product_id, name, kind, regime, risk, min_amount, term_days, on_sale_from, on_sale_until; \
issuer_risk, qualified_only, currency
product_nav A product_id, day, nav
accounts S account_id, customer_id, kind, opened_on, closed_on, balance; currency
holdings S holding_id, customer_id, product_id, amount, cost, opened_on, matures_on
transactions A txn_id, customer_id, booked_at, amount, kind, channel, counterparty, customer_initiated; \
account_id, balance_after
aum_daily A customer_id, day, aum
loans S loan_id, customer_id, kind, principal, balance, rate, opened_on, matures_on, next_due_on, next_due_amount, \
days_overdue, application_state; classification
interactions A interaction_id, customer_id, at, channel, direction, kind, by_userid, summary, satisfaction; reached
complaints A complaint_id, customer_id, received_at, channel_code, business_code, cause_code, summary, closed_at, \
outcome
relations S customer_id, other_customer_id, kind
touchpoints A customer_id, at, channel, page, product_id, dwell_seconds
"""
LINES = [line.split(" ", 2) for line in CONTRACT.strip().splitlines()]
BY_NAME = {spec.name: spec for spec in FILES}


def test_there_is_no_other_file() -> None:
    assert {name for name, _, _ in LINES} == set(BY_NAME)


@pytest.mark.parametrize(("name", "kind", "columns"), LINES)
def test_columns_are_those_of_the_contract(name: str, kind: str, columns: str) -> None:
    spec = BY_NAME[name]
    required, _, optional = columns.partition(";")
    assert [column.name for column in spec.columns if not column.optional] == re.findall(r"\w+", required)
    assert [column.name for column in spec.columns if column.optional] == re.findall(r"\w+", optional)
    assert spec.kind is {"S": Kind.SNAPSHOT, "A": Kind.APPEND}[kind]


@pytest.mark.parametrize("spec", FILES, ids=lambda spec: spec.name)
def test_a_file_comes_after_what_it_refers_to(spec: FileSpec) -> None:
    order = [each.name for each in FILES]
    assert all(order.index(target) <= order.index(spec.name) for target in spec.refers)


@pytest.mark.parametrize("spec", FILES, ids=lambda spec: spec.name)
def test_every_column_of_a_feed_table_has_one_owner(spec: FileSpec) -> None:
    table = VIEWS[spec.name]
    feeds = {column_of(spec, name).name for name in spec.kept}
    derived = {column.name for column in table.columns if column.name.endswith("_index")} | {"pinyin"}
    house = HOUSE.get(table.name, frozenset())
    rest = {column.name for column in table.columns} - feeds - STAMPS - house
    assert rest == (rest & derived if spec.name in DERIVED else set())
    assert not feeds & house


@pytest.mark.parametrize("spec", FILES, ids=lambda spec: spec.name)
def test_keys_are_the_tables_keys_and_empty_cells_have_room(spec: FileSpec) -> None:
    table = VIEWS[spec.name]
    assert {column_of(spec, name).name for name in spec.key} == {column.name for column in table.primary_key.columns}
    for column in spec.columns:
        target: sa.Column[object] = column_of(spec, column.name)
        filled = column.default or target.name in ("posts", "qualifications")
        assert target.nullable or not column.empty or filled, column.name
