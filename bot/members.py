"""The members that WeCom shows us: who they are, whether they are in service, and the staff held against them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.wecom_client import WecomClient, WecomError

_UNKNOWN = frozenset({40003, 40031, 46004, 60111})  # no such userid (page 90313)
_OUT_OF_RANGE = frozenset({60011, 60021, 92000})
_OUT_OF_SERVICE = (2, 5)  # disabled, left (page 90196)


class Presence(StrEnum):
    """How somebody stands with WeCom, as far as this application sees."""

    PRESENT = "present"
    DISABLED = "disabled"
    ABSENT = "absent"


async def presence_of(wecom: WecomClient, userid: str) -> Presence:
    """One member; raises as `WecomClient.call` where WeCom says nothing about the member."""
    try:
        member = await wecom.call("GET", "user/get", params={"userid": userid})
    except WecomError as error:
        if error.errcode in _UNKNOWN | _OUT_OF_RANGE:
            return Presence.ABSENT
        raise
    return _presence(member)


def _presence(member: Mapping[str, Any]) -> Presence:
    return Presence.DISABLED if member.get("status") in _OUT_OF_SERVICE else Presence.PRESENT


async def visible(wecom: WecomClient, agent: Mapping[str, Any]) -> dict[str, Presence]:
    """Everybody in the visible range, by userid in small letters: by department, or by name (page 90227)."""
    seen: dict[str, Presence] = {}
    for top in agent.get("allow_partys", {}).get("partyid", ()):
        below = await wecom.call("GET", "department/simplelist", params={"id": str(top)})
        for department in {top, *(each["id"] for each in below.get("department_id", ()))}:
            people = await wecom.call("GET", "user/list", params={"department_id": str(department)})
            seen |= {person["userid"].lower(): _presence(person) for person in people.get("userlist", ())}
    for user in agent.get("allow_userinfos", {}).get("user", ()):
        if user["userid"].lower() not in seen:
            seen[user["userid"].lower()] = await presence_of(wecom, user["userid"])
    return seen


@dataclass(frozen=True)
class Compared:
    """Staff against members: each name as the side spells it that has it."""

    absent: tuple[str, ...]
    disabled: tuple[str, ...]
    strangers: tuple[str, ...]


def compare(staff: Mapping[str, bool], seen: Mapping[str, Presence]) -> Compared:
    """`staff` says of each userid whether the person is at work here."""
    known = {userid.lower() for userid in staff}
    here = [userid for userid, at_work in staff.items() if at_work]
    return Compared(
        absent=tuple(userid for userid in here if userid.lower() not in seen),
        disabled=tuple(userid for userid in here if seen.get(userid.lower()) is Presence.DISABLED),
        strangers=tuple(sorted(userid for userid, how in seen.items() if userid not in known
                               and how is Presence.PRESENT)),
    )  # fmt: skip
