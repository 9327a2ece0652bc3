"""Which story reaches which point: the day of the RMs and of the complaint, a trouble, the night, or the morning."""

from tests.crash.points import KEPT_FIRST, KEPT_LAST, NOTED, SMS, name_of
from tests.crash.staffing import BY_NIGHT
from tests.crash.troubles import TROUBLES

THE_DAY = (
    name_of(KEPT_FIRST), KEPT_LAST, NOTED, "start", "pack.keep", "staff.fill", "menu.renew", "token",
    "inbox.clicked", "inbox.entered", "inbox.ignored", "inbox.menu", "inbox.picture", "inbox.place", "inbox.said",
    "inbox.unreadable", "outbox.claim", "outbox.sent", "photo.keep",
    "audit.checkpoint", "reading.watch", "timer.case.fire.*", "timer.talk.expire", "timer.todo.remind", "gettoken",
    "media/get", "menu/create", "menu/get", "message/send", "message/update_template_card", SMS,
)  # fmt: skip
"""What is done anyhow: people say and press, the clock runs, the service begins."""
THE_MORNING = ("care", "care.*")
STORIES = {
    "a day": THE_DAY,
    "the night": BY_NIGHT,
    "the morning": THE_MORNING,
    **{trouble.__name__: reaches for trouble, reaches in TROUBLES.items()},
}
