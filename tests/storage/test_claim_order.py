"""Clicks about one case are handled one after another, whoever clicked and whichever replica took them in."""

import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.conversation import Conversation, Status
from domain.ids import ConversationId, UserId
from storage import conversations, inbox, schema
from storage.database import Database
from storage.engine import postgres
from storage.inbox import InboxRow
from storage.unit import Unit
from tests.storage.deeds import NOW, Deeds, opened, received, settled

CASES = ("case:C261123001", "case:C261123002/a3", "case:C261123002", "cases:mine", "todo:7")
MINE = {"c0": CASES[0], "c1": CASES[1], "c2": CASES[2], "c3": CASES[3], "c4": CASES[4]}

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    with opened(migrated_url, tmp_path) as made:
        made.run(_cards)
        yield made


def _cards(unit: Unit) -> None:
    for task_id, subject in MINE.items():
        row = {"task_id": task_id, "addressee": "rm01", "subject": subject, "revision": 1, "state": "live"}
        body = {"digest": "", "content": b"", "context": b"", "created_at": NOW, "expires_at": NOW}
        unit.execute(schema.card.insert(), {**row, **body})


def click(key: str, person: str, task_id: str) -> inbox.Received:
    return inbox.Received(key, f"cipher-{key}", person, "clicked", '{"deed": "do"}', NOW, task_id)


def keep(database: Database, *clicks: inbox.Received) -> None:
    database.run(lambda unit: inbox.insert(unit.connection, unit.vault, clicks))


def claimed(stack: ExitStack, engine: sa.Engine, database: Database) -> list[str]:
    """What one more group gets, which stays open."""
    rows = inbox.claim(stack.enter_context(engine.begin()), database.vault, 8)
    return [row.dedup_key for row in rows]


@pytest.fixture
def engine(migrated_url: str) -> Iterator[sa.Engine]:
    made = postgres(migrated_url, pool=6)
    yield made
    made.dispose()


def test_what_a_card_is_about_is_known_when_its_click_is_kept(database: Database) -> None:
    keep(database, *(click(task_id, task_id, task_id) for task_id in (*MINE, "nobody's")), received("words", "rm09"))
    columns = schema.inbox.c
    rows = database.read_now(lambda unit: unit.rows(sa.select(columns.dedup_key, columns.case_key)))
    about = {row.dedup_key: row.case_key for row in rows}
    one, two = "case:C261123001", "case:C261123002"
    assert about == {"c0": one, "c1": two, "c2": two, "c3": None, "c4": None, "nobody's": None, "words": None}


def test_a_case_is_in_one_open_group(database: Database, engine: sa.Engine) -> None:
    keep(database, click("a", "rm01", "c1"), click("b", "sup01", "c2"), click("c", "rm02", "c0"))
    with ExitStack() as stack:
        assert claimed(stack, engine, database) == ["a", "c"]
        assert claimed(stack, engine, database) == []
    with ExitStack() as stack:  # both groups went away without a trace: again the first of each case
        assert claimed(stack, engine, database) == ["a", "c"]


def test_an_earlier_click_that_becomes_visible_later_waits_too(database: Database, engine: sa.Engine) -> None:
    """A replica's insert takes its number first and commits last."""
    with ExitStack() as stack, engine.connect() as slow:
        inbox.insert(slow, database.vault, [click("early", "rm01", "c1"), received("hers", "rm03")])
        keep(database, click("late", "sup01", "c2"), received("hers too", "rm03"))
        assert claimed(stack, engine, database) == ["late", "hers too"]
        slow.commit()
        assert claimed(stack, engine, database) == []
    with ExitStack() as stack:
        assert claimed(stack, engine, database) == ["early", "hers"]


@pytest.mark.parametrize(
    ("subject", "status", "kept_waiting"),
    [
        ("case:C261123001@4#act.propose!", "confirming", True),
        ("case:C261123001@4#reject.a3!", "asking", True),
        ("case:C261123001@4#act.propose!", "parked", False),
        ("case:C261123002@4#act.propose!", "confirming", False),
        ("case:@0#act.file!", "confirming", False),
        ("todo:7", "confirming", False),
    ],
)
def test_what_is_said_into_a_form_about_a_case_waits_for_the_case(
    database: Database, engine: sa.Engine, subject: str, status: str, kept_waiting: bool
) -> None:
    """保存 moves the case: a group that had it beside another case would wait while it is waited for."""
    database.run(lambda unit: conversations.save(unit, form(subject, status)))
    keep(database, click("hers", "rm01", "c0"))
    with ExitStack() as stack:
        assert claimed(stack, engine, database) == ["hers"]
        keep(database, click("保存", "rm05", "of a form"))
        assert claimed(stack, engine, database) == ([] if kept_waiting else ["保存"])
    with ExitStack() as stack:
        assert claimed(stack, engine, database) == ["hers", "保存"]


def form(subject: str, status: str) -> Conversation:
    person, key = UserId("rm05"), ConversationId("t1")
    about = {"form": "complaint.act.propose", "pack_version": 1, "subject": subject, "status": Status(status)}
    return Conversation(id=key, person=person, started_at=NOW, touched_at=NOW, expires_at=NOW, **about)


class Watch(Deeds):
    """Notes which cases are in hand, in all replicas together."""

    def __init__(self, in_hand: set[str], clashes: list[str]) -> None:
        super().__init__()
        self._in_hand, self._clashes, self._gate = in_hand, clashes, threading.Lock()

    def handle(self, unit: Unit, row: InboxRow) -> None:
        case = row.dedup_key.partition("-")[0]
        with self._gate:
            if case in self._in_hand:
                self._clashes.append(row.dedup_key)
            self._in_hand.add(case)
        super().handle(unit, row)
        unit.execute(sa.text("SELECT pg_sleep(0.001)"))
        with self._gate:
            self._in_hand.discard(case)


def test_replicas_under_load_never_meet_at_a_case(migrated_url: str, tmp_path: Path, database: Database) -> None:
    """Not even where their inserts overlap: numbers are drawn before they can be seen."""
    in_hand: set[str] = set()
    clashes: list[str] = []
    dice = random.Random(5)
    with ExitStack() as stack:
        replicas = [stack.enter_context(opened(migrated_url, tmp_path, Watch(in_hand, clashes))) for _ in range(2)]
        for number in range(400):
            task_id = f"c{number % 3}"
            case = MINE[task_id].partition("/")[0]
            replicas[dice.randrange(2)].receive(click(f"{case}-{number}", f"p{number}", task_id))
        settled(replicas[0], 400)
    assert clashes == []
