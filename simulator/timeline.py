"""What each person's phone shows: bubbles, and the state of every card on it."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Literal

from simulator.delivery import Callback
from simulator.feed import Feed

Selection = dict[str, list[str]]


@dataclass(slots=True)
class CardState:
    """One person's copy of a card: what it shows now and what the person did with it."""

    card: dict[str, Any]
    selected: Selection
    replace_text: str | None = None
    pressed: str | None = None

    def json(self, recalled: bool) -> dict[str, Any]:
        return {
            "live": self.replace_text is None and not recalled, "replace_text": self.replace_text,
            "selected": self.selected, "pressed": self.pressed, "waiting": self.pressed is not None,
        }  # fmt: skip


@dataclass(slots=True)
class Sent:
    """One accepted message/send and the copies it made."""

    msgid: str
    body: dict[str, Any]
    epoch: int
    bubbles: dict[str, "Bubble"] = field(default_factory=dict)
    recalled: bool = False


@dataclass(slots=True)
class Bubble:
    """One bubble on one phone."""

    id: str
    userid: str
    side: Literal["app", "member"]
    kind: str
    at: str
    text: str
    content: dict[str, Any] = field(default_factory=dict)
    sent: Sent | None = None
    state: CardState | None = None
    updates: list[dict[str, Any]] = field(default_factory=list)
    callback: Callback | None = None
    ledger: int | None = None
    seq: int = 0
    said: int = 0

    def json(self) -> dict[str, Any]:
        recalled = self.sent is not None and self.sent.recalled
        shown: dict[str, Any] = {
            "id": self.id, "seq": self.seq, "said": self.said, "userid": self.userid, "side": self.side,
            "kind": self.kind, "at": self.at, "text": self.text, "content": self.content, "recalled": recalled,
        }  # fmt: skip
        if self.sent is not None:
            shown |= {"message": self.sent.body, "msgid": self.sent.msgid, "api": {"ledger": self.ledger}}
        if self.state is not None:
            shown |= {"card": self.state.card, "card_state": self.state.json(recalled), "updates": self.updates}
        if self.callback is not None:
            shown["callback"] = self.callback.json()
        return shown


class Timeline:
    """All bubbles of all phones, newest last."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.bubbles: dict[str, Bubble] = {}
        self.of: dict[str, list[Bubble]] = defaultdict(list)
        self.unread: dict[str, int] = defaultdict(int)
        self._count = 0

    def next_id(self) -> str:
        self._count += 1
        return f"b{self._count}"

    def add(self, bubble: Bubble) -> Bubble:
        self.bubbles[bubble.id] = bubble
        self.of[bubble.userid].append(bubble)
        if bubble.side == "app":
            self.unread[bubble.userid] += 1
            self.speak(bubble)
        else:
            self.touch(bubble)
        return bubble

    def speak(self, bubble: Bubble) -> None:
        """The application wrote or rewrote this bubble."""
        self.touch(bubble)
        bubble.said = bubble.seq

    def touch(self, bubble: Bubble) -> None:
        """Tell everyone who watches that this bubble is new or changed."""
        bubble.seq = self.feed.publish("bubble", bubble.userid, bubble.id)

    def changed(self, userid: str, after: int) -> list[Bubble]:
        return [bubble for bubble in self.of.get(userid, ()) if bubble.seq > after]


def default_selection(card: dict[str, Any]) -> Selection:
    """What the phone has ticked before anybody touches the card."""
    questions = [*card.get("select_list", ()), *filter(None, [card.get("button_selection")])]
    chosen = {
        q["question_key"]: [q.get("selected_id") or q["option_list"][0]["id"]] for q in questions
    }  # fmt: skip
    if box := card.get("checkbox"):
        chosen[box["question_key"]] = [o["id"] for o in box["option_list"] if o.get("is_checked")]
    return chosen
