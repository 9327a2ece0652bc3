"""Row 5: whole turns, from a message on a phone to its answer on the phone, in a burst."""

from bot.bench.bank import BOOK, MANAGERS, name_of, userid
from bot.bench.child import Child
from bot.bench.result import Result, Target, at_most, percentile
from bot.bench.service import Service
from bot.bench.stage import POSTGRES, SQLITE, Stage

BURST, BURST_SECONDS = 10_000, 10.0
WARM_UP = 20
Texts = list[tuple[str, str]]


def burst(stage: Stage, seconds: float) -> list[Result]:
    """Nothing is lost, nothing overtakes, and it is over within a minute."""
    results = []
    for kind in (SQLITE, POSTGRES):
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
    """Warm up, then measure."""
    warm(load, service, [person for person, _ in texts])
    return load.ask(do="turns", texts=texts, rate=rate)


def warm(load: Child, service: Service, people: list[str]) -> None:
    """Aim at a service, and let some of them say something."""
    load.ask(do="aim", url=service.callback)
    load.ask(do="turns", texts=[(person, "我的") for person in people[:WARM_UP]], rate=WARM_UP)


def _lookups(amount: int) -> Texts:
    """Everybody asks for one customer after another, each of another name."""
    return [(userid(number % MANAGERS), f"查 {name_of(number // MANAGERS % BOOK)}") for number in range(amount)]
