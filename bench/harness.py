"""What every benchmark needs: fair timing of two sides, equal results, a table and a results file."""

import argparse
import gc
import json
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

RESULTS = Path(__file__).with_name("results.json")
#: A single call shorter than this is repeated within one round, so that the clock's own noise does not show.
SHORTEST_ROUND = 0.02


class Row(TypedDict):
    """One line of the table.

    ``ratio`` = peer seconds / our seconds, unless ``goal_is`` says ``at most``, where it is the measured quantity itself.
    """

    benchmark: str
    size: str
    ours_seconds: float | None
    peer: str
    peer_version: str
    peer_seconds: float | None
    ratio: float
    goal: float | None
    goal_is: str
    met: bool | None
    equal: bool | None
    note: str


Clock = Callable[[], float]


class UnequalResults(AssertionError):
    """Both sides of a benchmark did not compute the same thing, so their times say nothing."""


def generator(seed: int = 20240229) -> np.random.Generator:
    """The seeded source of every benchmark's inputs."""
    return np.random.default_rng(seed)


def daily_returns(portfolios: int, days: int, *, seed: int = 20240229, volatility: float = 0.01) -> np.ndarray:
    """Returns ``[portfolios × days]`` with a common market part, fat tails and a small drift; C-contiguous float64."""
    random = generator(seed)
    market = 0.7 * volatility * random.standard_t(5, size=days) / np.sqrt(5 / 3)
    own = 0.7 * volatility * random.standard_normal((portfolios, days))
    return np.ascontiguousarray(0.0003 + market + own)


def version_of(distribution: str) -> str:
    """The installed version of a peer's distribution."""
    return metadata.version(distribution)


def _calls_per_round(call: Callable[[], object]) -> int:
    start = time.perf_counter()
    call()
    once = time.perf_counter() - start
    return max(1, int(SHORTEST_ROUND / max(once, 1e-9)))


def _round(call: Callable[[], object], calls: int, clock: Clock) -> float:
    enabled = gc.isenabled()
    gc.disable()
    try:
        start = clock()
        for _ in range(calls):
            call()
        return (clock() - start) / calls
    finally:
        if enabled:
            gc.enable()


def measure(call: Callable[[], object], rounds: int = 5, warmup: int = 1, clock: Clock = time.perf_counter) -> float:
    """Median seconds of one call over ``rounds`` rounds, after ``warmup`` uncounted calls; short calls are repeated in a round.

    Pure computation is timed fairly on a busy machine with ``clock=time.process_time``; work that waits for others needs the default.
    """
    for _ in range(warmup):
        call()
    calls = _calls_per_round(call)
    return statistics.median(_round(call, calls, clock) for _ in range(rounds))


def measure_both(
    ours: Callable[[], object], peer: Callable[[], object], rounds: int = 5, warmup: int = 1, clock: Clock = time.perf_counter
) -> tuple[float, float]:
    """Median seconds of both sides; their rounds alternate, so a noisy neighbour disturbs both alike."""
    for _ in range(warmup):
        ours()
        peer()
    our_calls, peer_calls = _calls_per_round(ours), _calls_per_round(peer)
    pairs = [(_round(ours, our_calls, clock), _round(peer, peer_calls, clock)) for _ in range(rounds)]
    return statistics.median(first for first, _ in pairs), statistics.median(second for _, second in pairs)


def compare(
    benchmark: str,
    size: str,
    ours: Callable[[], Any],
    peer: Callable[[], Any],
    *,
    peer_name: str,
    peer_version: str = "",
    goal: float | None = None,
    equal: Callable[[Any, Any], bool] | None = None,
    peer_share: float = 1.0,
    rounds: int = 5,
    warmup: int = 1,
    small: bool = False,
    note: str = "",
    clock: Clock = time.perf_counter,
) -> Row:
    """Time ``ours`` against ``peer`` and check that both computed the same.

    ``equal(our_result, peer_result)`` must hold, else :class:`UnequalResults`; without it nothing is said about equality (a floor such
    as ``np.copyto`` computes something else). ``peer_share`` is the part of our work the peer does in one call (0.01: a hundredth,
    because it is slow); its time is scaled up and the note says so. ``small`` times nothing worth judging: one round, no goal.
    ``clock``: see :func:`measure`.
    """
    same = None if equal is None else bool(equal(ours(), peer()))
    if same is False:
        raise UnequalResults(f"{benchmark} ({size}): ours and {peer_name} differ.")
    warmed = small or equal is not None  # the check of equality was a call of both
    our_seconds, peer_seconds = measure_both(ours, peer, rounds=1 if small else rounds, warmup=0 if warmed else warmup, clock=clock)
    peer_seconds /= peer_share
    scaled = f"peer timed on {peer_share:.3g} of the work and scaled" if peer_share != 1.0 else ""
    timed = "processor time" if clock is time.process_time else ""
    ratio = peer_seconds / our_seconds
    return {
        "benchmark": benchmark,
        "size": size,
        "ours_seconds": our_seconds,
        "peer": peer_name,
        "peer_version": peer_version,
        "peer_seconds": peer_seconds,
        "ratio": ratio,
        "goal": goal,
        "goal_is": "at least",
        "met": None if goal is None or small else ratio >= goal,
        "equal": same,
        "note": "; ".join(part for part in (note, scaled, timed) if part),
    }


