"""The command line: every verb with its options; what a verb does is imported when it is used."""

import gc
import os
import sys
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import __version__
from bot.commands import (
    api_verbs,
    calendar_verbs,
    export_verbs,
    grant_verbs,
    label_verbs,
    pack_verbs,
    proof_verbs,
    queue_verbs,
    retention_verbs,
    staff_verbs,
    suitability_verbs,
    usage,
)

if TYPE_CHECKING:
    from bot.settings import Settings

DEFAULT_STATE = Path("var")


@dataclass(frozen=True)
class Given:
    """The options before the verb; `state` is None where nothing was said."""

    state: Path | None = None
    config: Path | None = None

    def settings(self) -> "Settings":
        """The settings, checked; raises SettingsError."""
        from bot import settings

        return settings.load(self.config, self.state or DEFAULT_STATE)


class Preset(StrEnum):
    RM_BOOK = "rm_book"
    BANK_BASE = "bank_base"


app = usage.Door("RM 管家：客户经理在企业微信里查客户、记拜访、办待办。")
config, command = usage.Door("设置。"), usage.Door("聊天里的命令。")
for name, part in {
    "config": config, "card": pack_verbs.card, "pack": pack_verbs.pack, "command": command,
    "calendar": calendar_verbs.calendar, "labels": label_verbs.labels, "staff": staff_verbs.staff,
    "grant": grant_verbs.grant, "suitability": suitability_verbs.suitability, "export": export_verbs.export,
    "retention": retention_verbs.retention, "inbox": queue_verbs.inbox, "outbox": queue_verbs.outbox,
    "audit": proof_verbs.audit, "keys": proof_verbs.keys, "api": api_verbs.api,
}.items():  # fmt: skip
    app.add_typer(part, name=name)

Context = typer.Context
_errand = usage.errand


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rmbot {__version__}")
        raise typer.Exit


@app.callback()
def common(
    context: Context,
    state: Annotated[Path | None, typer.Option(metavar="DIR", help="状态目录，缺省 ./var；写在命令前后都可以")] = None,
    config: Annotated[Path | None, typer.Option(metavar="FILE", help="TOML 设置文件；写在命令前后都可以")] = None,
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_version, help="显示版本")] = False,
) -> None:
    os.umask(0o077)  # what this program writes is the bank's: nobody else on the machine reads it
    context.obj = Given(state, config)


@app.verb()
def demo(
    context: Context,
    sim_port: Annotated[
        int, typer.Option(metavar="PORT", envvar="SIM_PORT", min=0, max=65535, help="手机页面的端口")
    ] = 8790,
) -> None:
    """启动演示：模拟的企业微信、机器人和一家合成的银行。"""
    from bot import demo

    demo.run(context.obj.state or DEFAULT_STATE / "demo", context.obj.config, sim_port)


@app.verb()
def serve(context: Context) -> None:
    """启动服务，直到收到 SIGTERM 或按 Ctrl-C。"""
    gc.disable()  # until it is ready: what starting makes stays, and to look through it again and again took 0.4 s
    from bot import logging
    from bot.commands import serving

    settings = context.obj.settings()
    logging.configure(settings.log)
    serving.serve(settings, typer.echo)


@app.verb()
def sim(
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="监听的地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", min=0, max=65535, help="监听的端口，0 为任选")] = 8790,
    bank: Annotated[Path | None, typer.Option(metavar="DIR", help="从这里的 staff.csv、org_units.csv 读成员")] = None,
    callback_url: Annotated[str, typer.Option(metavar="URL", help="回调地址")] = "http://127.0.0.1:8780/wecom/callback",
    corp_id: Annotated[str, typer.Option(metavar="ID", help="企业 ID；缺省用模拟器自带的，下同")] = "",
    agent_id: Annotated[int, typer.Option(metavar="ID", min=0, help="应用的 AgentId")] = 0,
    secret: Annotated[str, typer.Option(metavar="TEXT", help="应用的 Secret")] = "",
    token: Annotated[str, typer.Option(metavar="TEXT", help="接收消息的 Token")] = "",
    aes_key: Annotated[str, typer.Option(metavar="TEXT", help="接收消息的 EncodingAESKey")] = "",
    at: Annotated[
        str,
        typer.Option(metavar="TIME", callback=usage.moment, help="业务时钟从何时走起，如 2026-11-23T09:00:00+08:00"),
    ] = "",
) -> None:
    """只启动模拟器，并打印连接它的设置。"""
    from bot.demo import alone

    application = {
        "corp_id": corp_id, "agent_id": agent_id, "secret": secret, "token": token, "aes_key": aes_key,
        "callback_url": callback_url,
    }  # fmt: skip
    alone.simulate(host, port, bank, {name: value for name, value in application.items() if value}, at, typer.echo)


