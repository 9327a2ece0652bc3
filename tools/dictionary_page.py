"""Writes docs/data-dictionary.md from the schema: every table, every column, what is encrypted."""

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from bot.packs import shipped_retention
from domain.retention.kinds import START_WORDS, Kind
from storage import schema
from storage.columns import Instant
from storage.retention.stores import kind_of
from storage.schema.base import Sealed

PAGE = Path(__file__).parents[1] / "docs" / "data-dictionary.md"

ABOUT = {
    "inbox": "收到的更新：确认之前先记下，按人、按案件依次处理一次",
    "attempt": "正在处理的更新的记号：进程死掉后，被点名的更新单独重试",
    "outbox": "待发的消息：与引起它的改动同一次提交，内容定下后不再变",
    "tie": "同事登记的客户关系（家庭、担保人、关键人）；与数据文件带来的分开放，撤销后保留原行",
    "timer": "定时器：到点由任一副本触发一次",
    "cron_run": "周期任务的执行记录：谁先插入谁执行",
    "token": "企业微信 access_token，各副本共用",
    "audit": "审计链：内容、前一条的散列、本条的散列；actor 和 at 抄自内容，供查找，检查时与内容核对",
    "api_key": "接口密钥：只存散列；grants 是能写的种类和列，minute、calls 是这一分钟用了几次",
    "api_answer": "接口给过的答复，按 Idempotency-Key 的散列记，内容加密，留到权限包的 answer_hours",
    "audit_subject": "审计记录涉及的客户号",
    "audit_head": "审计链的末端，和现在用的散列算法",
    "data_key": "数据密钥，用密钥文件里的主密钥包裹",
    "conversation": "填表的对话：草稿加密，版本随每次改动增加",
    "card": "发出的卡片：给谁、关于什么、显示了什么、选项代表什么",
    "case_file": "案件现在的样子：内容加密；状态、机构、客户号不加密，列表和统计要用",
    "case_person": "谁在案件里是什么身份（角色、审批、协办、知会、回避），现在是否还是、是否等着办",
    "case_event": "案件的每一件事：事件、当时依据的资料、结果，加密；shown 是当时那张卡片的摘要",
    "case_link": "互相关联的案件",
    "case_number": "案件编号：每个前缀（字母和日期）用到第几号",
    "stand_in": "代办：谁在什么时间替谁办",
    "pack_version": "用过的流程包原文：旧案件留在它开始时的版本上",
    "calendar_day": "工作日历里特别的日子：全行的（机构号为空）或某机构及其下级的；其余周一至周五上班",
    "calendar_hours": "一天的工作时段：全行的（机构号为空）或某机构及其下级的",
    "greeting": "每天第一次进入应用的记号",
    "quiet": "同一句提示一小时内不再说的记号",
    "web_session": "手机页面的登录会话（只存散列）",
    "visit": "拜访登记；撤销的保留，不再计入",
    "photo": "拜访照片，内容加密",
    "todo": "待办",
    "finding": "关怀提醒：规则对一位客户的一次命中，同一情况只有一条；依据和理由加密，归谁、哪件待办、本人的评价",
    "paper_file": "要签的文件的空白模板，按内容的摘要存放：当时给出的那一版换下以后仍在；里面没有客户资料，不加密",
    "suitability_decision": "适当性判断：谁在何时为哪位客户和哪个产品问的，结论和规则版本；依据和理由加密，可按原依据重算",
    "access": "一个人在岗位之外的授权：权限、范围、客户、机构或禁止，为什么（加密）、从几时到几时、谁给的、谁确认的",
    "acting_post": "有几个岗位的人现在用哪一个",
    "reveal": "看明文的申请：谁、在哪次登录里、哪位客户、哪些项目、目的、相关编号（加密）、怎样验证、验证码输错几次、验证后看到几时为止；明文本身不留",
    "reveal_code": "看明文发过的短信验证码：哪份申请、发给谁、几时；验证码加密，用过、作废即清空",
    "setting": "行内定下的设置，每项一行；commands 是对包里命令的改动，不含客户数据，不加密",
    "reason": "谁为什么停用、收回、重新处理时自己写的原因（加密）；审计记录里只有它的编号（why）",
    "override": "行内与导入数据不同的决定：哪个文件、哪一行、哪一列，导入时说的和行内定的；导入有了新的说法就作废",
    "standing": "上次看到每个人在哪些岗位（离职、停用为空）、哪个机构；与现在不同就办离职、换岗要办的事",
    "handover": "移交：谁的客户交给谁、谁申请、谁审批、清单的条数和摘要、到几时可以撤回",
    "team_seat": "服务团队的席位移交给了谁：哪位客户、什么角色、导入数据里是谁的（fed）；导入数据不再这样写就作废",
    "handover_item": "移交的每一件：客户、服务团队席位、待办、提醒、案件、表单；before 是撤回时要还原的样子，不含客户资料",
    "approval": "要别人同意的申请：哪一类、关于谁、要哪些权限的人先后同意（seats）、谁已同意、谁决定；原因和内容加密",
    "consent": "客户同意和撤回的登记：项目、日期、渠道、凭证（加密）；只增加；fed 是登记时数据文件里的营销同意",
    "export": "导出申请：谁、哪个清单、几行、做到哪一步、谁同意的；目的、理由和范围加密。id 就是文件里的副本号，追查靠它",
    "legal_hold": "保全：哪位客户或哪个案件不得删除，谁申请、谁批准、谁解除；原因和文号加密",
    "retention_report": "到期报告：各种数据的行数、到期数、保全数，不含内容；谁同意据此删除",
    "subject_request": "个人信息请求（查阅、复制）：编号、哪位客户、本人还是代理人、身份核验和来函编号（加密）、渠道、收到和到期、谁负责、办到哪一步、文件和它的摘要、谁几时答复",
    "restricted": "已冻结的客户：除保存外不处理；由哪件申请（approval）、谁申请的、从几时起",
    "made_file": "为一个人做的文件（导出清单等）：谁要的、做到哪一步、几时到期、下载了几次；described 只有行列数",
    "made_part": "文件的内容，分块加密；到期、离职、换岗即删除",
    "org_unit": "机构树（org_units）",
    "staff": "员工（staff）",
    "customer": "客户（customers）",
    "service_team": "服务团队（service_team）",
    "risk_assessment": "风险测评（risk_assessments）",
    "product": "产品（products）",
    "product_nav": "产品净值（product_nav）",
    "account": "账户（accounts）",
    "holding": "持仓（holdings）",
    "txn": "交易（transactions）",
    "aum_daily": "每日 AUM（aum_daily），变动才有一行",
    "loan": "贷款（loans）",
    "interaction": "联系记录（interactions，以及本系统登记的拜访）",
    "complaint_history": "历史投诉（complaints）",
    "relation": "客户关系（relations）",
    "touchpoint": "行为轨迹（touchpoints）",
    "label": "客户的标签：分层、生命周期、行为特征、风险偏好，各自从哪天起、为什么；每一行从一次重算（run）到另一次（until_run）有效，旧的都留着",
    "book_count": "每位客户经理名下各档有多少位客户：与标签同时生效，管理人员看管户数从这里读",
    "label_count": "每个机构各标签有多少位客户：与标签同时生效，管理人员的汇总从这里读",
    "label_due": "哪一天要再看一次某位客户的标签：到那一天之前，没有新的数据，标签就不会变；由上一次重算（run）算好",
    "label_mark": "谁的标签要重看：拜访、接口写入的单行、被清走的旧行等改了某位客户的资料时，同一次提交里记下；用过之后清掉",
    "label_run": "标签的每一次重算：哪一天的、用到哪天为止的数据、按哪些规则（rules）、看到各数据文件的哪一版（feeds）；published_at 一写上，这一次的结果同时生效",
    "tier_override": "分层的人工调整：由哪件申请（approval）、哪一层、从哪天到哪天",
    "feed": "每个导入文件的数据日期、到达时间和版本",
    "feed_staging": "正在写入、还没有生效的版本；进程中途死掉后，下一次导入先清除它写下的行",
}

