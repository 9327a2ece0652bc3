"""`rmbot calendar` as it is written on the command line."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands import usage

calendar = usage.Door("工作日历：节假日、调休和工作时段。")
Context = typer.Context
Unit = Annotated[str, typer.Option("--unit", metavar="机构号", help="这个机构和它的下级；缺省为全行")]


@calendar.verb("show")
def show(
    context: Context,
    year: Annotated[int, typer.Argument(metavar="YEAR", min=1900, max=2199)],
    unit: Unit = "",
) -> None:
    """列出一年的节假日、调休和工作时段，说明是否已确认。"""
    usage.errand(context, "calendar.show", year=year, unit=unit)


@calendar.verb("import")
def import_(
    context: Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV 或 .xlsx，列见 docs/calendar.md")],
    confirm: Annotated[bool, typer.Option("--confirm", help="这就是公布的安排，从现在起算数")] = False,
) -> None:
    """导入节假日、调休，或某个机构自己的工作日。"""
    usage.errand(context, "calendar.import", file=str(file.absolute()), confirm=confirm)


@calendar.verb("hours")
def hours(
    context: Context,
    ranges: Annotated[str, typer.Argument(metavar="时段", callback=usage.hours, help="09:00-12:00|13:30-17:30")],
    unit: Unit = "",
) -> None:
    """设置平常一天的工作时段。"""
    usage.errand(context, "calendar.hours", ranges=ranges, unit=unit)
