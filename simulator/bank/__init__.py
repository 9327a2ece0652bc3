"""A synthetic bank: seeded files of the import format, with planted truths to judge rules by."""

from simulator.bank.sample import SampleReport, write_sample

__all__ = ["SampleReport", "write_sample"]
