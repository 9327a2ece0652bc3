"""Writes one synthetic bank: organisation first, then customers in partitions that each stand on their own seed."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from simulator.bank.aum import write_aum
from simulator.bank.contact import write_complaints, write_interactions, write_touchpoints
from simulator.bank.files import Files
from simulator.bank.frame import LEAST, MOST, PARTITION, Frame, PresetName
from simulator.bank.identity import write_assessments, write_customers, write_relations, write_team
from simulator.bank.ledger import draw_entries, joined, write_entries
from simulator.bank.loans import draw_loans, write_loans
from simulator.bank.org import Org, plan_org, write_org
from simulator.bank.people import draw_people, seat_cast
from simulator.bank.planting import plant
from simulator.bank.products import Shelf, stock_shelf, write_shelf
from simulator.bank.seizing import draw_seizing, write_seizing
from simulator.bank.wealth import draw_holdings, write_wealth


@dataclass(frozen=True)
class SampleReport:
    """Rows written to each file, by file name, and the seconds it took."""

    rows: Mapping[str, int]
    seconds: float


def write_sample(folder: Path, *, customers: int, seed: int, as_of: date, preset: PresetName) -> SampleReport:
    """Write every file of the import format and `truth.jsonl`; the same arguments give the same bytes.

    Raises ValueError, in Chinese, for a number of customers outside 50–1 000 000.
    """
    if not LEAST <= customers <= MOST:
        raise ValueError(f"客户数 {customers} 超出范围，请填 {LEAST} 到 {MOST} 之间的整数")
    began = time.perf_counter()
    frame = Frame(customers, seed, as_of, preset)
    org, shelf = plan_org(frame.managers, frame.rng(0, 1)), stock_shelf(frame.rng(0, 2))
    with Files(folder) as files:
        write_org(files, org, as_of)
        write_shelf(files, shelf, as_of, frame.rng(0, 3))
        for partition in range(-(-customers // PARTITION)):
            _write_partition(files, frame, org, shelf, partition)
    return SampleReport(dict(files.rows), time.perf_counter() - began)


def _write_partition(files: Files, frame: Frame, org: Org, shelf: Shelf, partition: int) -> None:
    first = partition * PARTITION
    index = np.arange(first, min(first + PARTITION, frame.customers), dtype=np.int64)
    rng = frame.rng(1, partition)
    people = draw_people(frame, org, partition, index, rng)
    if partition == 0:
        seat_cast(people, org)
    links = plant(people, partition == 0, org.outlets, frame.as_of, rng)
    overdue, wealth = draw_loans(people, rng), draw_holdings(people, shelf, rng)
    entries = draw_entries(frame, people, wealth, rng)
    seizing = draw_seizing(frame, people, wealth, entries, frame.rng(2, partition))
    entries = joined([entries, seizing.entries()]).sorted()
    write_customers(files, frame, org, people, overdue, rng)
    write_team(files, frame, org, people)
    write_relations(files, people, links)
    write_assessments(files, frame, people, rng)
    write_wealth(files, frame, people, shelf, wealth)
    write_seizing(files, frame, people, shelf, len(wealth.owner), seizing)
    write_loans(files, frame, people, overdue, rng)
    write_entries(files, frame, people, wealth, entries)
    write_aum(files, frame, people, wealth, entries, rng)
    write_interactions(files, frame, org, people, rng)
    write_touchpoints(files, frame, people, shelf.ids, rng)
    write_complaints(files, frame, people, rng)
