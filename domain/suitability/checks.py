"""What a table must fulfil before it may decide: complete, never laxer for a more conservative class or a riskier
product, and resting on numbers that are in force.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from domain.customer import KIND_NAMES
from domain.pack_checks import Fault, Path
from domain.suitability.table import Matrix, Table
from domain.suitability.words import Leave, Level, Rating, Regime, Spared, Trigger

ROOT: Path = ("suitability",)
WRITTEN_UNDER = Regime.CSRC
"""The only regime that knows a client's own request above their class; the lowest class never."""


def suitability_faults(table: Table) -> Iterator[Fault]:
    """Everything wrong in the section; paths begin at the pack."""
    yield from _complete(table.regimes, Regime, (*ROOT, "regimes"))
    for regime, rules in table.regimes.items():
        path = (*ROOT, "regimes", regime, "matrix")
        yield from _matrix_faults(rules.matrix, regime, path)
        for place, source in enumerate(rules.assessments):
            if source not in table.valid_days:
                yield (*ROOT, "regimes", regime, "assessments", place), f"valid_days 里没有 {source} 的有效期"
    yield from _kind_faults(table)
    yield from _share_faults(table)
    yield from _step_faults(table)
    yield from _pool_faults(table)
    yield from _halt_faults(table)
    for path, label, part in table.sourced():
        if part.effective_from > table.effective_from:
            yield (*ROOT, *path, "effective_from"), f"“{label}”晚于整张表的生效日，表生效时它还不能用"


def _complete(there: Iterable[str], wanted: Iterable[str], path: Path) -> Iterator[Fault]:
    held = set(there)
    missing = [str(word) for word in wanted if word not in held]
    if missing:
        yield path, f"缺少 {'、'.join(missing)}"


def _matrix_faults(matrix: Matrix, regime: Regime, path: Path) -> Iterator[Fault]:
    yield from _complete(matrix, Level, path)
    for level, row in matrix.items():
        yield from _complete(row, Rating, (*path, level))
        for rating, leave in row.items():
            yield from _cell_faults(level, rating, leave, regime, (*path, level, rating))
        for safer, riskier in pairwise(sorted(row, key=lambda rating: rating.rank)):
            if row[riskier].rank > row[safer].rank:
                yield (*path, level, riskier), f"{level} 买 {riskier} 比买 {safer} 还宽：风险更高的不能更宽"
    for lower, higher in pairwise(sorted(matrix, key=lambda level: level.rank)):
        for rating in matrix[lower]:
            if rating in matrix[higher] and matrix[lower][rating].rank > matrix[higher][rating].rank:
                yield (*path, lower, rating), f"{rating} 对 {lower} 比对 {higher} 还宽：更保守的客户不能更宽"


def _cell_faults(level: Level, rating: Rating, leave: Leave, regime: Regime, path: Path) -> Iterator[Fault]:
    if leave is Leave.ALLOW and rating.rank > level.rank:
        yield path, f"{rating} 高于 {level}，不能写 allow"
    if leave is Leave.WRITTEN and (regime is not WRITTEN_UNDER or level is Level.C1):
        yield path, f"written（客户书面要求）只用于 {WRITTEN_UNDER}，且 {Level.C1} 永远不行"


def _kind_faults(table: Table) -> Iterator[Fault]:
    yield from _complete(table.kinds, KIND_NAMES, (*ROOT, "kinds"))
    for kind, rules in table.kinds.items():
        path = (*ROOT, "kinds", kind)
        if rules.qualification is not None and rules.qualification not in table.qualifications:
            yield (*path, "qualification"), f"qualifications 里没有“{rules.qualification}”"
        if Spared.AGE in rules.spared and not {Spared.ASSESSMENT, Spared.MEANS} <= set(rules.spared):
            yield (
                (*path, "spared"),
                "免看年龄（age）的，要同时免测评（assessment）和资金匹配（means），那两项都要看年龄",
            )
        for place, paper in enumerate(rules.papers):
            if paper not in table.papers:
                yield (*path, "papers", place), f"papers 里没有“{paper}”"
    yield from _known(table.first.kinds, table.kinds, (*ROOT, "first", "kinds"))


def _known(kinds: Sequence[str], there: Iterable[str], path: Path) -> Iterator[Fault]:
    held = set(there)
    for place, kind in enumerate(kinds):
        if kind not in held:
            yield (*path, place), f"kinds 里没有“{kind}”"


def _share_faults(table: Table) -> Iterator[Fault]:
    path = (*ROOT, "risky", "percent")
    yield from _complete(table.risky.percent, Level, path)
    for lower, higher in pairwise(sorted(table.risky.percent, key=lambda level: level.rank)):
        if table.risky.percent[lower] > table.risky.percent[higher]:
            yield (*path, lower), f"{lower} 的占比比 {higher} 还高：更保守的客户不能更宽"
    if table.risky.rating is Rating.R1:
        yield (*ROOT, "risky", "rating"), "R1 不能算高风险"
    if table.means[0].years != 0:
        yield (*ROOT, "means", 0, "years"), "第一条要从 0 岁起，否则有人没有上限"
    for place, (younger, older) in enumerate(pairwise(table.means), 1):
        if older.years <= younger.years or older.percent > younger.percent:
            yield (*ROOT, "means", place), "要按年龄从小到大写，年纪更大的占比不能更高"


def _halt_faults(table: Table) -> Iterator[Fault]:
    for place, halt in enumerate(table.halts):
        path = (*ROOT, "halts", place)
        if not (halt.products or halt.kinds or halt.units):
            yield path, "要写明停办什么：products、kinds、units 至少一项"
        if halt.until_day < halt.from_day:
            yield (*path, "until_day"), "停办的截止日早于开始日"
        yield from _known(halt.kinds, table.kinds, (*path, "kinds"))


def _step_faults(table: Table) -> Iterator[Fault]:
    yield from _complete((trigger for trigger, steps in table.steps.items() if steps), Trigger, (*ROOT, "steps"))
    for trigger, steps in table.steps.items():
        for place, step in enumerate(steps):
            if step.paper is not None and step.paper not in table.papers:
                yield (*ROOT, "steps", trigger, place, "paper"), f"papers 里没有“{step.paper}”"


def _pool_faults(table: Table) -> Iterator[Fault]:
    path = (*ROOT, "pools")
    yield from _complete(table.pools, Level, path)
    for level, pool in table.pools.items():
        yield from _known(pool.kinds, table.kinds, (*path, level, "kinds"))
        for regime, rules in table.regimes.items():
            if rules.matrix.get(level, {}).get(pool.up_to) is not Leave.ALLOW:
                yield (*path, level, "up_to"), f"{level} 在 {regime} 下买不了 {pool.up_to}，不能推荐"
                break
