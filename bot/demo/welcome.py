"""What a newcomer reads when the demo is ready: where to go, what to try, how to stop."""

from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.panel import Panel

from bot.demo.ports import HOST, Ports

_WEEKDAYS = "一二三四五六日"


def say(text: str) -> None:
    """One line to the person who started the demo, at once."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(text, markup=False)
    console.file.flush()


def welcome(state: Path, ports: Ports, now: datetime) -> None:
    """The one panel of a start."""
    for line in ports.moved:
        say(line)
    text = _TEXT.format(
        page=f"http://{HOST}:{ports.sim}/",
        public=f"http://{HOST}:{ports.public}",
        admin=f"http://{HOST}:{ports.admin}",
        now=f"{now:%Y-%m-%d %H:%M}（星期{_WEEKDAYS[now.weekday()]}）",
        state=state,
    )
    console = Console(highlight=False)
    console.print(Panel(text, title="RM 管家 · 演示", expand=False, padding=(1, 2)))
    console.file.flush()


_TEXT = """\
[bold]手机页面  {page}[/bold]
机器人    {public}（管理 {admin}）
业务时间  {now}，在页面上可以往前拨
数据      {state}（日志 rmbot.log）

[bold]先试这些[/bold]
 1. 打开手机页面，选 李明（rm01，客户经理）
 2. “今日提醒”是机器人早上自己发的：点“看原因”，再点“有用”“已做”“稍后”
 3. 发“查 王秀兰”；也可以发 查 wxl、查 C00000001
 4. 按卡片上的“记拜访”，或发“拜访 单雄信 电话 接通 聊了理财续期 下周三回访”
 5. 发“待办”“我的”“帮助”
 6. 旁边再开 刘芳（rm02），各查各的客户

[bold]停止[/bold]  按 Ctrl-C。再次执行同一命令会接着来；删掉数据目录则从头开始。"""
