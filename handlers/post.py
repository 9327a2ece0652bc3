"""切岗: somebody with several posts acts in one of them; which one stays until they choose another."""

from cards.key import Seal
from cards.post import TAKE, posts_card
from domain.conflict import conflict_text
from domain.normalise import compact
from domain.refusal import Refused
from domain.staff import Post
from handlers.context import Context
from handlers.reply import Reply, new_task_id, say, show
from storage import directory

SUBJECT = "post:"
ONLY = "您只有一个岗位：{post}，不用切换。"
NOT_HELD = "您没有“{post}”这个岗位。您的岗位：{posts}。"
ALREADY = "您现在就是「{post}」。"
SWITCHED = "已切换到「{post}」，直到您再切换。以前收到的卡片，仍按发给您时的岗位办。发“帮助”看这个岗位能做什么。"


def switch(context: Context) -> Reply:
    """切岗 [岗位]: straight there, or the posts to choose from."""
    wanted = compact(context.argument)
    if wanted:
        return _to(context, wanted)
    if len(context.actor.posts) < 2:
        return say(ONLY.format(post=context.actor.post))
    card = posts_card(context.actor.posts, context.actor.post or "", Seal(new_task_id(), 0))
    return (show(card, subject=SUBJECT, context={"posts": list(context.actor.posts)}),)


def take(context: Context) -> Reply:
    """A post on that card."""
    assert context.card is not None
    offered = context.card.context["posts"]
    return _to(context, offered[int(context.verb.removeprefix(f"{TAKE}."))])


def _to(context: Context, wanted: str) -> Reply:
    actor = context.actor
    post = next((each for each in actor.posts if compact(each) == wanted), None)
    if post is None:
        text = NOT_HELD.format(post=wanted[:20], posts="、".join(actor.posts))
        raise Refused(text, reason="post not held")
    if clash := conflict_text(context.house.policy.conflicts, actor.posts):
        raise Refused(f"{clash}。请联系系统管理员收回其中一个，收回之前不能切岗。", reason="conflicting posts")
    before = directory.chosen_post(context.unit, actor.userid)
    if post == before:
        return say(ALREADY.format(post=post))
    return _switched(context, before, post)


def _switched(context: Context, before: Post | None, post: Post) -> Reply:
    context.unit.audit("post.switched", f"staff:{context.actor.userid}", {"before": before, "after": post})
    directory.choose_post(context.unit, context.actor.userid, post)
    return say(SWITCHED.format(post=post))
