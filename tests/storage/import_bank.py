"""A bank small enough to know by heart, written by hand in the import format."""

from collections.abc import Mapping
from pathlib import Path

BANK: Mapping[str, str] = {
    "org_units": """\
unit_id,name,kind,parent_id
HO,样例银行总行,head_office,
B1,东海分行,branch,HO
S1,静湖支行,sub_branch,B1
S2,南山支行,sub_branch,B1
D1,消费者权益保护部,department,B1
""",
    "staff": """\
userid,name,posts,unit_id,leader_userid,mobile,status,qualifications
ZhangWei,张伟样,支行行长,S1,SunGuo,19900000001,active,
rm01,李强样,客户经理,S1,zhangwei,19900000002,active,基金从业:2027-06-30|保险从业:2026-12-31
rm02,赵敏样,私行经理|客户经理,S2,ZhangWei,,active,
SunGuo,孙国样,分行行长,B1,,19900000004,active,
old9,周旧样,,S1,zhangwei,,left,
""",
    "customers": """\
customer_id,name,gender,birth_date,birth_lunar,id_type,id_number,id_expiry,mobile,address,occupation,opened_on,\
rm_userid,unit_id,kyc_risk,kyc_due,marketing_consent,contact_preference,annual_income,frozen
C001,单样芳,女,1970-02-28,01-15,居民身份证,000000197002280028,2031-05-01,19900001001,"样例市第一路1号
二单元",教师,2015-03-02,RM01,S1,低,2027-01-31,1,电话,250000.50,0
C002,曾样明,男,1985-12-01,L06-30,护照,P0000002,,19900001002,样例市第二路2号,工程师,2018-07-09,rm01,S1,中,,0,,,
C003,尉迟样,未知,,,,,,,,,,,S2,,,0,,,
C004,阿依古丽·样例,女,2010-06-06,,港澳居民来往内地通行证,H0000004,2030-01-01,+852 9000 0004,,学生,2024-01-05,\
rm02,S2,较高,2026-12-01,1,微信,0,1
""",
    "service_team": """\
customer_id,userid,role,from,until
C001,rm02,协办,2026-01-01,
C002,rm02,投顾,2025-01-01,2026-06-30
""",
    "risk_assessments": """\
customer_id,level,assessed_on,valid_until,channel,regime
C001,C2,2026-03-01,2027-02-28,柜面,bank
C001,C3,2026-03-01,2027-02-28,柜面,fund
C002,C4,2025-08-08,2026-08-07,手机银行,
""",
    "products": """\
product_id,name,kind,regime,risk,min_amount,term_days,on_sale_from,on_sale_until,qualified_only
P1,样例稳健九十天,wealth,NFRA7,R2,10000.00,90,2026-01-01,,0
P2,样例三年定存,deposit,NONE,,50.00,1095,2020-01-01,,0
P3,样例权益基金,fund,CSRC,R4,1.00,,2019-05-01,2026-10-01,1
""",
    "product_nav": """\
product_id,day,nav
P1,2026-11-20,1.02340
P3,2026-11-20,0.8
""",
    "accounts": """\
account_id,customer_id,kind,opened_on,closed_on,balance
A1,C001,活期,2015-03-02,,120000.00
A2,C001,信用卡,2016-01-01,,-320.55
A3,C002,活期,2018-07-09,2026-01-01,0.00
""",
    "holdings": """\
holding_id,customer_id,product_id,amount,cost,opened_on,matures_on
H1,C001,P1,500000.00,500000.00,2026-09-01,2026-11-30
H2,C002,P3,88888.88,100000.00,2021-01-04,
""",
    "transactions": """\
txn_id,customer_id,booked_at,amount,kind,channel,counterparty,customer_initiated,account_id
T1,C001,2026-11-20T10:00:00+08:00,-200000.00,转账,手机银行,same_name,1,A1
T2,C001,2026-11-21T00:30:00+08:00,3.21,结息,,,0,A1
T3,C002,2026-11-21T02:00:00Z,-50.00,消费,POS,other,1,
""",
    "aum_daily": """\
customer_id,day,aum
C001,2026-10-24,900000.00
C001,2026-11-22,620000.00
C002,2026-11-22,88888.88
""",
    "loans": """\
loan_id,customer_id,kind,principal,balance,rate,opened_on,matures_on,next_due_on,next_due_amount,days_overdue,\
application_state,classification
L1,C002,按揭,1000000.00,750000.00,3.85,2019-01-01,2039-01-01,2026-12-01,5123.45,0,,正常
""",
    "interactions": """\
interaction_id,customer_id,at,channel,direction,kind,by_userid,summary,satisfaction,reached
I1,C001,2026-11-01T15:00:00+08:00,电话,out,回访,rm01,"谈了续期，
客户说再想想",,1
I2,C002,2026-11-02T09:00:00+08:00,群发,out,通知,,新产品上架,,0
""",
    "complaints": """\
complaint_id,customer_id,received_at,channel_code,business_code,cause_code,summary,closed_at,outcome
K1,C002,2026-05-01T09:30:00+08:00,01,0203,05,样例：排队时间长,2026-05-08T17:00:00+08:00,已道歉
""",
    "relations": """\
customer_id,other_customer_id,kind
C001,C004,母女
""",
    "touchpoints": """\
customer_id,at,channel,page,product_id,dwell_seconds
C001,2026-11-22T20:15:00+08:00,手机银行,产品详情,P1,95
C001,2026-11-22T20:17:00+08:00,手机银行,首页,,4
""",
}


def write_bank(folder: Path, **files: str) -> Path:
    """The whole bank in `folder`, with the given files written differently."""
    return write_files(folder, **{**BANK, **files})


def write_files(folder: Path, **files: str) -> Path:
    """Only the given files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_bytes(text.encode())
    return folder


def changed(name: str, old: str, new: str) -> str:
    """A file of the bank with one stretch of text replaced; the stretch must stand there once."""
    assert BANK[name].count(old) == 1, f"{old!r} stands {BANK[name].count(old)} times in {name}"
    return BANK[name].replace(old, new)
