"""Write docs/settings.md from the settings themselves: `python -m tools.settings_page`."""

from itertools import groupby
from pathlib import Path

from pydantic import SecretStr

from bot.settings import keys, name_of

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
_TITLES = {
    "database": "数据库",
    "http": "监听与地址",
    "wecom": "企业微信",
    "sms": "短信",
    "crypto": "加密",
    "audit": "审计",
    "clock": "业务时钟（仅演示和测试）",
    "channel": "企业微信里露出多少",
    "care": "主动关怀",
    "view": "客户视图",
    "log": "日志",
    "api": "别的系统用的接口",
    "limits": "上限与时限",
}
_HEAD = """# 设置

每一项都可以写成环境变量，或写进 TOML 文件（`rmbot --config rmbot.toml …`）；两处都有时以环境变量为准，都没有时用默认值。
一项也不写就能启动：数据库用状态目录里的 SQLite。写错名字会被拒绝，并指出是哪一项。
`rmbot config show` 列出正在用的值、来源和说明，密码一类只显示 `******`。

TOML 文件里，`RMBOT_HTTP__PORT` 写成：

```toml
[http]
port = 8780
```
"""


def page() -> str:
    """The whole page as Markdown."""
    sections = (_section(title, list(rows)) for title, rows in groupby(keys(), key=lambda row: row[0]))
    return "\n".join([_HEAD, *sections])


def _section(section: str, rows: list[tuple[str, str, object]]) -> str:
    head = f"## {_TITLES[section]}\n\n| 环境变量 | 默认 | 说明 |\n|---|---|---|\n"
    return head + "".join(_line(section, key, field) for _, key, field in rows)


def _line(section: str, key: str, field: object) -> str:
    default = getattr(field, "default", None)
    empty = default in (None, "") or (isinstance(default, SecretStr) and not default.get_secret_value())
    shown = "空" if empty else f"`{default}`"
    return f"| `{name_of(section, key)}` | {shown} | {getattr(field, 'description', '')} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
