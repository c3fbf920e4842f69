"""One way to ask a source over the network: slowly enough, again when it makes sense, never with the key in what is told afterwards."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from dawsos.kernel.clock import Clock
from dawsos.kernel.errors import Unavailable
from dawsos.providers.catalogue import ProviderDefinition
from dawsos.providers.redaction import redact
from dawsos.providers.resilience import RETRY_WAITS, BreakerState, CircuitBreaker, Monotonic, TokenBucket, retry_wait

if TYPE_CHECKING:
    import httpx2

TIMEOUT_SECONDS: Final = 20.0
_LARGEST_BODY: Final = 64_000_000
_MOST_KEPT: Final = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source said at ``fetched_at``. ``is_stale``: it says nothing now, and this is the last thing it did say."""

    content: bytes
    fetched_at: datetime
    is_stale: bool = False

    def json(self) -> Any:
        """The content as JSON, numbers as the Decimals that were written; :class:`ValueError` for anything else."""
        return json.loads(self.content, parse_float=Decimal, parse_constant=_refuse_constant)


Records = TypeVar("Records")


@dataclass(frozen=True, slots=True)
class Told(Generic[Records]):
    """What an adapter made of an answer, when it was given, and whether it is only the last good one."""

    records: Records
    fetched_at: datetime
    is_stale: bool


class Allowance(Protocol):
    """How much may be asked of a source, and how much was."""

    async def refusal(self) -> str | None:
        """Why nothing more may be asked now; None while there is room."""
        ...

    async def used(self, size: int) -> None:
        """Note an answer of ``size`` bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a gateway takes from the world: time, waiting, chance, the wire, and what it may use up (None: as much as it likes)."""

    clock: Clock
    monotonic: Monotonic
    sleep: Callable[[float], Awaitable[None]]
    chance: Callable[[], float]
    transport: "httpx2.AsyncBaseTransport | None" = None
    allowance: Allowance | None = None


class Gateway:
    """Asks one source. The last good answers are kept by request for as long as the process lives, the newest of them."""

    def __init__(self, provider: ProviderDefinition, key: str | None, around: Surroundings) -> None:
        self.provider = provider
        self._key = key
        self._around = around
        self._bucket = TokenBucket(provider.requests_per_minute, around.monotonic)
        self._breaker = CircuitBreaker(around.monotonic)
        self._good: dict[str, Answer] = {}

    @property
    def state(self) -> BreakerState:
        """How the source is thought of now."""
        return self._breaker.state

    async def get(self, path: str, parameters: Mapping[str, str], check: Callable[[Answer], object] = lambda _: None) -> Answer:
        """What the source answers to ``path``; ``check`` raises ValueError for an answer that makes no sense, which counts as a failure.

        Asked up to four times: after a timeout, a broken connection, 429, 5xx or nonsense; never again after another 4xx. When it gives
        up, the breaker is open or the allowance is used up, the last good answer to the same request comes back, marked stale. Where there
        is none, and at once where the key is missing, raises :class:`Unavailable` (``provider_unavailable``) with nothing secret in it.
        """
        if self.provider.key_setting is not None and not self._key:
            raise self._failure("no key is configured", remedy=f"Set DAWSOS_{self.provider.key_setting.upper()}.")
        request = f"{path}?{'&'.join(f'{name}={value}' for name, value in sorted(parameters.items()))}"
        allowance = self._around.allowance
        if allowance is not None and (refusal := await allowance.refusal()) is not None:
            return self._last_good(request, refusal)
        if not self._breaker.admits():
            return self._last_good(request, "it failed several times in a row and is left alone for a minute")
        reason = ""
        for attempt in range(len(RETRY_WAITS) + 1):
            await self._around.sleep(self._bucket.take())
            outcome = await self._once(path, parameters, check)
            if isinstance(outcome, Answer):
                self._breaker.succeeded()
                self._keep(request, outcome)
                return outcome
            reason = outcome.reason
            if not outcome.again or attempt == len(RETRY_WAITS):
                break
            await self._around.sleep(retry_wait(attempt + 1, self._around.chance(), outcome.retry_after))
        self._breaker.failed()
        return self._last_good(request, reason)

    def _keep(self, request: str, answer: Answer) -> None:
        self._good.pop(request, None)
        if len(self._good) >= _MOST_KEPT:  # the one that was given longest ago
            self._good.pop(next(iter(self._good)))
        self._good[request] = answer

    async def _once(self, path: str, parameters: Mapping[str, str], check: Callable[[Answer], object]) -> "Answer | _Failure":
        import httpx2  # noqa: PLC0415 - only what really asks a source pays for the HTTP client

        given = dict(parameters)
        if self.provider.key_parameter is not None and self._key:
            given[self.provider.key_parameter] = self._key
        try:
            async with httpx2.AsyncClient(
                base_url=self.provider.base_url, transport=self._around.transport, timeout=TIMEOUT_SECONDS, follow_redirects=False
            ) as client:
                response = await client.get(path, params=given)
            if response.status_code != 200:
                return self._refusal(response)
            answer = Answer(response.content[: _LARGEST_BODY + 1], self._around.clock.now())
            if self._around.allowance is not None:
                await self._around.allowance.used(response.num_bytes_downloaded or len(response.content))
            if len(answer.content) > _LARGEST_BODY:
                return _Failure("its answer is larger than DawsOS reads", again=False)
            check(answer)
        except httpx2.TimeoutException:
            return _Failure(f"it did not answer within {TIMEOUT_SECONDS:.0f} seconds", again=True)
        except httpx2.HTTPError as error:
            return _Failure(self._hidden(f"the connection failed ({type(error).__name__}: {error})"), again=True)
        except ValueError as error:
            return _Failure(self._hidden(f"its answer makes no sense ({error})"), again=True)
        return answer

    def _refusal(self, response: "httpx2.Response") -> "_Failure":
        status = response.status_code
        wait = _seconds(response.headers.get("retry-after"), self._around.clock.now()) if status == 429 else None
        words = {401: "it does not accept the key", 403: "it does not accept the key", 429: "it was asked too often"}
        return _Failure(f"{words.get(status, 'it refused')} (status {status})", again=status == 429 or status >= 500, retry_after=wait)

    def _last_good(self, request: str, reason: str) -> Answer:
        good = self._good.get(request)
        if good is None:
            raise self._failure(reason, remedy="Try again later; 'dawsos doctor' shows how the sources are.")
        return replace(good, is_stale=True)

    def _failure(self, reason: str, *, remedy: str) -> Unavailable:
        return Unavailable(
            f"{self.provider.title} gave no answer: {reason}.",
            remedy=remedy,
            code="provider_unavailable",
            # It was asked again as often as makes sense; whoever called need not begin anew.
            details={"provider": self.provider.name, "retryable": False},
        )

    def _hidden(self, text: str) -> str:
        return redact(text, [self._key or ""])


@dataclass(frozen=True, slots=True)
class _Failure:
    reason: str
    again: bool
    retry_after: float | None = None


def _seconds(header: str | None, now: datetime) -> float | None:
    """What Retry-After asks for: seconds, or a date."""
    if header is None:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds())


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")
