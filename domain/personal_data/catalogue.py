"""Every table with something about a customer: what of it is given, in which words, and what is kept back and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.personal_data.withheld import Why


@dataclass(frozen=True, slots=True)
class Part:
    """One table: `given` columns with their names, `kept` columns with the ground."""

    table: str
    title: str
    given: Mapping[str, str]
    kept: Mapping[str, Why] = field(default_factory=dict)


_FED = {"as_of": "数据业务日", "source": "来源", "arrived_at": "到达时间", "closed_as_of": "不再有效自"}
_ME = {"customer_id": Why.ELSEWHERE}
_FOUND_BY = dict.fromkeys(
    ("name_index", "pinyin", "id_number_index", "mobile_index", "mobile_tail_index"), Why.SYSTEM
)  # fmt: skip

GIVEN: tuple[Part, ...] = (
    Part(
        "customer",
        "基本信息",
        {
            "customer_id": "客户号", "name": "姓名", "gender": "性别", "birth_date": "出生日期",
            "birth_lunar": "农历生日", "id_type": "证件种类", "id_number": "证件号码", "id_expiry": "证件有效期",
            "mobile": "手机号", "address": "地址", "occupation": "职业", "opened_on": "开户日",
            "unit_id": "所在机构", "marketing_consent": "业务系统里的营销同意",
            "contact_preference": "联系偏好", "investor_class": "投资者类别", "annual_income": "年收入（元）",
            "liquid_assets": "流动资产（元）", "horizon_days": "投资期限（天）", "collections": "催收标识", **_FED,
        },
        {
            "rm_userid": Why.OTHERS, "kyc_risk": Why.AML, "kyc_due": Why.AML, "frozen": Why.AML,
            "sanctioned": Why.AML, **_FOUND_BY,
        },
    ),
    Part(
        "account",
        "账户",
        {"account_id": "账户编号", "kind": "种类", "opened_on": "开户日", "closed_on": "销户日",
         "balance": "余额（元）", "currency": "币种", **_FED},
        _ME,
    ),
    Part("aum_daily", "资产合计", {"day": "日期", "aum": "资产合计（元）", **_FED}, _ME),
    Part(
        "holding",
        "持有的产品",
        {"holding_id": "编号", "product_id": "产品编号", "amount": "金额（元）", "cost": "成本（元）",
         "opened_on": "买入日", "matures_on": "到期日", **_FED},
        _ME,
    ),
    Part(
        "txn",
        "交易",
        {"txn_id": "编号", "booked_at": "记账时间", "amount": "金额（元，正为入、负为出）", "kind": "种类",
         "channel": "渠道", "counterparty": "对方种类", "customer_initiated": "本人发起", "account_id": "账户编号",
         "balance_after": "记账后余额（元）", **_FED},
        _ME,
    ),
    Part(
        "loan",
        "贷款",
        {"loan_id": "编号", "kind": "种类", "principal": "本金（元）", "balance": "余额（元）", "rate": "利率",
         "opened_on": "发放日", "matures_on": "到期日", "next_due_on": "下次还款日",
         "next_due_amount": "下次还款额（元）", "days_overdue": "逾期天数", "application_state": "申请进度",
         "classification": "五级分类", **_FED},
        _ME,
    ),
    Part(
        "risk_assessment",
        "风险测评",
        {"assessed_on": "测评日", "regime": "监管口径", "channel": "渠道", "level": "结果", "valid_until": "有效期至",
         **_FED},
        _ME,
    ),
    Part(
        "interaction",
        "服务记录",
        {"interaction_id": "编号", "at": "时间", "channel": "渠道", "direction": "方向", "kind": "种类",
         "summary": "内容", "satisfaction": "满意度", "reached": "联系上", "origin": "由谁记下", **_FED},
        {**_ME, "by_userid": Why.OTHERS},
    ),
    Part(
        "visit",
        "拜访登记",
        {"id": "编号", "kind": "方式", "reached": "联系上", "at": "时间", "notes": "内容", "place": "地点",
         "state": "状态", "undone_at": "撤销时间"},
        {**_ME, "userid": Why.OTHERS, "todo_id": Why.SYSTEM, "interaction_id": Why.SYSTEM},
    ),
    Part(
        "complaint_history",
        "投诉历史",
        {"complaint_id": "编号", "received_at": "收到时间", "channel_code": "渠道", "business_code": "业务",
         "cause_code": "原因", "summary": "内容", "closed_at": "办结时间", "outcome": "结果", **_FED},
        _ME,
    ),
    Part(
        "touchpoint",
        "行为轨迹",
        {"at": "时间", "channel": "渠道", "page": "页面", "product_id": "产品编号", "dwell_seconds": "停留（秒）", **_FED},
        _ME,
    ),
    Part(
        "service_team",
        "服务团队",
        {"role": "角色", "from_day": "自", "until_day": "至", **_FED},
        {**_ME, "userid": Why.OTHERS},
    ),
    Part(
        "consent",
        "同意记录",
        {"kind": "项目", "agreed": "同意", "day": "哪一天说的", "channel": "渠道", "evidence": "凭证",
         "fed": "当时业务系统里的营销同意", "recorded_at": "登记时间"},
        {**_ME, "id": Why.SYSTEM, "recorded_by": Why.OTHERS},
    ),
    Part(
        "restricted",
        "冻结（只保存）",
        {"since": "自"},
        {**_ME, "approval_id": Why.SYSTEM, "asked_by": Why.OTHERS},
    ),
    Part(
        "tier_override",
        "人工调整的分层",
        {"tier": "分层", "from_day": "自", "until_day": "至", "decided_at": "决定时间"},
        {**_ME, "approval_id": Why.SYSTEM},
    ),
    Part(
        "subject_request",
        "个人信息请求",
        {"id": "编号", "asker": "谁要求", "channel": "渠道", "received_at": "收到时间", "due_on": "答复期限",
         "identity": "身份核验", "reference": "来函编号", "answered_at": "答复时间"},
        {**_ME, "owner": Why.OTHERS, "post": Why.OTHERS, "answered_by": Why.OTHERS, "state": Why.SYSTEM,
         "file_id": Why.SYSTEM, "digest": Why.SYSTEM, "todo_id": Why.SYSTEM, "revision": Why.SYSTEM},
    ),
)  # fmt: skip

KEPT: Mapping[str, Why] = {
    "case_file": Why.CASES,
    "label": Why.ELSEWHERE,
    "label_due": Why.SYSTEM,
    "label_mark": Why.SYSTEM,
    "team_seat": Why.OTHERS,
    "suitability_decision": Why.ELSEWHERE,
    "finding": Why.ELSEWHERE,
    "legal_hold": Why.AML,
    "relation": Why.OTHERS,
    "tie": Why.OTHERS,
    "todo": Why.ELSEWHERE,
    "reveal": Why.ELSEWHERE,
}
"""Tables that are given in other words (cases, labels, decisions, reminders, relations, purposes) or not at all."""
