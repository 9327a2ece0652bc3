"""mapping.yaml: a foreign core system's files become the bank's, and what is not understood is refused."""

from datetime import date
from pathlib import Path

import pytest

from storage.imports.examine import Examined, examine
from storage.imports.format import FILES
from storage.imports.mapping import FeedMap, MappingRefused, read_mapping
from storage.imports.rejection import FileRefused

SPECS = {spec.name: spec for spec in FILES}
MAPPING = """\
encoding: gb18030
separator: "\\t"
nulls: ["NULL", "-"]
dates: ["%Y%m%d"]
times: ["%Y%m%d%H%M%S"]
offset: "+08:00"
ignore: ["*_log.csv"]
files:
  transactions:
    file: T_TXN.dat
    columns:
      txn_id: {key: [ACCT, DT, SEQ]}
      customer_id: {join: {file: T_ACCT.csv, on: ACCT, by: ACCT, take: CUST}}
      booked_at: DT
      amount: {from: AMT, negative_when: {column: DC, words: [D]}}
      kind: {from: TYPE, values: {"01": 转账, "02": 结息}, otherwise: 其他}
      channel: CHL
      counterparty: {constant: other}
      customer_initiated: {constant: "1"}
    ignore: [REMARK]
"""
TXN = """\
ACCT\tDT\tSEQ\tAMT\tDC\tTYPE\tCHL\tREMARK
A1\t20261120100000\t1\t200000.00\tD\t01\t手机\t房租
A2\t20261121003000\t7\t3.21\tC\t02\tNULL\t
A2\t20261121003000\t8\t5.00\tC\t99\t柜面\t
A2\t坏日子\t9\t5.00\tC\t99\t柜面\t
"""
ACCOUNTS = "ACCT\tCUST\nA1\tC001\nA2\tC002\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "T_TXN.dat").write_bytes(TXN.encode("gb18030"))
    (tmp_path / "T_ACCT.csv").write_bytes(ACCOUNTS.encode("gb18030"))
    return tmp_path


def read(folder: Path) -> Examined:
    file = read_mapping(folder).of("transactions")
    return examine(folder / (file.file or ""), SPECS["transactions"], file)


def test_a_foreign_file_becomes_ours(folder: Path) -> None:
    examined = read(folder)
    values = {key[0]: good.values for key, good in examined.good.items()}
    assert set(values) == {"A1-20261120100000-1", "A2-20261121003000-7", "A2-20261121003000-8"}
    first, second, third = values.values()
    assert (first["customer_id"], first["amount"], first["kind"], first["channel"]) == (
        "C001",
        -20_000_000,
        "转账",
        "手机",
    )
    assert (second["customer_id"], second["amount"], second["kind"], second["channel"]) == ("C002", 321, "结息", None)
    assert (third["kind"], third["counterparty"], third["customer_initiated"]) == ("其他", "other", True)
    assert first["booked_at"].isoformat() == "2026-11-20T10:00:00+08:00"  # type: ignore[union-attr]


def test_lines_are_those_of_the_foreign_file(folder: Path) -> None:
    [rejection] = read(folder).rejections
    assert (rejection.file, rejection.line, rejection.field) == ("T_TXN.dat", 5, "booked_at")


def test_what_a_joined_file_calls_nothing_is_nothing(folder: Path) -> None:
    (folder / "T_ACCT.csv").write_bytes(ACCOUNTS.replace("C002", "NULL").encode("gb18030"))
    nobody = [(each.line, each.field, each.reason) for each in read(folder).rejections]
    assert nobody[:2] == [(3, "customer_id", "不能为空"), (4, "customer_id", "不能为空")]


def test_a_day_alone_is_its_midnight(tmp_path: Path) -> None:
    """A workbook shows a moment at 00:00 as the day."""
    (tmp_path / "mapping.yaml").write_text('offset: "+08:00"\n', encoding="utf-8")
    header = "txn_id,customer_id,booked_at,amount,kind,channel,counterparty,customer_initiated"
    (tmp_path / "transactions.csv").write_text(f"{header}\nT1,C1,2026-11-19,1,转账,,,0\n", encoding="utf-8")
    mapped = read_mapping(tmp_path).of("transactions")
    [good] = examine(tmp_path / "transactions.csv", SPECS["transactions"], mapped).good.values()
    assert good.values["booked_at"].isoformat() == "2026-11-19T00:00:00+08:00"  # type: ignore[union-attr]


@pytest.mark.parametrize(("sign", "shown"), [(";", ";"), ("\t", "\\t")])
def test_another_separator_is_told_as_such(tmp_path: Path, sign: str, shown: str) -> None:
    path = tmp_path / "relations.csv"
    path.write_text(sign.join(("customer_id", "other_customer_id", "kind")) + "\n", encoding="utf-8")
    with pytest.raises(FileRefused, match="separator") as refused:
        examine(path, SPECS["relations"])
    assert f"列之间是“{shown}”而不是逗号" in refused.value.rejection.reason


def test_without_a_mapping_nothing_is_renamed(tmp_path: Path) -> None:
    assert read_mapping(tmp_path) == FeedMap()