def bound(benchmark: str, size: str, quantity: float, *, at_most: float, what: str, small: bool = False, note: str = "") -> Row:
    """A row for a quantity (memory, round trips, an error) that may not exceed ``at_most``; ``what`` says of what it is a multiple."""
    return {
        "benchmark": benchmark,
        "size": size,
        "ours_seconds": None,
        "peer": what,
        "peer_version": "",
        "peer_seconds": None,
        "ratio": quantity,
        "goal": at_most,
        "goal_is": "at most",
        "met": None if small else quantity <= at_most,
        "equal": None,
        "note": note,
    }


def _status_kilobytes(field: str) -> int:
    line = next(line for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines() if line.startswith(field))
    return int(line.split()[1])


def peak_extra_bytes(call: Callable[[], object]) -> int:
    """How far resident memory rose above its level before ``call`` (Linux; counts what NumPy, Numba and C code allocate alike)."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _status_kilobytes("VmRSS:")
    result = call()
    peak = _status_kilobytes("VmHWM:")
    del result
    return max(0, peak - before) * 1024


def arguments(argv: Sequence[str], description: str = "") -> argparse.Namespace:
    """The options every benchmark understands: ``--small`` and ``--rounds``."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--small", action="store_true", help="tiny sizes: only that it works and both sides agree")
    parser.add_argument("--rounds", type=int, default=5, help="rounds per side, of which the median counts (at least 5 to be quoted)")
    return parser.parse_args(list(argv))


def machine_line() -> str:
    """What the figures were measured on, without anything that names the host."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.split(":", 1)[1].strip() for line in info.read_text(encoding="utf-8").splitlines() if line.startswith("model name")]
        model = f"{names[0]} × {len(names)}" if names else model
    return f"{model}, {platform.system()}, Python {platform.python_version()}, NumPy {np.__version__}, one thread"


def _seconds(value: float | None) -> str:
    if value is None:
        return "–"
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if value * scale >= 1:
            return f"{value * scale:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"


def _verdict(row: Row) -> str:
    return {True: "yes", False: "NO", None: "–"}[row["met"]]


def table(rows: Iterable[Row]) -> str:
    """The rows as aligned text."""
    head = ("benchmark", "size", "ours", "peer", "peer time", "ratio", "goal", "met", "equal", "note")
    body = [
        (
            row["benchmark"],
            row["size"],
            _seconds(row["ours_seconds"]),
            f"{row['peer']} {row['peer_version']}".strip(),
            _seconds(row["peer_seconds"]),
            f"{row['ratio']:.3g}×",
            "–" if row["goal"] is None else f"{'≥' if row['goal_is'] == 'at least' else '≤'} {row['goal']:g}×",
            _verdict(row),
            {True: "yes", False: "NO", None: "–"}[row["equal"]],
            row["note"],
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in [head, *body]) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in [head, *body]]
    return "\n".join([lines[0], "  ".join("─" * width for width in widths), *lines[1:]])


def write_results(rows: Sequence[Row], path: Path = RESULTS) -> None:
    """Put ``rows`` into the results file; rows of other benchmarks measured earlier stay."""
    earlier: list[Row] = json.loads(path.read_text(encoding="utf-8"))["rows"] if path.exists() else []
    fresh = {row["benchmark"] for row in rows}
    kept = [row for row in earlier if row["benchmark"] not in fresh]
    text = json.dumps({"machine": machine_line(), "rows": [*kept, *rows]}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
