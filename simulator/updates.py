"""message/update_template_card: one code, one change, 72 hours (wecom-protocol §5.7–5.9)."""

from typing import Any

from simulator.card_rules import CALLBACK_TYPES, card_fault
from simulator.checks import Fault, misshapen
from simulator.errors import ApiError, insist
from simulator.ledger import Call
from simulator.message_rules import agent_fault
from simulator.messages import headline, insist_on_card_media
from simulator.timeline import Bubble, CardState, Sent, default_selection
from simulator.world import ResponseCode, World

CODE_LIFE = 72 * 3600
SHAPE: dict[str, Any] = {
    "userids": [str], "partyids": [int], "tagids": [int], "atall": int, "agentid": int, "response_code": str,
    "enable_id_trans": int, "button": {"replace_name": str}, "template_card": dict,
}  # fmt: skip
LONGEST = {"userids": (1000, 40032), "partyids": (100, 82002), "tagids": (100, 82003)}


def update_card(world: World, call: Call, raw: bytes) -> dict[str, Any]:
    """Validate, spend the code, change the copies."""
    body: dict[str, Any] = call.body
    insist(agent_fault(body, world.app.agent_id, mismatch=42015) or misshapen(SHAPE, body) or _fault(body))
    code = _code(world, body)
    _insist_on_form(world, body, code.sent)
    targets, strangers = _targets(world, body, code.sent)
    code.used = True
    for userid in targets:
        if bubble := code.sent.bubbles.get(userid):
            _change(world, bubble, body)
    return {"invaliduser": strangers} if strangers else {}


def _fault(body: dict[str, Any]) -> Fault | None:
    for name, (limit, errcode) in LONGEST.items():
        if len(body.get(name, ())) > limit:
            return Fault(errcode, name, f"{name} 最多 {limit} 个")
    if not (body.get("userids") or body.get("partyids") or body.get("tagids") or body.get("atall") == 1):
        return Fault(82101, "userids", "更新对象为空")
    if ("button" in body) == ("template_card" in body):
        return Fault(40058, "button", "button 与 template_card 须二选一")
    return card_fault(body["template_card"], update=True) if "template_card" in body else None


def _code(world: World, body: dict[str, Any]) -> ResponseCode:
    code = world.codes.get(body.get("response_code", ""))
    if code is None or code.used or world.clock.epoch() - code.issued > CODE_LIFE:
        raise ApiError(60140, "invalid response_code")
    return code


def _insist_on_form(world: World, body: dict[str, Any], sent: Sent) -> None:
    original = sent.body["template_card"]
    if "button" in body:
        if original["card_type"] not in CALLBACK_TYPES:
            raise ApiError(40058, "the original card has no button to replace")
        if not body["button"].get("replace_name"):
            raise ApiError(40058, "missing button.replace_name")
        return
    card = body["template_card"]
    if card.get("task_id", original["task_id"]) != original["task_id"]:
        raise ApiError(42014, "task_id is not the original card's")
    insist_on_card_media(world, card)


def _targets(world: World, body: dict[str, Any], sent: Sent) -> tuple[list[str], list[str]]:
    """Receivers of the original among those asked for, and the others."""
    if body.get("atall") == 1:
        return list(sent.bubbles), []
    directory = world.directory
    named = [userid.lower() for userid in body.get("userids", ())]
    in_parties = [m.key for n in body.get("partyids", ()) for d in directory.under(n) for m in
                  directory.of_department(d.id)]  # fmt: skip
    targets = [u for u in dict.fromkeys([*named, *in_parties]) if u in sent.bubbles]
    if not targets:
        raise ApiError(82102, "not a receiver of the message")
    return targets, [u for u in named if u not in sent.bubbles]


def _change(world: World, bubble: Bubble, body: dict[str, Any]) -> None:
    assert bubble.state is not None, "only cards have response codes"
    at, state = world.clock.iso(), bubble.state
    if "button" in body:
        state.replace_text = body["button"]["replace_name"]
        bubble.updates.append({"at": at, "form": "button", "replace_name": state.replace_text})
    else:
        card = body["template_card"]
        bubble.state = state = CardState(card, default_selection(card), card.get("replace_text"))
        bubble.text = headline("template_card", card)
        bubble.updates.append({"at": at, "form": "card", "card": card})
    state.pressed = None
    world.timeline.speak(bubble)
    world.note_reply(bubble.userid)