HEAD = """# 数据字典

由 `python -m tools.dictionary_page` 从 `storage/schema/` 生成，请勿手改。

- **加密**：AES-256-GCM 或 SM4-GCM（按设置），绑定表、列、行；换个位置就解不开。姓名、拼音、手机、证件、地址、自由文字、照片、草稿、收发的消息、令牌都加密。
- **盲索引**：列专用密钥的 HMAC 前 16 字节，只能判断相等。
- **分**：人民币金额，单位分，整数。金额和日期不加密，因为规则要用它们计算。
- **导入的数据**有 since、until 两列：由文件的第几版带来、被第几版取代。行在“表名_row”里，读数据都读同名的视图，它只显示生效版本的行；
  digest 是整行内容的带密钥摘要，用来判断有没有变。
- **保留**：每张表属于 `deploy/packs/retention.yaml` 里的一种数据，到期怎么办见 [数据保留](retention.md)。
- **时刻**：业务时间，1970 年以来的微秒；**机器秒**：本机时钟的秒，只用于租约、退避、限速。
"""


KINDS, RETENTION = kind_of(), shipped_retention().table


def page() -> str:
    """The whole page as text."""
    return HEAD + "".join(_table(table) for table in schema.metadata.tables.values())


def _table(table: sa.Table) -> str:
    rows, name = "\n".join(_rows(table)), schema.read_as(table)
    about = f"{ABOUT[name]}。\n\n保留：{_kept(KINDS[name])}。"
    return f"\n## {name}\n\n{about}\n\n| 列 | 类型 | 键 | 可空 |\n|---|---|---|---|\n{rows}\n"


def _kept(kind: Kind) -> str:
    rule = RETENTION.rule(kind)
    if rule.starts is None:
        return f"{rule.label}，一直保留"
    return f"{rule.label}，{START_WORDS[rule.starts]}起 {rule.period}"


def _rows(table: sa.Table) -> Iterator[str]:
    for column in table.columns:
        key = "主键" if column.primary_key else "唯一" if column.unique else ""
        yield f"| {column.name} | {_kind(column)} | {key} | {'是' if column.nullable else ''} |"


def _kind(column: sa.Column[object]) -> str:
    if isinstance(column.type, sa.LargeBinary):
        return "加密" if isinstance(column.type, Sealed) else "盲索引" if column.name.endswith("_index") else "字节"
    if isinstance(column.type, Instant):
        return "时刻"
    names = ((sa.Boolean, "是否"), (sa.Date, "日期"), (sa.Float, "机器秒"), (sa.Integer, "整数"), (sa.Text, "文字"))
    found = next(name for kind, name in names if isinstance(column.type, kind))
    return "分" if found == "整数" and column.name in _MONEY else found


_MONEY = frozenset(
    [
        "annual_income",
        "liquid_assets",
        "min_amount",
        "balance",
        "amount",
        "cost",
        "balance_after",
        "aum",
        "principal",
        "next_due_amount",
    ]
)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
