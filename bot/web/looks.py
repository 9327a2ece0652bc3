"""Turns values into HTML: escaped always, with no name left undefined."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.web.assets import published
from domain.view.charts import Chart
from handlers.page import CallPage, CustomerPage

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)


def customer(page: CustomerPage, call: str) -> web.Response:
    """`call`: the address of the page with the number to dial."""
    return _html("customer.html", 200, page=page, call=call if page.may_call else "", title="客户详情")


def call(page: CallPage) -> web.Response:
    return _html("call.html", 200, call=page, title="拨打电话")


def message(status: int, title: str, text: str) -> web.Response:
    """A page that says what is the matter and what to do next."""
    return _html("message.html", status, title=title, text=text)


def _drawn(chart: Chart) -> dict[str, Any]:
    """What the page's script draws."""
    return asdict(chart)


_ENVIRONMENT.filters["drawn"] = _drawn


def _html(template: str, status: int, **values: object) -> web.Response:
    text = _ENVIRONMENT.get_template(template).render(assets=published(), **values)
    return web.Response(status=status, text=text, content_type="text/html")
