"""审计 on a phone and on the command line: what a record says, in words; customers by number, nobody by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cards.fitting import fit
from cards.key import Seal
from cards.lines import SIDE_BY_SIDE
from cards.parts import Horizontal, MainTitle, Option, Selection
from cards.wecom import ButtonInteraction

DETAIL, OLDER, NEWEST = "audit.detail", "audit.older", "audit.newest"
ENTRY_QUESTION: Final = "entry"
PAGE_SIZE: Final = SIDE_BY_SIDE
_VALUE = 30

_ACTIONS: Mapping[str, str] = {
    "customer.read": "看客户资料",
    "customer.search": "查找客户",
    "customer.unreadable": "有客户资料解不开",
    "reading.abnormal": "发现查看客户异常",
    "page.shown": "打开客户页面",
    "page.refused": "打开页面被拒绝",
    "card.shown": "卡片上显示",
    "card.stale": "点了过时的卡片",
    "case.read": "看案件经过",
    "case.refused": "案件操作被拒绝",
    "case.linked": "关联案件",
    "visit.logged": "登记拜访",
    "visit.undone": "撤销拜访",
    "todo.created": "新增待办",
    "todo.done": "完成待办",
    "finding.made": "生成关怀提醒",
    "finding.handed_over": "移交关怀提醒",
    "stand_in.set": "设置代办",
    "stand_in.ended": "结束代办",
    "session.opened": "登录手机页面",
    "session.refused": "登录被拒绝",
    "update.refused": "请求被拒绝",
    "update.dead": "消息处理失败",
    "import": "导入数据",
    "staff.stopped": "停用员工",
    "staff.brought_back": "恢复员工",
    "sms.kept": "发短信",
    "audit.who": "查谁看过客户",
    "audit.did": "查某人做过什么",
    "audit.looked": "看一条审计记录",
    "audit.exported": "导出审计",
    "audit.checkpoint": "签审计检查点",
    "audit.hash": "审计链换散列算法",
    "house.started": "服务启动",
    "key.made": "生成数据密钥",
    "key.retired": "换下数据密钥",
    "key.rewrapped": "换主密钥",
}
_SURFACES: Mapping[str, str] = {
    "wecom": "企微", "h5": "手机页面", "cli": "命令行", "api": "接口", "summary": "摘要", "care": "关怀卡片",
    "case": "案件卡片", "trail": "案件经过", "customer": "客户页面", "basic": "基本信息", "assets": "资产信息",
    "risk": "风险评级", "service": "服务记录", "transactions": "交易信息", "credit": "负债与信用",
    "relations": "关系", "behaviour": "行为轨迹",
}  # fmt: skip


@dataclass(frozen=True)
class EntryLine:
    """One record on the list: its number in the chain, when and who (or about whom), what."""

    number: int
    whom: str
    what: str

    @property
    def said(self) -> str:
        return f"{self.whom} {self.what}"


def action_text(action: str) -> str:
    """What was done; what has no words here is named as it is recorded."""
    return _ACTIONS.get(action, action)


def surface_text(surface: str) -> str:
    return "·".join(_SURFACES.get(part, part) for part in surface.split(".") if part)


def entry_text(action: str, resource: str, detail: Mapping[str, Any]) -> str:
    """What was done, why, where it was seen, and what it concerned."""
    why = "，".join(str(part) for part in (detail.get("purpose"), surface_text(str(detail.get("surface", "")))) if part)
    to = f"给 {detail['to']}" if "to" in detail and action == "card.shown" else ""
    return " ".join(part for part in (action_text(action), to, f"（{why}）" if why else "", resource) if part)


def audit_card(
    title: str, about: str, lines: Sequence[EntryLine], seal: Seal, *, older: bool, newest: bool
) -> ButtonInteraction:
    """A page of records, at least one; option ids are the numbers of the records in the chain."""
    options = tuple(Option(id=str(line.number), text=fit(f"{at}.{line.what}", 16)) for at, line in enumerate(lines, 1))
    onward = [seal.button("更早的", OLDER, 2)] if older else []
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=title, desc=about),
        horizontal_content_list=tuple(
            Horizontal(keyname=f"{at}.", value=fit(line.said, _VALUE)) for at, line in enumerate(lines, 1)
        ),
        button_selection=Selection(question_key=ENTRY_QUESTION, title="看哪一条", option_list=options),
        button_list=(
            seal.button("详情", DETAIL),
            *onward,
            *([seal.button("回最新", NEWEST, 2)] if newest else []),
        ),
    )
