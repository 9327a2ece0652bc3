"""What message/send accepts besides cards, as tables (wecom-protocol §4, developer page 90236)."""

from typing import Any

from simulator.card_rules import card_fault
from simulator.checks import (
    Fault,
    Rule,
    among,
    at_most_octets,
    between,
    broken,
    exactly,
    filled,
    has_scheme,
    length,
    misshapen,
)

LETTERS = {
    "text": "t", "markdown": "m", "textcard": "c", "image": "i", "voice": "v", "video": "d", "file": "f", "news": "n",
    "template_card": "k",
}  # fmt: skip
MEDIA = {"image", "voice", "video", "file"}
ENVELOPE: dict[str, Any] = {
    "touser": str, "toparty": str, "totag": str, "msgtype": str, "agentid": int, "safe": int, "enable_id_trans": int,
    "enable_duplicate_check": int, "duplicate_check_interval": int,
}  # fmt: skip
ARTICLE = {"title": str, "description": str, "url": str, "picurl": str, "appid": str, "pagepath": str}
SHAPES: dict[str, Any] = {
    "text": {"content": str},
    "markdown": {"content": str},
    "textcard": {"title": str, "description": str, "url": str, "btntxt": str},
    "image": {"media_id": str},
    "voice": {"media_id": str},
    "video": {"media_id": str, "title": str, "description": str},
    "file": {"media_id": str},
    "news": {"articles": [ARTICLE]},
    "template_card": dict,
}
ANY = "tmcivdfnk"


def _listed(high: int) -> Any:
    return lambda value, _: not isinstance(value, str) or len(value.split("|")) <= high


RULES: tuple[Rule, ...] = (
    Rule(ANY, "touser", _listed(1000), 40032, True, "touser 最多 1000 人"),
    Rule(ANY, "toparty", _listed(100), 82002, True, "toparty 最多 100 个"),
    Rule(ANY, "totag", _listed(100), 82003, True, "totag 最多 100 个"),
    Rule("tidf", "safe", among(0, 1), 40058, False, "safe 只能是 0 或 1"),
    Rule("n", "safe", among(0), 40074, True, "news 不支持 safe"),
    Rule("mcvk", "safe", among(0), 40058, False, "这类消息不支持 safe"),
    Rule(ANY, "enable_duplicate_check", among(0, 1), 40058, False, "enable_duplicate_check 只能是 0 或 1"),
    Rule(ANY, "duplicate_check_interval", between(1, 14400), 40058, False, "duplicate_check_interval 最长 4 小时"),
    Rule("t", "text.content", filled, 44004, True, "内容为空"),
    Rule("m", "markdown.content", filled, 44004, True, "内容为空"),
    Rule("m", "markdown.content", at_most_octets(2048), 45002, False, "markdown 最长 2048 字节"),
    Rule("c", "textcard.title", filled, 41016, True, "缺少 title"),
    Rule("c", "textcard.description", filled, 41033, True, "缺少 description"),
    Rule("c", "textcard.url", filled, 41010, False, "缺少 url"),
    Rule("c", "textcard.url", at_most_octets(2048), 40039, True, "url 最长 2048 字节"),
    Rule("c", "textcard.url", has_scheme, 45034, True, "url 缺少 http(s)://"),
    Rule("i", "image.media_id", filled, 40007, True, "缺少 media_id"),
    Rule("v", "voice.media_id", filled, 40007, True, "缺少 media_id"),
    Rule("d", "video.media_id", filled, 40007, True, "缺少 media_id"),
    Rule("f", "file.media_id", filled, 40007, True, "缺少 media_id"),
    Rule("n", "news.articles", length(1, 8), 45008, True, "articles 须有 1–8 篇"),
    Rule("n", "news.articles[].title", filled, 41016, True, "缺少 title"),
    Rule("n", "news.articles[].url", has_scheme, 45034, True, "url 缺少 http(s)://"),
    Rule("n", "news.articles[].url", lambda value, article: bool(value and article.get("url")) or "appid" in article,
         41010, False, "url 与小程序至少要有一个"),
)  # fmt: skip

CUT: tuple[tuple[str, str, int], ...] = (
    ("text", "content", 2048), ("textcard", "title", 128), ("textcard", "description", 512),
    ("video", "title", 128), ("video", "description", 512),
)  # fmt: skip


def message_fault(body: dict[str, Any], agent_id: int) -> Fault | None:
    """The first thing wrong with a message/send body, receivers' existence and media aside."""
    kind = body.get("msgtype")
    if not isinstance(kind, str) or kind not in LETTERS:
        return Fault(40008, "msgtype", "msgtype 不合法")
    return (
        agent_fault(body, agent_id)
        or _no_receiver(body)
        or misshapen({**ENVELOPE, kind: SHAPES[kind]}, body)
        or _no_content(body, kind)
        or broken(RULES, LETTERS[kind], body)
        or (card_fault(body[kind]) if kind == "template_card" else None)
    )


def agent_fault(body: dict[str, Any], agent_id: int, mismatch: int = 301002) -> Fault | None:
    """agentid missing, not a number, or another application's."""
    if "agentid" not in body:
        return Fault(41011, "agentid", "缺少 agentid")
    if not isinstance(body["agentid"], int) or isinstance(body["agentid"], bool):
        return Fault(40056, "agentid", "agentid 须为整数")
    return None if exactly(agent_id)(body["agentid"], {}) else Fault(mismatch, "agentid", "agentid 与凭证不符")


def _no_receiver(body: dict[str, Any]) -> Fault | None:
    if any(body.get(name) for name in ("touser", "toparty", "totag")):
        return None
    return Fault(81012, "touser", "touser、toparty、totag 不能都为空")


def _no_content(body: dict[str, Any], kind: str) -> Fault | None:
    missing = {"template_card": 42031, "textcard": 41016, "news": 45008, "text": 44004, "markdown": 44004}
    return None if kind in body else Fault(missing.get(kind, 40007), kind, f"缺少 {kind}")


def truncated(body: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The content as WeCom shows it, and a line for each string it cut."""
    kind = body["msgtype"]
    content, notes = dict(body[kind]), []
    for on, name, limit in CUT:
        octets = content[name].encode() if on == kind and isinstance(content.get(name), str) else b""
        if len(octets) > limit:
            content[name] = octets[:limit].decode(errors="ignore")
            notes.append(f"{kind}.{name} {len(octets)} 字节，超过 {limit}，已截断")
    if kind == "textcard" and len(content.get("btntxt", "")) > 4:
        content["btntxt"] = content["btntxt"][:4]
        notes.append("textcard.btntxt 超过 4 字，已截断")
    return content, notes
