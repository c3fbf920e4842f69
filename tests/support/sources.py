"""Sources that answer as recorded, for tests: what each path said, and what was asked."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

from dawsos.kernel.clock import Clock
from dawsos.providers.catalogue import ProviderDefinition
from dawsos.providers.gateway import Gateway, Surroundings
from dawsos.services.feeds.sources import Sources

KEY = "0123456789abcdef0123456789abcdef"


@dataclass
class Recorded:
    """``answers`` by path: a body (as JSON, or bytes as they are), or a function of the request; a path without one fails. ``configured`` names sources with a key."""

    clock: Clock
    answers: dict[str, Any]
    configured: frozenset[str] = frozenset({"FMP", "POLYGON", "FRED", "NEWSAPI"})
    asked: list[httpx2.Request] = field(default_factory=list)

    def sources(self) -> Sources:
        return Sources(self._gateway, lambda provider: provider.name in self.configured, self.clock)

    def _gateway(self, provider: ProviderDefinition) -> Gateway:
        async def at_once(_seconds: float) -> None:
            pass

        around = Surroundings(self.clock, lambda: 0.0, at_once, lambda: 0.5, httpx2.MockTransport(self._handle))
        return Gateway(provider, KEY, around)

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        said: Any | Callable[[httpx2.Request], Any] = self.answers.get(request.url.path)
        body = said(request) if callable(said) else said
        if body is None:
            return httpx2.Response(500)
        return httpx2.Response(200, content=body if isinstance(body, bytes) else json.dumps(body).encode())
