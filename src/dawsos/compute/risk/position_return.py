"""How one position did while it was held, alone and beside its portfolio."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from dawsos.compute.returns.compounding import annualise, link
from dawsos.compute.returns.figures import DateArray, FloatArray, NotComputable, as_date
from dawsos.compute.risk.drawdown import DatedDrawdown, current_drawdown, dated, deepest
from dawsos.compute.risk.moments import volatility
from dawsos.compute.risk.performance import LEAST_OBSERVATIONS, PLACES, TRADING_DAYS
from dawsos.compute.risk.relative import beta, correlation

Answer = float | NotComputable


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionReturn:
    """Fractions to eight places; null with a reason. Figures per year take 252 days; ``portfolio_return`` is over the same days."""

    total_return: float | None
    annualized_return: float | None
    portfolio_return: float | None
    volatility: float | None
    risk_free_rate: float | None
    sharpe: float | None
    max_drawdown: float | None
    current_drawdown: float | None
    beta_to_portfolio: float | None
    correlation: float | None
    max_drawdown_peak_date: date | None
    max_drawdown_trough_date: date | None
    max_drawdown_recovery_date: date | None
    recovery_days: int | None
    start_date: date | None
    end_date: date | None
    n_obs: int
    reasons: dict[str, str] = field(default_factory=dict)


def position_return(returns: FloatArray, portfolio: FloatArray, dates: DateArray, risk_free: FloatArray | None) -> PositionReturn:
    """Figures of one position from its daily ``returns[D]`` (NaN while it was not held) and those of its portfolio on the same days.

    ``dates[D + 1]`` begin with the opening valuation. The total return links the days held, Π(1 + r) − 1, and is stated per year when the
    window is longer than a year; Sharpe ratio: (252·mean − rf) / volatility, rf the mean of ``risk_free[D]`` over the days held. Spread and
    co-movement need 30 days. Drawdowns are those of the linked returns. Source of the ratio: Sharpe, Journal of Portfolio Management, 1994.
    """
    held = np.flatnonzero(~np.isnan(returns))
    if not held.size:
        return nothing("the position was not held on any valued day of the window")
    inside = returns[held]
    total = float(np.asarray(link(inside)))
    if np.isnan(total):
        return nothing("everything was lost on one day")
    start, end = dates[held[0]], dates[held[-1] + 1]
    answers = _answers(inside, portfolio[held], None if risk_free is None else risk_free[held], total, (end - start).astype(int))
    falls = deepest(inside)
    answers["max_drawdown"] = falls[0].depth if falls else 0.0
    fall = dated(falls[0], np.concatenate([[start], dates[held + 1]])) if falls else None
    return _record(answers, fall, (as_date(start), as_date(end)), held.size)


def _answers(own: FloatArray, whole: FloatArray, risk_free: FloatArray | None, total: float, days: int) -> dict[str, Answer]:
    rate = annualise(total, int(days))
    answers: dict[str, Answer] = {
        "total_return": total,
        "annualized_return": NotComputable("calendar days to state a return per year", 366, int(days)) if rate is None else rate,
        "portfolio_return": _linked(whole),
        "current_drawdown": float(np.asarray(current_drawdown(own))),
        "risk_free_rate": _riskless(risk_free),
    }
    few = NotComputable("daily returns", LEAST_OBSERVATIONS, own.size) if own.size < LEAST_OBSERVATIONS else None
    answers["volatility"] = few or float(np.asarray(volatility(own)))
    answers["sharpe"] = few or _sharpe(own, answers)
    shared = ~np.isnan(whole)
    for name, of in (("beta_to_portfolio", beta), ("correlation", correlation)):
        found = float(np.asarray(of(own[shared], whole[shared])))
        answers[name] = few or (NotComputable("returns that vary") if np.isnan(found) else found)
    return answers


def _linked(whole: FloatArray) -> Answer:
    total = float(np.asarray(link(whole)))
    return NotComputable("daily returns of the portfolio above −100 %") if np.isnan(total) else total


def _riskless(risk_free: FloatArray | None) -> Answer:
    known = np.array([]) if risk_free is None else risk_free[~np.isnan(risk_free)]
    return float(known.mean()) if known.size else NotComputable("a risk-free rate")


def _sharpe(own: FloatArray, answers: dict[str, Answer]) -> Answer:
    spread, rate = answers["volatility"], answers["risk_free_rate"]
    if isinstance(rate, NotComputable) or isinstance(spread, NotComputable):
        return NotComputable("a risk-free rate")
    return NotComputable("returns that vary: the volatility is zero") if spread == 0 else (TRADING_DAYS * float(own.mean()) - rate) / spread


def _record(answers: dict[str, Answer], fall: DatedDrawdown | None, window: tuple[date, date], n_obs: int) -> PositionReturn:
    reasons = {name: str(answer) for name, answer in answers.items() if isinstance(answer, NotComputable)}
    numbers: dict[str, Any] = {
        name: None if isinstance(answer, NotComputable) else round(answer, PLACES) + 0.0 for name, answer in answers.items()
    }
    if fall is None:
        none = ("max_drawdown_peak_date", "max_drawdown_trough_date", "max_drawdown_recovery_date", "recovery_days")
        reasons |= dict.fromkeys(none, "no drawdown in the window")
    elif fall.recovery_date is None:
        reasons |= dict.fromkeys(("max_drawdown_recovery_date", "recovery_days"), "not recovered yet")
    return PositionReturn(
        **numbers,
        max_drawdown_peak_date=fall.peak_date if fall else None,
        max_drawdown_trough_date=fall.trough_date if fall else None,
        max_drawdown_recovery_date=fall.recovery_date if fall else None,
        recovery_days=fall.recovery_days if fall else None,
        start_date=window[0],
        end_date=window[1],
        n_obs=n_obs,
        reasons=reasons,
    )


def nothing(reason: str) -> PositionReturn:
    """No figure at all, each for the same reason."""
    names = [name for name in PositionReturn.__dataclass_fields__ if name not in {"n_obs", "reasons"}]
    empty: dict[str, Any] = dict.fromkeys(names)
    return PositionReturn(**empty, n_obs=0, reasons=dict.fromkeys(names, reason))


def shown(returns: FloatArray) -> list[float | None]:
    """Daily returns to eight places, null where there is none."""
    return [None if np.isnan(one) else round(one, PLACES) + 0.0 for one in returns.tolist()]


def linked_path(returns: FloatArray) -> list[float | None]:
    """Π(1 + r) − 1 up to each day, to eight places; days without a return keep the last figure, and before the first there is none."""
    path = np.where(np.isnan(returns).cumprod().astype(bool), np.nan, np.cumprod(1.0 + np.nan_to_num(returns)) - 1.0)
    return shown(path)
