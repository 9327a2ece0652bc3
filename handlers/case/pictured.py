"""The photos that came with the forms of a case, and the way to them from a chat."""

from collections.abc import Iterator, Sequence

from cards.message import CardMessage, TextCard
from domain.ids import CaseId
from domain.process.event import Act, Finish
from handlers.context import Context
from handlers.reply import Reply, Say
from storage import photos
from storage.cases import Record
from storage.photos import Photo
from storage.unit import Unit

ABOUT = "点开看照片。只有参与办理的人能看，看过会留痕。"


def photos_of(unit: Unit, case_id: CaseId, records: Sequence[Record]) -> list[Photo]:
    """All of them, the oldest first."""
    return photos.these(unit, _references(case_id, records))


def _references(case_id: CaseId, records: Sequence[Record]) -> Iterator[str]:
    for record in records:
        answers = record.event.answers if isinstance(record.event, Act | Finish) else {}
        for value in answers.values():
            if isinstance(value, tuple):
                yield from (each for each in value if str(each).startswith(f"{case_id}."))


def way_to(context: Context, found: Sequence[Photo], shown: Reply) -> Reply:
    """A link to the page behind the case's card among what is shown; nothing where there are no photos."""
    cards = (part.message.card for part in shown if isinstance(part, Say) and isinstance(part.message, CardMessage))
    card = next((each for each in cards if getattr(each, "task_id", None)), None)
    if not found or card is None:
        return ()
    url = f"{context.house.public_url}/h5/card/{card.task_id}/photos"
    return (Say(TextCard(title=f"照片 {len(found)} 张", description=ABOUT, url=url, btntxt="看照片")),)
