"""P1 and P2: the full sheet of one series and of a block, against empyrical, quantstats, vectorbt and a bare copy of the block."""

import importlib.util
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import empyrical
import numpy as np
import pandas as pd
import quantstats
import scipy.stats

from bench.harness import Row, arguments, bound, compare, daily_returns, measure, peak_extra_bytes, version_of
from dawsos.compute.risk.sheet import FIELDS, Conventions, SheetBlock, sheet, sheet_batch

#: The conventions in which the peers compute the figures they share with the sheet.
EMPYRICAL = Conventions(alpha="regression", capture="annualised")
QUANTSTATS = Conventions(win_rate_among="moves", shape="sample", var_ddof=1, alpha="arithmetic", information="arithmetic")
TOLERANCE = 1e-10
Figures = dict[str, float]


def by_empyrical(x: np.ndarray, b: np.ndarray) -> Figures:
    """The figures of the sheet that empyrical has, and skewness and kurtosis as its users take them from scipy."""
    alpha, beta = empyrical.alpha_beta_aligned(x, b)
    return {
        "total_return": empyrical.cum_returns_final(x),
        "annual_return": empyrical.annual_return(x),
        "volatility": empyrical.annual_volatility(x),
        "downside_deviation": empyrical.downside_risk(x),
        "sharpe_ratio": empyrical.sharpe_ratio(x),
        "sortino_ratio": empyrical.sortino_ratio(x),
        "omega_ratio": empyrical.omega_ratio(x),
        "skewness": scipy.stats.skew(x),
        "excess_kurtosis": scipy.stats.kurtosis(x),
        "max_drawdown": empyrical.max_drawdown(x),
        "calmar_ratio": empyrical.calmar_ratio(x),
        "var_historical": empyrical.value_at_risk(x),
        "cvar_historical": empyrical.conditional_value_at_risk(x),
        "tail_ratio": empyrical.tail_ratio(x),
        "stability": empyrical.stability_of_timeseries(x),
        "alpha": alpha,
        "beta": beta,
        "up_capture": empyrical.up_capture(x, b),
        "down_capture": empyrical.down_capture(x, b),
        "batting_average": empyrical.batting_average(x, b)["batting average"],
    }


def by_quantstats(x: pd.Series, b: pd.Series) -> Figures:
    """The figures of the sheet that quantstats has."""
    q, n = quantstats.stats, x.size
    greeks = q.greeks(x, b)
    return {
        "total_return": q.comp(x),
        "annual_return": q.cagr(x),
        "volatility": q.volatility(x),
        "sharpe_ratio": q.sharpe(x),
        "sortino_ratio": q.sortino(x),
        "omega_ratio": q.omega(x),
        "skewness": q.skew(x),
        "excess_kurtosis": q.kurtosis(x),
        "max_drawdown": q.max_drawdown(x),
        "ulcer_index": q.ulcer_index(x) * np.sqrt((n - 1) / n),  # quantstats divides by n − 1
        "calmar_ratio": q.calmar(x),
        "var_gaussian": q.value_at_risk(x),
        "cvar_gaussian": q.conditional_value_at_risk(x),
        "tail_ratio": q.tail_ratio(x),
        "win_rate": q.win_rate(x),
        "average_win": q.avg_win(x),
        "average_loss": q.avg_loss(x),
        "payoff_ratio": q.payoff_ratio(x),
        "profit_factor": q.profit_factor(x),
        "best_return": q.best(x),
        "worst_return": q.worst(x),
        "alpha": greeks["alpha"],
        "beta": greeks["beta"],
        "r_squared": q.r_squared(x, b),
        "information_ratio": q.information_ratio(x, b) * np.sqrt(252),  # quantstats states it per day
    }


def agrees(ours: Callable[[str], float], peer: Figures) -> bool:
    """Whether every shared figure is equal to 1e-10, relative to its size where that is above one."""
    return all(abs(ours(name) - value) <= TOLERANCE * max(1.0, abs(value)) for name, value in peer.items())


def _one(days: int, small: bool, rounds: int) -> list[Row]:
    rows = daily_returns(2, days)
    x, b = rows[0], rows[1]
    dates = pd.bdate_range("2015-01-01", periods=days)
    x_series, b_series = pd.Series(x, dates), pd.Series(b, dates)
    size = f"1 × {days} days"

    def same(ours: Any, peer: Figures) -> bool:
        return agrees(lambda name: getattr(ours, name), peer)

    return [
        compare("sheet", size, lambda: sheet(x, b, conventions=EMPYRICAL), lambda: by_empyrical(x, b), peer_name="empyrical-reloaded",
                peer_version=version_of("empyrical-reloaded"), goal=15, equal=same, rounds=rounds, small=small, clock=time.process_time,
                note=f"{len(FIELDS)} figures against its 20"),
        compare("sheet", size, lambda: sheet(x, b, conventions=QUANTSTATS), lambda: by_quantstats(x_series, b_series),
                peer_name="quantstats", peer_version=version_of("quantstats"),
                goal=150, equal=same, rounds=rounds, small=small, clock=time.process_time,
                note=f"{len(FIELDS)} figures against its 25"),
    ]  # fmt: skip


