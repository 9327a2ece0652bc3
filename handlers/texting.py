"""Text messages by SMS: kept once for each key, and what the operators are told when one does not arrive."""

from handlers.operators import to_operators
from handlers.reply import Say, Sms
from storage import directory, outbox, sms
from storage.outbox import Outgoing
from storage.unit import Unit

NO_MOBILE = "no_mobile"
_WORDS = {
    NO_MOBILE: "给 {to} 的短信没有发出（{key}）：没有登记手机号。请另行通知本人，并在员工数据里补上手机号。",
    outbox.DEAD: "给 {to} 的短信没有发出（{key}）：{why}。请另行通知本人；原因见 rmbot doctor 和服务日志。",
    outbox.AMBIGUOUS: "给 {to} 的短信不知是否送达（{key}），没有重发。请问过本人，"
    "再用 rmbot outbox ambiguous 和 rmbot outbox resolve 下结论。",
}


def keep(unit: Unit, part: Sms) -> tuple[Say, ...]:
    """Put it into the outbox, once; what is to be said when there is no number to send it to."""
    key, mobile = f"sms:{part.key}", directory.mobile(unit, part.to)
    if not sms.put(unit, msg_key=key, to=part.to, mobile=mobile or "", text=part.text):
        return ()
    if mobile is not None:
        unit.audit("sms.kept", key, {"to": part.to})
        return ()
    sms.bury(unit, key, NO_MOBILE)
    return _word(unit, NO_MOBILE, key, part.to)


def undelivered(unit: Unit, row: Outgoing, state: str, why: str) -> tuple[Say, ...]:
    """It ended without its being sent, as `state` says."""
    return _word(unit, state, row.msg_key, row.recipient, why)


def _word(unit: Unit, state: str, key: str, to: str, why: str = "") -> tuple[Say, ...]:
    unit.audit(f"sms.{state}", key, {"to": to, "why": why})
    return to_operators(unit, _WORDS[state].format(to=to, key=key.removeprefix("sms:"), why=why))
