"""How sources are asked: slowly, again where it helps, left alone when they fail, and never with the key in what is told."""

from datetime import UTC, datetime
from decimal import Decimal

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.kernel.clock import FixedClock
from dawsos.kernel.errors import Unavailable
from dawsos.providers.catalogue import ECB, FRED, PROVIDERS
from dawsos.providers.gateway import Answer, Gateway, Surroundings
from dawsos.providers.redaction import redact
from dawsos.providers.resilience import BreakerState, CircuitBreaker, TokenBucket, retry_wait

KEY = "abcdef0123456789abcdef0123456789"
NOW = datetime(2022, 10, 31, 12, tzinfo=UTC)


class World:
    """A source that answers as told, and a clock that only moves by waiting."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx2.Request] = []
        self.waited: list[float] = []
        self.time = 0.0

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def sleep(self, seconds: float) -> None:
        if seconds:
            self.waited.append(seconds)
            self.time += seconds

    def gateway(self, provider=FRED, key: str | None = KEY) -> Gateway:
        around = Surroundings(FixedClock(NOW), lambda: self.time, self.sleep, lambda: 0.5, httpx2.MockTransport(self.handle))
        return Gateway(provider, key, around)


def said(text: str = '{"a": 1.10}', status: int = 200, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, content=text.encode(), headers=headers)


def sensible(answer: Answer) -> None:
    if not isinstance(answer.json(), dict):
        raise ValueError("no object")  # noqa: TRY004


async def test_numbers_come_as_they_were_written_and_the_key_goes_with_the_request():
    world = World(said())
    answer = await world.gateway().get("/x", {"q": "1"})
    assert answer.json() == {"a": Decimal("1.10")}
    assert (answer.fetched_at, answer.is_stale) == (NOW, False)
    assert dict(world.asked[0].url.params) == {"q": "1", "api_key": KEY}


@pytest.mark.parametrize(
    "bad",
    [
        said(status=429), said(status=500), said(status=503), said("no json"), said('{"half": '), said("[1]"), said('{"a": NaN}'), said(""),
        httpx2.ConnectError("down"), httpx2.ReadTimeout("slow"), httpx2.RemoteProtocolError("closed before the body was there"),
    ],
    ids=lambda bad: f"{type(bad).__name__} {getattr(bad, 'status_code', '')}",
)  # fmt: skip
async def test_what_may_pass_is_asked_again_after_one_two_and_four_seconds(bad):
    world = World(bad, bad, bad, said())
    assert (await world.gateway().get("/x", {}, sensible)).json()
    assert world.waited == [1.0, 2.0, 4.0]


async def test_after_four_attempts_it_is_given_up_with_a_reason_and_without_the_key():
    world = World(*[httpx2.ConnectError(f"https://x/?api_key={KEY}")] * 4)
    with pytest.raises(Unavailable) as failure:
        await world.gateway().get("/x", {})
    assert failure.value.code == "provider_unavailable"
    assert "ConnectError" in failure.value.message
    assert KEY not in f"{failure.value} {failure.value.details}"
    assert len(world.asked) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_another_refusal_is_final(status: int):
    world = World(said(status=status))
    with pytest.raises(Unavailable, match=f"status {status}"):
        await world.gateway().get("/x", {})
    assert len(world.asked) == 1


@pytest.mark.parametrize(
    ("header", "wait"), [("7", 7.0), ("0", 1.0), ("Mon, 31 Oct 2022 12:00:09 GMT", 9.0), ("3600", 60.0), ("soon", 1.0)]
)
async def test_the_wait_the_source_asks_for_is_kept_up_to_a_minute(header: str, wait: float):
    world = World(said(status=429, **{"Retry-After": header}), said())
    await world.gateway().get("/x", {})
    assert world.waited == [wait]


async def test_a_source_that_fails_is_left_alone_and_its_last_good_answer_serves_marked_stale():
    world = World(said('{"good": 1}'), *[said(status=400)] * 3, said(status=400), said('{"good": 2}'))
    gateway = world.gateway()
    await gateway.get("/x", {})
    for _ in range(3):
        assert (await gateway.get("/x", {})).is_stale
    assert gateway.state is BreakerState.OPEN
    before = len(world.asked)
    stale = await gateway.get("/x", {})
    assert (stale.json(), stale.is_stale, len(world.asked)) == ({"good": 1}, True, before)
    with pytest.raises(Unavailable, match="left alone"):
        await gateway.get("/never/answered", {})
    world.time += 60
    assert gateway.state is BreakerState.HALF_OPEN
    assert (await gateway.get("/x", {})).is_stale  # the probe fails: open again
    assert gateway.state is BreakerState.OPEN
    world.time += 60
    fresh = await gateway.get("/x", {})
    assert (fresh.json(), fresh.is_stale, gateway.state) == ({"good": 2}, False, BreakerState.CLOSED)


async def test_without_a_key_nothing_is_sent_and_the_setting_is_named():
    world = World()
    with pytest.raises(Unavailable, match="no key is configured") as failure:
        await world.gateway(key=None).get("/x", {})
    assert failure.value.remedy == "Set DAWSOS_FRED_API_KEY."
    assert world.asked == []


async def test_a_source_that_needs_no_key_gets_none():
    world = World(said())
    await world.gateway(ECB, None).get("/x", {})
    assert dict(world.asked[0].url.params) == {}


async def test_more_than_the_minute_allows_is_spread():
    world = World(*[said() for _ in range(40)])
    gateway = world.gateway()
    for _ in range(40):
        await gateway.get("/x", {})
    assert sum(world.waited) == pytest.approx(34)  # six at once, then one a second


def test_a_clock_that_jumps_back_gives_no_tokens_away():
    times = [100.0, 100.0, 40.0, 40.0, 40.0]
    bucket = TokenBucket(10, lambda: times.pop(0) if times else 40.0)
    assert bucket.take() == 0.0
    assert bucket.take() == pytest.approx(6.0)
    assert bucket.take() == pytest.approx(12.0)


@given(st.integers(1, 3), st.floats(0, 1, exclude_max=True), st.none() | st.floats(0, 1e6))
def test_a_wait_is_near_its_schedule_and_never_longer_than_a_minute(attempt: int, chance: float, asked: float | None):
    usual = (1, 2, 4)[attempt - 1]
    wait = retry_wait(attempt, chance, asked)
    assert 0.8 * usual <= wait <= 60
    assert wait >= min(asked or 0, 60)
    if asked is None:
        assert wait <= 1.2 * usual


def test_only_one_request_probes_a_source_that_failed():
    time = [0.0]
    breaker = CircuitBreaker(lambda: time[0])
    for _ in range(3):
        assert breaker.admits()
        breaker.failed()
    assert not breaker.admits()
    time[0] = 60.0
    assert [breaker.admits(), breaker.admits()] == [True, False]
    breaker.succeeded()
    assert breaker.admits()


@pytest.mark.parametrize(
    "parameter", sorted({p.key_parameter for p in PROVIDERS.values() if p.key_parameter} | {"api_key", "access_token", "key"})
)
def test_every_kind_of_key_is_hidden(parameter: str):
    text = redact(f"GET https://x/y?a=1&{parameter}={KEY}&b=2 Authorization: Bearer {KEY}", ["other"])
    assert KEY not in text
    assert "a=1" in text and "b=2" in text
    assert KEY not in redact(f"the key {KEY} stands in a sentence", [KEY])
