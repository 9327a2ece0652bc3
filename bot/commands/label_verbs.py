"""`rmbot labels` as it is written on the command line."""

from typing import Annotated

import typer

from bot.commands import usage

labels = usage.Door("客户标签：分层、生命周期、行为特征、风险偏好。")


@labels.verb("recompute")
def recompute(
    context: typer.Context,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="日期", help="过去的某一天：只核对，不改")] = None,
) -> None:
    """重算今天的标签；写明过去的一天，就用现有数据和当天的规则再算一遍并对比。"""
    usage.errand(context, "labels.recompute", as_of=as_of)
