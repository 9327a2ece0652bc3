"""A table that is not complete, or laxer where it must be stricter, is refused with its place."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.pack import load_pack
from domain.pack_source import PackError
from domain.suitability.checks import suitability_faults
from domain.suitability.deciding import decide
from domain.suitability.words import Leave, Level, Rating, Regime, Verdict
from tests.domain.suitability.people import TABLE, TEXT, question, varied

LEVELS, RATINGS = list(Level), list(Rating)
NFRA7_C2 = "        C2: {R1: allow, R2: allow, R3: block, R4: block, R5: block}\n"
CSRC_C3 = "C3: {R1: allow, R2: allow, R3: allow, R4: written, R5: written}"


def problems(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(PackError) as caught:
        load_pack(text)
    return [(each.line, each.column, each.message) for each in caught.value.problems]


def test_the_shipped_table_is_right() -> None:
    assert list(suitability_faults(TABLE)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (NFRA7_C2, NFRA7_C2.replace("R3: block", "R3: allow"), "R3 高于 C2，不能写 allow"),
        (NFRA7_C2, NFRA7_C2.replace("R3: block", "R3: written"), "written（客户书面要求）只用于 CSRC，且 C1 永远不行"),
        (NFRA7_C2, NFRA7_C2.replace("R1: allow", "R1: block"), "C2 买 R2 比买 R1 还宽：风险更高的不能更宽"),
        (NFRA7_C2, NFRA7_C2.replace(", R4: block", ""), "缺少 R4"),
        (NFRA7_C2, "", "缺少 C2"),
        ("{units: [U2], from_day", "{from_day", "要写明停办什么"),
        ("until_day: 2026-11-30", "until_day: 2026-10-30", "停办的截止日早于开始日"),
        ("kinds: [fund], products: [P0001]", "kinds: [crypto]", "kinds 里没有“crypto”"),
        (CSRC_C3, CSRC_C3.replace("R3: allow, R4: written", "R3: block, R4: block"), "R3 对 C2 比对 C3 还宽"),
        ("percent: {C1: 0, C2: 0, C3: 10", "percent: {C1: 0, C2: 20, C3: 10", "C2 的占比比 C3 还高"),
        ("years: 65, percent: 50", "years: 65, percent: 80", "年纪更大的占比不能更高"),
        ("years: 0, percent: 70", "years: 1, percent: 70", "第一条要从 0 岁起"),
        ("C2: {up_to: R2,", "C2: {up_to: R3,", "C2 在 NFRA7 下买不了 R3，不能推荐"),
        ("kinds: [deposit, bond, wealth, fund]}", "kinds: [deposit, gold]}", "kinds 里没有“gold”"),
        ("    identity:\n      - {text: 更新证件, by: 客户本人}\n", "    identity: []\n", "缺少 identity"),
        ("papers: [deposit_terms]", "papers: [nothing]", "papers 里没有“nothing”"),
        ("qualification: fund\n", "qualification: none\n", "qualifications 里没有“none”"),
        ("spared: [assessment, shares]", "spared: [age, shares]", "免看年龄（age）的，要同时免测评"),
        ("rating: R4\n    percent", "rating: R1\n    percent", "R1 不能算高风险"),
        (
            "adult: {value: 18, effective_from: 2021-01-01",
            "adult: {value: 18, effective_from: 2031-01-01",
            "晚于整张表",
        ),
        ("value: 365, effective_from", "value: yes, effective_from", "应当是整数"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(old: str, new: str, said: str) -> None:
    assert old in TEXT
    found = problems(TEXT.replace(old, new, 1))
    (line, column) = next((line, column) for line, column, message in found if said in message)
    begins = TEXT.index(old)
    first = TEXT.count("\n", 0, begins) + 1
    assert first - 12 <= line <= first + old.count("\n") + 1
    assert column > 1


def test_the_place_of_a_cell_is_exact() -> None:
    broken = TEXT.replace(NFRA7_C2, NFRA7_C2.replace("R3: block", "R3: allow"), 1)
    line, column, _ = problems(broken)[0]
    assert broken.splitlines()[line - 1][column - 1 :].startswith("allow, R4: block")


matrices = st.fixed_dictionaries(
    {level: st.fixed_dictionaries(dict.fromkeys(RATINGS, st.sampled_from(list(Leave)))) for level in LEVELS}
)


def lax(matrix: Any) -> bool:
    """Whether the matrix is laxer somewhere than it may be, told cell by cell."""
    for row, level in enumerate(LEVELS):
        for column, rating in enumerate(RATINGS):
            leave = matrix[level][rating]
            if (leave is Leave.ALLOW and column > row) or (leave is Leave.WRITTEN and row == 0):
                return True
            riskier = [matrix[level][each] for each in RATINGS[column:]]
            bolder = [matrix[each][rating] for each in LEVELS[row:]]
            if any(each.rank > leave.rank for each in riskier) or any(each.rank < leave.rank for each in bolder):
                return True
    return False


def with_matrix(matrix: Any) -> Any:
    rules = varied(TABLE.regimes[Regime.CSRC], matrix=matrix)
    pools = {level: varied(pool, up_to=Rating.R1) for level, pool in TABLE.pools.items()}
    return varied(TABLE, regimes={**TABLE.regimes, Regime.CSRC: rules}, pools=pools)


@settings(max_examples=200)
@given(matrix=matrices)
def test_only_what_is_monotone_passes(matrix: Any) -> None:
    faults = [path for path, _ in suitability_faults(with_matrix(matrix)) if "pools" not in path]
    assert bool(faults) == lax(matrix)


@st.composite
def passing(draw: st.DrawFn) -> Any:
    """A matrix that is stricter than the shipped one, at random, and still monotone."""
    limits = sorted(draw(st.lists(st.integers(0, 5), min_size=5, max_size=5)))
    written = sorted(draw(st.lists(st.integers(0, 5), min_size=5, max_size=5)))

    def leave(row: int, column: int) -> Leave:
        if column < min(limits[row], row + 1):
            return Leave.ALLOW
        return Leave.WRITTEN if row and column < max(written[row], limits[row]) else Leave.BLOCK

    return {
        level: {rating: leave(row, column) for column, rating in enumerate(RATINGS)} for row, level in enumerate(LEVELS)
    }


@settings(max_examples=60)
@given(matrix=passing(), written=st.booleans())
def test_what_passes_decides_monotonely(matrix: Any, written: bool) -> None:
    table = with_matrix(matrix)
    assert [path for path, _ in suitability_faults(table) if "pools" not in path] == []
    asked = varied(question("常人", "基金R3", 1_000), written=written)

    def laxness(level: Level, rating: Rating) -> int:
        tests = tuple(varied(each, level=level.value) for each in asked.client.assessments)
        of = varied(asked.offer, rating=rating.value, issuer_rating=rating.value)
        decision = decide(varied(asked, client=varied(asked.client, assessments=tests), offer=of), table, 1)
        return list(Verdict).index(decision.verdict)

    grid = [[laxness(level, rating) for rating in RATINGS] for level in LEVELS]
    assert all(row == sorted(row, reverse=True) for row in grid)
    assert all(list(column) == sorted(column) for column in zip(*grid, strict=True))
