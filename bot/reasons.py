"""Why a message did not arrive, in the words of whoever has to see to it (codes: page 90313)."""

from typing import Any, Protocol

_SKIPPED = {
    "invaliduser": "收件人不在应用的可见范围里，或已离开企业微信：核对后台应用详情页的可见范围",
    "unlicenseduser": "收件人没有企业微信接口的许可：请在后台分配",
}
_GONE = "收件人不是本企业微信的成员，或不在应用的可见范围里：核对后台应用详情页的可见范围"
_TOO_LONG = "内容太长或缺少必填项，企业微信不收：请反馈这个编号"
_CODES = {
    40003: _GONE,
    46004: _GONE,
    60111: _GONE,
    81013: _GONE,
    40007: "文件或照片在企业微信里已经过期（只留三天）：请重新发送",
    40145: "文件或照片在企业微信里已经过期（只留三天）：请重新发送",
    40201: "内容被企业微信拦下：请检查用词",
    82004: "内容被企业微信拦下：请检查用词",
    85002: "内容被企业微信拦下：请检查用词",
    **dict.fromkeys((40206, 41016, 41033, 44004, 45002, 45008, 45032), _TOO_LONG),
    **dict.fromkeys(range(42014, 42052), "卡片的内容不合企业微信的规定：请反馈这个编号"),
    82102: "要更新的卡片不是发给这个人的",
}


class Ended(Protocol):
    """A row of the outbox that is not going to be sent by itself."""

    @property
    def errcode(self) -> Any: ...

    @property
    def error(self) -> Any: ...


def reason_of(row: Ended) -> str:
    """What happened and what to do."""
    if row.errcode:
        return _CODES.get(row.errcode, "企业微信不收，见 docs/errors.md") + f"（errcode {row.errcode}）"
    said = str(row.error or "")
    if said.isascii():
        return _SKIPPED.get(said, "等了几个小时没有企业微信的答复")
    return said
