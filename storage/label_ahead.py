"""What lies before each customer of a window, in SQL: the same as domain.labels.due, column by column."""

from collections.abc import Iterator

from domain.labels.due import FUNDED, LEFT, OPENED, SILENT, steps
from domain.labels.measures import QUARTER, YEAR
from storage.label_inputs import Task, Words, day_of_moment, number_of

NEVER = 9_999_999


def change(task: Task, words: Words) -> str:
    """The number of the last day of data with which the measures may make a difference; NEVER for none."""
    last, moving = number_of(task.last), steps(task.rules)
    if moving is None:
        return str(last + 1)
    opened = f"CASE WHEN opened <= {last} THEN opened END"
    ages = (
        (f"({opened})", moving[OPENED]),
        ("CASE WHEN first_money > first_day THEN first_money END", moving[FUNDED]),
        (f"CASE WHEN active >= 0 THEN active ELSE {opened} END", moving[SILENT]),
    )
    days = [*_steady(last, words), *(_reached(since, numbers, last) for since, numbers in ages if numbers)]
    if moving[LEFT]:
        days.append(_running_out(moving[LEFT], last, words))
    return f"{words.least}({', '.join(f'coalesce({day}, {NEVER})' for day in days)})"


def _steady(last: int, words: Words) -> Iterator[str]:
    """What begins, ends or leaves the time that counts."""
    young = f"young + {QUARTER - 1}"
    yield f"CASE WHEN young IS NOT NULL THEN {words.greatest}({young}, {last + 1}) END"
    yield f"older + {YEAR - 1}"
    yield f"{day_of_moment('first_trade')} + {YEAR}"
    yield f"{words.number('aging')} + {YEAR}"
    yield words.number("maturing")
    yield words.number("closing")
    yield words.number("opening")
    yield words.number("ending")


def _reached(since: str, numbers: tuple[int, ...], last: int) -> str:
    """The next of the numbers of days; an age is looked up once a row, whatever its numbers."""
    cases = " ".join(f"WHEN {last} - {since} < {number} THEN {since} + {number}" for number in numbers)
    return f"CASE {cases} END"


def _running_out(numbers: tuple[int, ...], last: int, words: Words) -> str:
    spare = [f"(coalesce(left_total, 0) - {number} * held_total)" for number in numbers]
    ends = (f"coalesce(CASE WHEN {each} >= 0 THEN {last + 1} + {each} / run_total END, {NEVER})" for each in spare)
    soonest = f"{words.least}({', '.join(ends)}, {NEVER})"
    rising = f"WHEN held_total > 0 AND run_total < 0 THEN {last + 1}"
    return f"CASE {rising} WHEN held_total > 0 AND run_total > 0 THEN {soonest} END"
