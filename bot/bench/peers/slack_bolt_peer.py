"""slack-bolt as a peer: the signature of a request and one listener, no state, nothing sent."""

import asyncio
import json
import sys
import time
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier

SECRET = "bench-signing-secret"


async def authorize(**_: Any) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="BBOT", bot_token="xoxb-bench")


def application() -> AsyncApp:
    app = AsyncApp(signing_secret=SECRET, authorize=authorize)

    async def heard(message: dict[str, Any]) -> None:
        assert message["text"]

    app.event("message")(heard)
    return app


def request(number: int) -> AsyncBoltRequest:
    event = {
        "type": "message",
        "channel": "D1",
        "user": f"U{number}",
        "text": "拜访",
        "ts": f"{number}.0",
        "channel_type": "im",
    }
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": f"E{number}", "event": event})
    now = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=now, body=body)
    headers = {
        "content-type": "application/json",
        "x-slack-request-timestamp": now,
        "x-slack-signature": signature or "",
    }
    return AsyncBoltRequest(body=body, headers=headers)


async def measure(app: AsyncApp, amount: int) -> float:
    requests = [request(number) for number in range(amount)]
    started = time.perf_counter()
    for each in requests:
        answer = await app.async_dispatch(each)
        assert answer.status == 200
    return time.perf_counter() - started


async def main() -> None:
    app = application()
    for line in sys.stdin:
        seconds = await measure(app, json.loads(line)["amount"])
        sys.stdout.write(json.dumps({"seconds": seconds}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
