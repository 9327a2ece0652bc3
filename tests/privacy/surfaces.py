"""Everything that speaks or shows, as a tester wrote it down: which permission stands before it (None: nothing of its
own, because what came before was asked).
"""

_SPOKEN: dict[str | None, str] = {
    "case:file": "case.file case.file_for",
    "case:read": "case.show case.look case.open case.list case.page case.trail",
    "customer:read": (
        "case.customer suitability.customer customer.choose customer.look visit.customer "
        "todo.customer care.customer handover.decline handover.brief handover.page relation.show "
        "relation.customer"
    ),
    "consent:read": "consent.show",
    "relation:record": "relation.new relation.undo relation.reverse",
    "case:act": "case.act case.more case.agree case.reject case.finish case.undo",
    None: (
        "case.fire case.reckon subject.remind glass.review staff.follow staff.unsubscribed staff.gone staff.back "
        "form.answer "
        "form.pick form.skip form.back form.restart form.resume form.edit form.save form.cancel "
        "talk.expire approval.agree approval.reject approval.withdraw approval.expire "
        "approval.pass_on"
    ),
    "consent:record": "consent.record",
    "person:freeze": "restriction.ask restriction.lift",
    "hold:ask": "hold.ask hold.release",
    "retention:confirm": "retention.show retention.ask",
    "person:answer": "subject.ask subject.answered",
    "export:ask": "export.ask export.confirm export.drop",
    "stand_in:set": "stand_in.show stand_in.new stand_in.end",
    "suitability:ask": "suitability.ask suitability.choose suitability.replay suitability.open suitability.papers",
    "suitability:recommend": "suitability.recommend suitability.suggest suitability.page care.recommend",
    "help:read": "undo.latest photo.again help.show entry.greet suggest.show",
    "customer:search": "customer.query form.choose labels.show labels.why",
    "visit:log": "customer.visit visit.log care.visit",
    "visit:undo": "visit.undo",
    "todo:list": "todo.list todo.page todo.remind care.digest",
    "todo:complete": "todo.done care.done",
    "todo:snooze": "todo.later care.later",
    "care:read": "todo.why care.open",
    "care:judge": "care.useful care.wrong",
    "mine:read": "mine.show",
    "customer:break_glass": "glass.break",
    "glass:review": "glass.seen glass.revoke glass.fine glass.doubt",
    "grant:list": "grant.show",
    "grant:request": "grant.new grant.revoke",
    "policy:preview": "policy.preview policy.explain",
    "post:switch": "post.switch post.take",
    "command:list": "admin.show admin.commands admin.waiting command.page command.detail",
    "command:change": "command.enable command.disable command.aliases command.posts",
    "handover:ask": "handover.ask handover.withdraw",
    "handover:decide": "handover.agree handover.reject handover.back handover.reverse",
    "audit:read": "audit.ask audit.detail audit.older audit.newest",
    "tier:ask": "tier.ask",
    "staff:stop": "staff.stop staff.return",
}
_PRESENTED: dict[str | None, str] = {
    "care:read": "finding findings",
    "command:list": "admin commands",
    "glass:review": "glass",
    "grant:list": "grants",
    None: "approval handover talk tie visit",
    "customer:read": "book relations",
    "export:ask": "export",
    "todo:list": "todo todos",
    "person:answer": "subject",
    "case:read": "case cases",
    "stand_in:set": "standin",
    "retention:confirm": "retention",
    "suitability:ask": "suitability",
}


def _each(table: dict[str | None, str]) -> dict[str, str | None]:
    return {name: permission for permission, names in table.items() for name in names.split()}


SPOKEN, PRESENTED = _each(_SPOKEN), _each(_PRESENTED)
