"""The code by which a reader shows who they are: sent to their own mobile, and judged."""

from datetime import timedelta

from domain import text_message
from domain.limit import LimitKey
from domain.normalise import digits
from domain.one_time_code import DIGITS, CodeRules, Outcome, SentCode, judge, seconds_to_wait
from handlers.context import House
from storage import directory, reveal_codes, reveals, sms
from storage.reveals import Reveal
from storage.unit import Unit

TOO_SOON = "请过 {seconds} 秒再重新发送。"
TOO_MANY = "验证码一小时内最多发 {count} 次，请过一会儿再试，或改用企业微信确认身份。"
NO_MOBILE = "您没有登记手机号，请改用企业微信确认身份。"
INCOMPLETE = "请输入短信里的 6 位数字。"
EXPIRED = "验证码已失效，请点“重新发送”。"
WRONG = "验证码不对，还可以试 {left} 次。"
AGAIN = "请再试一次。"


def rules_of(house: House) -> CodeRules:
    limits = house.policy.limits
    return CodeRules(
        limits[LimitKey.CODE_MINUTES].minutes,
        limits[LimitKey.CODE_TRIES].value,
        timedelta(seconds=limits[LimitKey.CODE_AGAIN].value),
    )


def send(unit: Unit, house: House, asked: Reveal) -> str:
    """A new code to the reader's own number; else why not."""
    rules, most = rules_of(house), house.policy.limits[LimitKey.CODE_HOUR].value
    mobile = directory.mobile(unit, asked.userid)
    last = reveal_codes.newest(unit, asked)
    if mobile is None:
        return NO_MOBILE
    if last is not None and (wait := seconds_to_wait(last, unit.now, rules)):
        return TOO_SOON.format(seconds=wait)
    if reveal_codes.count_since(unit, asked.userid, unit.now - timedelta(hours=1)) >= most:
        return TOO_MANY.format(count=most)
    key, code = reveal_codes.make(unit, asked)
    said = text_message.code(code, house.policy.limits[LimitKey.CODE_MINUTES].value)
    sms.put_code(
        unit, msg_key=f"code:{key}", to=asked.userid, mobile=mobile, text=said, until=unit.now + rules.life
    )  # fmt: skip
    unit.audit("reveal.code_sent", f"customer:{asked.customer_id}", {"reveal": asked.id}, [asked.customer_id])
    return ""


def tried(unit: Unit, house: House, asked: Reveal, typed: str) -> tuple[Outcome, str]:
    """What became of a try, and what to say of it; a wrong one is counted."""
    rules, sent, number = rules_of(house), reveal_codes.newest(unit, asked), digits(typed)
    if sent is None:
        return Outcome.OVER, EXPIRED
    if len(number) != DIGITS:
        return Outcome.OVER, INCOMPLETE
    outcome = judge(sent, number, unit.now, rules)
    if outcome is Outcome.OVER:
        return outcome, EXPIRED
    return (outcome, "") if outcome is Outcome.RIGHT else _missed(unit, asked, sent, outcome, rules)


def _missed(unit: Unit, asked: Reveal, sent: SentCode, outcome: Outcome, rules: CodeRules) -> tuple[Outcome, str]:
    if not reveals.missed(unit, asked):
        return Outcome.OVER, AGAIN
    action = "reveal.locked" if outcome is Outcome.LOCKED else "reveal.wrong_code"
    unit.audit(action, f"customer:{asked.customer_id}", {"reveal": asked.id}, [asked.customer_id])
    if outcome is Outcome.LOCKED:
        reveal_codes.forget(unit, asked)
    return outcome, WRONG.format(left=rules.tries - sent.tries - 1)