def _block(portfolios: int, days: int, small: bool, rounds: int) -> list[Row]:
    returns, b = daily_returns(portfolios, days), daily_returns(1, days, seed=7)[0]
    size = f"{portfolios} × {days} days"
    sample = min(portfolios, 20)

    def ours() -> SheetBlock:
        return sheet_batch(returns, b, conventions=EMPYRICAL)

    def loop() -> list[Figures]:
        return [by_empyrical(row, b) for row in returns[:sample]]

    def same(block: SheetBlock, peers: list[Figures]) -> bool:
        return all(agrees(lambda name, row=row: float(block.column(name)[row]), peer) for row, peer in enumerate(peers))

    rows = [
        compare("sheet_batch", size, ours, loop, peer_name="empyrical-reloaded loop", peer_version=version_of("empyrical-reloaded"),
                goal=90, equal=same, peer_share=sample / portfolios, rounds=rounds, small=small, clock=time.process_time),
        compare("sheet_batch", size, ours, _copy_of(returns), peer_name="np.copyto", peer_version=np.__version__, goal=0.10,
                rounds=rounds, small=small, clock=time.process_time, note="copying the input once"),
    ]  # fmt: skip
    if importlib.util.find_spec("vectorbt") is not None:
        rows.append(_against_vectorbt(returns, b, size, small, rounds))
    used = 1.0 + peak_extra_bytes(ours) / returns.nbytes
    rows.append(bound("sheet_batch", size, used, at_most=1.2, what="memory of the input", small=small, note="input included"))
    return rows


def _copy_of(block: np.ndarray) -> Callable[[], object]:
    target = np.zeros_like(block)
    return lambda: np.copyto(target, block)


def _against_vectorbt(returns: np.ndarray, b: np.ndarray, size: str, small: bool, rounds: int) -> Row:
    import vectorbt  # noqa: PLC0415 - optional: it pins old versions of much else

    frame = pd.DataFrame(returns[: min(len(returns), 1000)].T)
    market = pd.DataFrame(np.repeat(b[:, None], frame.shape[1], axis=1))
    names = {
        "total_return": "total", "annual_return": "annualized", "volatility": "annualized_volatility", "sharpe_ratio": "sharpe_ratio",
        "sortino_ratio": "sortino_ratio", "omega_ratio": "omega_ratio", "max_drawdown": "max_drawdown", "calmar_ratio": "calmar_ratio",
        "downside_deviation": "downside_risk", "tail_ratio": "tail_ratio", "var_historical": "value_at_risk",
    }  # fmt: skip

    def peer() -> dict[str, Any]:
        accessor = frame.vbt.returns(freq="1D", year_freq="252 days", benchmark_rets=market)
        found = {ours: getattr(accessor, theirs)() for ours, theirs in names.items()}
        return found | {"beta": accessor.beta(), "up_capture": accessor.up_capture(), "down_capture": accessor.down_capture()}

    def same(block: SheetBlock, theirs: dict[str, Any]) -> bool:
        rows = range(0, frame.shape[1], 97)
        return all(
            agrees(lambda name, row=row: float(block.column(name)[row]), {k: float(v.iloc[row]) for k, v in theirs.items()}) for row in rows
        )

    return compare("sheet_batch", size, lambda: sheet_batch(returns, b, conventions=EMPYRICAL), peer, peer_name="vectorbt",
                   peer_version=vectorbt.__version__, goal=12, equal=same, peer_share=frame.shape[1] / len(returns), rounds=rounds,
                   small=small, clock=time.process_time, note="14 figures")  # fmt: skip


def _growth(small: bool) -> list[Row]:
    """Twice the portfolios, twice the days: the time must grow no faster than the work."""
    portfolios, days = (20, 260) if small else (1000, 1260)
    sizes = {"once": (portfolios, days), "wider": (2 * portfolios, days), "longer": (portfolios, 2 * days)}
    seconds = {}
    for name, shape in sizes.items():
        block = daily_returns(*shape)
        seconds[name] = measure(lambda block=block: sheet_batch(block), clock=time.process_time)
    return [
        bound(f"sheet_batch {name}", f"{portfolios} × {days} → {sizes[name][0]} × {sizes[name][1]}", seconds[name] / seconds["once"],
              at_most=2.4, what="the time of half of it", small=small)
        for name in ("wider", "longer")
    ]  # fmt: skip


def main(argv: Sequence[str]) -> list[Row]:
    """One series of ten years; a block of 10 000; growth."""
    chosen = arguments(argv, __doc__ or "")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = _one(260 if chosen.small else 2520, chosen.small, chosen.rounds)
        rows += _block(24 if chosen.small else 10_000, 260 if chosen.small else 2520, chosen.small, chosen.rounds)
        return rows + _growth(chosen.small)
