"""The verdict on a story: the simulator's ledger and a fresh read of the database against what was said."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.packs import shipped_processes
from bot.verify_audit import Findings, checkpoints_of
from storage.checkpoints import kept
from storage.notary import Notary
from storage.sealed import sealed_tables
from storage.unit import Unit
from storage.vault import Vault, open_vault
from tests.chain import first_break
from tests.crash.people import VisitDone, heard_by
from tests.crash.stage import AWAY, KILLERS, MONDAY, UNREACHED, Stage
from tests.storage.case_replay import assert_replays

RECKON = "case.reckon"
ASKED = {
    "audit.who": "audit.who",
    "audit.did": "audit.did",
    "audit.export": "audit.exported",
    "suitability.replay": "suitability.read",
}
"""On record each time that it was asked, though nobody was answered."""
SEND, UPDATE = "message/send", "message/update_template_card"
PHOTO_BYTES = "photo WHERE state = 'kept' AND content IS NOT NULL"


def judge(stage: Stage) -> dict[str, int]:
    """Fails with everything that is not as it must be; returns what is worth reporting."""
    failures = []
    checks = (
        _inbox, _books, deliveries, _cases, _timers, chain, _phones, _cards, _sending, _text_messages, cells, labelled,
        _staff, _access, checkpoints, _lists,
    )  # fmt: skip
    for check in checks:
        try:
            check(stage)
        except AssertionError as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup("not as it was said", failures)
    swallowed = sum(call.duplicate for call in stage.sim.world.ledger.calls)
    copies = sum(sms.copies - 1 for sms in stage.sim.world.sms.all())
    told = {"callbacks": len(stage.sim.world.callbacks), "visits": len(stage.books.visits)}
    return told | {"complaints": len(stage.books.complaints), "swallowed": swallowed, "sms handed in again": copies}


def _inbox(stage: Stage) -> None:
    """Everything was acknowledged, kept once and handled once; only the planted killers are dead."""
    callbacks = stage.sim.world.callbacks.values()
    assert [callback.id for callback in callbacks if callback.state != "acked"] == []
    assert stage.count("inbox") == len(callbacks)
    ended = Counter({(row[0], row[1]): row[2] for row in stage.look(_ENDED)})
    assert ended == Counter({(KILLERS, "dead"): stage.books.dead[KILLERS]}), ended
    assert stage.count("attempt") == 0, "a note outlived its update"


_ENDED = "SELECT person, state, count(*) FROM inbox WHERE state <> 'done' GROUP BY person, state"


def _books(stage: Stage) -> None:
    """Visits, interactions, photos, to-dos and conversations, each as it was said and no more than once."""
    books = stage.books
    with stage.engine.connect() as connection:
        vault = open_vault(connection, stage.key_file)
    rows = stage.look("SELECT * FROM visit")
    assert Counter(_visit(vault, row) for row in rows) == Counter(_said(visit) for visit in books.visits)
    interactions = stage.look(
        "SELECT customer_id, by_userid, closed_as_of IS NULL FROM interaction WHERE origin = 'visit'"
    )
    counted = Counter((row[0], row[1], bool(row[2])) for row in interactions)
    assert counted == Counter((v.customer.number, v.userid, not v.undone) for v in books.visits)
    photos = sum(visit.photos for visit in books.visits)
    assert (stage.count("photo"), stage.count(PHOTO_BYTES)) == (photos, photos)
    assert Counter(map(tuple, stage.look("SELECT owner, customer_id, state FROM todo"))) == books.todos
    assert Counter(map(tuple, stage.look("SELECT person, form, status FROM conversation"))) == books.talks
    assert stage.count("risk_assessment WHERE channel = '重启柜面'") == books.imported
    there = "calendar_day AS special JOIN calendar_hours AS usual ON usual.unit_id = special.unit_id"
    rows = stage.look(f"SELECT special.day, usual.ranges FROM {there} WHERE special.unit_id = '{AWAY}'")
    assert [(str(row[0]), row[1]) for row in rows] == books.notices[-1:]


def deliveries(stage: Stage) -> None:
    """What another system delivered is there once."""
    loans = stage.look("SELECT loan_id, closed_as_of IS NULL FROM loan WHERE loan_id LIKE 'L8%' OR loan_id LIKE 'L9%'")
    single = [(f"L9{number:05}", False) for number in stage.books.delivered]
    many = [(f"L8{number:05}{each}", True) for number in stage.books.delivered for each in range(3)]
    assert sorted((row[0], bool(row[1])) for row in loans) == sorted(single + many)


def _visit(vault: Vault, row: Any) -> tuple[object, ...]:
    note = vault.open("visit", "notes", row.id, row.notes)
    place = json.loads(vault.open("visit", "place", row.id, row.place))["label"] if row.place else ""
    return (row.userid, row.customer_id, row.kind, bool(row.reached), note, place, row.state)


def _said(visit: VisitDone) -> tuple[object, ...]:
    state = "undone" if visit.undone else "saved"
    return (visit.userid, visit.customer.number, visit.kind, True, visit.note, visit.place, state)


def _cases(stage: Stage) -> None:
    """What was done to each case, once and in its order; the stored case is what its events and facts make of it."""
    columns = "file.customer_id, event.kind, event.actor, file.closed FROM case_event AS event JOIN case_file AS file"
    rows = stage.look(f"SELECT {columns} ON file.id = event.case_id ORDER BY event.case_id, event.revision")
    done: dict[str, list[tuple[str, str | None]]] = {}
    for customer, kind, actor, closed in rows:
        assert closed, customer
        done.setdefault(customer, []).append((kind, actor))
    assert done == stage.books.complaints
    assert stage.count("case_file") == len(done)
    assert stage.count("stand_in WHERE ended_at IS NOT NULL") == stage.count("stand_in") == len(done)
    with stage.engine.connect() as connection:
        unit = Unit(connection, open_vault(connection, stage.key_file), MONDAY)
        for (case_id,) in stage.look("SELECT id FROM case_file"):
            assert_replays(unit, shipped_processes(), case_id)


def _text_messages(stage: Stage) -> None:
    """One for each case; handed in again only under the same id, which the gateway knows."""
    cases = Counter(row[0] for row in stage.look("SELECT id FROM case_file"))
    sent = stage.sim.world.sms.all()
    assert Counter(sms.text.split()[1] for sms in sent) == cases, sent
    assert len({sms.mobile for sms in sent}) == 1


def _timers(stage: Stage) -> None:
    """Each went off once, and none is left behind."""
    fired = Counter({row[0]: row[1] for row in stage.look(_FIRED)})
    changes = stage.books.typed["calendar.import"] + stage.books.typed["calendar.hours"]
    assert 2 * len(stage.books.notices) <= fired.pop(RECKON, 0) <= changes, "a case reckons once for each change"
    assert fired == stage.books.fired
    assert stage.count("timer WHERE state = 'armed'") == 0


_FIRED = "SELECT kind, count(*) FROM timer WHERE state = 'fired' GROUP BY kind"


def _lists(stage: Stage) -> None:
    """Each list became one file, which was told once and is gone by the next day."""
    made = stage.look("SELECT state, count(*) FROM made_file GROUP BY state")
    assert {row[0]: row[1] for row in made} == ({"gone": stage.books.lists} if stage.books.lists else {})
    assert stage.count("made_part") == 0
    assert stage.recorded("export.made") == stage.recorded("file.made") == stage.books.lists


def chain(stage: Stage) -> None:
    """Gapless, unforked, and each effect on record as often as it happened."""
    rows = stage.look("SELECT seq, body, prev, hash FROM audit ORDER BY seq")
    links = [(row[0], bytes(row[1]), bytes(row[2]), bytes(row[3])) for row in rows]
    assert first_break(links) is None
    head = stage.look("SELECT seq, hash FROM audit_head")[0]
    assert (head[0], bytes(head[1])) == (links[-1][0], links[-1][3])
    actions = Counter(json.loads(body)["action"] for _, body, _, _ in links)
    recorded = {action: actions[action] for action in stage.books.recorded}
    assert recorded == dict(stage.books.recorded)
    assert actions["card.shown"] == stage.count("card") + stage.books.renewed
    for command, action in ASKED.items():
        asked, answered = stage.books.typed[command], stage.books.answered[command]
        assert answered <= actions[action] <= asked, (action, actions[action], asked, answered)


def cells(stage: Stage) -> None:
    """Every sealed cell opens; one key seals, and each that is no longer used was retired once."""
    with stage.engine.connect() as connection:
        vault = open_vault(connection, stage.key_file)
        for table in sealed_tables():
            for row in connection.execute(sa.select(table.table)):
                sealed = ((name, getattr(row, name)) for name in table.columns)
                for name, cell in sealed:
                    assert cell is None or vault.open_bytes(table.name, name, table.row_name(row), cell) is not None
    keys = Counter(row[0] for row in stage.look("SELECT state FROM data_key WHERE purpose = 'cells'"))
    assert keys.pop("active") == 1
    assert keys == +Counter({"retired": stage.recorded("key.made")})
    assert stage.recorded("key.retired") == keys["retired"] >= stage.books.answered["keys.rotate"]
    assert stage.recorded("key.rewrapped") == len(stage.master_keys) - 1


def labelled(stage: Stage) -> None:
    """Every customer stands somewhere once; nothing is left of a making that broke off."""
    runs = stage.count("label_run WHERE published_at IS NOT NULL")
    assert stage.count("label_run") == runs == stage.recorded("labels.published")
    assert stage.books.answered["labels.recompute"] <= runs <= stage.books.typed["labels.recompute"]
    if runs:
        here = stage.look("SELECT customer_id FROM label WHERE until_run IS NULL")
        assert sorted(here) == sorted(stage.look("SELECT customer_id FROM customer"))
        assert stage.count(f"label WHERE run > {runs} OR until_run > {runs}") == 0


def _staff(stage: Stage) -> None:
    """Out is who was stopped and nobody else; the house has seen everybody as they stand."""
    out = stage.look("SELECT userid FROM staff WHERE status = 'left' AND userid LIKE 'go%'")
    assert sorted(row[0] for row in out) == sorted([*stage.books.left, *stage.books.passed_on])
    assert stage.count("staff WHERE status = 'left'") == len(out) + 1, "rmold01 left before"
    assert stage.count("standing") == stage.count("staff")
    assert stage.count("standing WHERE posts = ''") == len(out) + 1


def _access(stage: Stage) -> None:
    """No glass stays broken."""
    states = Counter(row[0] for row in stage.look("SELECT state FROM access"))
    assert states == +Counter({"withdrawn": stage.books.glasses})


def checkpoints(stage: Stage) -> None:
    """Each that is on record was signed and kept; each that was kept is of this chain."""
    hashes = {row[0]: bytes(row[1]).hex() for row in stage.look("SELECT seq, hash FROM audit")}
    signed = {
        point["seq"]: point["hash"] for replica in stage.lives.replicas.values() for point in _signed(replica.state)
    }
    assert {seq: hashes[seq] for seq in signed} == signed
    on_record = [record["detail"] for record in stage.records("audit.checkpoint")]
    assert {each["seq"]: each["hash"] for each in on_record}.items() <= signed.items()
    assert len(on_record) <= len(signed) * len(stage.lives.replicas)


def _signed(state: Path) -> list[dict[str, Any]]:
    notary, found = Notary(state / "rmbot-audit.key", state / "audit-checkpoints.ndjson"), Findings()
    points = checkpoints_of(kept(notary.checkpoints), bytes.fromhex(notary.public_key), found)
    assert found.said == []
    return points


def _phones(stage: Stage) -> None:
    """Every phone shows exactly the expected messages; their order was compared as they came."""
    people = set(stage.people) | {userid for userid, shown in stage.sim.world.timeline.of.items() if shown}
    shown = {userid: len(heard_by(stage.sim, userid)) for userid in people}
    assert shown == {userid: len(stage.people[userid].expected) for userid in people}


def _cards(stage: Stage) -> None:
    """A pressed card was redrawn once, no card twice."""
    for person in stage.people.values():
        assert [bubble.id for bubble in person.pressed if len(bubble.updates) != 1] == []
        assert [bubble.id for bubble in person.heard if len(bubble.updates) > 1] == []


def _sending(stage: Stage) -> None:
    """Every row of the outbox reached its phone once."""
    assert stage.sim.world.ledger.violations() == []
    ends = Counter({(row[0], row[1]): row[2] for row in stage.look(_ENDS)})
    assert {state for _, state in ends} <= {"sent", "superseded"}, ends
    # WeCom does not say again whom it skipped when it swallows a double: those rows may end as sent.
    assert stage.count(f"outbox WHERE recipient = '{UNREACHED}'") == stage.books.ends["dead"]
    sends = [call for call in stage.sim.world.ledger.calls if call.path == SEND]
    delivered = [delivery for call in sends for delivery in call.deliveries]
    assert {delivery.fate for delivery in delivered} == {"delivered"}
    assert len(delivered) == ends["send", "sent"]
    bodies = Counter(json.dumps(call.body, sort_keys=True) for call in sends if call.deliveries)
    assert max(bodies.values()) == 1
    _updates(stage, ends)


_ENDS = f"SELECT kind, state, count(*) FROM outbox WHERE recipient <> '{UNREACHED}' GROUP BY kind, state"


def _updates(stage: Stage, ends: Counter[tuple[str, str]]) -> None:
    """A code is spent once; `given up as ours` may be wrong only where the simulator was told to lie."""
    calls = [call for call in stage.sim.world.ledger.calls if call.path == UPDATE]
    done = sum(1 for call in calls if (call.response or {}).get("errcode") == 0)
    lies = sum(1 for call in calls if call.fault)
    assert ends["update", "sent"] - lies <= done <= ends["update", "sent"]
    assert ends["update", "superseded"] <= lies
