"""Row 13: what it costs to be sure that a card fits WeCom, over rendering it at all."""

import time
from collections.abc import Callable, Mapping
from statistics import median

from bot.bench.result import Result, at_most
from bot.bench.stage import Stage
from cards.leaf import Data
from cards.template import Structure, Template, compile_template
from cards.wecom import read_card

ROUNDS, BATCH = 40, 50
STRUCTURE: Mapping[str, Structure] = {
    "card_type": "button_interaction",
    "source": {"desc": "RM 管家", "desc_color": 0},
    "main_title": {"title": "{{ name }}（{{ number }}）", "desc": "数据截至 {{ as_of }}"},
    "sub_title_text": "{{ advice }}",
    "horizontal_content_list": [
        {"keyname": "资产", "value": "{{ aum }} 万"},
        {"keyname": "三十天变化", "value": "{{ change }} 万"},
        {"keyname": "最近到期", "value": "{{ maturity }}"},
        {"keyname": "最近联系", "value": "{{ contact }}"},
    ],
    "task_id": "{{ task }}",
    "button_list": [
        {"text": "记拜访", "style": 1, "key": "visit.log.{{ revision }}"},
        {"text": "待办", "style": 2, "key": "todo.list.{{ revision }}"},
    ],
}
DATA: Mapping[str, Data] = {
    "name": "测试客户", "number": "B000001", "as_of": "2026-11-22", "advice": "有一笔理财 5 天后到期，建议联系。",
    "aum": "128.5", "change": "-3.2", "maturity": "2026-11-27 50 万", "contact": "12 天前",
    "task": "bench-1", "revision": 3,
}  # fmt: skip


def measure(stage: Stage, seconds: float) -> list[Result]:
    template = compile_template(STRUCTURE)
    rendered, whole = [], []
    for _ in range(ROUNDS):
        rendered.append(_microseconds(lambda: template.render(DATA)))
        whole.append(_microseconds(lambda: _whole(template)))
    title = "卡片：渲染、按企业微信的限制检查、输出 ÷ 只渲染"
    return [Result(13, title, "µs", median(whole), median(rendered), at_most(1.5), {"cards": ROUNDS * BATCH})]


def _whole(template: Template) -> None:
    read_card(template.render(DATA)).dump()


def _microseconds(work: Callable[[], object]) -> float:
    """Of this process's own time, whoever else uses the machine."""
    started = time.process_time()
    for _ in range(BATCH):
        work()
    return (time.process_time() - started) / BATCH * 1e6
