"""What people call each permission and each action on a field; the keys stand in packs and in the trail."""

from collections.abc import Mapping

from domain.field_rule import Action
from domain.policy import Permission

PERMISSION_WORDS: Mapping[Permission, str] = {
    Permission.AUDIT_READ: "看审计记录",
    Permission.CARE_JUDGE: "评价关怀提醒",
    Permission.CARE_READ: "看关怀提醒",
    Permission.CASE_ACT: "办理案件",
    Permission.CASE_FILE: "登记案件",
    Permission.CASE_OVERSEE: "看辖内案件",
    Permission.CASE_READ: "看自己的案件",
    Permission.COMMAND_CHANGE: "改命令",
    Permission.COMMAND_CONFIRM: "确认命令的修改",
    Permission.COMMAND_LIST: "看命令清单",
    Permission.CONSENT_READ: "看隐私登记",
    Permission.CONSENT_RECORD: "登记客户同意",
    Permission.CUSTOMER_BREAK_GLASS: "紧急查看",
    Permission.CUSTOMER_PAGE: "打开客户页面",
    Permission.CUSTOMER_READ: "看客户资料",
    Permission.CUSTOMER_REVEAL: "二次验证后看明文",
    Permission.CUSTOMER_SEARCH: "查找客户",
    Permission.EXPORT_AGREE: "同意导出",
    Permission.EXPORT_ASK: "申请导出",
    Permission.EXPORT_COMPLY: "合规审批导出",
    Permission.EXPORT_PLAIN: "导出明文号码",
    Permission.EXPORT_SECURE: "数据安全审批导出",
    Permission.GLASS_REVIEW: "复核紧急查看",
    Permission.GRANT_CONFIRM: "确认个人授权",
    Permission.GRANT_LIST: "看个人授权",
    Permission.GRANT_REQUEST: "申请个人授权",
    Permission.HANDOVER_ASK: "申请交接",
    Permission.HANDOVER_DECIDE: "审批交接",
    Permission.HELP_READ: "看帮助",
    Permission.HOLD_ASK: "申请保全",
    Permission.HOLD_DECIDE: "审批保全",
    Permission.MINE_READ: "看我的",
    Permission.PERSON_ANSWER: "答复客户的个人信息请求",
    Permission.PERSON_FREEZE: "冻结客户信息",
    Permission.POLICY_PREVIEW: "权限预览",
    Permission.POST_SWITCH: "切岗",
    Permission.RELATION_RECORD: "登记关系",
    Permission.RETENTION_CONFIRM: "确认到期清理",
    Permission.STAFF_STOP: "停用和恢复同事",
    Permission.STAND_IN_SET: "委托代办",
    Permission.SUITABILITY_ASK: "做适当性判断",
    Permission.SUITABILITY_READ: "按编号看判断",
    Permission.SUITABILITY_RECOMMEND: "推荐产品",
    Permission.TIER_ASK: "申请调层",
    Permission.TIER_DECIDE: "审批调层",
    Permission.TODO_COMPLETE: "完成待办",
    Permission.TODO_LIST: "看待办",
    Permission.TODO_SNOOZE: "推迟待办",
    Permission.VISIT_LOG: "登记拜访",
    Permission.VISIT_UNDO: "撤销拜访",
}
ACTION_WORDS: Mapping[Action, str] = {
    Action.READ_MASKED: "看脱敏",
    Action.READ_PLAIN: "看明文",
    Action.WRITE: "填写",
    Action.EXPORT: "导出",
    Action.SHARE_TO_WECOM: "发企微",
}


def permission_words(key: str) -> str:
    """Both, where both are needed: 查找客户（customer:search）; a key that this version no longer knows stays a key."""
    word = next((word for permission, word in PERMISSION_WORDS.items() if permission.value == key), None)
    return f"{word}（{key}）" if word else key
