"""What a pack's care section must fulfil together: each rule once, each tier once, and only names a reason can know."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from domain.care.rules import KNOWS, Care, Rule, SilenceRule
from domain.pack_checks import Fault, Path
from domain.texts import names_in


def care_faults(care: Care) -> Iterator[Fault]:
    """Everything wrong in the section; paths begin at the pack."""
    seen: set[str] = set()
    for index, rule in enumerate(care.rules):
        path = ("care", "rules", index)
        if rule.id in seen:
            yield (*path, "id"), f"规则“{rule.id}”重复了"
        seen.add(rule.id)
        yield from _tier_faults(rule, path)
        yield from _reason_faults(rule, path)


def _tier_faults(rule: Rule, path: Path) -> Iterator[Fault]:
    name, numbers = ("days", rule.days) if isinstance(rule, SilenceRule) else ("amounts", rule.amounts)
    named = Counter(chain.from_iterable(number.tiers for number in numbers))
    for tier in (tier for tier, times in named.items() if times > 1):
        yield (*path, name), f"“{tier}”写了两次，只能有一个数"


def _reason_faults(rule: Rule, path: Path) -> Iterator[Fault]:
    try:
        unknown = names_in(rule.reason) - KNOWS[rule.watches]
    except ValueError as error:
        yield (*path, "reason"), str(error)
        return
    if unknown:
        known = "、".join(sorted(KNOWS[rule.watches]))
        yield (*path, "reason"), f"不认识的名字：{'、'.join(sorted(unknown))}；可用：{known}"
