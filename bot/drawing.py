"""Draws charts for the chat: one PNG of a phone's width, with nothing in it but what it is given as strings.

What the picture says is data to the template and never becomes markup; it is drawn without reading any other file.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

TEMPLATE = Path(__file__).with_name("drawing.typ")
FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
    "PingFang SC", "Hiragino Sans GB", "Heiti SC", "Microsoft YaHei",
)  # fmt: skip
"""Chinese type that servers and laptops have, the best first."""
DOTS_PER_INCH = 192.0  # twice as fine as the points it is laid out in, for a phone's screen
NO_LIBRARY = "没有安装 typst：请按 requirements/run.txt 安装依赖"
NO_FONT = (
    "没有中文字体：请安装一种（Debian：apt install fonts-noto-cjk），或用 RMBOT_VIEW__FONTS 指定目录，见 rmbot doctor"
)


class CannotDraw(Exception):
    """This machine lacks something; the message is Chinese and says what to do."""


def draw(picture: Mapping[str, Any], folder: Path | None = None) -> bytes:
    """A PNG of title, charts and closing line; takes some milliseconds. Type comes from `folder`, or from where the
    system has it. Raises CannotDraw.
    """
    typst, fonts = _typst(), _fonts(folder)
    chinese = [family for family in FONTS if family in fonts.families()]
    if not chinese:
        raise CannotDraw(NO_FONT)
    data = orjson.dumps({**picture, "fonts": chinese[:1]}).decode()
    try:
        drawn = typst.Compiler(_template(), font_paths=fonts).compile(
            format="png", ppi=DOTS_PER_INCH, sys_inputs={"data": data}
        )
    except typst.TypstError as error:
        raise CannotDraw("画图失败") from error
    assert isinstance(drawn, bytes)
    return drawn


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


@cache
def _fonts(folder: Path | None) -> Any:
    """What is there, looked for once."""
    if folder is None:
        return _typst().Fonts()
    return _typst().Fonts(include_system_fonts=False, font_paths=[folder])


def _typst() -> Any:
    """Only who draws pays for loading it: the library is large."""
    try:
        import typst
    except ImportError as error:
        raise CannotDraw(NO_LIBRARY) from error
    return typst
