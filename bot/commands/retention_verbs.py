"""`rmbot retention` as it is written on the command line."""

from typing import Annotated

import typer

from bot.commands import usage

retention = usage.Door("数据保留：哪些到期了，确认后删除。")


@retention.verb("report")
def report(
    context: typer.Context,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DAY", callback=usage.day, help="看哪一天，缺省为今天；以后的日子只供预览")
    ] = "",
) -> None:
    """各种数据有多少、到期多少、保全多少；只数行数，不显示内容。"""
    usage.errand(context, "retention.report", as_of=as_of)


@retention.verb("apply")
def apply(
    context: typer.Context,
    confirm: Annotated[
        str, typer.Option(metavar="摘要", help="看过的那份报告的摘要；两个人在企业微信里确认过就不用写")
    ] = "",
) -> None:
    """按最近的报告删除到期的数据；服务照常使用，中断后再执行一次即可接着做。"""
    usage.errand(context, "retention.apply", confirm=confirm)
