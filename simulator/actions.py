"""What a person can do with the phone; every action makes a bubble and a callback."""

from collections.abc import Mapping
from typing import Any

from simulator import inbound, samples
from simulator.directory import Member
from simulator.errors import Refused
from simulator.timeline import Bubble, CardState, Selection, default_selection
from simulator.world import World

SAMPLES = {"image": ("sample.png", samples.picture), "voice": ("sample.amr", samples.voice),
           "video": ("sample.mp4", samples.video)}  # fmt: skip

PHOTOS = {"SendPicsInfo": {"PicList": {"item": {"PicMd5Sum": "0" * 32}}, "Count": 1}}
SCAN = {"ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "示例二维码"}}
# What a menu entry that asks for more than a tap sends along.
GATHERED: dict[str, dict[str, Any]] = {
    "scancode_push": SCAN, "scancode_waitmsg": SCAN,
    "pic_sysphoto": PHOTOS, "pic_photo_or_album": PHOTOS, "pic_weixin": PHOTOS,
    "location_select": {
        "SendLocationInfo": {"Location_X": 31.23, "Location_Y": 121.47, "Scale": 16, "Label": "示例路 1 号", "Poiname": ""},
        "AppType": "wxwork",
    },
}  # fmt: skip


class Phone:
    """One person's phone in the simulated world."""

    def __init__(self, world: World, member: Member) -> None:
        self.world, self.member = world, member

    def say(self, text: str) -> Bubble:
        return self._message("text", text, {"Content": text}, {})

    def send_media(self, kind: str, data: bytes | None = None, name: str = "") -> Bubble:
        """A photo, a voice message or a video; the built-in sample when there is no data."""
        sample, draw = SAMPLES[kind]
        media = self.world.media.keep(kind, name or sample, data or draw())
        link = f"/_sim/v1/media/{media.id}"
        fields: dict[str, Any] = {"MediaId": media.id}
        fields |= {
            "image": {"PicUrl": f"{self.world.url}{link}"},
            "voice": {"Format": "amr"},
            "video": {"ThumbMediaId": media.id},
        }[kind]
        words = {"image": "[图片]", "voice": "[语音]", "video": "[视频]"}
        return self._message(kind, words[kind], fields, {"media_id": media.id, "media_url": link})

    def send_location(self, lat: float, lng: float, label: str, scale: int = 16) -> Bubble:
        fields = {"Location_X": lat, "Location_Y": lng, "Scale": scale, "Label": label, "AppType": "wxwork"}
        return self._message("location", label, fields, {"lat": lat, "lng": lng, "label": label})

    def send_link(self, title: str, description: str, url: str, picurl: str) -> Bubble:
        content = {"title": title, "description": description, "url": url, "picurl": picurl}
        fields = {"Title": title, "Description": description, "Url": url, "PicUrl": picurl}
        return self._message("link", title, fields, content)

    def enter(self) -> Bubble:
        return self.event("enter_agent", {"EventKey": ""}, "进入应用")

    def event(self, name: str, fields: Mapping[str, Any], text: str) -> Bubble:
        """Any event of WeCom in this person's name."""
        xml = inbound.event(self.world.app, self.member.userid, self.world.clock.epoch(), name, fields)
        return self.raw(xml, text)

    def raw(self, xml: str, text: str = "原样明文") -> Bubble:
        return self._bubble("event", text, {}, xml)

    def press_menu(self, entry: Mapping[str, Any]) -> Bubble:
        """A menu entry without sub-entries; `view` opens its page besides."""
        kind = entry["type"]
        key = entry.get("key") or entry.get("url") or entry.get("pagepath", "")
        bubble = self.event(kind, {"EventKey": key, **GATHERED.get(kind, {})}, f"菜单：{entry['name']}")
        bubble.content = {"url": key} if kind == "view" else {}
        return bubble

    def press(self, bubble: Bubble, key: str, selected: Selection, *, menu: bool = False, force: bool = False,
              as_user: Member | None = None) -> Bubble:  # fmt: skip
        """A button of a card; `force` sends a click the page would no longer allow."""
        if bubble.state is None or bubble.sent is None:
            raise Refused("这个气泡不是卡片")
        state = bubble.state
        keys = _menu_keys(state.card) if menu else _button_keys(state.card)
        if not force:
            _insist_live(bubble, state, key, keys)
        chosen = {} if menu else _checked(state.card, {**state.selected, **selected}, force)
        if as_user is None:
            state.pressed, state.selected = key, {**state.selected, **chosen}
            self.world.timeline.touch(bubble)
        return self._click(bubble, key, chosen, menu, as_user or self.member, keys.get(key, key))

    def _click(self, bubble: Bubble, key: str, chosen: Selection, menu: bool, clicker: Member, label: str) -> Bubble:
        assert bubble.sent is not None
        assert bubble.state is not None
        original = bubble.sent.body["template_card"]
        fields = {
            "EventKey": key,
            "TaskId": original.get("task_id", ""),
            "CardType": bubble.state.card["card_type"],
            "ResponseCode": self.world.issue_code(bubble.sent),
            **inbound.selected_items(chosen),
        }
        name = "template_card_menu_event" if menu else "template_card_event"
        actor = self if clicker is self.member else Phone(self.world, clicker)
        return actor.event(name, fields, f"按下：{label}")

    def _message(self, kind: str, text: str, fields: dict[str, Any], content: dict[str, Any]) -> Bubble:
        xml = inbound.message(self.world.app, self.member.userid, self.world.clock.epoch(), kind, fields)
        return self._bubble(kind, text, content, xml)

    def _bubble(self, kind: str, text: str, content: dict[str, Any], xml: str) -> Bubble:
        timeline = self.world.timeline
        bubble = Bubble(timeline.next_id(), self.member.key, "member", kind, self.world.clock.iso(), text, content)
        bubble.callback = self.world.deliver(self.member.key, xml)
        return timeline.add(bubble)


def _button_keys(card: Mapping[str, Any]) -> dict[str, str]:
    """Keys that call back, with what is written on the button."""
    keys = {b["key"]: b["text"] for b in card.get("button_list", ()) if b.get("type", 0) == 0}
    if submit := card.get("submit_button"):
        keys[submit["key"]] = submit["text"] or "提交"
    return keys


def _menu_keys(card: Mapping[str, Any]) -> dict[str, str]:
    return {a["key"]: a["text"] for a in card.get("action_menu", {}).get("action_list", ())}


def _insist_live(bubble: Bubble, state: CardState, key: str, keys: Mapping[str, str]) -> None:
    if bubble.sent is not None and bubble.sent.recalled:
        raise Refused("这条消息已撤回")
    if state.replace_text is not None:
        raise Refused(f"按钮已置灰：{state.replace_text}")
    if key not in keys:
        raise Refused(f"卡片上没有 key 为“{key}”的按钮")


def _checked(card: Mapping[str, Any], selected: Selection, force: bool) -> Selection:
    """The selections the phone can really make: known questions, known options, one where one is allowed."""
    if force:
        return selected
    default, box = default_selection(dict(card)), card.get("checkbox", {})
    questions = [*card.get("select_list", ()), *filter(None, [card.get("button_selection"), box])]
    options = {q["question_key"]: {o["id"] for o in q["option_list"]} for q in questions}
    disabled = {q["question_key"] for q in questions if q.get("disable")}
    for question, ids in selected.items():
        if question not in default:
            raise Refused(f"卡片上没有问题“{question}”")
        if not set(ids) <= options[question]:
            raise Refused(f"问题“{question}”没有选项 {'、'.join(set(ids) - options[question])}")
        if len(ids) > 1 and not (box.get("question_key") == question and box.get("mode") == 1):
            raise Refused(f"问题“{question}”只能选一项")
        if question in disabled and ids != default[question]:
            raise Refused(f"问题“{question}”已不可选")
    return selected
