"""Each person's web view keeps its own cookies, as each phone does; one browser would share them on this host."""

from collections.abc import Mapping

from aiohttp import web

WHO = "sim_user"


class WebViews:
    """The cookies that other sites set, by person."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, str]] = {}

    def enter(self, response: web.StreamResponse, present: Mapping[str, str], userid: str) -> None:
        """Put away the cookies of whoever looked before and lay out this person's own."""
        before = present.get(WHO, "")
        others = {name: value for name, value in present.items() if name != WHO}
        if before != userid:
            self._kept[before] = others
            for name in others:
                response.del_cookie(name)
            for name, value in self._kept.get(userid, {}).items():
                response.set_cookie(name, value, samesite="Lax", httponly=True)
        response.set_cookie(WHO, userid, samesite="Lax")