@app.verb()
def migrate(context: Context) -> None:
    """把数据库的结构更新到本程序的版本。"""
    from bot.commands import alone

    alone.migrate(context.obj.settings())
    typer.echo("数据库结构已是最新")


@app.verb("import")
def import_(
    context: Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="放着导入文件的目录")],
    as_of: Annotated[
        str, typer.Option(metavar="DAY", callback=usage.day, help="业务日，如 2026-11-22；缺省为今天")
    ] = "",
    max_bad: Annotated[str, typer.Option(metavar="N|P%", callback=usage.max_bad, help="每个文件允许跳过的坏行")] = "0",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不改数据库")] = False,
) -> None:
    """导入核心系统的文件；服务在不在运行都可以。"""
    _errand(context, "import", folder=str(folder.absolute()), as_of=as_of, max_bad=max_bad, dry_run=dry_run)


@app.verb()
def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="写到哪个目录")],
    as_of: Annotated[str, typer.Option(metavar="DAY", callback=usage.sample_day, help="业务日，如 2026-11-22")],
    customers: Annotated[int, typer.Option(metavar="N", help="客户数")] = 2000,
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="种子：相同的种子写出相同的文件")] = 1,
    preset: Annotated[Preset, typer.Option(help="rm_book 在管客户为主，bank_base 全行客户")] = Preset.RM_BOOK,
) -> None:
    """写出一家合成银行的导入文件。"""
    from simulator.bank import write_sample

    try:
        report = write_sample(
            folder, customers=customers, seed=seed, as_of=date.fromisoformat(as_of), preset=preset.value
        )
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--customers") from None
    for file, rows in report.rows.items():
        typer.echo(f"{file} {rows} 行")


@app.verb()
def doctor(context: Context) -> None:
    """检查设置、数据库、密钥、时钟、企业微信和字体，说出怎么修。"""
    from bot import doctor

    if not doctor.examine(context.obj.config, context.obj.state or DEFAULT_STATE, typer.echo):
        raise typer.Exit(1)


@app.verb()
def bench(
    context: Context,
    rows: Annotated[list[int] | None, typer.Argument(metavar="[ROW]...", help="要测的行；不写则全测")] = None,
    seconds: Annotated[float, typer.Option(metavar="N", min=1, max=60, help="每一行大约测多久")] = 10.0,
    customers: Annotated[
        int | None, typer.Option(metavar="N", min=1_000, max=1_000_000, help="第 6 到 10 行用多少位客户，缺省一百万")
    ] = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="把机器情况和每个结果写成一行一个的 JSON")] = None,
) -> None:
    """测量性能：每一行都与它的对照在同一次运行里测得。"""
    from importlib import import_module

    measuring, asked = import_module("bot.bench"), rows or []
    if unknown := set(asked) - set(measuring.ROWS):
        there = "、".join(map(str, measuring.ROWS))
        raise typer.BadParameter(f"没有第 {'、'.join(map(str, sorted(unknown)))} 行，有 {there}", param_hint="ROW")
    # The folder holds the temporary databases, so it names the disk that is measured.
    folder = context.obj.state or DEFAULT_STATE / "bench"
    raise typer.Exit(measuring.measure(asked, seconds, json, folder, customers))


@config.verb("show")
def config_show(context: Context) -> None:
    """列出正在用的每一项设置、来源和说明；密码一类不显示。"""
    from bot.commands import local

    local.show_settings(context.obj.settings(), typer.echo)


@command.verb("list")
def command_list(context: Context) -> None:
    """列出现在生效的命令：状态、谁能用、别名，以及行内改过哪些。"""
    _errand(context, "command.list")


def main() -> None:
    """The entry point; exit codes: 0 done, 1 refused, 2 wrong usage."""
    sys.exit(usage.run(app, sys.argv[1:]))


if __name__ == "__main__":
    main()
