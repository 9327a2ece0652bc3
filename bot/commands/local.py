"""Commands that need no database: settings, cards and packs as files."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from bot.control import Say
from bot.settings import Settings, explain
from domain.refusal import Refused

if TYPE_CHECKING:
    from domain.pack import Pack


def show_settings(settings: Settings, say: Say) -> None:
    """One line a setting: name=value, then where it is from and what it is for."""
    for row in explain(settings):
        say(f"{row.key}={row.value}    # {row.source}；{row.description}")


def check_pack(file: Path, say: Say) -> None:
    """Refused with file, line and column of everything that is wrong."""
    from bot import templates

    pack = _pack_of(file)
    say(f"{file} 合格：{pack.name} 第 {pack.version} 版，{_held(pack)}")
    for unverified in _unverified(pack):
        say(f"待合规确认：{unverified}")
    if pack.papers is not None and (others := templates.without_file(file, pack)):
        say(f"规则里要签而没有文件的：{'、'.join(others)}")


def _held(pack: "Pack") -> str:
    """How much is in it, by what it is about."""
    if pack.process is not None:
        process = pack.process
        states = f"流程“{process.label}”有 {len(process.states)} 个状态、{len(process.actions)} 个操作"
        return f"{len(pack.commands)} 个命令，{len(pack.forms)} 张表单，{states}"
    if pack.suitability is not None:
        return f"适当性规则 {pack.suitability.effective_from} 起生效，匹配矩阵齐全且单调"
    if pack.papers is not None:
        return f"{len(pack.papers)} 份文件都在，内容与登记的一致"
    if pack.policy is not None:
        posts = list(pack.policy.named_posts())
        return f"{len(posts)} 个岗位，{len(pack.policy.fields)} 条资料项，{len(pack.policy.conflicts)} 条不能兼任"
    if pack.retention is not None:
        return f"{len(pack.retention.kinds)} 种数据的保留期，都不短于法定"
    return f"{len(pack.commands)} 个命令，{len(pack.forms)} 张表单"


def _unverified(pack: "Pack") -> Iterator[str]:
    """Every number that compliance has not confirmed, with what it rests on."""
    for figure in pack.process.figures if pack.process else ():
        if not figure.verified:
            yield f"{figure.label} {figure.value} {figure.unit}（{figure.source}）"
    for _, label, part in pack.suitability.sourced() if pack.suitability else ():
        if not part.verified:
            yield f"{label}（{part.source}）"
    for label, number in pack.care.numbers() if pack.care else ():
        if not number.verified:
            yield f"{label} {number.value}（{number.source}）"
    for paper in pack.papers or ():
        if not paper.verified:
            yield f"{paper.title}第 {paper.version} 版（{paper.source}）"
    for rule in pack.retention.kinds if pack.retention else ():
        if not rule.verified:
            kept = "一直保留" if rule.stays else f"保留 {rule.period}"
            yield f"{rule.label}{kept}（{rule.source}）"
    for limit in pack.policy.limits if pack.policy else ():
        if not limit.verified:
            yield f"{limit.label} {limit.value}（{limit.source}）"


def draw_pack(file: Path, say: Say) -> None:
    """The process of a pack as a Mermaid diagram."""
    from domain.process.picture import mermaid

    pack = _pack_of(file)
    if pack.process is None:
        raise Refused(f"{file}：这个包没有流程（process），没有可画的")
    say(mermaid(pack.process).rstrip())


def show_schema(say: Say) -> None:
    """The JSON schema of a pack."""
    from domain.pack import pack_schema

    say(orjson.dumps(pack_schema(), option=orjson.OPT_INDENT_2).decode())


def preview_card(file: Path, say: Say) -> None:
    """Refused with every limit of WeCom that the card breaks, else its picture in text."""
    from bot.commands.picture import picture
    from cards.limits import CardLimit
    from cards.wecom import read_card

    try:
        card = read_card(_card_of(file))
    except CardLimit as error:
        raise Refused("\n".join(f"{file} {problem}" for problem in error.problems)) from None
    say(picture(card.dump()))


def _pack_of(file: Path) -> "Pack":
    from bot import templates
    from domain.pack import load_pack
    from domain.pack_source import PackError

    try:
        pack = load_pack(text := _read(file))
        if found := templates.problems(file, text, pack):
            raise PackError(found)
    except PackError as error:
        raise Refused("\n".join(f"{file} {problem}" for problem in error.problems)) from None
    return pack


def _card_of(file: Path) -> Mapping[str, Any]:
    """The card itself, also out of the message it is sent in."""
    try:
        written = orjson.loads(_read(file))
    except orjson.JSONDecodeError as error:
        raise Refused(f"{file} 第 {error.lineno} 行第 {error.colno} 列：不是合法的 JSON") from None
    card = written.get("template_card", written) if isinstance(written, dict) else None
    if not isinstance(card, dict):
        raise Refused(f"{file}：应当是一张卡片（template_card 的内容，或带着它的整条消息）")
    return card


def _read(file: Path) -> str:
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{file}：不是 UTF-8 编码") from None
