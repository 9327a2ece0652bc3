"""The one sentence that leaves by SMS: a case's number and its level, and nothing else (design decision 11)."""

import re

_SENTENCE = "案件 {number} 已升级：{level}，请登录企业微信查看"
_READ = re.compile(re.escape(_SENTENCE).replace(r"\{number\}", r"(\S+)").replace(r"\{level\}", "(.+)"))


def escalation(number: str, level: str) -> str:
    """That a case rose to a level."""
    return _SENTENCE.format(number=number, level=level)


def number_and_level(text: str) -> tuple[str, str] | None:
    """What varies in the sentence, for gateways that know the rest as a template; None for another sentence."""
    read = _READ.fullmatch(text)
    return (read[1], read[2]) if read else None
