"""The import format of design §5 as data: every feed file, its key, its columns and its words."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from domain.staff import POSTS
from storage.imports.column import Column, Type, amount, currency, day, flag, natural, ref, text, word

ID_TYPES = "居民身份证 护照 港澳居民来往内地通行证 台湾居民来往大陆通行证 外国人永久居留身份证 其他"
RISKS = "R1 R2 R3 R4 R5"


class Kind(StrEnum):
    """How a file speaks: the whole picture each time, or only what came since."""

    SNAPSHOT = "snapshot"
    APPEND = "append"


@dataclass(frozen=True)
class FileSpec:
    """One feed file; `corrects` marks an append file whose later value for a key replaces the earlier."""

    name: str
    title: str
    kind: Kind
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    corrects: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        return {column.name: column for column in self.columns}[name]

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """The names of everything that is kept of a row."""
        return tuple(name for column in self.columns for name in (column.name, column.spelling) if name)

    @property
    def refers(self) -> frozenset[str]:
        """The files whose rows this one points at, itself included where it does."""
        return frozenset(column.refers for column in self.columns if column.refers)


def _snapshot(name: str, title: str, key: str, *columns: Column) -> FileSpec:
    return FileSpec(name, title, Kind.SNAPSHOT, tuple(key.split()), columns)


def _append(name: str, title: str, key: str, *columns: Column, corrects: bool = False) -> FileSpec:
    return FileSpec(name, title, Kind.APPEND, tuple(key.split()), columns, corrects)


# One column a line, as in the contract; the formatter would spread the rest.
# fmt: off
_CUSTOMER = ref("customer_id", "customers", "客户号")

ORG_UNITS = _snapshot(
    "org_units", "机构", "unit_id",
    text("unit_id", "机构号"),
    text("name", "机构名称", limit=100),
    word("kind", "机构类型：总行、分行、支行、网点、部门", "head_office branch sub_branch outlet department"),
    ref("parent_id", "org_units", "上级机构号；最高一级为空", empty=True),
)
STAFF = _snapshot(
    "staff", "员工", "userid",
    Column("userid", Type.USERID, "企业微信账号，不分大小写", spelling="wecom_userid"),
    text("name", "姓名", limit=100),
    Column("posts", Type.LIST, f"岗位，可兼任：{'、'.join(POSTS)}，和权限包里加的", empty=True),
    ref("unit_id", "org_units", "所属机构号"),
    ref("leader_userid", "staff", "直接上级的企业微信账号", empty=True),
    Column("mobile", Type.MOBILE, "手机号", empty=True),
    word("status", "在职 active，离职 left", "active left"),
    Column("qualifications", Type.QUALIFICATIONS, "从业资格与有效期", empty=True, optional=True, limit=500),
)
CUSTOMERS = _snapshot(
    "customers", "客户", "customer_id",
    # In plain in the database and the trail: a feed with shifted columns must not put a name there.
    Column("customer_id", Type.NUMBER, "客户号"),
    text("name", "姓名", limit=100),
    word("gender", "性别", "男 女 未知"),
    day("birth_date", "公历生日", empty=True),
    Column("birth_lunar", Type.LUNAR, "农历生日 MM-DD，闰月写 LMM-DD", empty=True),
    word("id_type", "证件类型", ID_TYPES, empty=True),
    text("id_number", "证件号码", empty=True),
    day("id_expiry", "证件有效期；长期有效为空", empty=True),
    Column("mobile", Type.MOBILE, "手机号", empty=True),
    text("address", "地址", limit=300, empty=True),
    text("occupation", "职业", limit=100, empty=True),
    day("opened_on", "开户日；空为潜在客户", empty=True),
    ref("rm_userid", "staff", "管户客户经理", empty=True),
    ref("unit_id", "org_units", "管户机构号"),
    word("kyc_risk", "洗钱风险等级", "低 较低 中 较高 高", empty=True),
    day("kyc_due", "尽职调查到期日", empty=True),
    flag("marketing_consent", "是否同意营销"),
    text("contact_preference", "联系偏好", limit=100, empty=True),
    text("investor_class", "投资者分类", optional=True),
    amount("annual_income", "年收入", optional=True),
    amount("liquid_assets", "流动资产", optional=True),
    natural("horizon_days", "投资期限（天）", optional=True),
    flag("frozen", "是否冻结", optional=True),
    flag("sanctioned", "是否命中制裁名单", optional=True),
    flag("collections", "是否在催收", optional=True),
)
SERVICE_TEAM = _snapshot(
    "service_team", "服务团队", "customer_id userid role from",
    _CUSTOMER,
    ref("userid", "staff", "成员的企业微信账号"),
    text("role", "角色"),
    day("from", "开始日"),
    day("until", "结束日", empty=True),
)
RISK_ASSESSMENTS = _append(
    "risk_assessments", "风险测评", "customer_id assessed_on regime channel",
    _CUSTOMER,
    word("level", "风险承受等级", "C1 C2 C3 C4 C5"),
    day("assessed_on", "测评日"),
    day("valid_until", "有效期至；长期为空", empty=True),
    text("channel", "测评渠道"),
    Column("regime", Type.WORD, "测评口径", True, True, ("bank", "fund", "securities"), default="bank"),
)
PRODUCTS = _snapshot(
    "products", "产品", "product_id",
    text("product_id", "产品代码"),
    text("name", "产品名称", limit=200),
    word("kind", "产品种类：存款、理财、基金、保险、信托、贵金属、债券",
         "deposit wealth fund insurance trust metal bond"),
    word("regime", "监管口径", "NFRA7 CSRC INSURANCE NONE"),
    word("risk", "产品风险等级", RISKS, empty=True),
    amount("min_amount", "起购金额", empty=True),
    natural("term_days", "期限（天）；无固定期限为空", empty=True),
    day("on_sale_from", "开售日", empty=True),
    day("on_sale_until", "停售日", empty=True),
    text("issuer_risk", "发行人评定的风险等级", optional=True),
    flag("qualified_only", "是否仅限合格投资者", optional=True),
    currency(),
)
PRODUCT_NAV = _append(
    "product_nav", "产品净值", "product_id day",
    ref("product_id", "products", "产品代码"),
    day("day", "净值日"),
    Column("nav", Type.DECIMAL, "单位净值"),
    corrects=True,
)
ACCOUNTS = _snapshot(
    "accounts", "账户", "account_id",
    text("account_id", "账号"),
    _CUSTOMER,
    text("kind", "账户种类（本行用词）"),
    day("opened_on", "开户日", empty=True),
    day("closed_on", "销户日", empty=True),
    amount("balance", "余额", signed=True),
    currency(),
)
HOLDINGS = _snapshot(
    "holdings", "持仓", "holding_id",
    text("holding_id", "持仓号"),
    _CUSTOMER,
    ref("product_id", "products", "产品代码"),
    amount("amount", "当前市值"),
    amount("cost", "成本", empty=True),
    day("opened_on", "买入日", empty=True),
    day("matures_on", "到期日；无固定期限为空", empty=True),
)
TRANSACTIONS = _append(
    "transactions", "交易", "txn_id",
    text("txn_id", "交易流水号"),
    _CUSTOMER,
    Column("booked_at", Type.TIME, "记账时间"),
    amount("amount", "金额，正为转入、负为转出", signed=True),
    text("kind", "交易种类（本行用词）"),
    text("channel", "交易渠道（本行用词）", empty=True),
    word("counterparty", "对手：本人、同名他行、他人", "own same_name other", empty=True),
    flag("customer_initiated", "是否客户主动发起"),
    ref("account_id", "accounts", "账号", optional=True),
    amount("balance_after", "交易后余额", optional=True, signed=True),
)
AUM_DAILY = _append(
    "aum_daily", "每日资产", "customer_id day",
    _CUSTOMER,
    day("day", "日期"),
    amount("aum", "管理资产总额；只在变化时给一行"),
    corrects=True,
)
LOANS = _snapshot(
    "loans", "贷款", "loan_id",
    text("loan_id", "贷款号"),
    _CUSTOMER,
    text("kind", "贷款种类（本行用词）"),
    amount("principal", "本金"),
    amount("balance", "余额"),
    Column("rate", Type.DECIMAL, "年利率", empty=True),
    day("opened_on", "放款日", empty=True),
    day("matures_on", "到期日", empty=True),
    day("next_due_on", "下次还款日", empty=True),
    amount("next_due_amount", "下次还款金额", empty=True),
    natural("days_overdue", "逾期天数"),
    text("application_state", "申请状态（本行用词）", empty=True),
    word("classification", "五级分类", "正常 关注 次级 可疑 损失", optional=True),
)
INTERACTIONS = _append(
    "interactions", "互动记录", "interaction_id",
    text("interaction_id", "互动号"),
    _CUSTOMER,
    Column("at", Type.TIME, "发生时间"),
    text("channel", "渠道（本行用词；群发为群发消息）"),
    word("direction", "方向：客户来、我方去、双向", "in out both"),
    text("kind", "种类（本行用词）"),
    ref("by_userid", "staff", "经办人", empty=True),
    text("summary", "摘要", limit=2000, empty=True),
    text("satisfaction", "满意度（本行用词）", empty=True),
    flag("reached", "是否联系到本人；群发为 0", optional=True),
)
COMPLAINTS = _append(
    "complaints", "历史投诉", "complaint_id",
    text("complaint_id", "投诉编号"),
    _CUSTOMER,
    Column("received_at", Type.TIME, "受理时间"),
    text("channel_code", "渠道代码", empty=True),
    text("business_code", "业务代码", empty=True),
    text("cause_code", "原因代码", empty=True),
    text("summary", "摘要", limit=4000, empty=True),
    Column("closed_at", Type.TIME, "办结时间", empty=True),
    text("outcome", "处理结果", limit=2000, empty=True),
)
RELATIONS = _snapshot(
    "relations", "客户关系", "customer_id other_customer_id kind",
    _CUSTOMER,
    ref("other_customer_id", "customers", "对方客户号"),
    text("kind", "关系（本行用词）"),
)
TOUCHPOINTS = _append(
    "touchpoints", "触点", "customer_id at channel page",
    _CUSTOMER,
    Column("at", Type.TIME, "发生时间"),
    text("channel", "渠道（本行用词）"),
    text("page", "页面", limit=200),
    ref("product_id", "products", "产品代码", empty=True),
    natural("dwell_seconds", "停留秒数", empty=True),
)

# In the order of loading: a file stands after every file that it refers to.
FILES: tuple[FileSpec, ...] = (
    ORG_UNITS, STAFF, CUSTOMERS, SERVICE_TEAM, RISK_ASSESSMENTS, PRODUCTS, PRODUCT_NAV, ACCOUNTS, HOLDINGS,
    TRANSACTIONS, AUM_DAILY, LOANS, INTERACTIONS, COMPLAINTS, RELATIONS, TOUCHPOINTS,
)
# fmt: on
FIRST: tuple[str, ...] = ("org_units", "staff", "customers")
