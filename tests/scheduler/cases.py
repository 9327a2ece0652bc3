"""A bank of one customer a case, in the import format: each says what it has, and what the morning must make of it."""

from dataclasses import dataclass
from pathlib import Path

from tests.storage.import_bank import write_files

AUM = {"大众": 300_000, "富裕": 1_000_000, "高净值": 10_000_000, "超高净值": 80_000_000}
ORG = """\
unit_id,name,kind,parent_id
HO,样例银行总行,head_office,
B1,东海分行,branch,HO
S1,静湖支行,sub_branch,B1
W1,静湖网点,outlet,S1
S2,南山支行,sub_branch,B1
W2,南山网点,outlet,S2
"""
STAFF = """\
userid,name,posts,unit_id,leader_userid,mobile,status
rm01,李强样,客户经理,S1,,,active
rm02,赵敏样,客户经理,S1,,,active
rm03,何南样,客户经理,W2,,,active
prod01,苏慧样,产品岗,S1,,,active
old01,周旧样,客户经理,S1,,,left
head01,张伟样,支行行长,S1,,,active
"""
PRODUCTS = """\
product_id,name,kind,regime,risk,min_amount,term_days,on_sale_from,on_sale_until
P1,样例稳健,wealth,NFRA7,R2,10000.00,90,2026-01-01,
"""


@dataclass(frozen=True)
class Talk:
    """An interaction `at` a moment."""

    at: str
    channel: str = "电话"
    direction: str = "out"
    kind: str = "回访"
    reached: str = "1"


@dataclass(frozen=True)
class Held:
    """A holding that matures on a day, in yuan."""

    matures_on: str
    amount: str = "500000.00"


@dataclass(frozen=True)
class Case:
    """One customer, and the rules that must hit, each with its owner."""

    what: str
    tier: str = "高净值"
    talks: tuple[Talk, ...] = (Talk("2026-11-20T10:00:00+08:00"),)
    held: tuple[Held, ...] = ()
    opened_on: str = "2020-01-01"
    rm: str = "rm01"
    unit: str = "S1"
    collections: str = "0"
    complaint: str | None = None
    finds: tuple[str, ...] = ()
    owner: str | None = "rm01"


SILENT, MATURE = "churn.silent", "maturity.15"
FLOOR = "contact.floor"
LONG = (Talk("2026-10-01T10:00:00+08:00"),)
SOON = (Held("2026-12-01"),)


def met(day: str, **more: str) -> tuple[Talk, ...]:
    return (Talk(f"{day}T10:00:00+08:00", **more),)


def write_cases(folder: Path, cases: tuple[Case, ...]) -> Path:
    """All cases in one bank; customer and holding numbers follow the order of the cases."""
    numbered = [(f"C{number:03}", case) for number, case in enumerate(cases, 1)]
    return write_files(
        folder,
        org_units=ORG,
        staff=STAFF,
        products=PRODUCTS,
        customers=_lines(
            "customer_id,name,gender,birth_date,birth_lunar,id_type,id_number,id_expiry,mobile,address,occupation,"
            "opened_on,rm_userid,unit_id,kyc_risk,kyc_due,marketing_consent,contact_preference,collections",
            (f"{n},样例,女,,,,,,,,,{c.opened_on},{c.rm},{c.unit},,,1,,{c.collections}" for n, c in numbered),
        ),
        aum_daily=_lines("customer_id,day,aum", (f"{n},2026-01-01,{AUM[c.tier]}.00" for n, c in numbered)),
        holdings=_lines(
            "holding_id,customer_id,product_id,amount,cost,opened_on,matures_on",
            (f"{n}-{i},{n},P1,{h.amount},,,{h.matures_on}" for n, c in numbered for i, h in enumerate(c.held, 1)),
        ),
        interactions=_lines(
            "interaction_id,customer_id,at,channel,direction,kind,by_userid,summary,satisfaction,reached",
            (
                f"{n}-{i},{n},{t.at},{t.channel},{t.direction},{t.kind},,,,{t.reached}"
                for n, c in numbered
                for i, t in enumerate(c.talks, 1)
            ),
        ),
        complaints=_lines(
            "complaint_id,customer_id,received_at,channel_code,business_code,cause_code,summary,closed_at,outcome",
            (f"K{n},{n},2026-10-01T09:00:00+08:00,,,,,{c.complaint}," for n, c in numbered if c.complaint is not None),
        ),
    )


def _lines(head: str, rows: object) -> str:
    return "\n".join([head, *rows, ""])  # type: ignore[misc]
