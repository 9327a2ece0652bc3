"""What a story leaves behind, read back: messages in the platform's ledger, the audit trail, pages in a browser."""

import json
import re
from typing import Any

import aiohttp
import sqlalchemy as sa
from yarl import URL

from storage import schema

PUBLIC = "127.0.0.1:8780"
_REFERENCE = re.compile(r"\n?〔\w+〕")


async def messages(house: Any, to: str = "") -> list[str]:
    """Every call that left for WeCom, as it was written, keys, ids and links included; those for one person."""
    calls = [call["body"] for call in await house.world.ledger() if isinstance(call["body"], dict)]
    mine = [body for body in calls if to in (body.get("touser"), *body.get("userids", ())) or not to]
    return [json.dumps(body, ensure_ascii=False) for body in mine]


async def trail(house: Any, action: str = "") -> list[tuple[dict[str, Any], list[str]]]:
    """The audit records of an action, oldest first, each with its subjects."""
    record, subject = schema.audit.c, schema.audit_subject.c
    rows = await house.look(sa.select(record.seq, record.body).order_by(record.seq))
    named = await house.look(sa.select(subject.seq, subject.subject))
    bodies = [(row.seq, json.loads(row.body)) for row in rows]
    return [
        (body, sorted(name for seq_, name in named if seq_ == seq))
        for seq, body in bodies
        if action in (body["action"], "")
    ]


async def browse(house: Any, userid: str, address: str, form: dict[str, str] | None = None) -> tuple[int, str]:
    """Open a page as this person's phone would, through WeCom's sign-in and back, and send its form if there is one:
    status and text of what is shown at last.
    """
    await house.world.app(trusted_domain=PUBLIC)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        browser.cookie_jar.update_cookies({"sim_user": userid}, URL(house.sim.url))
        shown = await _walk(house, browser, "GET", address)
        return shown if form is None else await _walk(house, browser, "POST", address, form)


async def downloads(house: Any, userid: str, page: str) -> tuple[int, str, bytes]:
    """Press 下载 on the page of a file, as this person's phone would: status, name of the file, what it holds."""
    await house.world.app(trusted_domain=PUBLIC)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        browser.cookie_jar.update_cookies({"sim_user": userid}, URL(house.sim.url))
        await _walk(house, browser, "GET", page)
        url = page.replace(f"//{PUBLIC}", f"//127.0.0.1:{house.app.public_port}")
        async with browser.post(url, headers={"Origin": f"http://{PUBLIC}"}, allow_redirects=False) as answer:
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
            named = answer.content_disposition
            return answer.status, (named.filename or "") if named else "", await answer.read()


async def looks_at(house: Any, userid: str, page: str, picture: str) -> tuple[int, str, bytes, str]:
    """A picture of a page, as this person's phone shows it: status, type, content, and how long it may be kept."""
    await house.world.app(trusted_domain=PUBLIC)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        browser.cookie_jar.update_cookies({"sim_user": userid}, URL(house.sim.url))
        await _walk(house, browser, "GET", page)
        async with browser.get(f"http://127.0.0.1:{house.app.public_port}{picture}", allow_redirects=False) as answer:
            return answer.status, answer.content_type, await answer.read(), answer.headers["Cache-Control"]


async def _walk(
    house: Any, browser: aiohttp.ClientSession, method: str, address: str, form: dict[str, str] | None = None
) -> tuple[int, str]:
    here = f"127.0.0.1:{house.app.public_port}"
    while True:
        url = URL(address.replace(f"//{PUBLIC}", f"//{here}"), encoded=True)
        ours = {"Origin": f"http://{PUBLIC}"}
        async with browser.request(method, url, data=form, headers=ours, allow_redirects=False) as answer:
            if answer.status not in (302, 303):
                return answer.status, await answer.text(errors="replace")
            address = str(answer.url.join(URL(answer.headers["Location"], encoded=True)))
            method, form = "GET", None


def plain(text: str) -> str:
    """A message without the short reference that makes it unique."""
    return _REFERENCE.sub("", text)
