"""What goes by itself goes when the policy of the bank says so: sign-ins and answers to other systems."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.packs import default_pack
from domain.ids import UserId
from domain.limit import KEPT_SHORTLY, LimitKey
from handlers import deliveries
from handlers.context import House
from handlers.sign_in import signed_in, vouched_for
from storage import api_answers, sessions
from storage.api_answers import Answer, Asked
from storage.database import Database
from storage.unit import Unit
from tests.policies import POLICY
from tests.storage.deeds import NOW, opened

WHO = UserId("rm01")


def house(**limits: int) -> House:
    """A bank with these numbers."""
    changed = {LimitKey(key): replace(POLICY.limits[LimitKey(key)], value=value) for key, value in limits.items()}
    return House(default_pack(), replace(POLICY, limits={**POLICY.limits, **changed}), 1)


@pytest.mark.parametrize(
    ("idle", "whole", "looks", "last"),
    [
        (30, 12, [29, 59], None),
        (30, 12, [29, 58], WHO),
        (60, 12, [59, 118], WHO),
        (5, 12, [4, 9], None),
        (30, 1, [29, 58, 61], None),
        (30, 2, [29, 58, 61], WHO),
    ],
)
def test_a_sign_in_lasts_as_the_policy_says(
    migrated_url: str, tmp_path: Path, idle: int, whole: int, looks: list[int], last: UserId | None
) -> None:
    bank = house(session_minutes=idle, session_hours=whole)

    def looked(unit: Unit, token: str, minutes: int) -> UserId | None:
        unit.now = NOW + timedelta(minutes=minutes)
        return signed_in(unit, bank, token)

    with opened(migrated_url, tmp_path) as database:
        token = database.run(lambda unit: sessions.open_session(unit, WHO, timedelta(minutes=idle)))
        *before, after = [database.run(lambda unit, at=at: looked(unit, token, at)) for at in looks]
        assert set(before) == {WHO}
        assert after == last


def test_wecoms_word_counts_as_fresh_for_five_minutes_whatever_the_policy(migrated_url: str, tmp_path: Path) -> None:
    bank = house(session_minutes=60)

    def looked(unit: Unit, token: str, minutes: float) -> UserId | None:
        unit.now = NOW + timedelta(minutes=minutes)
        return vouched_for(unit, bank, token)

    with opened(migrated_url, tmp_path) as database:
        token = database.run(lambda unit: sessions.open_session(unit, WHO, timedelta(hours=1)))
        assert database.run(lambda unit: looked(unit, token, 4.9)) == WHO
        assert database.run(lambda unit: looked(unit, token, 5)) is None


def test_an_answer_is_given_again_as_long_as_the_policy_says(migrated_url: str, tmp_path: Path) -> None:
    asked = Asked.of("key", "name", "digest", "holder")

    def after(database: Database, hours: float, kept: int) -> bool:
        """Whether the answer is there after so many hours."""

        def look(unit: Unit) -> bool:
            unit.now = NOW + timedelta(hours=hours)
            api_answers.forget_old(unit, deliveries.kept(house(answer_hours=kept).policy))
            return api_answers.claim(unit, replace(asked, holder="other")) is not None

        return database.run(look)

    def answered(unit: Unit) -> None:
        assert api_answers.claim(unit, asked) is None
        api_answers.keep(unit, asked, Answer(200, b"{}"))

    with opened(migrated_url, tmp_path) as database:
        database.run(answered)
        assert after(database, 47.9, 48)
        assert after(database, 2.9, 3)
        assert not after(database, 3, 3)


def test_each_says_what_it_rests_on() -> None:
    assert [key.value for key in KEPT_SHORTLY if not POLICY.limits[key].basis.source] == []
