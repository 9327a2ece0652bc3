"""What WeCom refuses, as a path into the card and a rule in Chinese."""

from typing import Any, NamedTuple

from pydantic import ValidationError

from domain.invalid import words

_RULES = {
    "missing": "必须填写",
    "extra_forbidden": "没有这个字段",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "string_pattern_mismatch": "格式不对, 须符合 {pattern}",
    "literal_error": "只能是 {expected}",
    "union_tag_not_found": "必须写 card_type",
    "union_tag_invalid": "没有这种卡片: {tag}",
    "tuple_type": "须是列表",
    "model_type": "须是对象",
}


class Problem(NamedTuple):
    """One rule broken at one place."""

    path: str
    rule: str

    def __str__(self) -> str:
        return f"{self.path}: {self.rule}" if self.path else self.rule


class CardLimit(ValueError):
    """WeCom would refuse this card."""

    def __init__(self, path: str, rule: str, *more: Problem) -> None:
        super().__init__("; ".join(str(problem) for problem in (Problem(path, rule), *more)))
        self.path, self.rule = path, rule
        self.problems = (Problem(path, rule), *more)

    @classmethod
    def of(cls, error: ValidationError) -> "CardLimit":
        found = [_problem(line) for line in error.errors(include_url=False)]
        first, *rest = [problem for problem in found if not _echo(problem, found)]
        return cls(first.path, first.rule, *rest)


def _problem(line: Any) -> Problem:
    return Problem(_path(line["loc"]), words(line, _RULES))


def _echo(problem: Problem, found: list[Problem]) -> bool:
    """A list whose entries are refused also counts as too short, which would mislead."""
    short = problem.rule.startswith("至少")
    return short and any(other.path.startswith(f"{problem.path}[") for other in found)


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for step in location:
        path = f"{path}[{step}]" if isinstance(step, int) else _join(path, step)
    return path


def _join(outer: str, inner: str) -> str:
    return ".".join(part for part in (outer, inner) if part)
