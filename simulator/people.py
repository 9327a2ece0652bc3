"""Reading members, departments and the application itself (wecom-protocol §9.1, §9.2, §9.7)."""

from typing import Any

from simulator.directory import Department
from simulator.errors import ApiError
from simulator.world import World

Query = dict[str, str]
IP_LIST = {"ip_list": ["127.0.0.1", "192.0.2.*", "198.51.100.0/24"]}


def _number(query: Query, name: str, default: int | None = None) -> int:
    text = query.get(name, "" if default is None else str(default))
    if not text.isdigit():
        raise ApiError(40058, f"missing or invalid {name}")
    return int(text)


def user_get(world: World, query: Query) -> dict[str, Any]:
    """One member inside the visible range."""
    userid = query.get("userid", "")
    if not userid:
        raise ApiError(40058, "missing userid")
    member = world.member(userid)
    if member is None:
        raise ApiError(60111, "userid not found")
    if not world.directory.in_range(member.key):
        raise ApiError(60011, "no privilege to access the user")
    return member.wire()


def user_list(world: World, query: Query) -> dict[str, Any]:
    return {"userlist": [m.wire() for m in world.directory.of_department(_known(world, query).id)]}


def user_simplelist(world: World, query: Query) -> dict[str, Any]:
    members = world.directory.of_department(_known(world, query).id)
    return {"userlist": [{"userid": m.userid, "name": m.name, "department": m.department} for m in members]}


def _known(world: World, query: Query) -> Department:
    number = _number(query, "department_id")
    if number not in world.directory.departments:
        raise ApiError(60123, "invalid department id")
    return world.directory.departments[number]


def _scope(world: World, query: Query) -> list[Department]:
    if not query.get("id"):
        return list(world.directory.departments.values())
    number = _number(query, "id")
    if number not in world.directory.departments:
        raise ApiError(60123, "invalid department id")
    found = world.directory.under(number)
    return found if world.settings.fetch_child else found[:1]


def department_list(world: World, query: Query) -> dict[str, Any]:
    return {"department": [_wire(world, department) for department in _scope(world, query)]}


def department_simplelist(world: World, query: Query) -> dict[str, Any]:
    return {"department_id": [{"id": d.id, "parentid": d.parentid, "order": d.order} for d in _scope(world, query)]}


def department_get(world: World, query: Query) -> dict[str, Any]:
    number = _number(query, "id")
    if number not in world.directory.departments:
        raise ApiError(60123, "invalid department id")
    return {"department": _wire(world, world.directory.departments[number])}


def _wire(world: World, department: Department) -> dict[str, Any]:
    return {
        "id": department.id, "name": department.name, "name_en": "", "parentid": department.parentid,
        "order": department.order, "department_leader": world.directory.leaders_of(department.id),
    }  # fmt: skip


def agent_get(world: World, query: Query) -> dict[str, Any]:
    """The application's own settings: a health check of the visible range."""
    if "agentid" not in query:
        raise ApiError(41011, "missing agentid")
    if query["agentid"] != str(world.app.agent_id):
        raise ApiError(301002, "agentid is not of this token")
    everybody = world.directory.visible is None
    users = [] if everybody else [{"userid": u} for u in sorted(world.directory.visible or ())]
    return {
        "agentid": world.app.agent_id, "name": world.app.name, "square_logo_url": "", "description": "",
        "allow_userinfos": {"user": users}, "allow_partys": {"partyid": [1] if everybody else []},
        "allow_tags": {"tagid": []}, "close": 0, "redirect_domain": world.app.trusted_domain,
        "report_location_flag": 0, "isreportenter": 1, "home_url": "",
    }  # fmt: skip


def ip_list(world: World, query: Query) -> dict[str, Any]:
    return IP_LIST


def user_info(world: World, query: Query) -> dict[str, Any]:
    """auth/getuserinfo: who logged in with this code; visible range or not."""
    member = world.member(world.oauth.redeem(query.get("code", "")))
    if member is None:
        raise ApiError(40029, "invalid code")
    return {"userid": member.userid}


def menu_get(world: World, query: Query) -> dict[str, Any]:
    _insist_on_agent(world, query)
    if world.menu is None:
        raise ApiError(46003, "no menu")
    return world.menu


def menu_delete(world: World, query: Query) -> dict[str, Any]:
    _insist_on_agent(world, query)
    world.menu = None
    world.feed.publish("world")
    return {}


def _insist_on_agent(world: World, query: Query) -> None:
    if query.get("agentid") != str(world.app.agent_id):
        raise ApiError(40056, "invalid agentid")


def menu_create(world: World, query: Query, body: dict[str, Any]) -> None:
    """Replace the whole menu (checked before)."""
    _insist_on_agent(world, query)
    world.menu = body
    world.feed.publish("world")
