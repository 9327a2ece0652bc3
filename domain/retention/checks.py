"""What a table of kinds must fulfil: complete, with the clock and the end that the kind knows, never below the law."""

from collections.abc import Iterator

from domain.pack_checks import Fault, Path
from domain.retention.kinds import TERMS, Kind, Terms
from domain.retention.period import Period
from domain.retention.table import Retention, Rule

ROOT: Path = ("retention", "kinds")


def retention_faults(table: Retention) -> Iterator[Fault]:
    """Everything wrong in the section; paths begin at the pack."""
    named = [rule.kind for rule in table.kinds]
    if missing := [kind.value for kind in Kind if kind not in named]:
        yield ROOT, f"缺少 {'、'.join(missing)}：每种数据都要写明保留多久"
    for index, rule in enumerate(table.kinds):
        path = (*ROOT, index)
        if rule.kind in named[:index]:
            yield (*path, "kind"), f"{rule.kind.value} 写了两次"
        yield from _rule_faults(rule, TERMS[rule.kind], path)
    yield from _photo_faults(table)


def _rule_faults(rule: Rule, terms: Terms, path: Path) -> Iterator[Fault]:
    if rule.end not in terms.ends:
        yield (*path, "end"), f"“{rule.label}”到期只能是 {_words(terms.ends)}"
    if rule.unasked and not terms.may_go_unasked:
        yield (*path, "unasked"), f"“{rule.label}”要有人看过才能删，不能写 unasked"
    if rule.stays:
        if rule.starts or rule.period != Period():
            yield path, f"“{rule.label}”一直保留，不写 starts 和年、月、日"
        return
    if rule.starts not in terms.starts:
        yield (*path, "starts"), f"“{rule.label}”的起算点要写 {_words(terms.starts)}"
    if sum(map(bool, (rule.years, rule.months, rule.days))) != 1:
        yield path, f"“{rule.label}”要在 years、months、days 里写一个"
    elif terms.law and not rule.period.covers(terms.law.period):
        told = f"“{rule.label}”写了 {rule.period}，短于法定的 {terms.law.period}（{terms.law.source}），不能更短"
        yield path, told


def _photo_faults(table: Retention) -> Iterator[Fault]:
    """A visit takes its photos along when it goes."""
    photos, visits = ([rule for rule in table.kinds if rule.kind is kind] for kind in (Kind.PHOTOS, Kind.VISITS))
    if photos and visits and not visits[0].period.covers(photos[0].period):
        yield (*ROOT, table.kinds.index(photos[0])), "照片不能比拜访记录留得更久：拜访删除时照片一起删除"


def _words(allowed: frozenset[str]) -> str:
    return " 或 ".join(sorted(allowed))
