"""`rmbot suitability` as it is written on the command line."""

from typing import Annotated

import typer

from bot.commands import usage

suitability = usage.Door("适当性判断。")
Number = Annotated[str, typer.Argument(metavar="编号", help="如 S261123-K7Q2MZ")]


@suitability.verb("replay")
def replay(context: typer.Context, number: Number) -> None:
    """按当时的依据和当时的规则重算一次判断，核对是否一致。"""
    usage.errand(context, "suitability.replay", number=number)
