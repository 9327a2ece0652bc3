"""`rmbot grant`: its verbs and their options."""

from typing import Annotated

import typer

from bot.commands import usage

grant = usage.Door("个人授权：岗位之外给一个人的权限、范围、客户、机构，或禁止。")


@grant.verb("list")
def grant_list(context: typer.Context) -> None:
    """列出生效中和等确认的个人授权。"""
    usage.errand(context, "grant.list")


@grant.verb("revoke")
def grant_revoke(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="编号", help="rmbot grant list 里的编号")],
    reason: Annotated[str, typer.Option("--reason", metavar="原因", callback=usage.not_blank, help="写入审计")],
) -> None:
    """收回一项个人授权，即刻生效。"""
    usage.errand(context, "grant.revoke", number=number, reason=reason)
