"""切岗 on a phone: the posts somebody holds, one button each."""

from collections.abc import Sequence
from typing import Final

from cards.key import Seal
from cards.parts import MainTitle
from cards.wecom import ButtonInteraction

TAKE: Final = "post.take"
_MOST = 6


def posts_card(posts: Sequence[str], acting: str, seal: Seal) -> ButtonInteraction:
    """At least two posts; those beyond the sixth are typed."""
    more = f"，其余请发：切岗 {posts[_MOST]}" if len(posts) > _MOST else ""
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title="切换岗位", desc=f"现在是：{acting}{more}"),
        button_list=tuple(
            seal.button(post, f"{TAKE}.{number}", 1 if post == acting else 2)
            for number, post in enumerate(posts[:_MOST])
        ),
    )
