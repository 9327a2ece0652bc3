"""What both ports serve beside the pages: headers on everything, static files, the verify file, health, metrics."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.api.operations import OPERATIONS
from bot.app import App
from bot.sections import Database, Http, Wecom
from bot.settings import Settings
from bot.web.assets import FOLDER, PREFIX, published
from simulator.app import start
from tests.bot.web_place import Browser, Place, open_place

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
NOWHERE = "/h5/static/page.css", "/h5/static/..%2F..%2Fpages.py", "/h5/nothing", "/", "/WW_verify_no.txt", "/%00"


@pytest.fixture
async def place(web_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(web_url, tmp_path) as opened:
        yield opened


def addresses(place: Place) -> list[str]:
    """One address for every route there is, found in the routes themselves, and some that do not exist."""
    known = {"name": "some-name", "reveal_id": "some-look", "number": "1"}
    found = []
    for base, routes in ((place.url, place.web.public_routes()), (place.admin_url, place.web.admin_routes())):
        found += [base + re.sub(r"\{(\w+)[^/]*?\}(?=/|$|\.)", lambda m: known[m[1]], route.path) for route in routes]
        found += [base + path for path in NOWHERE]
    return [*found, place.url + published()["page.css"]]


async def test_every_answer_carries_the_headers(place: Place) -> None:
    asked = addresses(place)
    async with Browser(place, "rm01") as browser:
        for address in asked:
            answer = await browser.get(address, follow=False)
            assert answer.headers["Content-Security-Policy"] == POLICY, address
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Server"] == "rmbot"
            assert "Strict-Transport-Security" not in answer.headers
            kept = "immutable" in answer.headers["Cache-Control"]
            assert kept is (answer.status == 200 and "/h5/static/" in address)
            assert kept or answer.headers["Cache-Control"] == "no-store"
    assert len(asked) > 8


async def test_the_house_as_it_is_served_carries_the_headers_too(migrated_url: str, tmp_path: Path) -> None:
    sim = await start()
    known = sim.world.app
    wecom = Wecom(
        api_base=sim.url,
        corp_id=known.corp_id,
        agent_id=known.agent_id,
        secret=SecretStr(known.secret),
        token=SecretStr(known.token),
        aes_key=SecretStr(known.aes_key),
    )
    http = Http(port=0, admin_port=0)
    app = App(Settings(state=tmp_path, database=Database(url=migrated_url), http=http, wecom=wecom))
    await app.start()
    try:
        async with aiohttp.ClientSession() as session:
            for port, path in (
                (app.public_port, "/wecom/callback"),
                (app.public_port, "/"),
                (app.admin_port, "/livez"),
            ):
                async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                    assert answer.headers["Content-Security-Policy"] == POLICY
    finally:
        await app.stop()
        await sim.close()


async def test_nothing_else_is_served(place: Place) -> None:
    async with Browser(place, "rm01") as browser:
        for path in NOWHERE:
            answer = await browser.get(path, follow=False)
            assert (answer.status, await answer.text()) == (404, "not found")


async def test_https_is_demanded_where_the_pages_have_it(web_url: str, tmp_path: Path) -> None:
    async with open_place(web_url, tmp_path, https=True) as place, Browser(place, "rm01") as browser:
        answer = await browser.get("/livez")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_static_files_come_whole_under_the_name_of_their_content(place: Place) -> None:
    async with Browser(place, "rm01") as browser:
        for name, address in published().items():
            answer = await browser.get(address)
            assert (await answer.text()).encode() == (FOLDER / name).read_bytes()
        async with browser.http.get(
            place.url + published()["page.css"], headers={"Accept-Encoding": "gzip"}, auto_decompress=False
        ) as packed:
            content = await packed.read()
    assert gzip.decompress(content) == (FOLDER / "page.css").read_bytes()


async def test_the_page_names_only_files_that_exist(place: Place) -> None:
    path = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        html = await (await browser.get(path)).text()
        named = re.findall(r'(?:href|src)="(/[^"]+)"', html)
        statuses = [(await browser.get(address)).status for address in named]
    files = "page.css", "watermark.js", "charts.js", "vendor/weui/weui.min.css", "vendor/echarts/echarts.min.js"
    assert {address for address in named if address.startswith(PREFIX)} == {published()[name] for name in files}
    assert set(statuses) == {200}
    assert "style=" not in html
    assert not re.search(r"<script(?! src=)", html)


async def test_the_verify_file_is_served_from_the_state_folder(place: Place) -> None:
    (place.folder / "verify").mkdir()
    (place.folder / "verify" / "WW_verify_AbC123.txt").write_text("AbC123")
    async with Browser(place, "rm01") as browser:
        here, gone = await browser.get("/WW_verify_AbC123.txt"), await browser.get("/WW_verify_AbC124.txt")
        assert (here.status, await here.text(), gone.status) == (200, "AbC123", 404)


async def test_ready_means_started_and_committing(place: Place) -> None:
    async with Browser(place, "rm01") as browser:
        for port in (place.url, place.admin_url):
            assert [(await browser.get(port + path)).status for path in ("/livez", "/readyz")] == [200, 200]
        place.web.ready = False
        starting = await browser.get("/readyz")
        alive = await browser.get("/livez")
    assert (starting.status, alive.status) == (503, 200)


async def test_metrics_count_pages(place: Place) -> None:
    async with Browser(place, "rm01") as browser:
        await browser.get(place.card("rm01"))
        answer = await browser.get(place.admin_url + "/metrics")
        text, public = await answer.text(), await browser.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert re.search(r'^rmbot_page_total\{page="h5.card",status="200"\} [1-9]', text, re.MULTILINE)
    assert public.status == 404


async def test_the_interface_describes_what_is_served(place: Place) -> None:
    async with Browser(place, "rm01") as browser:
        document = await (await browser.get(place.admin_url + "/api/v1/openapi.json")).json()
        for path in (route.path for route in place.web.admin_routes()):
            operations = document["paths"][path]
            answer = await browser.get(place.admin_url + path)
            described = operations["get"]["responses"][str(answer.status)]
            assert list(described["content"]) == [answer.content_type]
    assert document["openapi"].startswith("3.1.")
    assert set(document["info"]) == {"title", "version"}
    api = {(each.method, each.path) for each in OPERATIONS}
    served = {("GET", route.path) for route in place.web.admin_routes()} | api
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert described == served
