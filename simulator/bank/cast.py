"""The people every sample has, whatever its seed and size, so that tests and tours can name them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class CastStaff:
    userid: str
    name: str
    posts: str
    unit_id: str
    leader: str = ""
    status: str = "active"


@dataclass(frozen=True)
class CastCustomer:
    """`aum` is in yuan on the business day, `level` 1–5 means C1–C5; `tags` name what is planted in this customer."""

    name: str
    gender: str
    born: date
    rm: str
    aum: int
    level: int
    tags: frozenset[str] = frozenset()
    unit_id: str = "B01S01"


# Units: H00 head office, Dnn its departments, Bnn a branch, BnnSnn a sub-branch, BnnSnnWnn an outlet.
STAFF = (
    CastStaff("exec01", "郭振国", "总行分管高管", "H00"),
    CastStaff("branch01", "高建国", "分行行长", "B01", "exec01"),
    CastStaff("subhead01", "梁文斌", "支行行长", "B01S01", "branch01"),
    CastStaff("subhead02", "宋美玲", "支行行长", "B01S02", "branch01"),
    CastStaff("sup01", "许志强", "主管", "B01S01", "subhead01"),
    CastStaff("sup02", "韩雪梅", "主管", "B01S02", "subhead02"),
    CastStaff("rm01", "李明", "客户经理", "B01S01", "sup01"),
    CastStaff("rm02", "刘芳", "客户经理", "B01S01", "sup01"),
    CastStaff("rm03", "黄磊", "客户经理", "B01S02", "sup02"),
    CastStaff("rm04", "邓婷", "客户经理|理财顾问", "B01S01", "sup01"),
    CastStaff("rmold01", "彭勇", "客户经理", "B01S01", "sup01", "left"),
    CastStaff("pb01", "萧雅文", "私行经理", "B01PB", "branch01"),
    CastStaff("adv01", "董思源", "理财顾问", "B01PB", "branch01"),
    CastStaff("cp01", "曹静", "消保岗", "B01CP", "branch01"),
    CastStaff("cs01", "袁晓燕", "客服坐席", "D08", "exec01"),
    CastStaff("cs02", "蒋丽", "客服坐席", "D08", "exec01"),
    CastStaff("complaint01", "蔡国华", "投诉管理岗", "D03", "exec01"),
    CastStaff("comp01", "余立新", "合规岗", "D04", "exec01"),
    CastStaff("aml01", "杜鹏", "反洗钱岗", "D05", "exec01"),
    CastStaff("risk01", "叶青", "风控专员", "D06", "exec01"),
    CastStaff("coll01", "程刚", "催收岗", "D07", "exec01"),
    CastStaff("prod01", "苏慧", "产品岗", "D09", "exec01"),
    CastStaff("sysadmin01", "魏东", "系统管理员", "D10", "exec01"),
    CastStaff("bizadmin01", "吕颖", "业务管理员", "D01", "exec01"),
    CastStaff("bizadmin02", "卢静", "业务管理员", "D01", "exec01"),
    CastStaff("sec01", "丁凯", "数据安全岗", "D11", "exec01"),
    CastStaff("secadmin01", "任洁", "安全管理员", "D11", "exec01"),
    CastStaff("audit01", "沈正", "审计员", "D12", "exec01"),
)


def _tags(*names: str) -> frozenset[str]:
    return frozenset(names)


# Customer number = position: the first is C00000001.
CUSTOMERS = (
    CastCustomer("王秀兰", "女", date(1962, 3, 8), "rm01", 1_860_000, 2, _tags("maturing")),
    CastCustomer("张伟", "男", date(1988, 5, 20), "rm01", 120_000, 3),
    CastCustomer("张伟", "男", date(1969, 11, 2), "rm01", 2_300_000, 2, _tags("cross_unit"), "B01S02"),
    CastCustomer("单雄信", "男", date(1979, 7, 15), "rm01", 680_000, 3),
    CastCustomer("曾志伟", "男", date(1975, 4, 14), "rm01", 950_000, 3),
    CastCustomer("尉迟恭", "男", date(1971, 9, 9), "rm01", 3_200_000, 4),
    CastCustomer("欧阳静", "女", date(1978, 12, 1), "rm02", 8_600_000, 3, _tags("silent")),
    CastCustomer("李国强", "男", date(1983, 6, 18), "rm02", 760_000, 3, _tags("open_complaint")),
    CastCustomer("王秀兰", "女", date(1990, 10, 25), "rm02", 260_000, 4),
    CastCustomer("陈建华", "男", date(1965, 8, 28), "pb01", 86_000_000, 4, _tags("team")),
    CastCustomer("赵思远", "男", date(1994, 2, 3), "rm01", 0, 0, _tags("prospect")),
    CastCustomer("周桂芳", "女", date(1945, 5, 6), "rm02", 340_000, 1, _tags("no_mobile")),
    CastCustomer("亚历山大·谢尔盖耶维奇·测试诺夫", "男", date(1980, 1, 17), "rm01", 1_500_000, 3, _tags("foreign")),
    CastCustomer("林晓月", "女", date(1984, 12, 1), "rm02", 820_000, 3, _tags("lunar_birthday")),
    CastCustomer("冯春生", "男", date(1980, 2, 29), "rm03", 640_000, 3, _tags("birthday_0229"), "B01S02"),
    CastCustomer("孙丽华", "女", date(1974, 7, 7), "rm01", 560_000, 2, _tags("handover")),
    CastCustomer("郑小宝", "男", date(2015, 6, 1), "rm03", 30_000, 0, _tags("minor"), "B01S02"),
    CastCustomer("郑国平", "男", date(1982, 3, 30), "rm03", 1_100_000, 3, _tags("guardian"), "B01S02"),
    CastCustomer("吴敏", "女", date(1972, 10, 10), "rm02", 9_000_000, 3, _tags("outflow")),
    CastCustomer("钱卫东", "男", date(1968, 1, 5), "rm03", 2_000_000, 2, _tags("slow_churn"), "B01S02"),
    CastCustomer("何淑珍", "女", date(1959, 9, 19), "rm03", 900_000, 2, _tags("unsuitable"), "B01S02"),
    CastCustomer("唐海波", "男", date(1986, 4, 4), "rm03", 700_000, 3, _tags("loan_overdue"), "B01S02"),
)
