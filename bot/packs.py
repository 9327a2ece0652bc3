"""Where packs lie and how they are read: YAML files shipped beside the program, or a folder of the operator's."""

from pathlib import Path

import bot
from domain.pack import Pack, load_pack

SHIPPED = Path(bot.__file__).parents[1] / "deploy" / "packs"


def default_pack() -> Pack:
    """The pack in use; raises domain.pack.PackError naming line and column."""
    return load_pack((SHIPPED / "default.yaml").read_text("utf-8"))
