"""`rmbot keys` and `rmbot audit` as they are written on the command line."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands import usage

keys = usage.Door("密钥：更换、查看。")
audit = usage.Door("审计链：检查、导出、谁看过什么。")
Context = typer.Context
Since = Annotated[str, typer.Option("--from", metavar="DAY", callback=usage.day, help="从哪一天起，如 2026-11-01")]
Until = Annotated[str, typer.Option("--until", metavar="DAY", callback=usage.day, help="到哪一天为止，含当天")]


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
    """检查审计链是否完整、与检查点是否相符。"""
    usage.errand(context, "audit.verify")


@audit.verb("checkpoint")
def audit_checkpoint(context: Context) -> None:
    """给审计链现在的末端签名，追加到检查点文件（每夜自动做一次）。"""
    usage.errand(context, "audit.checkpoint")


@audit.verb("export")
def audit_export(
    context: Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="写到哪个新文件")],
    since: Since = "",
    until: Until = "",
) -> None:
    """导出审计记录：一个自带说明、可离线核验的文件。"""
    usage.errand(context, "audit.export", file=str(file.absolute()), since=since, until=until)


@audit.verb("key")
def audit_key(context: Context) -> None:
    """打印给检查点和导出签名的公钥，交给核验的人保管。"""
    usage.errand(context, "audit.key")


@audit.verb("verifier")
def audit_verifier() -> None:
    """把独立的核验程序写到标准输出：一个文件，只用 Python 3.8 以上的标准库。"""
    from importlib.resources import files

    typer.echo(files("bot").joinpath("verify_audit.py").read_text("utf-8"), nl=False)


@audit.verb("who")
def audit_who(
    context: Context,
    customer: Annotated[str, typer.Argument(metavar="客户号")],
    since: Since = "",
    until: Until = "",
) -> None:
    """谁看过这位客户：何时、哪个岗位、什么目的、看了什么；这次查询本身也记入审计。"""
    usage.errand(context, "audit.who", customer=customer, since=since, until=until)


@audit.verb("did")
def audit_did(
    context: Context,
    userid: Annotated[str, typer.Argument(metavar="账号", help="企业微信账号，或 cli:系统账号")],
    since: Since = "",
    until: Until = "",
) -> None:
    """这个人做过什么；这次查询本身也记入审计。"""
    usage.errand(context, "audit.did", userid=userid, since=since, until=until)
