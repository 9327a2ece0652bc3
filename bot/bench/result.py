"""One measured row: subject, floor, target, and whether it was met; for people and as a line of JSON."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

HEADINGS = ("行", "测什么", "实测", "对照", "比值", "目标", "结论")
PASS, FAIL, REPORTED = "达标", "未达标", "只报告"


@dataclass(frozen=True)
class Target:
    """A bound on the ratio (or on the value where there is no floor); `gated` False is reported only."""

    text: str
    at_least: float | None = None
    at_most: float | None = None
    gated: bool = True

    def verdict(self, value: float) -> str:
        if not self.gated:
            return REPORTED
        met = (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)
        return PASS if met else FAIL


def at_least(bound: float) -> Target:
    return Target(f"≥ {bound:g}", at_least=bound)


def at_most(bound: float, unit: str = "", *, gated: bool = True) -> Target:
    return Target(f"≤ {bound:g}{unit}", at_most=bound, gated=gated)


@dataclass(frozen=True)
class Result:
    """`subject` and `floor` are in `unit`; without a floor the target bounds the subject itself."""

    row: int
    title: str
    unit: str
    subject: float
    floor: float | None
    target: Target
    detail: Mapping[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return None if self.floor is None else self.subject / self.floor

    @property
    def verdict(self) -> str:
        return self.target.verdict(self.subject if self.ratio is None else self.ratio)

    def cells(self) -> tuple[str, ...]:
        """The row as people read it."""
        floor = "–" if self.floor is None else f"{_short(self.floor)} {self.unit}"
        ratio = "–" if self.ratio is None else f"{self.ratio:.2f}"
        subject = f"{_short(self.subject)} {self.unit}"
        return str(self.row), self.title, subject, floor, ratio, self.target.text, self.verdict

    def line(self) -> str:
        """The row as one line of JSON."""
        whole: dict[str, Any] = asdict(self) | {"ratio": self.ratio, "cells": self.cells()}
        return json.dumps(whole, ensure_ascii=False)


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which `share` of all lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _short(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3g}"
