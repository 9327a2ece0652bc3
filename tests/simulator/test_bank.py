"""The synthetic bank keeps the import contract and resolves every reference."""

import csv
import hashlib
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from simulator.bank import SampleReport, write_sample

AS_OF = date(2026, 11, 20)
Rows = dict[str, list[dict[str, str]]]

REQUIRED = {
    "org_units": "unit_id name kind parent_id",
    "staff": "userid name posts unit_id leader_userid mobile status",
    "customers": "customer_id name gender birth_date birth_lunar id_type id_number id_expiry mobile address occupation"
    " opened_on rm_userid unit_id kyc_risk kyc_due marketing_consent contact_preference",
    "service_team": "customer_id userid role from until",
    "risk_assessments": "customer_id level assessed_on valid_until channel",
    "products": "product_id name kind regime risk min_amount term_days on_sale_from on_sale_until",
    "product_nav": "product_id day nav",
    "accounts": "account_id customer_id kind opened_on closed_on balance",
    "holdings": "holding_id customer_id product_id amount cost opened_on matures_on",
    "transactions": "txn_id customer_id booked_at amount kind channel counterparty customer_initiated",
    "aum_daily": "customer_id day aum",
    "loans": "loan_id customer_id kind principal balance rate opened_on matures_on next_due_on next_due_amount"
    " days_overdue application_state",
    "interactions": "interaction_id customer_id at channel direction kind by_userid summary satisfaction",
    "complaints": (
        "complaint_id customer_id received_at channel_code business_code cause_code summary closed_at outcome"
    ),
    "relations": "customer_id other_customer_id kind",
    "touchpoints": "customer_id at channel page product_id dwell_seconds",
}
OPTIONAL = {
    "staff": "qualifications",
    "customers": "investor_class annual_income liquid_assets horizon_days frozen sanctioned collections",
    "risk_assessments": "regime",
    "products": "issuer_risk qualified_only currency",
    "accounts": "currency",
    "transactions": "account_id balance_after",
    "loans": "classification",
    "interactions": "reached",
}
_MAY_BE_EMPTY = (
    "parent_id leader_userid mobile birth_lunar rm_userid id_number kyc_due closed_on closed_at outcome matures_on"
    " term_days on_sale_until opened_on until satisfaction product_id qualifications annual_income liquid_assets"
)
MAY_BE_EMPTY = set(_MAY_BE_EMPTY.split())
KEYS = {
    "org_units": "unit_id", "staff": "userid", "customers": "customer_id",
    "service_team": "customer_id userid role from",
    "risk_assessments": "customer_id assessed_on", "products": "product_id", "product_nav": "product_id day",
    "accounts": "account_id", "holdings": "holding_id", "transactions": "txn_id", "aum_daily": "customer_id day",
    "loans": "loan_id", "interactions": "interaction_id", "complaints": "complaint_id",
    "relations": "customer_id other_customer_id kind", "touchpoints": "customer_id at",
}  # fmt: skip
_DAYS = (
    "birth_date id_expiry opened_on kyc_due from until assessed_on valid_until on_sale_from on_sale_until day"
    " closed_on matures_on next_due_on"
)
DAYS = set(_DAYS.split())
TIMES = {"booked_at", "at", "received_at", "closed_at"}
_AMOUNTS = "annual_income liquid_assets min_amount balance amount cost balance_after aum principal next_due_amount"
AMOUNTS = set(_AMOUNTS.split())
WORDS = {
    ("org_units", "kind"): "head_office branch sub_branch outlet department",
    ("staff", "status"): "active left",
    ("customers", "gender"): "男 女 未知",
    ("customers", "id_type"): "居民身份证 护照 港澳居民来往内地通行证 台湾居民来往大陆通行证 外国人永久居留身份证 其他",
    ("customers", "kyc_risk"): "低 较低 中 较高 高",
    ("customers", "marketing_consent"): "0 1",
    ("customers", "frozen"): "0 1",
    ("customers", "sanctioned"): "0 1",
    ("customers", "collections"): "0 1",
    ("risk_assessments", "level"): "C1 C2 C3 C4 C5",
    ("risk_assessments", "regime"): "bank fund securities",
    ("products", "kind"): "deposit wealth fund insurance trust metal bond",
    ("products", "regime"): "NFRA7 CSRC INSURANCE NONE",
    ("products", "risk"): "R1 R2 R3 R4 R5",
    ("products", "issuer_risk"): "R1 R2 R3 R4 R5",
    ("products", "qualified_only"): "0 1",
    ("transactions", "counterparty"): "own same_name other",
    ("transactions", "customer_initiated"): "0 1",
    ("loans", "classification"): "正常 关注 次级 可疑 损失",
    ("interactions", "direction"): "in out both",
    ("interactions", "reached"): "0 1",
}
_POSTS = (
    "客户经理 私行经理 理财顾问 客服坐席 主管 支行行长 分行行长 消保岗 投诉管理岗 总行分管高管 合规岗 反洗钱岗 风控专员"
    " 催收岗 产品岗 数据安全岗 审计员 业务管理员 系统管理员 安全管理员"
)
POSTS = set(_POSTS.split())
REFERENCES = {
    "customer_id": ("customers", "customer_id"), "other_customer_id": ("customers", "customer_id"),
    "product_id": ("products", "product_id"), "unit_id": ("org_units", "unit_id"),
    "parent_id": ("org_units", "unit_id"),
    "userid": ("staff", "userid"), "rm_userid": ("staff", "userid"), "by_userid": ("staff", "userid"),
    "leader_userid": ("staff", "userid"), "account_id": ("accounts", "account_id"),
}  # fmt: skip


