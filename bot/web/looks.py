"""Turns values into HTML: escaped always, with no name left undefined."""

from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.web.assets import published
from handlers.page import CustomerPage

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)


def customer(page: CustomerPage) -> web.Response:
    return _html("customer.html", 200, page=page, title="客户详情")


def message(status: int, title: str, text: str) -> web.Response:
    """A page that says what is the matter and what to do next."""
    return _html("message.html", status, title=title, text=text)


def _html(template: str, status: int, **values: object) -> web.Response:
    text = _ENVIRONMENT.get_template(template).render(assets=published(), **values)
    return web.Response(status=status, text=text, content_type="text/html")
