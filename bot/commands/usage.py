"""How a command line is read and refused: options of the house anywhere, values checked, everything told in Chinese."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import typer
from typer import core
from typer._click import exceptions as click

from domain.working_hours import read_hours, write_hours

EVERYWHERE = ("--state", "--config")
INTERRUPTED = 130
Function = TypeVar("Function", bound=Callable[..., Any])
# typer knows gettext but brings no Chinese.
_LABELS = {
    r"^Usage: ": "用法：",
    r"^Options:$": "选项：",
    r"^Arguments:$": "参数：",
    r"^Commands:$": "命令：",
    r"\[OPTIONS\]": "[选项]",
    r"COMMAND \[ARGS\]\.\.\.": "命令 …",
    r"Show this message and exit\.": "显示这份说明",
    r"\[default: ": "[缺省 ",
    r"\[required\]": "[必填]",
    r"; required\]": "；必填]",
    r"env var: ": "环境变量 ",
}


def _in_chinese(text: str) -> str:
    for english, chinese in _LABELS.items():
        text = re.sub(english, chinese, text, flags=re.MULTILINE)
    return text


class Verb(core.TyperCommand):
    """A command whose help is Chinese."""

    def get_help(self, ctx: Any) -> str:
        return _in_chinese(super().get_help(ctx))


class Verbs(core.TyperGroup):
    """Commands under one word, in the order of the source, with Chinese help."""

    def get_help(self, ctx: Any) -> str:
        return _in_chinese(super().get_help(ctx))


class Door(typer.Typer):
    """A typer application that makes all its commands that way."""

    def __init__(self, about: str) -> None:
        super().__init__(help=about, cls=Verbs, no_args_is_help=True, rich_markup_mode=None, add_completion=False)

    def verb(self, name: str | None = None, **options: Any) -> Callable[[Function], Function]:
        """Register a function as a command."""
        return self.command(name, cls=Verb, **options)


def hoisted(arguments: Sequence[str]) -> list[str]:
    """The arguments with `--state` and `--config` moved before the verb, where they may be written after it."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for word in waiting:
        if word == "--":
            rest += [word, *waiting]
        elif word in EVERYWHERE:
            front += [word, *_next(waiting)]
        else:
            (front if word.startswith(tuple(f"{name}=" for name in EVERYWHERE)) else rest).append(word)
    return front + rest


def _next(words: Iterator[str]) -> list[str]:
    found = next(words, None)
    return [] if found is None else [found]


def run(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Carry out one command line; the exit code."""
    try:
        return app(hoisted(arguments), prog_name="rmbot", standalone_mode=False) or 0
    except click.NoArgsIsHelpError as error:
        return _tell(error.format_message(), 2)
    except click.UsageError as error:
        return _tell(_usage(error), 2)
    except (KeyboardInterrupt, typer.Abort):
        return _tell("已中断", INTERRUPTED)
    except BrokenPipeError:
        return 0
    except Exception as error:
        from bot.commands import mishap

        return _tell(mishap.explain(error), 1)


def errand(context: typer.Context, command: str, **arguments: object) -> None:
    """Have a command on the database done, by whoever has it."""
    from bot.commands import reach

    reach.run_errand(context.obj.settings(), command, typer.echo, **arguments)


def _tell(text: str, code: int) -> int:
    sys.stderr.write(text.rstrip() + "\n")
    return code


def _usage(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "rmbot"
    return f"{_wrong(error)}\n用法见 {path} --help"


def _wrong(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        near = f"，是不是 {'、'.join(sorted(error.possibilities))}？" if error.possibilities else ""
        return f"没有 {error.option_name} 这个选项{near}"
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_name(error)}"
    if isinstance(error, click.BadParameter):
        return f"{_name(error)}：{_words(error.message)}"
    return _words(error.message)


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "参数")
    if error.param.param_type_name == "argument":
        return str(error.param.metavar or error.param.name)
    return "/".join((*error.param.opts, *error.param.secondary_opts))


_WORDS = (
    (r"^Input should be a valid integer.*$", "要写整数"),
    (r"^Input should be a valid number.*$", "要写数"),
    (r"^Input should be less than or equal to (\S+)$", r"不能大于 \1"),
    (r"^Input should be greater than or equal to (\S+)$", r"不能小于 \1"),
    (r"^Value error, '(.*)' is not one of (.*?)\.?$", r"“\1”不在可选的值里：\2"),
    (r"^Got unexpected extra arguments?(?:\(s\))? \((.*)\)$", r"多出了 \1"),
    (r"^Missing command\.$", "缺少命令"),
    (r"^No such command '(.*?)'\.(?: Did you mean (.*)\?)?$", r"没有 \1 这个命令"),
    (r"^Option '(.*)' requires an argument\.$", r"选项 \1 后面要写值"),
    (r"^Option '(.*)' does not take a value\.$", r"选项 \1 后面不写值"),
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _words(message: str) -> str:
    for english, chinese in _WORDS:
        if re.search(english, message):
            return re.sub(english, chinese, message)
    return message if _CHINESE.search(message) else "写法不对"


def day(written: str) -> str:
    """An ISO date or nothing, as it was written."""
    try:
        return date.fromisoformat(written).isoformat() if written else ""
    except ValueError:
        raise typer.BadParameter(f"“{written}”不是日期，请写成 2026-11-22") from None


def sample_day(written: str) -> str:
    """A day that leaves a synthetic bank room for the ages of its customers."""
    if not "1950" <= day(written)[:4] <= "2100":
        raise typer.BadParameter("请写 1950 到 2100 年之间的日子")
    return day(written)


def moment(written: str) -> str:
    """An ISO date-time with its offset, or nothing."""
    try:
        aware = not written or datetime.fromisoformat(written).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise typer.BadParameter(f"“{written}”不是带时区的时间，请写成 2026-11-23T09:00:00+08:00")
    return written


def max_bad(written: str) -> str:
    """`5` or `0.5%`."""
    number = re.fullmatch(r"(\d{1,9})|(\d{1,3}(?:\.\d{1,4})?)%", written.strip())
    if number is None or Decimal(number.group(2) or 0) > 100:
        raise typer.BadParameter(f"写成整数（如 5）或百分比（如 0.5%），而不是“{written}”")
    return written.strip()


def hours(written: str) -> str:
    """Ranges of working time, such as `09:00-12:00|13:30-17:30`."""
    try:
        return write_hours(read_hours(written))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def not_blank(written: str) -> str:
    """Something a person can read later."""
    if not written.strip():
        raise typer.BadParameter("不能为空")
    return written.strip()
