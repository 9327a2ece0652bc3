"""我的: who one is here, and how one's own work stands."""

from datetime import datetime, time, timedelta

from cards.key import Seal
from cards.mine import mine_card
from domain.command import Verb
from domain.daytext import moment_text
from domain.labels.label import Kind
from domain.process.selecting import FILER
from handlers.called import called
from handlers.case.moving import version_of
from handlers.case.seeing import sight_of
from handlers.context import Context
from handlers.reply import Reply, new_task_id, show
from handlers.rights import commands_of
from storage import case_lists, customers, label_counts, todos, visits
from storage.case_lists import Listed

RECENT = 3


def show_mine(context: Context) -> Reply:
    """Name, post, unit, own customers, to-dos and the latest visits."""
    commands = [command for command in commands_of(context) if command.verb != Verb.MINE_SHOW]
    unit = context.units.units.get(context.actor.unit_id)
    place = f"{context.actor.post} · {unit.name if unit else '未知机构'}"
    seal = Seal(new_task_id(), 0)
    return (show(mine_card(context.actor.name, place, _lines(context), commands, seal), subject="mine:"),)


def _lines(context: Context) -> list[tuple[str, str]]:
    me = context.actor.userid
    pending = todos.pending_of(context.unit, me)
    late = sum(todo.overdue(context.now) for todo in pending)
    return [
        *_posts(context),
        ("名下客户", f"{customers.book_size(context.unit, me)} 位"),
        *_loads(context),
        ("待办", f"{len(pending)} 件" + (f"，逾期 {late} 件" if late else "")),
        ("本周拜访", f"{visits.saved_since(context.unit, me, _monday(context.now))} 次"),
        *_recent(context),
        *_filed(context),
    ]


def _posts(context: Context) -> list[tuple[str, str]]:
    """The other posts one can switch to."""
    others = [post for post in context.actor.posts if post != context.actor.post]
    return [("其他岗位", "、".join(others) + "（发“切岗”）")] if others else []


def _loads(context: Context) -> list[tuple[str, str]]:
    """The own book against how many one may keep, as far as one keeps any."""
    service = context.house.pack.service
    book = label_counts.of_book(context.unit, context.actor.userid)[Kind.TIER] if service else {}
    loads = list(service.loads(book)) if service else []
    return [
        (f"管户 {words}", f"{count}/{most} 位" + ("，超过上限" if count > most else ""))
        for words, count, most in loads
        if count
    ]


def _filed(context: Context) -> list[tuple[str, str]]:
    """The latest cases one brought in, and how they stand."""
    mine = case_lists.filed_by(context.unit, sight_of(context), FILER, RECENT)
    return [("登记的案", f"{each.case_id} {_state(context, each)}") for each in mine]


def _state(context: Context, each: Listed) -> str:
    return version_of(context, each.process, each.version).states[each.state].label


def _recent(context: Context) -> list[tuple[str, str]]:
    """The latest visits; a customer who left the scope is no longer named."""
    lines = []
    for logged in visits.recent_of(context.unit, context.actor.userid, RECENT):
        who = called(context, logged.visit.customer_id) or "已不在名下的客户"
        lines.append(("最近拜访", f"{moment_text(logged.visit.at, context.now)} {who} {logged.visit.kind}"))
    return lines


def _monday(now: datetime) -> datetime:
    day = now.date() - timedelta(days=now.weekday())
    return datetime.combine(day, time(0), tzinfo=now.tzinfo)
