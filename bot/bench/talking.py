"""Rows 4 and 5: whole turns, from a message on a phone to its answer on the phone, steady and in a burst."""

from bot.bench.bank import BOOK, MANAGERS, name_of, userid
from bot.bench.child import Child
from bot.bench.result import Result, Target, at_most, percentile
from bot.bench.service import Service
from bot.bench.stage import POSTGRES, SQLITE, Stage

RATES = {SQLITE: 50.0, POSTGRES: 200.0}
LONGEST = 30.0  # seconds of one steady run, however many were asked for
BURST, BURST_SECONDS = 10_000, 10.0
TOO_LATE = 5_000.0  # ms
WARM_UP = 20
Texts = list[tuple[str, str]]


def steady(stage: Stage, seconds: float) -> list[Result]:
    """Row 4, reported only: two processors cannot show what a bank's machine does."""
    return [result for kind, rate in RATES.items() for result in _steady(stage, kind, rate, min(seconds, LONGEST))]


def _steady(stage: Stage, kind: str, rate: float, seconds: float) -> list[Result]:
    told = _press(stage, kind, _mixed(int(rate * seconds)), rate)
    acks, turns, amount = told["acks"], told["turns"], len(told["states"])
    late = amount - sum(turn <= TOO_LATE for turn in turns)
    detail = {"messages": amount, "seconds": told["sent"], "ack_p50": percentile(acks, 0.5), "late_start": told["late"]}
    detail |= {"violations": told["violations"], "unanswered": told["unanswered"]}
    name = f"{kind}，每秒 {rate:.0f} 条"
    return [
        _reported(f"整轮对话 p50，{name}", percentile(turns, 0.5), 40, detail),
        _reported(f"整轮对话 p99，{name}", percentile(turns, 0.99), 300, detail),
        _reported(f"回调确认 p99，{name}", percentile(acks, 0.99), 100, detail),
        Result(4, f"超过 5 秒或没有回答的，{name}", "条", late, None, at_most(0, gated=False), detail),
    ]


def _reported(title: str, value: float, bound: float, detail: dict[str, float]) -> Result:
    return Result(4, title, "ms", value, None, at_most(bound, " ms", gated=False), detail)


def burst(stage: Stage, seconds: float) -> list[Result]:
    """Row 5: nothing is lost, nothing overtakes, and it is over within a minute."""
    results = []
    for kind in RATES:
        texts = _lookups(BURST)
        told = _press(stage, kind, texts, BURST / BURST_SECONDS)
        lost = sum(state != "acked" for state in told["states"])
        wrong = misplaced(texts, told["told"], told["states"])
        detail = {"sent_in": told["sent"], "refused_503": told["refused"], "unanswered": told["unanswered"]}
        detail |= {"dropped": told["dropped"], "late_start": told["late"], "failed": lost}
        detail |= {"ack_p50": percentile(told["acks"], 0.5), "ack_p99": percentile(told["acks"], 0.99)}
        results += [
            Result(
                5,
                f"{kind}：一万条消息 10 秒涌入，既没确认也没答 503 的",
                "条",
                told["unanswered"],
                None,
                at_most(0),
                detail,
            ),
            Result(5, f"{kind}：回答的次序或内容不对的人", "人", wrong, None, at_most(0), detail),
            Result(
                5, f"{kind}：从第一条到最后一个回答", "秒", told["drained"], None, Target("< 60 秒", at_most=60), detail
            ),
        ]
    return results


def misplaced(texts: Texts, told: dict[str, list[str]], states: list[str]) -> int:
    """How many people did not get exactly the answers to their acknowledged messages, in their order."""
    expected: dict[str, list[str]] = {}
    for (person, text), state in zip(texts, states, strict=True):
        if state == "acked":
            expected.setdefault(person, []).append(text.removeprefix("查 "))
    return sum(not _answers(names, told.get(person, [])) for person, names in expected.items())


def _answers(names: list[str], said: list[str]) -> bool:
    return len(names) == len(said) and all(name in text for name, text in zip(names, said, strict=True))


def _press(stage: Stage, kind: str, texts: Texts, rate: float) -> dict:  # type: ignore[type-arg]
    with stage.child("simulator.load", str(stage.bank)) as load:
        api = load.hear()["url"]
        with Service(stage, stage.filled(kind), api) as service:
            return press(load, service, texts, rate)


def press(load: Child, service: Service, texts: Texts, rate: float) -> dict:  # type: ignore[type-arg]
    """Aim at a service, warm it up with a few messages, then measure."""
    load.ask(do="aim", url=service.callback)
    load.ask(do="turns", texts=[(person, "我的") for person, _ in texts[:WARM_UP]], rate=WARM_UP)
    return load.ask(do="turns", texts=texts, rate=rate)


def _mixed(amount: int) -> Texts:
    """Everybody in turn asks for a customer, begins a visit, gives it up, looks at the to-do list."""

    def text(visit: int, manager: int) -> str:
        name = name_of((visit * 7 + manager) % BOOK)
        return (f"查 {name}", f"拜访 {name}", "取消", "待办")[visit % 4]

    return [(userid(number % MANAGERS), text(number // MANAGERS, number % MANAGERS)) for number in range(amount)]


def _lookups(amount: int) -> Texts:
    """Everybody asks for one customer after another, each of another name."""
    return [(userid(number % MANAGERS), f"查 {name_of(number // MANAGERS % BOOK)}") for number in range(amount)]