@pytest.fixture(scope="module", params=[("rm_book", 2_000), ("bank_base", 600)], ids=["rm_book", "bank_base"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SampleReport]:
    preset, customers = request.param
    folder = tmp_path_factory.mktemp(preset)
    return folder, write_sample(folder, customers=customers, seed=11, as_of=AS_OF, preset=preset)


@pytest.fixture(scope="module")
def rows(sample: tuple[Path, SampleReport]) -> Rows:
    found = {}
    for name in REQUIRED:
        with (sample[0] / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            found[name] = list(csv.DictReader(stream, strict=True))
    return found


@pytest.mark.parametrize("name", REQUIRED)
def test_headers_are_the_contract(sample: tuple[Path, SampleReport], rows: Rows, name: str) -> None:
    content = (sample[0] / f"{name}.csv").read_bytes()
    header = content.split(b"\n", 1)[0].decode().split(",")
    assert header == REQUIRED[name].split() + OPTIONAL.get(name, "").split()
    assert b"\r" not in content
    assert sample[1].rows[f"{name}.csv"] == len(rows[name]) > 0


@pytest.mark.parametrize("name", REQUIRED)
def test_every_cell_has_its_form(rows: Rows, name: str) -> None:
    for column in rows[name][0]:
        cells = {row[column] for row in rows[name]}
        if column not in MAY_BE_EMPTY:
            assert "" not in cells, column
        wrong = [cell for cell in cells - {""} if not _well_formed(name, column, cell)]
        assert wrong == [], column


def _well_formed(name: str, column: str, cell: str) -> bool:
    if (name, column) in WORDS:
        return cell in WORDS[name, column].split()
    if column in AMOUNTS:
        return re.fullmatch(r"-?(0|[1-9]\d*)\.\d\d", cell) is not None
    if column in DAYS:
        return date.fromisoformat(cell).isoformat() == cell
    if column in TIMES:
        return datetime.fromisoformat(cell).isoformat() == cell and cell.endswith("+08:00")
    if column == "birth_lunar":
        return re.fullmatch(r"L?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|30)", cell) is not None
    return column != "posts" or set(cell.split("|")) <= POSTS


@pytest.mark.parametrize("name", KEYS)
def test_keys_are_unique(rows: Rows, name: str) -> None:
    columns = KEYS[name].split()
    keys = Counter(tuple(row[column] for column in columns) for row in rows[name])
    assert [key for key, times in keys.items() if times > 1] == []


def test_references_resolve(rows: Rows) -> None:
    known = {target: {row[target[1]] for row in rows[target[0]]} for target in set(REFERENCES.values())}
    for name, table in rows.items():
        for column in set(table[0]) & set(REFERENCES):
            cells = {row[column] for row in table} - {""}
            assert cells <= known[REFERENCES[column]], (name, column)


def test_nothing_happened_after_the_business_day(rows: Rows) -> None:
    past = {
        "transactions": "booked_at", "interactions": "at", "touchpoints": "at", "complaints": "received_at",
        "aum_daily": "day", "product_nav": "day", "risk_assessments": "assessed_on", "holdings": "opened_on",
        "accounts": "opened_on", "customers": "opened_on", "loans": "opened_on", "service_team": "from",
    }  # fmt: skip
    for name, column in past.items():
        assert max(row[column] for row in rows[name])[:10] <= AS_OF.isoformat(), name


def test_nothing_happened_before_the_customer_came(rows: Rows) -> None:
    came = {row["customer_id"]: row["opened_on"] for row in rows["customers"]}
    for name, column in (("transactions", "booked_at"), ("holdings", "opened_on"), ("aum_daily", "day")):
        early = [
            row for row in rows[name] if row[column][:10] < came[row["customer_id"]] or not came[row["customer_id"]]
        ]
        assert early == [], name
    born = {row["customer_id"]: row["birth_date"] for row in rows["customers"]}
    assert [one for one in came if came[one] and came[one] <= born[one]] == []


def test_every_post_is_filled_and_every_manager_has_a_chain_to_the_top(rows: Rows) -> None:
    staff = {row["userid"]: row for row in rows["staff"]}
    assert {post for row in staff.values() for post in row["posts"].split("|")} == POSTS
    for userid in staff:
        chain, at = [], userid
        while at:
            assert at not in chain
            chain.append(at)
            at = staff[at]["leader_userid"]
        assert chain[-1] == "exec01"
    assert [staff[userid]["leader_userid"] for userid in ("rm01", "rm02", "rm03")] == ["sup01", "sup01", "sup02"]
    assert staff["rm01"]["unit_id"] == staff["rm02"]["unit_id"] != staff["rm03"]["unit_id"]
    assert (staff["subhead01"]["posts"], staff["branch01"]["posts"]) == ("支行行长", "分行行长")


def test_identifiers_are_obviously_synthetic(rows: Rows) -> None:
    residents = [row for row in rows["customers"] if row["id_type"] == "居民身份证" and row["id_number"]]
    for row in residents:
        number = row["id_number"]
        assert number[:6] in ("000000", "999999")
        assert number[6:14] == row["birth_date"].replace("-", "")
        weighed = sum(pow(2, 17 - at, 11) * int(digit) for at, digit in enumerate(number[:17]))
        assert (weighed + (10 if number[17] == "X" else int(number[17]))) % 11 == 1
        assert row["gender"] == "未知" or (int(number[16]) % 2 == 1) == (row["gender"] == "男")
    for column, pattern in (("mobile", r"1990\d{7}"), ("id_number", r".+")):
        values = [row[column] for row in rows["customers"] if row[column]]
        assert len(set(values)) == len(values)
        assert all(re.fullmatch(pattern, value) for value in values)
    assert all(row["account_id"].startswith("999") for row in rows["accounts"])


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    digests = []
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        write_sample(tmp_path / name, customers=300, seed=seed, as_of=AS_OF, preset="rm_book")
        files = sorted((tmp_path / name).iterdir())
        digests.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    assert digests[0] == digests[1]
    assert digests[0]["customers.csv"] != digests[2]["customers.csv"]


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 1, 1), date(2027, 12, 31)])
def test_any_business_day_and_the_smallest_bank_work(tmp_path: Path, day: date) -> None:
    report = write_sample(tmp_path, customers=50, seed=1, as_of=day, preset="rm_book")
    assert report.rows["customers.csv"] == 50


@pytest.mark.parametrize("customers", [0, 49, 1_000_001])
def test_an_impossible_size_is_refused(tmp_path: Path, customers: int) -> None:
    with pytest.raises(ValueError, match="客户数"):
        write_sample(tmp_path, customers=customers, seed=1, as_of=AS_OF, preset="rm_book")
    assert list(tmp_path.iterdir()) == []
