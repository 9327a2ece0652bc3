"""Row 15: from the start of the process to ready, and from SIGTERM to its end with work in flight, nothing lost."""

from statistics import median

from bot.bench.bank import MANAGERS, name_of, userid
from bot.bench.result import Result, Target
from bot.bench.service import Service
from bot.bench.stage import POSTGRES, SQLITE, Stage
from bot.bench.talking import Texts, misplaced

STARTS = 3
MESSAGES, RATE, STOP_AFTER = 450, 150.0, 1.0


def measure(stage: Stage, seconds: float) -> list[Result]:
    return [result for kind in (SQLITE, POSTGRES) for result in _measure(stage, kind)]


def _measure(stage: Stage, kind: str) -> list[Result]:
    url = stage.filled(kind)
    with stage.child("simulator.load", str(stage.bank)) as load:
        api = load.hear()["url"]
        ready = [_start_and_stop(stage, url, api) for _ in range(STARTS)]
        texts: Texts = [(userid(number % MANAGERS), f"查 {name_of(0)}") for number in range(MESSAGES)]
        service = Service(stage, url, api)
        load.ask(do="aim", url=service.callback)
        load.tell(do="turns", texts=texts, rate=RATE)
        took = service.stop_after(STOP_AFTER)
        with service.again():
            states = load.hear()["states"]
            told = load.ask(do="settle")["told"]
    lost = misplaced(texts, told, states)
    acked = sum(state == "acked" for state in states)
    detail = {"messages": MESSAGES, "acknowledged": acked, "starts": STARTS}
    return [
        Result(15, f"{kind}：冷启动到就绪", "秒", median(ready), None, Target("< 3 秒", at_most=3), detail),
        Result(15, f"{kind}：带着在途工作，SIGTERM 到退出", "秒", took, None, Target("< 10 秒", at_most=10), detail),
        Result(15, f"{kind}：确认过却没有恰好一个回答的人", "人", lost, None, Target("0", at_most=0), detail),
    ]


def _start_and_stop(stage: Stage, url: str, api: str) -> float:
    with Service(stage, url, api) as service:
        return service.seconds_to_ready
