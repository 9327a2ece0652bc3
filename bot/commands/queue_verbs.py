"""`rmbot inbox` and `rmbot outbox` as they are written on the command line."""

from typing import Annotated

import typer

from bot.commands import usage

inbox, outbox = usage.Door("没能处理的消息。"), usage.Door("没有送达或不知是否送达的消息。")
Context = typer.Context
Number = Annotated[int, typer.Argument(metavar="编号", min=1, max=2**63 - 1)]
Reason = Annotated[str, typer.Option("--reason", metavar="原因", callback=usage.not_blank, help="为什么；写入审计")]


@inbox.verb("dead")
def inbox_dead(context: Context) -> None:
    """列出没能处理的消息。"""
    usage.errand(context, "inbox.dead")


@inbox.verb("requeue")
def inbox_requeue(context: Context, number: Number, reason: Reason) -> None:
    """把一条没能处理的消息放回队列。"""
    usage.errand(context, "inbox.requeue", number=number, reason=reason)


@outbox.verb("ambiguous")
def outbox_ambiguous(context: Context) -> None:
    """列出不知是否送达的消息。"""
    usage.errand(context, "outbox.ambiguous")


@outbox.verb("dead")
def outbox_dead(context: Context) -> None:
    """列出没有送达的消息和原因。"""
    usage.errand(context, "outbox.dead")


@outbox.verb("resolve")
def outbox_resolve(
    context: Context,
    number: Number,
    resend: Annotated[bool, typer.Option("--resend/--arrived", help="再发一次，或记为已送达")],
    reason: Reason,
) -> None:
    """给一条不知是否送达的消息下结论。"""
    usage.errand(context, "outbox.resolve", number=number, resend=resend, reason=reason)
