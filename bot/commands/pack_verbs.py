"""`rmbot card` and `rmbot pack` as they are written on the command line: what is checked without a database."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands import usage

card, pack = usage.Door("卡片。"), usage.Door("流程包：命令、表单、文字。")
File = Annotated[Path, typer.Argument(metavar="FILE")]


@card.verb("preview")
def card_preview(
    file: Annotated[Path, typer.Argument(metavar="FILE|-", help="卡片的 JSON 文件；- 为标准输入")],
) -> None:
    """按企业微信的限制检查一张卡片，并画出大致的样子。"""
    from bot.commands import local

    local.preview_card(file, typer.echo)


@pack.verb("check")
def pack_check(file: File) -> None:
    """检查一个流程包，指出每一处错误的行和列。"""
    from bot.commands import local

    local.check_pack(file, typer.echo)


@pack.verb("draw")
def pack_draw(file: File) -> None:
    """把流程包里的流程画成 Mermaid 状态图，写到标准输出。"""
    from bot.commands import local

    local.draw_pack(file, typer.echo)


@pack.verb("schema")
def pack_schema() -> None:
    """打印流程包的 JSON Schema，供编辑器使用。"""
    from bot.commands import local

    local.show_schema(typer.echo)
