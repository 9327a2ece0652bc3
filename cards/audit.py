"""审计 on a phone and on the command line: what a record says, in words; customers by number, nobody by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cards.audit_words import action_text, surface_text
from cards.fitting import fit
from cards.key import Seal
from cards.lines import SIDE_BY_SIDE
from cards.parts import Horizontal, MainTitle, Option, Selection
from cards.wecom import ButtonInteraction

DETAIL, OLDER, NEWEST = "audit.detail", "audit.older", "audit.newest"
ENTRY_QUESTION: Final = "entry"
PAGE_SIZE: Final = SIDE_BY_SIDE
_VALUE = 30


@dataclass(frozen=True)
class EntryLine:
    """One record on the list: its number in the chain, when and who (or about whom), what."""

    number: int
    whom: str
    what: str

    @property
    def said(self) -> str:
        return f"{self.whom} {self.what}"


def entry_text(action: str, resource: str, detail: Mapping[str, Any]) -> str:
    """What was done, why, where it was seen, and what it concerned."""
    why = "，".join(str(part) for part in (detail.get("purpose"), surface_text(str(detail.get("surface", "")))) if part)
    to = f"给 {detail['to']}" if "to" in detail and action == "card.shown" else ""
    return " ".join(part for part in (action_text(action), to, f"（{why}）" if why else "", resource) if part)


def audit_card(
    title: str, about: str, lines: Sequence[EntryLine], seal: Seal, *, older: bool, newest: bool
) -> ButtonInteraction:
    """A page of records, at least one; option ids are the numbers of the records in the chain."""
    options = tuple(Option(id=str(line.number), text=fit(f"{at}.{line.what}", 16)) for at, line in enumerate(lines, 1))
    onward = [seal.button("更早的", OLDER, 2)] if older else []
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=title, desc=about),
        horizontal_content_list=tuple(
            Horizontal(keyname=f"{at}.", value=fit(line.said, _VALUE)) for at, line in enumerate(lines, 1)
        ),
        button_selection=Selection(question_key=ENTRY_QUESTION, title="看哪一条", option_list=options),
        button_list=(
            seal.button("详情", DETAIL),
            *onward,
            *([seal.button("回最新", NEWEST, 2)] if newest else []),
        ),
    )
