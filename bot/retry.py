"""What to do about each answer of WeCom: error codes by class, as data (wecom-protocol.md §6.2, page 90313)."""

from enum import StrEnum


class RetryClass(StrEnum):
    """How a failed call goes on."""

    SOON = "soon"  # transient: again after 1, 3, 9 s, then slowly
    WAIT = "wait"  # a limit of WeCom's: wait the window out, the message is not charged
    TOKEN = "token"  # the token, not the message: refresh once, again once
    CONFIG = "config"  # somebody must change a setting: everything waits, operators are told
    DEAD = "dead"  # this payload will never be taken


_CODES: dict[RetryClass, tuple[int, ...]] = {
    RetryClass.SOON: (-1, 6000, 45035, 2000111, 2000141),
    RetryClass.WAIT: (45009, 45033, 45036, 41063, 41096, 81026, 846607),
    RetryClass.TOKEN: (40014, 42001, 40001),
    RetryClass.CONFIG: (
        *(40013, 40091, 45031, 48001, 48002, 48004, 48005, 48006, 48009, 48010, 48011, 50001, 80001, 85005),
        *(50002, 50003, 60031, 60011, 92000, 60020, 301002, 81011, 43012, 301007, 40141, 40056, 41011, 301055),
    ),
}
CLASS_OF = {code: kind for kind, codes in _CODES.items() for code in codes}
"""Of every code we know."""

# Seconds before the next try: of one message, and while all wait, of the one that goes to see (bot/valve.py).
SOON_PAUSES = (1.0, 3.0, 9.0, 30.0, 60.0, 300.0)
AWAY_PAUSES = (1.0, 3.0, 5.0)
WAIT_PAUSES = (15.0, 30.0, 60.0)
CONFIG_PAUSES = (10.0,)  # gettoken with a wrong secret 2 000 times in an hour bans the address (page 90313, 45009)
CERTAIN_WITHIN = 3.5 * 3600
"""Seconds within which a repeat is still swallowed by WeCom's duplicate check (4 h at most), with a margin."""

RESPONSE_CODE_USED = 60140
MEDIA_GONE = 40007
"""What was uploaded is kept three days (page 90253)."""
EXPLANATIONS = {
    60020: "服务器的出口 IP 不在企业可信 IP 里：请在应用详情页“企业可信IP”中加入，约一分钟后生效",
    40001: "应用的 Secret 不正确：请核对 RMBOT_WECOM__SECRET",
    40013: "企业 ID 不正确：请核对 RMBOT_WECOM__CORP_ID",
    43012: "应用没有配置接收消息的 URL：请先在后台“接收消息”里保存回调地址",
    301002: "AgentId 与 Secret 不是同一个应用：请核对 RMBOT_WECOM__AGENT_ID",
    50003: "应用被停用：请在后台启用",
    48002: "应用没有调用这个接口的权限：请在后台检查接口权限",
}


def class_of(errcode: int) -> RetryClass:
    """The class of an error code; one we do not know will not get better by repeating."""
    return CLASS_OF.get(errcode, RetryClass.DEAD)


def pause_after(times: int, pauses: tuple[float, ...] = SOON_PAUSES) -> float:
    """Seconds to wait after so many failures; the last of `pauses` for all that follow."""
    return pauses[min(times, len(pauses)) - 1]
