"""Staff on the command line: somebody is stopped, loses a post, and who is stopped now."""

from bot.commands.desk import Desk
from domain.ids import userid
from domain.refusal import Refused
from domain.staff import Post, Staff
from handlers.staffing.leaving import subject_of
from handlers.staffing.stopping import take_post
from storage import directory, overrides, reasons
from storage.checkup import known_staff
from storage.unit import Unit

FOLLOWS = "登录、卡片、委托和通知由服务随后办好；恢复要两位管理员在企业微信里办：发“恢复 {name}”"


def leave(desk: Desk, person: str, reason: str) -> None:
    """Stop somebody at once."""

    def stop(unit: Unit) -> Staff:
        member = _at_work(unit, person)
        why = reasons.keep(unit, reason)
        overrides.put(unit, overrides.STATUS, [member.userid], "left", why)
        unit.audit("staff.stopped", subject_of(member.userid), {"why": why})
        return member

    member = desk.change(stop, "staff.leave")
    desk.say(f"{member.name}（{member.userid}）已停用，即刻生效。{FOLLOWS.format(name=member.name)}")


def take(desk: Desk, person: str, post: str, reason: str) -> None:
    """Take one post from somebody."""

    def change(unit: Unit) -> Staff:
        member = _at_work(unit, person)
        if post not in member.posts:
            raise Refused(f"{member.name}没有“{post}”这个岗位，现有：{'、'.join(member.posts)}")
        take_post(unit, member.userid, Post(post), reason)
        return member

    member = desk.change(change, "staff.post")
    desk.say(f"{member.name}（{member.userid}）的岗位“{post}”已停用，即刻生效。{FOLLOWS.format(name=member.name)}")


def stopped(desk: Desk) -> None:
    """Whom the house has stopped, or taken a post from, against what the feed says."""
    left, posts = (desk.database.read_now(lambda unit, cell=cell: overrides.every(unit, cell))  # type: ignore[misc]
                   for cell in (overrides.STATUS, overrides.POSTS))  # fmt: skip
    said = desk.database.read_now(lambda unit: reasons.told(unit, [own.why for own in (*left, *posts)]))
    for own in left:
        desk.say(f"{own.key}  停用  {said[own.why]}")
    for own in posts:
        desk.say(f"{own.key}  岗位只留 {own.value or '无'}  {said[own.why]}")
    desk.say(f"共 {len(left) + len(posts)} 项")


def known(desk: Desk) -> None:
    """Every userid of the staff, one a line, with 1 where the person works here (for doctor and compare)."""
    for person, at_work in desk.database.read_now(known_staff).items():
        desk.say(f"{person} {at_work:d}")


def _at_work(unit: Unit, person: str) -> Staff:
    member = directory.member(unit, userid(person))
    if member is None:
        raise Refused(f"没有账号为 {person} 的员工：请核对 staff 里的账号")
    if not member.active:
        raise Refused(f"{member.name}（{member.userid}）已经离职或停用")
    return member
