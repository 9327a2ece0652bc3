"""停用: an administrator stops somebody, or takes one post from them, at once; no second person is needed for that."""

from domain.conversation import Conversation
from domain.form import Answer
from domain.ids import UserId
from domain.refusal import Unfit
from domain.staff import Post, posts_of
from handlers.colleague import introduced, one_called
from handlers.context import Context
from handlers.reply import Begin, Reply, say
from handlers.staffing.leaving import after_change, stop, subject_of
from storage import directory, overrides, reasons
from storage.unit import Unit

FORM, WHO, POST, WHY = "staff_stop", "who", "post", "why"
YOURSELF = "不能停用自己，请让另一位管理员来办。"
NOT_HELD = "{name}没有“{post}”这个岗位，现有：{posts}。写其中一个，或写“跳过”停用整个人。"
ONLY_POST = "这是{name}唯一的岗位。要停用整个人，请写“跳过”。"
STOPPED = "已停用 {name}，即刻生效。恢复要两个人：发“恢复 {name}”申请。"
TAKEN = "已停用 {name} 的岗位“{post}”，即刻生效。恢复要两个人：发“恢复 {name}”申请。"


def ask(context: Context) -> Reply:
    """停用 [某人] [岗位]: whom, which post or all of it, and why; nobody of that name is said at once."""
    who, *post = context.argument.split()[:2] or ("",)
    if not who:
        return (Begin(FORM),)
    person = one_called(context, WHO, who)
    _check_other(context, person)
    taken = {POST: Answer(value=post[0], shown=post[0])} if post else {}
    return (Begin(FORM, {WHO: Answer(value=person, shown=introduced(context, person)), **taken}),)


def save(context: Context, conversation: Conversation) -> Reply:
    """The confirmed form holds from this commit on."""
    given = {key: str(answer.value) for key, answer in conversation.answers.items() if answer.value is not None}
    person = one_called(context, WHO, given[WHO])
    _check_other(context, person)
    member = directory.member(context.unit, person)
    assert member is not None
    post = given.get(POST, "").strip()
    if not post:
        return (*say(STOPPED.format(name=member.name)), *stop(context, person, reasons.keep(context.unit, given[WHY])))
    if post not in member.posts:
        raise Unfit(NOT_HELD.format(name=member.name, post=post, posts="、".join(member.posts)), field=POST,
                    reason="post not held")  # fmt: skip
    if len(member.posts) == 1:
        raise Unfit(ONLY_POST.format(name=member.name), field=POST, reason="only post")
    take_post(context.unit, person, Post(post), given[WHY])
    return (*say(TAKEN.format(name=member.name, post=post)), *after_change(context, person))


def _check_other(context: Context, person: UserId) -> None:
    if person == context.actor.userid:
        raise Unfit(YOURSELF, field=WHO, reason="stops oneself")


def take_post(unit: Unit, person: UserId, post: Post, reason: str) -> None:
    """Somebody does not hold a post any more, whatever their feed row repeats."""
    why = reasons.keep(unit, reason)
    own = overrides.find(unit, overrides.POSTS, person)
    member = directory.member(unit, person)
    held = own.value if own is not None else "|".join(member.posts) if member else ""
    left = "|".join(each for each in posts_of(held or "") if each != post)
    overrides.put(unit, overrides.POSTS, [person], left, why)
    unit.audit("staff.post_taken", subject_of(person), {"post": post, "why": why})
