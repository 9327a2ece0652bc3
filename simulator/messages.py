"""message/send and message/recall: who gets what, and what they see."""

import secrets
from typing import Any

from simulator.advice import advice
from simulator.card_rules import CALLBACK_TYPES
from simulator.checks import places
from simulator.errors import ApiError, insist
from simulator.ledger import Call, Delivery
from simulator.message_rules import MEDIA, message_fault, truncated
from simulator.timeline import Bubble, CardState, Sent, default_selection
from simulator.world import World

RECALL_LIFE = 24 * 3600


def send(world: World, call: Call, raw: bytes) -> dict[str, Any]:
    """Validate, swallow a duplicate, deliver."""
    body: dict[str, Any] = call.body
    insist(message_fault(body, world.app.agent_id))
    if body.get("enable_duplicate_check") == 1 and (before := world.duplicates.find(raw)) is not None:
        call.duplicate = True
        return before if world.settings.duplicate_answer == "same" else {}
    _insist_on_world(world, body)
    reached, answer = receivers(world, body)
    answer |= _deliver(world, call, reached)
    if body.get("enable_duplicate_check") == 1:
        world.duplicates.note(raw, body.get("duplicate_check_interval", 1800), answer)
    return answer


def _insist_on_world(world: World, body: dict[str, Any]) -> None:
    """Rules that need more than the body: files, task ids, the callback URL."""
    kind, content = body["msgtype"], body[body["msgtype"]]
    if kind in MEDIA and world.media.get(content["media_id"]).kind != kind:
        raise ApiError(40007, "media_id is of another type")
    if kind != "template_card":
        return
    if is_interactive(content) and not world.app.has_callback:
        raise ApiError(43012, "callback url not configured")
    insist_on_card_media(world, content)
    if content.get("task_id") in world.task_ids:
        raise ApiError(42014, "task_id already used")


def insist_on_card_media(world: World, card: dict[str, Any]) -> None:
    for value, entry in places(card, "horizontal_content_list[].media_id"):
        if isinstance(value, str) and entry.get("type") == 2:
            world.media.get(value)


def is_interactive(card: dict[str, Any]) -> bool:
    """Does this card call back, and so come with a response_code?"""
    return card["card_type"] in CALLBACK_TYPES or "action_menu" in card


def receivers(world: World, body: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """Who is reached (lower case, each once) and who is reported as not."""
    directory = world.directory
    if body.get("touser") == "@all":
        asked, bad_parties = [key for key in directory.members if directory.sees(key)], []
    else:
        parties = [p for p in body.get("toparty", "").split("|") if p]
        known = [int(p) for p in parties if p.isdigit() and int(p) in directory.departments]
        bad_parties = [p for p in parties if not p.isdigit() or int(p) not in directory.departments]
        named = [u.lower() for u in body.get("touser", "").split("|") if u]
        asked = list(dict.fromkeys([*named, *(m.key for n in known for d in directory.under(n)
                                              for m in directory.of_department(d.id))]))  # fmt: skip
    invalid = [u for u in asked if not directory.sees(u)]
    unlicensed = [u for u in asked if u not in invalid and u in directory.unlicensed]
    tags = [t for t in body.get("totag", "").split("|") if t]
    lists = {"invaliduser": invalid, "invalidparty": bad_parties, "invalidtag": tags, "unlicenseduser": unlicensed}
    answer = {name: "|".join(values) for name, values in lists.items() if values}
    if len(invalid) == len(asked):
        raise ApiError(81013, "all receivers are invalid", **answer)
    return [u for u in asked if u not in invalid and u not in unlicensed], answer


def _deliver(world: World, call: Call, reached: list[str]) -> dict[str, Any]:
    body = call.body
    content, call.violations = truncated(body)
    sent = Sent(secrets.token_urlsafe(40), body, world.clock.epoch())
    world.sent[sent.msgid] = sent
    for userid in reached:
        fate = world.rates.fate(userid, world.settings)
        delivery = Delivery(userid, fate)
        call.deliveries.append(delivery)
        if fate == "delivered":
            delivery.bubble = _show(world, sent, userid, content, call.id).id
    if body["msgtype"] != "template_card":
        return {"msgid": sent.msgid}
    call.advice = advice(content)
    world.task_ids.update(filter(None, [content.get("task_id")]))
    return {"msgid": sent.msgid} | ({"response_code": world.issue_code(sent)} if is_interactive(content) else {})


def _show(world: World, sent: Sent, userid: str, content: dict[str, Any], ledger: int) -> Bubble:
    kind = sent.body["msgtype"]
    is_card = kind == "template_card"
    shown = content if is_card else _viewable(world, content)
    bubble = Bubble(
        id=world.timeline.next_id(), userid=userid, side="app", kind="card" if is_card else kind,
        at=world.clock.iso(), text=headline(kind, shown), content={} if is_card else shown,
        sent=sent, state=CardState(content, default_selection(content)) if is_card else None, ledger=ledger,
    )  # fmt: skip
    sent.bubbles[userid] = bubble
    world.timeline.add(bubble)
    world.note_reply(userid)
    return bubble


def _viewable(world: World, content: dict[str, Any]) -> dict[str, Any]:
    """With where its file lies, and the name under which it was uploaded: the one that a phone shows."""
    media = content.get("media_id")
    if not media:
        return content
    return {**content, "media_url": f"/_sim/v1/media/{media}", "media_name": world.media.get(media).name}


def headline(kind: str, content: dict[str, Any]) -> str:
    """One line that stands for the message."""
    if kind == "template_card":
        return str(content.get("main_title", {}).get("title") or content.get("sub_title_text", ""))
    if kind == "news":
        return str(content["articles"][0]["title"])
    words = {"image": "[图片]", "voice": "[语音]", "video": "[视频]", "file": f"[文件] {content.get('media_name', '')}"}
    return words.get(kind) or str(content.get("content") or content.get("title", ""))


def recall(world: World, call: Call, raw: bytes) -> dict[str, Any]:
    """Take a message back within 24 hours."""
    sent = world.sent.get(str(call.body.get("msgid", "")))
    if sent is None:
        raise ApiError(40058, "msgid is not of this application")
    if world.clock.epoch() - sent.epoch > RECALL_LIFE:
        raise ApiError(42052, "msgid too old to recall")
    sent.recalled = True
    for bubble in sent.bubbles.values():
        world.timeline.touch(bubble)
    return {}
