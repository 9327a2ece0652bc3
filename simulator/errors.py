"""The one way a simulated WeCom call fails."""

from typing import Any

from simulator.checks import Fault


class ApiError(Exception):
    """A refusal with its errcode; `extra` are further fields of the answer."""

    def __init__(self, errcode: int, text: str, **extra: Any) -> None:
        super().__init__(text)
        self.errcode, self.text, self.extra = errcode, text, extra

    def json(self) -> dict[str, Any]:
        more = f"more info at https://open.work.weixin.qq.com/devtool/query?e={self.errcode}"
        return {"errcode": self.errcode, "errmsg": f"{self.text}, hint: [simulator], from ip: 127.0.0.1, {more}",
                **self.extra}  # fmt: skip


class Refused(Exception):
    """A phone that cannot do what the control API asks; the text is for people."""

    def __init__(self, text: str, status: int = 409) -> None:
        super().__init__(text)
        self.text, self.status = text, status


def insist(fault: Fault | None) -> None:
    """Raise the broken rule, if there is one."""
    if fault is not None:
        raise ApiError(fault.errcode, f"{fault.text} ({fault.path})")
