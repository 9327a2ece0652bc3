"""Turns values into HTML: escaped always, with no name left undefined."""

from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.web.assets import published
from domain.view.charts import Chart
from handlers.made_file import FilePage
from handlers.page import CallPage, CustomerPage
from handlers.photo_page import PhotosPage
from handlers.reveal import AskPage
from handlers.reveal_look import CodePage, PlainPage
from storage.made_files import MadeFile
from storage.photos import Photo

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"})

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)


def customer(page: CustomerPage, address: str) -> web.Response:
    """`address`: where the page is; what a reader may do further lies below it."""
    call = f"{address}/call" if page.may_call else ""
    reveal = f"{address}/reveal" if page.may_reveal else ""
    pictures = f"{address}/photos" if page.photos else ""
    links = {"call": call, "reveal": reveal, "photos": pictures}
    return _html("customer.html", 200, page=page, **links, title="客户详情")


def call(page: CallPage) -> web.Response:
    return _html("call.html", 200, call=page, title="拨打电话")


def ask_reveal(page: AskPage, back: str) -> web.Response:
    """`back`: the customer's page."""
    return _html("reveal_ask.html", 422 if page.missing else 200, page=page, back=back, title="查看明文")


def code(page: CodePage, back: str) -> web.Response:
    """`back`: the page that asks what for."""
    return _html("reveal_code.html", 422 if page.wrong else 200, page=page, back=back, title="短信验证")


def plain(page: PlainPage, back: str) -> web.Response:
    """`back`: the page to return to when the time is over."""
    return _html("reveal.html", 200, page=page, back=back, title="查看明文")


def file(page: FilePage) -> web.Response:
    return _html("file.html", 200, page=page, title=page.title)


def attachment(file: MadeFile, data: bytes) -> web.Response:
    """The file as a browser saves it: its name in UTF-8 (RFC 6266), with a plain one for what cannot read that."""
    plain, name = f"file.{file.name.rpartition('.')[2]}", quote(file.name)
    saved = {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{name}"}
    return web.Response(body=data, headers=saved, content_type=file.media_type)


def photos(page: PhotosPage, address: str) -> web.Response:
    """`address`: where the page is; each photo lies below it."""
    back = address.removesuffix("/photos") if page.of_customer else ""
    return _html("photos.html", 200, page=page, address=address, back=back, title=page.title)


def photo(shown: Photo) -> web.Response:
    """A picture as a browser draws it; anything else is only bytes."""
    picture = shown.content_type in PICTURES
    return web.Response(body=shown.content, content_type=shown.content_type if picture else "application/octet-stream")


def message(status: int, title: str, text: str, back: str = "") -> web.Response:
    """A page that says what is the matter and what to do next; `back`: where one may go on."""
    return _html("message.html", status, title=title, text=text, back=back)


def _drawn(chart: Chart) -> dict[str, Any]:
    """What the page's script draws."""
    return asdict(chart)


_ENVIRONMENT.filters["drawn"] = _drawn


def _html(template: str, status: int, **values: object) -> web.Response:
    text = _ENVIRONMENT.get_template(template).render(assets=published(), **values)
    return web.Response(status=status, text=text, content_type="text/html")
