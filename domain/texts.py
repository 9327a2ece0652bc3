"""What the bot says around its features, as the pack may word it; `{names}` in braces are filled in."""

import string
from typing import Self

from pydantic import model_validator

from domain.part import Part, Words


class Texts(Part):
    """One sentence for each occasion. A pack may change the words, and use the names in braces that stand here."""

    unknown_member: Words = "您还没有开通 RM 管家，请联系本行业务管理员登记。"
    stopped_member: Words = "您已离职或账号已停用，不能再使用 RM 管家。如有疑问，请联系您的主管。"
    unsupported: Words = "暂时看不了这类消息，请发文字、照片或位置；发“帮助”看能做什么。"
    unknown_input: Words = "没看懂这句话，您是不是想："
    not_permitted: Words = "您的岗位不能用“{command}”，发“帮助”看能用的命令。"
    disabled: Words = "这个命令已停用（{command}），发“帮助”看现在能用的命令。"
    nothing_open: Words = "现在没有进行中的填写，发“帮助”看能做什么。"
    parked: Words = "“{title}”先搁下了，已填的都在；发“继续”接着填，发“取消”放弃。"
    expired: Words = "“{title}”已有一阵没有动静，先收起来了；24 小时内发“继续”可接着填。"
    cancelled: Words = "“{title}”已取消，什么都没有保存。"
    restarted: Words = "好，“{title}”从头填。"
    resumed: Words = "接着填“{title}”。"
    failed: Words = "这次没有办成，已通知管理员（编号 {reference}），请稍后再试。"
    stale_card: Words = "这张卡片已经过时，请看最新的一张。"
    greeting_hint: Words = "直接发命令也行，例如：{example}"

    @model_validator(mode="after")
    def _only_knownnames_in(self) -> Self:
        for name, field in type(self).model_fields.items():
            unknown = names_in(getattr(self, name)) - names_in(str(field.default))
            if unknown:
                raise ValueError(f"“{name}”里不认识的名字：{'、'.join(sorted(unknown))}")
        return self

    def fill(self, name: str, **values: str) -> str:
        """The sentence with its names filled in; raises KeyError for a missing value."""
        return str(getattr(self, name)).format(**values)


def names_in(text: str) -> set[str]:
    """What stands in braces, with any format it asks for, so that nothing but a plain name can be a known one."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        raise ValueError(f"花括号没有配对：{text}") from None
    return {f"{name}{spec}{convert or ''}" for _, name, spec, convert in parts if name is not None}
