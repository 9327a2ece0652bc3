"""The shipped policy, and audiences made from it, for tests of what people read."""

from bot.packs import shipped_policy
from domain.ids import UnitId, UserId
from domain.policy import Policy, Purpose, Relation
from domain.sharing import Audience, Setting, Surface
from domain.staff import Post, Staff

POLICY: Policy = shipped_policy()


def seen_by(
    relation: Relation,
    setting: Setting = Setting.FULL_NAME,
    surface: Surface = Surface.WECOM,
    post: str = "主管",
    purpose: Purpose = Purpose.SERVICE,
) -> Audience:
    """Somebody of that post who stands to a customer that way."""
    member = Staff(UserId("x"), "示例甲", (Post(post),), UnitId("U"))
    return POLICY.audience(member, relation, purpose, surface, setting)
