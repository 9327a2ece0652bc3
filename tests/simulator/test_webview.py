"""Two people in one browser do not share what a page remembers of them."""

import aiohttp
from aiohttp import web

from simulator.app import start
from simulator.client import World


async def remembered(request: web.Request) -> web.Response:
    response = web.Response(text=request.cookies.get("session", "nobody"))
    response.set_cookie("session", f"of {request.query['who']}")
    return response


async def test_each_person_has_cookies_of_their_own() -> None:
    site = web.Application()
    site.router.add_get("/", remembered)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    page = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    sim = await start()
    jar = aiohttp.CookieJar(unsafe=True)
    async with World(sim.url) as world, aiohttp.ClientSession(cookie_jar=jar) as browser:
        await world.people({"userid": "a", "name": "甲"}, {"userid": "b", "name": "乙"})

        async def looks(who: str) -> str:
            query = {"sim_user": who, "url": f"{page}?who={who}"}
            async with browser.get(f"{sim.url}/_sim/v1/open", params=query) as reply:
                return await reply.text()

        assert [await looks(who) for who in "abab"] == ["nobody", "nobody", "of a", "of b"]
    await sim.close()
    await runner.cleanup()
