"""What follows from each thing a person does while a form is asked."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from domain.answer import Rejected
from domain.conversation import AskConfirm, AskStep, Conversation, Status, Turn, needs_lookup
from domain.form import Answer, Field, Form, Kind, Option
from domain.given import Chosen, Given, Picked, Picture, Place, Skip, Text
from domain.ids import ConversationId, UserId
from domain.line import read_line
from domain.moment_value import due_at
from domain.pack import load_pack
from domain.pause import cancel, expire, park
from domain.steps import Widget
from domain.talk import FIRST_STEP, GONE, PASSED, answer, back, begin, confirm, edit, lookup_failed, restart, resume

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=8)))  # a Monday
PACK = load_pack((Path(__file__).parents[2] / "deploy/packs/default.yaml").read_text(encoding="utf-8"))
VISIT, SNOOZE = PACK.form("visit"), PACK.form("snooze")
WANG = Picked("C1", "王秀兰")
MET: Mapping[str, Given] = {"kind": Chosen(("meeting",)), "result": Chosen(("reached",))}


def start(form: Form = VISIT, known: Mapping[str, Answer] | None = None, *, brief: bool = False) -> Turn:
    return begin(form, id=ConversationId("v1"), person=UserId("rm01"), now=NOW, known=known, brief=brief)


def said(turn: Turn, *given: Given | Mapping[str, Given], form: Form = VISIT) -> Turn:
    """One answer after the other; the value goes through its JSON each time, as between two messages."""
    for each in given:
        turn = answer(form, Conversation.load(turn.conversation.dump()), each, NOW)
    return turn


def asked(turn: Turn) -> tuple[str, ...]:
    assert isinstance(turn.ask, AskStep)
    return turn.ask.step.keys


def shown(turn: Turn) -> dict[str, str]:
    assert isinstance(turn.ask, AskConfirm)
    return {row.field: row.shown for row in turn.ask.rows}


def test_a_visit_from_the_first_question_to_the_record() -> None:
    turn = start()
    assert asked(turn) == ("customer",)
    turn = said(turn, Text("王秀兰"))
    lookup = needs_lookup(VISIT, turn.conversation)
    assert lookup is not None
    assert (lookup.field.key, lookup.text, turn.ask) == ("customer", "王秀兰", None)
    turn = said(turn, WANG)
    assert asked(turn) == ("kind", "result")
    turn = said(turn, MET)
    assert asked(turn) == ("notes",)
    turn = said(turn, Text("聊了理财续期"))
    assert asked(turn) == ("photo",)
    turn = said(turn, Picture("m1"))
    assert (asked(turn), turn.note) == (("photo",), "收到照片 1 张，还可以再发 2 张；发“完成”继续。")
    turn = said(turn, Text("完成"), Place(31.2, 121.5, "世纪大道1号"), Text("下周三下午三点"))
    assert shown(turn) == {
        "customer": "王秀兰",
        "kind": "面访",
        "result": "接通",
        "notes": "聊了理财续期",
        "photo": "照片 1 张",
        "location": "世纪大道1号",
        "follow_up": "下周三 12月2日 15:00",
    }
    done = confirm(VISIT, turn.conversation, NOW)
    assert done.conversation.status is Status.DONE
    assert done.completed is not None
    assert done.completed["customer"] == "C1"
    assert done.completed["photo"] == ["m1"]
    assert due_at(done.completed["follow_up"]) == datetime(2026, 12, 2, 15, 0, tzinfo=NOW.tzinfo)
    assert confirm(VISIT, done.conversation, NOW).completed is None


def test_one_line_leaves_only_what_must_be_known() -> None:
    line = read_line(VISIT, "王秀兰 电话 聊了理财续期 下周三回访", NOW)
    turn = said(start(known=line.known, brief=True), Text(line.customer_text or ""), WANG)
    assert isinstance(turn.ask, AskStep)
    assert (turn.ask.step.widget, asked(turn)) == (Widget.BUTTONS, ("result",))
    turn = said(turn, Chosen(("reached",)))
    assert shown(turn)["follow_up"] == "下周三 12月2日"
    complete = confirm(VISIT, turn.conversation, NOW).completed
    assert complete is not None
    assert set(complete) == {"customer", "kind", "result", "notes", "follow_up"}


def test_a_form_without_confirmation_is_done_with_its_last_answer() -> None:
    turn = said(start(SNOOZE), Chosen(("明早九点",)), form=SNOOZE)
    assert turn.conversation.status is Status.DONE
    assert turn.completed is not None
    assert due_at(turn.completed["until"]) == datetime(2026, 11, 24, 9, 0, tzinfo=NOW.tzinfo)


_QUICK = [(field, text) for form in PACK.forms for field in form.fields for text in field.quick]


@pytest.mark.parametrize(("field", "quick"), _QUICK, ids=[text for _, text in _QUICK])
def test_every_ready_answer_of_the_default_pack_is_understood(field: Any, quick: str) -> None:
    form = SNOOZE.model_copy(update={"fields": (field.model_copy(update={"when": None}),)})
    turn = said(start(form), Chosen((quick,)), form=form)
    assert turn.problems == ()
    assert turn.completed is not None


def test_on_a_card_of_two_lists_the_good_one_is_kept() -> None:
    before = said(start(), WANG)
    turn = said(before, {"kind": Chosen(("call",)), "result": Chosen(("perhaps",))})
    assert asked(turn) == ("result",)
    assert [problem.field for problem in turn.problems] == ["result"]
    assert turn.conversation.answers["kind"].shown == "电话"
    assert turn.conversation.revision == before.conversation.revision + 1


@pytest.mark.parametrize(
    ("words", "left", "problems"),
    [
        ("电话 接通", ("notes",), 0),
        ("没人接，打电话", ("notes",), 0),
        ("2 1", ("notes",), 0),
        ("电话", ("result",), 0),
        ("未接通", ("kind",), 0),
        ("传真", ("kind", "result"), 1),
        ("电话 也许", ("result",), 1),
    ],
)
def test_a_card_of_two_lists_may_be_answered_in_words(words: str, left: tuple[str, ...], problems: int) -> None:
    turn = said(start(), WANG, Text(words))
    assert (asked(turn), len(turn.problems)) == (left, problems)


def test_a_wrong_answer_changes_nothing_and_says_why() -> None:
    before = said(start(), WANG, MET, Text("好"), Skip(), Skip())
    turn = said(before, Text("昨天"))
    assert asked(turn) == ("follow_up",)
    assert "已经过去了" in turn.problems[0].reason
    assert turn.conversation.answers == before.conversation.answers
    assert turn.conversation.revision == before.conversation.revision


def test_nobody_of_that_name() -> None:
    turn = said(start(), Text("王秀蓝"))
    turn = lookup_failed(VISIT, turn.conversation, "没有找到这位客户。", NOW)
    assert (asked(turn), turn.problems) == (("customer",), (Rejected("没有找到这位客户。", "customer"),))
    assert needs_lookup(VISIT, turn.conversation) is None
    again = needs_lookup(VISIT, said(turn, Text("王秀兰")).conversation)
    assert again is not None
    assert again.text == "王秀兰"


def test_back_shows_what_was_answered_and_goes_on_where_it_was_left() -> None:
    turn = back(VISIT, said(start(), WANG, MET, Text("好")).conversation, NOW)
    assert asked(turn) == ("notes",)
    turn = back(VISIT, turn.conversation, NOW)
    assert isinstance(turn.ask, AskStep)
    assert [one.selected for one in turn.ask.step.lists] == [("meeting",), ("reached",)]
    assert asked(said(turn, {"kind": Chosen(("call",)), "result": Chosen(("reached",))})) == ("follow_up",)
    assert asked(resume(VISIT, turn.conversation, NOW)) == ("photo",)
    turn = back(VISIT, turn.conversation, NOW)
    first = back(VISIT, turn.conversation, NOW)
    assert (asked(first), first.note) == (("customer",), FIRST_STEP)


def test_changing_one_answer_returns_to_the_confirmation_and_drops_what_no_longer_applies() -> None:
    turn = said(start(), WANG, MET, Text("好"), Picture("m1"), Text("完成"), Skip(), Skip())
    assert shown(turn)["location"] == "未填"
    turn = edit(VISIT, turn.conversation, "方式", NOW)
    assert (asked(turn), turn.conversation.status) == (("kind",), Status.EDITING)
    assert "photo" in shown(back(VISIT, turn.conversation, NOW))
    turn = said(turn, Text("短信"))
    assert set(shown(turn)) == {"customer", "kind", "result", "notes", "follow_up"}
    turn = said(edit(VISIT, turn.conversation, "2", NOW), Text("面访"))
    assert asked(turn) == ("photo",)


@pytest.mark.parametrize(("name", "reason"), [("价格", "没有叫“价格”的一项。可以改：客户、"), ("", "可以改：客户、")])
def test_changing_what_does_not_exist_lists_what_does(name: str, reason: str) -> None:
    turn = edit(VISIT, said(start(), WANG, MET).conversation, name, NOW)
    assert turn.problems[0].reason.startswith(reason)
    assert asked(turn) == ("notes",)


def test_photos_are_counted_and_may_come_at_any_moment() -> None:
    turn = said(start(), WANG, MET, Picture("m1"))
    assert (asked(turn), turn.note) == (("notes",), "收到照片 1 张。")
    turn = said(turn, Text("好"), Picture("m2"), Skip(), Skip())
    assert shown(turn)["photo"] == "照片 2 张"
    turn = said(turn, Picture("m3"))
    assert shown(turn)["photo"] == "照片 3 张"
    full = said(turn, Picture("m4"))
    assert full.problems == (Rejected("已经有 3 张照片了，发“完成”继续。", "photo"),)
    anew = said(edit(VISIT, full.conversation, "照片", NOW), Picture("m5"), Text("完成"))
    assert anew.conversation.answers["photo"].value == ["m5"]


def test_a_photo_nobody_asks_for_is_refused() -> None:
    turn = said(start(), WANG, {"kind": Chosen(("call",)), "result": Chosen(("reached",))}, Picture("m1"))
    assert asked(turn) == ("notes",)
    assert turn.problems[0].reason == "请发文字，最多 500 个字。不填请回“跳过”。"


def test_words_at_the_confirmation_are_answered_with_what_can_be_said() -> None:
    turn = said(start(), WANG, MET, Text("好"), Skip(), Skip(), Skip(), Text("行吧"))
    assert turn.problems[0].reason.startswith("请回“保存”")
    assert turn.conversation.status is Status.CONFIRMING


def test_nothing_is_saved_while_a_question_is_open() -> None:
    turn = confirm(VISIT, said(start(), WANG).conversation, NOW)
    assert (turn.completed, asked(turn)) == (None, ("kind", "result"))
    assert turn.problems[0].field == "kind"


def test_a_promise_that_has_gone_by_meanwhile_is_asked_again() -> None:
    turn = said(start(), WANG, MET, Text("好"), Skip(), Skip(), Text("今天下午三点"))
    later = NOW + timedelta(hours=8)
    woken = resume(VISIT, expire(turn.conversation, later).conversation, later)
    asks = confirm(VISIT, woken.conversation, later)
    assert (asked(asks), asks.problems) == (("follow_up",), (Rejected(PASSED, "follow_up"),))
    assert asks.completed is None


def test_cancelling_and_starting_again() -> None:
    turn = said(start(), WANG, MET)
    fresh = restart(VISIT, turn.conversation, NOW)
    assert (asked(fresh), fresh.conversation.answers) == (("customer",), {})
    gone = cancel(fresh.conversation, NOW)
    assert gone.conversation.status is Status.CANCELLED
    for after in (said(gone, Text("王")), back(VISIT, gone.conversation, NOW), resume(VISIT, gone.conversation, NOW)):
        assert (after.note, after.ask, after.conversation) == ("这一份已经取消了。", None, gone.conversation)


def test_what_is_parked_comes_back_as_it_was() -> None:
    turn = said(start(), WANG, MET)
    parked = park(turn.conversation, NOW).conversation
    assert said(Turn(parked), Text("好")).note == "这一份先搁下了，发“继续”接着填。"
    woken = resume(VISIT, parked, NOW + timedelta(hours=3))
    assert asked(woken) == ("notes",)
    assert woken.conversation.expires_at == NOW + timedelta(hours=3, minutes=30)


@pytest.mark.parametrize(
    ("minutes", "status"),
    [(29, Status.ASKING), (30, Status.EXPIRED), (31, Status.EXPIRED)],
)
def test_an_answer_after_the_idle_time_finds_the_talk_closed(minutes: int, status: Status) -> None:
    turn = answer(VISIT, start().conversation, WANG, NOW + timedelta(minutes=minutes))
    assert turn.conversation.status is status
    assert (turn.ask is None) == (status is Status.EXPIRED)


@pytest.mark.parametrize(("hours", "note"), [(1, None), (24.49, None), (24.5, GONE), (48, GONE)])
def test_the_way_back_stays_open_for_a_day(hours: float, note: str | None) -> None:
    later = NOW + timedelta(hours=hours)
    over = expire(start().conversation, later).conversation
    turn = resume(VISIT, over, later)
    assert turn.note == note
    assert turn.conversation.live == (note is None)


PAGED = Form(
    key="p",
    title="长",
    verb="visit.log",
    confirm=False,
    fields=(
        Field(
            key="c",
            type=Kind.CHOICE,
            label="网点",
            options=tuple(Option(key=f"o{n}", text=f"网点{n}号") for n in range(1, 26)),
        ),
    ),
)


def test_turning_pages() -> None:
    def page(turn: Turn) -> tuple[int, list[str]]:
        assert isinstance(turn.ask, AskStep)
        return turn.ask.step.page, [entry.text for entry in turn.ask.step.lists[0].entries][-2:]

    turn = start(PAGED)
    assert page(turn) == (0, ["网点9号", "下一页"])
    turn = said(turn, {"c": Chosen(("-page.1",))}, form=PAGED)
    assert page(turn) == (1, ["网点18号", "下一页"])
    turn = said(turn, Text("下一页"), form=PAGED)
    assert page(turn) == (2, ["网点25号", "回到第一页"])
    assert page(said(turn, Text("下一页"), form=PAGED))[0] == 0
    assert page(said(turn, Text("上一页"), form=PAGED))[0] == 1
    assert said(turn, Text("网点3号"), form=PAGED).completed == {"c": "o3"}
