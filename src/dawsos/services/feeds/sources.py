"""The sources this process may ask, each through one gateway, so that limits and last good answers are shared by all requests."""

from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

from dawsos.kernel.clock import Clock
from dawsos.kernel.errors import Internal, Unavailable
from dawsos.providers.catalogue import ProviderDefinition
from dawsos.services.short_memory import ShortMemory

if TYPE_CHECKING:
    from dawsos.providers.gateway import Gateway

Value = TypeVar("Value")

#: How long an answer is not asked for again, in seconds.
QUOTE_SECONDS: Final = 60.0
NEWS_SECONDS: Final = 300.0
DAY_SECONDS: Final = 86_400.0


class Sources:
    """Asks sources on behalf of requests. What it keeps is public: nothing a user owns goes into a key or an answer."""

    def __init__(
        self, gateway_of: Callable[[ProviderDefinition], "Gateway"], is_configured: Callable[[ProviderDefinition], bool], clock: Clock
    ) -> None:
        self._gateway_of = gateway_of
        self._is_configured = is_configured
        self._gateways: dict[str, Gateway] = {}
        self._memory = ShortMemory(clock)

    def is_configured(self, provider: ProviderDefinition) -> bool:
        """Whether the source could be asked at all."""
        return self._is_configured(provider)

    def gateway(self, provider: ProviderDefinition) -> "Gateway":
        """The one gateway to a source."""
        if provider.name not in self._gateways:
            self._gateways[provider.name] = self._gateway_of(provider)
        return self._gateways[provider.name]

    async def once(self, key: Hashable, seconds: float, ask: Callable[[], Awaitable[Value]]) -> Value:
        """What ``ask()`` gave at most ``seconds`` ago, asked again otherwise."""
        return await self._memory.once(key, seconds, ask)


def not_configured(provider: ProviderDefinition) -> Unavailable:
    """The refusal where a source cannot be asked, with what to set."""
    remedy = f"Set DAWSOS_{provider.key_setting.upper()}." if provider.key_setting else "Connect this machine to the network."
    return Unavailable(
        f"{provider.title} is not configured.",
        remedy=remedy,
        code="provider_unavailable",
        details={"provider": provider.name, "retryable": False},
    )


class _NoClock:
    def now(self) -> datetime:
        raise Internal("Without sources there is nothing to keep.")


def _no_gateway(provider: ProviderDefinition) -> "Gateway":
    raise not_configured(provider)


#: For work that asks nobody: background work under a pinned pack.
NO_SOURCES: Final = Sources(_no_gateway, lambda _: False, _NoClock())
