"""The valve: when nothing leaves, when one message goes to see, when everything leaves again."""

import pytest

from bot.retry import AWAY_PAUSES, CONFIG_PAUSES, WAIT_PAUSES
from bot.valve import Valve

AT_ONCE = 32


def room(valve: Valve, now: float, running: int = 0) -> int:
    return valve.room(now, running, AT_ONCE)


def closed(pauses: tuple[float, ...] = AWAY_PAUSES) -> Valve:
    valve = Valve()
    valve.close(0.0, pauses)
    return valve


def test_two_calls_without_service_are_the_trouble_of_their_messages() -> None:
    valve = Valve()
    for _ in range(5):
        valve.unserved(0.0)
        valve.unserved(0.0)
        assert room(valve, 0.0, running=2) == AT_ONCE - 2
        assert not valve.served(0.0)


def test_the_third_in_a_row_closes() -> None:
    valve = Valve()
    for _ in range(3):
        valve.unserved(100.0)
    assert valve.closed
    assert [room(valve, 100.0 + after) for after in (0.0, 0.9, 1.0)] == [0, 0, 1]


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [(AWAY_PAUSES, [1, 3, 5, 5, 5]), (WAIT_PAUSES, [15, 30, 60, 60, 60]), (CONFIG_PAUSES, [10, 10, 10, 10, 10])],
)
def test_each_message_that_went_to_see_in_vain_makes_the_pause_longer(
    pauses: tuple[float, ...], expected: list[float]
) -> None:
    valve, now = closed(pauses), 0.0
    for pause in expected:
        assert room(valve, now + pause - 0.1) == 0
        now += pause
        assert room(valve, now) == 1
        assert room(valve, now, running=1) == 0
        valve.unserved(now, pauses)


def test_calls_that_fail_together_are_one_closing() -> None:
    valve = Valve()
    for number in range(32):
        valve.unserved(number / 100)
    assert room(valve, 1.4) == 1


def test_what_was_under_way_when_it_closed_says_nothing() -> None:
    valve = closed(WAIT_PAUSES)
    assert not valve.served(0.5)
    assert room(valve, 0.6) == 0
    assert room(valve, 15.0) == 1


def test_the_first_that_is_served_opens() -> None:
    valve = closed()
    assert valve.served(1.0)
    assert room(valve, 1.0) == AT_ONCE
    assert not valve.served(1.1)
    valve.close(2.0, AWAY_PAUSES)
    assert room(valve, 3.0) == 1  # and the pauses begin anew


def test_a_limit_met_during_an_outage_is_waited_out() -> None:
    valve = closed()
    valve.close(0.5, WAIT_PAUSES)
    assert room(valve, 15.4) == 0
    assert room(valve, 15.5) == 1
