"""`rmbot staff`: its verbs and their options."""

from typing import Annotated

import typer

from bot.commands import usage

staff = usage.Door("员工：停用、收回岗位，与企业微信的成员核对。")
Person = Annotated[str, typer.Argument(metavar="USERID", help="企业微信账号")]
Reason = Annotated[str, typer.Option("--reason", metavar="原因", callback=usage.not_blank, help="为什么；写入审计")]


@staff.verb("leave")
def staff_leave(context: typer.Context, person: Person, reason: Reason) -> None:
    """停用一位员工，即刻生效。"""
    usage.errand(context, "staff.leave", person=person, reason=reason)


@staff.verb("post")
def staff_post(
    context: typer.Context,
    person: Person,
    post: Annotated[str, typer.Argument(metavar="岗位", help="收回哪个岗位")],
    reason: Reason,
) -> None:
    """收回一位员工的一个岗位，即刻生效。"""
    usage.errand(context, "staff.post", person=person, post=post, reason=reason)


@staff.verb("stopped")
def staff_stopped(context: typer.Context) -> None:
    """列出本行停用的员工和收回的岗位（与员工数据不同的）。"""
    usage.errand(context, "staff.stopped")


@staff.verb("compare")
def staff_compare(context: typer.Context) -> None:
    """把员工数据与企业微信的成员逐人核对，列出只在一边有的、在企业微信里已停用的。"""
    usage.errand(context, "staff.compare")
