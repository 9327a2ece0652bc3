"""导出 that comes to nothing, or to less: refused, and what was true when it was asked for and no longer is."""

from tests.chats.complaining import chat
from tests.chats.exporting import asks


async def test_a_refused_export_is_over_on_its_old_card_too(house) -> None:
    rm, superior = chat(house, "rm01"), chat(house, "sup01")
    card = await asks(rm, "导出 客户", plain="是，要明文")
    await rm.clicks("提交审批", hears="等许志强审批")
    await superior.hears("导出客户清单")
    await superior.clicks("退回", hears="没有生成文件；需要时请重新发“导出”")
    await rm.hears("已退回（许志强），没有生成文件；需要时请重新发“导出”")
    await rm.phone.clicks("提交审批", card, force=True)
    await rm.hears("导出客户清单：没有生成文件；需要时请重新发“导出”。")
