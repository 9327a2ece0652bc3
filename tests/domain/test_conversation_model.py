"""The conversation against a model of plain lists and dicts: whatever is done in whatever order, both agree."""

from datetime import datetime, timedelta, timezone

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.conversation import Conversation, Turn
from domain.form import Field, Form, Kind, Option, When
from domain.given import Chosen, Text
from domain.ids import ConversationId, UserId
from domain.pause import cancel, expire, park
from domain.talk import answer, back, begin, confirm, edit, restart, resume

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=8)))
THREE = tuple(Option(key=f"o{n}", text=f"选项{n}") for n in (1, 2, 3))
FORM = Form(
    key="f",
    title="表",
    verb="visit.log",
    fields=(
        Field(key="a", type=Kind.CHOICE, label="甲", options=THREE),
        Field(key="b", type=Kind.CHOICE, label="乙", options=THREE),
        Field(key="c", type=Kind.TEXT, label="丙", when=When(field="a", is_=("o1",))),
        Field(key="d", type=Kind.CHOICE, label="丁", options=THREE, when=When(field="b", is_=("o2", "o3"))),
        Field(key="e", type=Kind.FLAG, label="戊"),
        Field(key="g", type=Kind.TEXT, label="己", max=3, when=When(field="d", is_=("o1",))),
        Field(key="h", type=Kind.TEXT, label="庚", max=3),
    ),
)

CARDS = (("a", "b"), ("c",), ("d", "e"), ("g",), ("h",))
GOOD = {"a": ["o1", "o2"], "b": ["o1", "o2"], "c": ["x", "yy"], "d": ["o1", "o3"], "e": ["yes", "no"],
        "g": ["z"], "h": ["k", "kk"]}  # fmt: skip
VALUE = {"yes": True, "no": False}
TYPED = "cgh"


class Model:
    """`asked` is a list of keys, empty at the confirmation; `state` is the word for it."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.state, self.asked = "asking", ["a", "b"]

    def shows(self, key: str) -> bool:
        if key == "c":
            return self.answers.get("a") == "o1"
        if key == "d":
            return self.answers.get("b") in ("o2", "o3")
        return key != "g" or (self.shows("d") and self.answers.get("d") == "o1")

    def cards(self) -> list[list[str]]:
        shown = [[key for key in card if self.shows(key)] for card in CARDS]
        return [card for card in shown if card]

    def go_on(self) -> None:
        for card in self.cards():
            missing = [key for key in card if key not in self.answers]
            if missing:
                self.state, self.asked = "asking", missing
                return
        self.state, self.asked = "confirming", []

    def answer(self, good: dict[str, str], bad: set[str]) -> None:
        self.answers.update(good)
        for key in "cdg":
            if not self.shows(key):
                self.answers.pop(key, None)
        left = [key for key in self.asked if key in bad or key not in self.answers]
        if left:
            self.asked = left
        else:
            self.go_on()

    def back(self) -> None:
        if self.state == "editing":
            self.go_on()
            return
        cards = self.cards()
        place = len(cards)
        if self.asked:
            place = next(index for index, card in enumerate(cards) if self.asked[0] in card)
        if place:
            self.state, self.asked = "asking", cards[place - 1]


class Talk(RuleBasedStateMachine):
    """Both do the same; after each step everything that can be seen is compared."""

    @initialize()
    def start(self) -> None:
        self.now, self.model = NOW, Model()
        self.conv = begin(FORM, id=ConversationId("c1"), person=UserId("rm01"), now=NOW).conversation
        self.seen = self.view()

    def view(self) -> tuple[object, ...]:
        return (self.model.state, tuple(self.model.asked), dict(self.model.answers))

    def live(self) -> bool:
        return self.model.state in ("asking", "editing", "confirming")

    def take(self, turn: Turn) -> None:
        """The revision grows by one exactly when the model changed."""
        view = self.view()
        assert turn.conversation.revision == self.conv.revision + (view != self.seen)
        self.seen, self.conv = view, Conversation.load(turn.conversation.dump())
        assert self.conv == turn.conversation

    @precondition(lambda self: self.live() and self.model.asked)
    @rule(data=st.data())
    def answers(self, data: st.DataObject) -> None:
        keys = data.draw(st.lists(st.sampled_from(self.model.asked), min_size=1, unique=True))
        bad = set(data.draw(st.lists(st.sampled_from(keys), unique=True))) - {"c"}
        good = {key: data.draw(st.sampled_from(GOOD[key])) for key in keys if key not in bad}
        said = {**good, **dict.fromkeys(bad, "much too long")}
        given = {key: Text(word) if key in TYPED else Chosen((word,)) for key, word in said.items()}
        self.model.answer(good, bad)
        turn = answer(FORM, self.conv, given, self.now)
        assert {problem.field for problem in turn.problems} == bad
        self.take(turn)

    @precondition(lambda self: self.live() and self.model.asked)
    @rule(pick=st.integers(0, 1))
    def answers_all_well(self, pick: int) -> None:
        good = {key: GOOD[key][pick % len(GOOD[key])] for key in self.model.asked}
        given = {key: Text(word) if key in TYPED else Chosen((word,)) for key, word in good.items()}
        self.model.answer(good, set())
        self.take(answer(FORM, self.conv, given, self.now))

    @precondition(lambda self: self.live())
    @rule()
    def goes_back(self) -> None:
        self.model.back()
        self.take(back(FORM, self.conv, self.now))

    @precondition(lambda self: self.live() and len(self.model.answers) > 3)
    @rule()
    def restarts(self) -> None:
        self.model = Model()
        self.take(restart(FORM, self.conv, self.now))

    @precondition(lambda self: self.live())
    @rule(field=st.sampled_from(FORM.fields))
    def edits(self, field: Field) -> None:
        if self.model.shows(field.key):
            self.model.state, self.model.asked = "editing", [field.key]
        self.take(edit(FORM, self.conv, field.label, self.now))

    @precondition(lambda self: self.live())
    @rule(waits=st.booleans())
    def leaves_and_comes_back(self, waits: bool) -> None:
        before = self.model.state
        self.model.state = "expired" if waits else "parked"
        if waits:
            self.now += timedelta(minutes=30)
            self.take(expire(self.conv, self.now))
        else:
            self.take(park(self.conv, self.now))
        self.model.state = "confirming" if before == "confirming" else "asking"
        self.take(resume(FORM, self.conv, self.now))

    @precondition(lambda self: self.live())
    @rule()
    def saves(self) -> None:
        whole = self.model.state == "confirming"
        if whole:
            self.model.state = "done"
        turn = confirm(FORM, self.conv, self.now)
        wanted = {key: VALUE.get(word, word) for key, word in self.model.answers.items()}
        assert turn.completed == (wanted if whole else None)
        self.take(turn)

    @precondition(lambda self: self.model.state == "done" or len(self.model.answers) > 4)
    @rule()
    def cancels(self) -> None:
        if self.model.state != "done":
            self.model.state = "cancelled"
        self.take(cancel(self.conv, self.now))
        self.start()

    @invariant()
    def both_agree(self) -> None:
        assert self.conv.status == self.model.state
        if self.live():
            assert list(self.conv.asked) == self.model.asked
        values = {key: VALUE.get(word, word) for key, word in self.model.answers.items()}
        assert {key: each.value for key, each in self.conv.answers.items()} == values


TestTalk = Talk.TestCase
TestTalk.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
