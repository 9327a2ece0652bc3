"""The sentences that leave by SMS: a case's number and level, or a code, and nothing of a customer (decision 11)."""

import re

_ESCALATION = "案件 {number} 已升级：{level}，请登录企业微信查看"
_ESCALATION_READ = re.compile(re.escape(_ESCALATION).replace(r"\{number\}", r"(\S+)").replace(r"\{level\}", "(.+)"))
_CODE = (
    "验证码 {digits}，用于在 RM 管家查看明文，{minutes} 分钟内有效，请勿告诉他人。不是您本人操作，请联系安全管理员。"
)
_CODE_READ = re.compile(re.escape(_CODE).replace(r"\{digits\}", r"(\d{6})").replace(r"\{minutes\}", r"\d+"))


def escalation(number: str, level: str) -> str:
    """That a case rose to a level."""
    return _ESCALATION.format(number=number, level=level)


def number_and_level(text: str) -> tuple[str, str] | None:
    """What varies in the sentence, for gateways that know the rest as a template; None for another sentence."""
    read = _ESCALATION_READ.fullmatch(text)
    return (read[1], read[2]) if read else None


def code(digits: str, minutes: int) -> str:
    """The code that shows who somebody is."""
    return _CODE.format(digits=digits, minutes=minutes)


def code_in(text: str) -> str | None:
    """The code of that sentence; None for another one."""
    read = _CODE_READ.fullmatch(text)
    return read[1] if read else None
