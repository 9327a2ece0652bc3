"""Every sample that WeCom's developer pages print is accepted (90236, 94888, 90231)."""

from typing import Any

import pytest

U = "https://example.invalid"
SAMPLES: dict[str, dict[str, Any]] = {
    "text": {"msgtype": "text", "text": {"content": f'line1\nsee <a href="{U}">link</a>'}, "safe": 0,
             "enable_id_trans": 0, "enable_duplicate_check": 1, "duplicate_check_interval": 1800, "toparty": "",
             "totag": ""},
    "textcard": {"msgtype": "textcard", "textcard": {"title": "领奖通知", "description":
                 '<div class="gray">2016年9月26日</div> <div class="normal">恭喜</div>', "url": U, "btntxt": "更多"},
                 "enable_id_trans": 0, "enable_duplicate_check": 0, "duplicate_check_interval": 1800},
    "news": {"msgtype": "news", "news": {"articles": [{"title": "中秋节礼品领取", "description": "今年中秋节", "url": U,
             "picurl": f"{U}/p.png", "appid": "wx123123123123123", "pagepath": "pages/index?userid=zhangsan"}]},
             "enable_id_trans": 0},
    "markdown": {"msgtype": "markdown", "markdown": {"content": "您的会议室已经预定\n>**事项详情**\n"
                 '>事　项：<font color="info">开会</font>'}, "enable_duplicate_check": 0},
    "text_notice": {"msgtype": "template_card", "template_card": {"card_type": "text_notice",
        "source": {"icon_url": f"{U}/i.png", "desc": "CRM", "desc_color": 1},
        "action_menu": {"desc": "更多", "action_list": [{"text": "稍后提醒", "key": "snooze"},
                                                       {"text": "不再推送", "key": "mute"}]},
        "task_id": "t-1", "main_title": {"title": "今日到期", "desc": "3 笔"},
        "quote_area": {"type": 1, "url": U, "title": "引用", "quote_text": "…"},
        "emphasis_content": {"title": "100", "desc": "核心数据"}, "sub_title_text": "…",
        "horizontal_content_list": [{"keyname": "客户", "value": "示例"},
            {"type": 1, "keyname": "详情", "value": "打开", "url": U},
            {"type": 2, "keyname": "附件", "value": "a.pdf", "media_id": "MEDIA"},
            {"type": 3, "keyname": "经办", "value": "查看", "userid": "zhangsan"}],
        "jump_list": [{"type": 1, "title": "进入系统", "url": U},
                      {"type": 2, "title": "小程序", "appid": "wx1", "pagepath": "p"}, {"type": 0, "title": "说明"}],
        "card_action": {"type": 1, "url": U}},
        "enable_id_trans": 0, "enable_duplicate_check": 0, "duplicate_check_interval": 1800},
    "news_notice": {"msgtype": "template_card", "template_card": {"card_type": "news_notice",
        "main_title": {"title": "标题"},
        "image_text_area": {"type": 1, "url": U, "title": "t", "desc": "d", "image_url": f"{U}/a.jpg"},
        "card_image": {"url": f"{U}/b.jpg", "aspect_ratio": 1.3},
        "vertical_content_list": [{"title": "t", "desc": "d"}], "card_action": {"type": 1, "url": U}}},
    "news_notice_small": {"msgtype": "template_card", "template_card": {"card_type": "news_notice",
        "main_title": {"title": "标题"}, "card_image": {"url": f"{U}/b.jpg", "aspect_ratio": 2.25},
        "horizontal_content_list": [], "card_action": {"type": 2, "appid": "wx1", "pagepath": "p"}}},
    "button_interaction": {"msgtype": "template_card", "template_card": {"card_type": "button_interaction",
        "main_title": {"title": "拜访提醒", "desc": "示例"}, "sub_title_text": "…", "task_id": "visit-20260101-001@u1",
        "button_selection": {"question_key": "result", "title": "结果", "option_list": [
            {"id": "ok", "text": "已完成"}, {"id": "no", "text": "未见到"}], "selected_id": "ok"},
        "button_list": [{"text": "提交", "style": 1, "key": "visit_submit"},
                        {"text": "打开", "type": 1, "style": 2, "url": U}]}},
    "vote_interaction": {"msgtype": "template_card", "template_card": {"card_type": "vote_interaction",
        "main_title": {"title": "选择产品"}, "task_id": "v-1", "checkbox": {"question_key": "q1", "mode": 1,
            "option_list": [{"id": "o1", "text": "理财", "is_checked": True},
                            {"id": "o2", "text": "存款", "is_checked": False}]},
        "submit_button": {"text": "提交", "key": "submit"}}},
    "multiple_interaction": {"msgtype": "template_card", "template_card": {"card_type": "multiple_interaction",
        "main_title": {"title": "跟进登记"}, "task_id": "m-1", "select_list": [{"question_key": "stage",
            "title": "阶段", "selected_id": "s1", "option_list": [{"id": "s1", "text": "初访"},
                                                                {"id": "s2", "text": "意向"}]}],
        "submit_button": {"text": "提交", "key": "submit"}}},
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
async def test_a_printed_sample_is_accepted(app: Any, running: Any, name: str) -> None:
    sample: dict[str, Any] = SAMPLES[name]
    file = running.world.media.keep("file", "a.pdf", b"%PDF-1.7")
    if name == "text_notice":
        sample["template_card"]["horizontal_content_list"][2]["media_id"] = file.id
    answer = await app.post("message/send", {"touser": "rm01|rm02", "agentid": app.config.agent_id, **sample})
    assert answer["errcode"] == 0, answer


@pytest.mark.parametrize("name", ["text_notice", "news_notice", "button_interaction", "vote_interaction",
                                  "multiple_interaction"])  # fmt: skip
async def test_any_card_may_replace_a_clickable_one(app: Any, running: Any, name: str) -> None:
    code = (await app.post("message/send", {"touser": "rm01", "agentid": app.config.agent_id,
                                            **SAMPLES["vote_interaction"]}))["response_code"]  # fmt: skip
    card = {k: v for k, v in SAMPLES[name]["template_card"].items() if k != "task_id"}
    if name == "text_notice":
        card["horizontal_content_list"] = card["horizontal_content_list"][:2]
    more = {} if name.endswith("notice") else {"replace_text": "已提交"}
    assert (await app.update(code, ["rm01"], template_card={**card, **more}, enable_id_trans=0))["errcode"] == 0


async def test_the_printed_menu_is_accepted(app: Any) -> None:
    menu = {"button": [{"type": "click", "name": "今日待办", "key": "TODAY"}, {"name": "客户", "sub_button": [
        {"type": "view", "name": "客户列表", "url": U}, {"type": "click", "name": "到期提醒", "key": "DUE"}]}]}  # fmt: skip
    agent = str(app.config.agent_id)
    assert (await app.post("menu/create", menu, agentid=agent))["errcode"] == 0
    assert (await app.get("menu/get", agentid=agent))["button"] == menu["button"]
