"""`rmbot api` as it is written on the command line."""

from typing import Annotated

import typer

from bot.commands import usage

api, keys = usage.Door("给别的系统用的接口。"), usage.Door("接口密钥：每个来源系统各用各的。")
api.add_typer(keys, name="keys")
Context = typer.Context
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="KIND[:COLUMN,...]", help="能写的数据，可写几次；只写几列时在冒号后列出"),
]


@keys.verb("list")
def list_(context: Context) -> None:
    """列出密钥：编号、系统、能写什么、到期日、最近一次使用。"""
    usage.errand(context, "api.keys.list")


@keys.verb("add")
def add(
    context: Context,
    system: Annotated[str, typer.Argument(metavar="SYSTEM", callback=usage.not_blank, help="来源系统的名字")],
    kinds: Kinds = None,
    days: Annotated[int, typer.Option(metavar="N", min=1, max=3650, help="有效多少天")] = 365,
) -> None:
    """发一个密钥；只在这时显示一次，之后谁也看不到。"""
    usage.errand(context, "api.keys.add", system=system, kinds=kinds or [], days=days)


@keys.verb("revoke")
def revoke(
    context: Context,
    key: Annotated[str, typer.Argument(metavar="KEY", help="密钥的编号，见 rmbot api keys list")],
    reason: Annotated[str, typer.Option("--reason", metavar="原因", callback=usage.not_blank, help="写入审计")],
) -> None:
    """立即吊销一个密钥。"""
    usage.errand(context, "api.keys.revoke", key=key, reason=reason)
