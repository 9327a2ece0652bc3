"""`rmbot keys` and `rmbot audit` as they are written on the command line."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands import usage

keys = usage.Door("密钥：更换、查看。")
audit = usage.Door("审计链：检查、导出、谁看过什么。")
Context = typer.Context


@keys.verb("rotate")
def keys_rotate(
    context: Context,
    master: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="只换主密钥：数据密钥改由这个文件保护（没有就生成），数据不用重新加密"),
    ] = None,
) -> None:
    """换一把新的数据密钥，把全部密文重新加密；服务照常使用，中断后再执行一次即可接着做。"""
    if master is not None:
        usage.errand(context, "keys.master", file=str(master.absolute()))
    else:
        usage.errand(context, "keys.rotate")


@keys.verb("list")
def keys_list(context: Context) -> None:
    """列出每把数据密钥：编号、用途、算法、状态。"""
    usage.errand(context, "keys.list")


@audit.verb("verify")
def audit_verify(context: Context) -> None:
    """检查审计链是否完整。"""
    usage.errand(context, "audit.verify")
