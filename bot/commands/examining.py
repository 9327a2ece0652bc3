"""`rmbot doctor` for a command line that lacks the settings: the running service looks at what it has itself."""

import asyncio

from bot.commands.desk import Desk
from domain.refusal import Refused


def examine(desk: Desk) -> None:
    """Say each finding; Refused where anything is wrong."""
    from bot import doctor

    assert desk.settings is not None, "a service has its settings"
    if not asyncio.run(doctor.examined(desk.settings, desk.say, whose="（运行中的服务的）")):
        raise Refused(doctor.WRONG)
