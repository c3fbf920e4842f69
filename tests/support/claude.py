"""A model that says what a test tells it to, at the level of HTTP: replies in the form of the Messages interface, and what was sent."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

from dawsos.kernel.clock import Clock
from dawsos.providers.claude import Claude, ModelLimits
from dawsos.services.prose.assistant import Allowance, Assistant
from dawsos.services.prose.reading import NoTools, ReadTools
from dawsos.services.short_memory import ShortMemory

KEY = "sk-ant-0123456789abcdef"
MODEL = "claude-test-1"


def uses(name: str, arguments: dict[str, Any], *, mark: str = "toolu_1") -> dict[str, Any]:
    """A reply that uses a tool."""
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": MODEL, "stop_reason": "tool_use", "stop_sequence": None,
        "content": [{"type": "tool_use", "id": mark, "name": name, "input": arguments}],
        "usage": {"input_tokens": 900, "output_tokens": 100},
    }  # fmt: skip


def answers(text: str, points: tuple[str, ...] = (), risks: tuple[str, ...] = ()) -> dict[str, Any]:
    """A reply that is the answer."""
    return uses("answer", {"text": text, "points": list(points), "risks": list(risks), "gaps": []}, mark="toolu_answer")


@dataclass
class Scripted:
    """Replies in their order; an integer is a status, a function makes the reply of the request."""

    clock: Clock
    replies: list[Any]
    sent: list[dict[str, Any]] = field(default_factory=list)

    def assistant(self, tools: ReadTools | None = None, *, tokens: int = 60_000, daily: int = 1_000_000, retries: int = 0) -> Assistant:
        limits = ModelLimits(MODEL, 1000, tokens, seconds=5.0, retries=retries)
        claude = Claude(KEY, limits, httpx2.MockTransport(self._handle))
        return Assistant(claude, tools or NoTools(), Allowance(self.clock, daily), ShortMemory(self.clock))

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        assert KEY in {request.headers.get("x-api-key"), request.headers.get("authorization", "").removeprefix("Bearer ")}
        self.sent.append(json.loads(request.content))
        reply: Any | Callable[[dict[str, Any]], Any] = self.replies.pop(0)
        if callable(reply):
            reply = reply(self.sent[-1])
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, int):
            return httpx2.Response(reply, json={"type": "error", "error": {"type": "api_error", "message": f"failed for {KEY}"}})
        return httpx2.Response(200, json=reply)
