"""`rmbot export` as it is written on the command line."""

from typing import Annotated

import typer

from bot.commands import usage

export = usage.Door("导出的清单。")
File = Annotated[str, typer.Argument(metavar="FILE", help="流出的文件，或从里面复制的文字；- 读标准输入")]


@export.verb("trace")
def trace(context: typer.Context, file: File) -> None:
    """流出的文件或片段是谁的哪一份：副本号、谁、目的、谁同意的、下载过几次。"""
    from bot.commands.fragments import copies_of

    usage.errand(context, "export.trace", copies=copies_of(file))
