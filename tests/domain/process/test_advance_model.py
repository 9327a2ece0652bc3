"""`advance` against the model: whatever happens, both agree, and the records replay to the same case."""

import importlib
import inspect
from types import FunctionType

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.domain.process.case_machine import Machine
from tests.domain.process.planted_bugs import BUGS, Bug

CALM = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def plays(runs: int, steps: int, *phases: Phase, seeded: bool = False) -> None:
    chosen = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, suppress_health_check=CALM, database=None,
        phases=phases or (Phase.generate, Phase.shrink), derandomize=seeded, print_blob=False,
    )  # fmt: skip
    run_state_machine_as_test(Machine, settings=chosen)


def test_engine_and_model_agree() -> None:
    plays(200, 30)


@pytest.mark.full
@pytest.mark.timeout(900)
def test_engine_and_model_agree_at_length() -> None:
    plays(2000, 50)


def plant(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    """Swap the code of the module's functions for that of a changed copy; all who imported them get it."""
    module = importlib.import_module(f"domain.process.{bug.module}")
    source = inspect.getsource(module)
    assert source.count(bug.old) == 1
    changed: dict[str, object] = {"__name__": module.__name__}
    exec(compile(source.replace(bug.old, bug.new), bug.module, "exec"), changed)
    for name, copy in changed.items():
        if isinstance(copy, FunctionType) and copy.__module__ == module.__name__:
            monkeypatch.setattr(getattr(module, name), "__code__", copy.__code__)


def caught(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> bool:
    plant(bug, monkeypatch)
    try:
        plays(1500, 50, Phase.generate, seeded=True)
    except Exception:
        return True
    return False


@pytest.mark.parametrize("bug", BUGS[:5], ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    assert caught(bug, monkeypatch)


@pytest.mark.full
@pytest.mark.timeout(600)
@pytest.mark.parametrize("bug", BUGS[5:], ids=lambda bug: bug.name)
def test_every_planted_bug_is_caught(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    assert caught(bug, monkeypatch)
