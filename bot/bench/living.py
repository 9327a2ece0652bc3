"""Row 4: what a bank does all day: customers looked up, visits logged, complaints taken from filing to the answer."""

from collections.abc import Callable, Mapping
from itertools import chain, islice
from typing import Any, TypeAlias

from bot.bench.bank import BOOK, MANAGERS, PER_SUB_BRANCH, name_of, supervisor, userid
from bot.bench.result import Result, Target, at_most, percentile
from bot.bench.service import Service
from bot.bench.stage import POSTGRES, SQLITE, Stage
from bot.bench.talking import warm

RATES = {SQLITE: 50.0, POSTGRES: 200.0}
LONGEST = 30.0  # seconds of one steady run, however many were asked for
TOO_LATE = 5_000.0  # ms
SUB_BRANCHES = MANAGERS // PER_SUB_BRANCH
COMPLAINANTS, VISITORS = 8, 6  # managers of a sub-branch with complaints to handle; with visits; the others look up
Step: TypeAlias = Mapping[str, str | Mapping[str, str]]
"""What the load generator has somebody do, and the words that the answer must hold (simulator.stories)."""


def _says(who: str, words: str, hears: str) -> Step:
    return {"who": who, "says": words, "hears": hears}


def _answers(who: str, *talk: tuple[str, str]) -> list[Step]:
    return [_says(who, words, hears) for words, hears in talk]


def _presses(who: str, button: str, hears: str) -> Step:
    return {"who": who, "presses": button, "hears": hears}


def _picks(who: str, picks: Mapping[str, str], hears: str) -> Step:
    return {"who": who, "presses": "下一步", "picks": picks, "hears": hears}


def complaint(sub_branch: int, turn: int) -> list[Step]:
    """Filed by the customer's own manager, who handles it; the supervisor agrees to what is proposed."""
    rm, name = userid(sub_branch * PER_SUB_BRANCH + turn % COMPLAINANTS), name_of(turn // COMPLAINANTS % BOOK)
    no = {"涉及客户经理": "否", "五人以上群诉": "否", "资金或信息安全": "否"}
    return [
        _says(rm, f"投诉 {name} 说理财到期没有人提醒", "办理渠道"),
        _picks(rm, {"性质": "投诉", "来源": "客户本人", "办理渠道": "营业现场"}, "关于哪类业务"),
        _picks(rm, {"关于哪类业务？": "自营理财"}, "为什么不满意"),
        _picks(rm, {"为什么不满意？": "服务态度及质量"}, "涉及客户经理"),
        _picks(rm, no, "请核对"),
        _presses(rm, "保存", "已登记，编号"),
        _presses(rm, "受理", "已受理"),
        _presses(rm, "联系客户", "怎么联系的"),
        *_answers(rm, ("电话", "谈了什么"), ("已致歉", "请核对"), ("保存", "已联系客户")),
        _presses(rm, "提交方案", "打算怎么处理"),
        *_answers(rm, ("赔付并道歉", "要赔付多少钱"), ("1000元", "请核对"), ("保存", "已提交方案")),
        _presses(supervisor(sub_branch), "同意", "已同意"),
        _presses(rm, "处理决定", "是谁的责任"),
        *_answers(rm, ("有责", "处理决定是什么"), ("赔付", "根本原因"), ("跳过", "请核对"), ("保存", "已处理决定")),
        _presses(rm, "告知", "怎么告知的"),
        *_answers(rm, ("电话", "告知了什么"), ("已说明", "请核对"), ("保存", "已告知")),
    ]


LENGTH = len(complaint(0, 0))


def visit(sub_branch: int, turn: int) -> list[Step]:
    """Looked up, logged in one line with a promise, and seen among what is to be done."""
    manager = sub_branch * PER_SUB_BRANCH + COMPLAINANTS + turn % VISITORS
    rm, name = userid(manager), name_of(turn // VISITORS % BOOK)
    return [
        _says(rm, f"查 {name}", name),
        _says(rm, f"拜访 {name} 电话 接通 聊了续期 明天上午十点回访", "聊了续期"),
        _presses(rm, "保存", "聊了续期"),
        _says(rm, "待办", name),
    ]


def look_up(sub_branch: int, turn: int) -> list[Step]:
    first, number = COMPLAINANTS + VISITORS, PER_SUB_BRANCH - COMPLAINANTS - VISITORS
    rm, name = userid(sub_branch * PER_SUB_BRANCH + first + turn % number), name_of(turn // number % BOOK)
    return [_says(rm, f"查 {name}", name)]


KINDS: tuple[Callable[[int, int], list[Step]], ...] = (complaint, visit, look_up)


def day(amount: int) -> list[list[Step]]:
    """About so many steps: in each of some sub-branches one after another of each kind, a third of all steps each."""
    sub_branches = max(1, min(SUB_BRANCHES, amount // (LENGTH * len(KINDS))))
    steps = max(1, amount // (sub_branches * LENGTH * len(KINDS))) * LENGTH
    return [_one_after_another(kind, place, steps) for place in range(sub_branches) for kind in KINDS]


def _one_after_another(kind: Callable[[int, int], list[Step]], sub_branch: int, steps: int) -> list[Step]:
    stories = (kind(sub_branch, turn) for turn in range(steps))
    return list(islice(chain.from_iterable(stories), steps))


def steady(stage: Stage, seconds: float) -> list[Result]:
    """Reported only: two processors cannot show what a bank's machine does."""
    return [result for kind, rate in RATES.items() for result in _steady(stage, kind, rate, min(seconds, LONGEST))]


def _steady(stage: Stage, kind: str, rate: float, seconds: float) -> list[Result]:
    stories = day(int(rate * seconds))
    with stage.child("simulator.load", str(stage.bank)) as load:
        api = load.hear()["url"]
        with Service(stage, stage.filled(kind), api) as service:
            warm(load, service, [userid(manager) for manager in range(MANAGERS)])
            told = load.ask(do="live", stories=stories, rate=rate)
    return results(f"{kind}，每秒 {rate:.0f} 步", told, sum(map(len, stories)), rate)


def results(name: str, told: dict[str, Any], wanted: int, rate: float) -> list[Result]:
    """Nobody goes on before they are answered, so who is too slow is asked less: the rate of it stands first."""
    acks, turns = told["acks"], told["turns"]
    missing = wanted - sum(turn <= TOO_LATE for turn in turns)
    reached = len(acks) / told["sent"]
    detail = {"steps": wanted, "seconds": told["sent"], "late_start": told["late"], "ack_p50": percentile(acks, 0.5)}
    figures = [
        (f"整轮 p50，{name}", percentile(turns, 0.5), 40), (f"整轮 p99，{name}", percentile(turns, 0.99), 300),
        (f"回调确认 p99，{name}", percentile(acks, 0.99), 100),
    ]  # fmt: skip
    return [
        Result(4, f"做到的速度，{name}", "步/秒", reached, rate, Target("≥ 0.95", at_least=0.95, gated=False), detail),
        *(
            Result(4, title, "ms", value, None, at_most(bound, " ms", gated=False), detail)
            for title, value, bound in figures
        ),
        Result(4, f"超过 5 秒、没有回答或答错的，{name}", "步", missing, None, at_most(0, gated=False), detail),
        Result(4, f"违反企业微信限制的，{name}", "处", len(told["violations"]), None, Target("0", at_most=0)),
    ]