def test_columns_of_the_right_name_need_no_word(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text("files: {product_nav: {columns: {nav: VALUE}, dates: ['%d.%m.%Y']}}")
    (tmp_path / "product_nav.csv").write_text("product_id,day,VALUE\nP1,20.11.2026,1.5\n")
    examined = examine(tmp_path / "product_nav.csv", SPECS["product_nav"], read_mapping(tmp_path).of("product_nav"))
    assert list(examined.good) == [("P1", date(2026, 11, 20))]


@pytest.mark.parametrize(
    ("amounts", "written", "fen"),
    [
        ("{grouping: ',', negatives: ['(#)', '#-', '#DR']}", "1,234,567.80", 123_456_780),
        ("{grouping: ',', negatives: ['(#)', '#-', '#DR']}", "(1,234.50)", -123_450),
        ("{grouping: ',', negatives: ['(#)', '#-', '#DR']}", "1,234.50-", -123_450),
        ("{grouping: ',', negatives: ['(#)', '#-', '#DR']}", "20 DR", -2_000),
        ("{grouping: ',', negatives: ['(#)', '#-', '#DR']}", "-7.5", -750),
        ("{grouping: ',', negatives: ['(#)', '#-', '#DR']}", "12,34.50", None),
        ("{grouping: ',', negatives: ['(#)', '#-', '#DR']}", "((1))", None),
        ("{negatives: ['（#）']}", "（3）", -300),
        ("{unit: 分}", "123456", 123_456),
        ("{unit: 分, negatives: ['#-']}", "5-", -5),
        ("{unit: 分}", "0.5", None),
        ("{unit: 万元}", "1.23", 1_230_000),
        ("{unit: 万元, grouping: ','}", "-1,000", -1_000_000_000),
        ("{unit: 万元}", "一万", None),
    ],
)
def test_amounts_as_others_write_them(tmp_path: Path, amounts: str, written: str, fen: int | None) -> None:
    (tmp_path / "mapping.yaml").write_text(f"separator: ';'\namounts: {amounts}", encoding="utf-8")
    (tmp_path / "transactions.csv").write_text(
        "txn_id;customer_id;booked_at;amount;kind;channel;counterparty;customer_initiated\n"
        f"T1;C001;2026-11-20T10:00:00+08:00;{written};转账;;;1\n",
        encoding="utf-8",
    )
    examined = examine(tmp_path / "transactions.csv", SPECS["transactions"], read_mapping(tmp_path).of("transactions"))
    assert [good.values["amount"] for good in examined.good.values()] == ([] if fen is None else [fen])
    assert [each.field for each in examined.rejections] == (["amount"] if fen is None else [])


def test_lists_by_another_separator_and_each_part_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text(
        "lists: ','\nfiles: {staff: {separator: ';', columns: {posts: {from: GW, values: {KHJL: 客户经理, ZG: 主管}}}}}",
        encoding="utf-8",
    )
    (tmp_path / "staff.csv").write_text(
        "userid;name;GW;unit_id;leader_userid;mobile;status\nrm01;样甲;KHJL, ZG;B1;;;active\nrm02;样乙;;B1;;;active\n",
        encoding="utf-8",
    )
    examined = examine(tmp_path / "staff.csv", SPECS["staff"], read_mapping(tmp_path).of("staff"))
    assert [good.values["posts"] for good in examined.good.values()] == ["客户经理|主管", ""]


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ("ignore: [REMARK]", "", "REMARK", "不认识的列"),
        ("booked_at: DT", "booked_at: TD", "TD", "列不存在"),
        ("on: ACCT", "on: NO", "NO", "列不存在"),
        ("T_ACCT.csv", "T_NONE.csv", "", "T_NONE.csv 不存在"),
        ("      channel: CHL\n", "", "CHL", "不认识的列"),
    ],
)
def test_columns_that_do_not_fit_refuse_the_file(folder: Path, old: str, new: str, field: str, reason: str) -> None:
    assert MAPPING.count(old) == 1
    (folder / "mapping.yaml").write_text(MAPPING.replace(old, new), encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        read(folder)
    assert refused.value.rejection.field == field
    assert reason in refused.value.rejection.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("files: {custmers: {}}", "files.custmers 不是导入格式的文件名"),
        ("files: {loans: {columns: {intrest: R}}}", "intrest 不是 loans 的列"),
        ("files: {loans: {columns: {rate: {from: R, constant: '1'}}}}", "只能写一个"),
        ("files: {loans: {columns: {rate: {}}}}", "只能写一个"),
        ("encoding: klingon", "encoding：“klingon”不在可用的值里：'utf-8'、'gb18030'"),
        ("separator: '||'", "separator：太长了，最多 1 个字"),
        ("seperator: ','", "seperator：不认识的键“seperator”"),
        ("amounts: {negatives: ['()']}", "“()”的写法不对"),
        ("amounts: {unit: 角}", "amounts.unit：“角”不在可用的值里：'元'、'分'、'万元'"),
        ("files: [", "第 1 行第 9 列：括号没有成对"),
        ("- 1", "mapping.yaml"),
    ],
)
def test_a_mapping_that_is_not_understood_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "mapping.yaml").write_text(text)
    with pytest.raises(MappingRefused, match=r"mapping\.yaml") as refused:
        read_mapping(tmp_path)
    assert reason in str(refused.value)
