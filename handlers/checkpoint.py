"""A checkpoint of the audit chain on record, and its short digest to those who keep watch over it."""

from domain.daytext import moment_text
from handlers.context import House
from handlers.operators import to_post
from handlers.speaking import tell
from storage import checkpoints
from storage.checkpoints import Checkpoint
from storage.notary import Notary
from storage.unit import Unit


def note(unit: Unit, house: House, checkpoint: Checkpoint, notary: Notary, post: str) -> None:
    """`post` is told, nobody when it is empty: who keeps the digests can compare them with the chain years later."""
    checkpoints.record(unit, checkpoint, notary)
    text = (
        f"审计检查点（{moment_text(unit.now, unit.now)}）：到第 {checkpoint.seq} 条，摘要 {checkpoint.digest}。"
        "请留存这条消息，核验时与检查点文件对照。"
    )
    if post:
        tell(unit, house, f"checkpoint:{checkpoint.seq}", to_post(unit, post, text))
