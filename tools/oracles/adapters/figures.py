"""Which public function answers which words: the book of figures for return series."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dawsos.compute.returns import annualised_return, link
from dawsos.compute.risk import downside, drawdown, moments, ratios, relative, tail
from tools.oracles.adapters.series import Series
from tools.oracles.cases import NoFunction
from tools.oracles.compare import Magnitude


@dataclass(frozen=True)
class Ask:
    """One figure asked for: its series and conventions, and the ``key``, ``title`` and all ``words`` it is asked in (lower case)."""

    key: str
    title: str
    words: str
    series: Series
    benchmark: Series | None
    threshold: float
    risk_free: float | Series
    periods: float
    is_yearly: bool
    tail: float
    order: float

    @property
    def against(self) -> Series:
        if self.benchmark is None:
            raise NoFunction("the case names no benchmark")
        return self.benchmark

    def says(self, *patterns: str) -> bool:
        return any(re.search(pattern, self.words) for pattern in patterns)

    @property
    def per_year(self) -> float:
        """Periods per year where the figure is asked per year, else 1."""
        return self.periods if self.is_yearly else 1.0

    @property
    def risk_free_per_year(self) -> float:
        return (1.0 + float(np.mean(self.risk_free))) ** self.periods - 1.0

    @property
    def ddof(self) -> int:
        return 0 if self.says(r"population", r"ddof ?= ?0", r"divide by n\b", r"as in the book") else 1


def _signed(ask: Ask, loss: Any) -> Any:
    """Losses are negative here; a case that prints them as positive amounts says so."""
    return -loss if ask.says(r"losses positive", r"positive loss") else loss


def _var(ask: Ask) -> Any:
    if ask.says("modified", "cornish"):
        return _signed(ask, tail.cornish_fisher_var(ask.series, tail=ask.tail))
    if ask.says("gaussian", "parametric"):
        return _signed(ask, tail.gaussian_var(ask.series, tail=ask.tail, ddof=1 if ask.says(r"ddof ?= ?1", "sample") else 0))
    method = "worst" if ask.says("ceil", "no interpolation") else "linear"
    return _signed(ask, tail.historical_var(ask.series, tail=ask.tail, method=method))


def _cvar(ask: Ask) -> Any:
    if ask.says("modified", "cornish"):
        return _signed(ask, tail.cornish_fisher_cvar(ask.series, tail=ask.tail))
    if ask.says("gaussian", "parametric"):
        return _signed(ask, tail.gaussian_cvar(ask.series, tail=ask.tail))
    method = "fractional" if ask.says("fractional", "rockafellar") else "at_or_below"
    return _signed(ask, tail.historical_cvar(ask.series, tail=ask.tail, method=method))


def _is_compounded(ask: Ask) -> bool:
    """Bacon's book adds returns up instead of linking them when it speaks of drawdowns."""
    return not ask.says("uncompounded", "non-compounded", r"simple (sum|interest)", r"\bbacon\b")


def _falls(ask: Ask) -> str:
    return "losing_runs" if ask.says(r"consecutive", r"losing runs?", r"\bbacon\b") else "peak_to_recovery"


def _first_peak(ask: Ask) -> dict[str, Any]:
    return {
        "compounded": _is_compounded(ask),
        "first_peak": "first" if ask.says("first observation is the (first )?peak", "starts at the first observation") else "start",
    }


def _sharpe(ask: Ask) -> Any:
    method = "geometric" if ask.says("compounded return over", "geometric return over") else "arithmetic"
    return ratios.sharpe(ask.series, risk_free=ask.risk_free, periods_per_year=ask.per_year, method=method)


def _capture(ask: Ask) -> Any:
    side = "down" if "down" in (ask.key or ask.title) else "up"
    method = "means" if ask.says("ratio of means", "mean returns") else "annualised" if ask.is_yearly else "compounded"
    return relative.capture(ask.series, ask.against, side=side, method=method, periods_per_year=ask.periods)


def _frequency(ask: Ask) -> Any:
    of = downside.downside_frequency if ask.says(r"^(down|below)", r"^downside frequency") else downside.upside_frequency
    return of(ask.series, threshold=ask.threshold)


def _alpha(ask: Ask) -> Any:
    method = "regression" if ask.says(r"mean residual", "annualised geometrically") else "jensen" if ask.says("jensen") else "arithmetic"
    return relative.alpha(
        ask.series,
        ask.against,
        risk_free=ask.risk_free,
        periods_per_year=ask.periods if method != "arithmetic" else ask.per_year,
        method=method,
    )


def _beta(ask: Ask) -> Any:
    text = ask.key or ask.title
    when = "up" if re.search(r"\b(bull|up)\b", text) else "down" if re.search(r"\b(bear|down)\b", text) else "always"
    return relative.beta(ask.series, ask.against, risk_free=ask.risk_free, when=when)


def _timing(ask: Ask) -> Any:
    up, down = (relative.beta(ask.series, ask.against, risk_free=ask.risk_free, when=when) for when in ("up", "down"))
    return up / down


def _shape_method(ask: Ask) -> str:
    return "sample" if ask.says(r"\bsample\b", "bias-adjusted", "unbiased") else "population"


def _yearly(of: Callable[..., Any], **fixed: Any) -> Callable[[Ask], Any]:
    """A function of one series and ``periods_per_year``."""
    return lambda ask: of(ask.series, periods_per_year=ask.periods, **fixed)


def _reward(of: Callable[..., Any]) -> Callable[[Ask], Any]:
    """A function that takes a yearly riskless rate off a compounded return."""
    return lambda ask: of(ask.series, risk_free=ask.risk_free_per_year, periods_per_year=ask.periods, compounded=_is_compounded(ask))


def _beyond(of: Callable[..., Any]) -> Callable[[Ask], Any]:
    """A function of one series and a threshold per period."""
    return lambda ask: of(ask.series, threshold=ask.threshold)


def _versus(of: Callable[..., Any], **fixed: Any) -> Callable[[Ask], Any]:
    """A function of a series, a benchmark and ``periods_per_year``."""
    return lambda ask: of(ask.series, ask.against, periods_per_year=ask.periods, **fixed)


def _spread(of: Callable[..., Any]) -> Callable[[Ask], Any]:
    """Systematic, specific and total risk, which take a divisor."""
    return lambda ask: of(ask.series, ask.against, periods_per_year=ask.periods, ddof=0 if ask.ddof == 0 else 1)


#: The first pattern found in the key decides; if none is, the first found in the title.
BOOK: tuple[tuple[str, Callable[[Ask], Any]], ...] = (
    (
        r"adjusted sharpe",
        lambda ask: ratios.adjusted_sharpe(ask.series, risk_free=ask.risk_free, periods_per_year=ask.periods, method="geometric"),
    ),
    (r"appraisal", _versus(relative.appraisal_ratio)),
    (r"bernardo|ledoit|gain.?loss ratio", lambda ask: downside.omega(ask.series)),
    (
        r"modified burke",
        lambda ask: drawdown.burke(
            ask.series, risk_free=ask.risk_free_per_year, periods_per_year=ask.periods, modified=True, falls=_falls(ask)
        ),
    ),
    (r"burke", lambda ask: drawdown.burke(ask.series, risk_free=ask.risk_free_per_year, periods_per_year=ask.periods, falls=_falls(ask))),
    (r"martin", _reward(drawdown.martin)),
    (r"pain ratio", _reward(drawdown.pain)),
    (r"pain index", lambda ask: drawdown.average_drawdown(ask.series, compounded=_is_compounded(ask))),
    (r"ulcer", lambda ask: drawdown.ulcer_index(ask.series, **_first_peak(ask))),
    (r"calmar", _yearly(drawdown.calmar)),
    (r"sterling", _yearly(drawdown.sterling)),
    (r"drawdown deviation", lambda ask: drawdown.drawdown_deviation(ask.series, falls=_falls(ask))),
    (r"cdar|conditional drawdown", lambda ask: Magnitude(drawdown.conditional_drawdown(ask.series, tail=ask.tail, **_first_peak(ask)))),
    (r"average drawdown|mean drawdown", lambda ask: Magnitude(drawdown.average_drawdown(ask.series, **_first_peak(ask)))),
    (r"max\w* ?(dd|draw)|\bmdd\b", lambda ask: Magnitude(drawdown.max_drawdown(ask.series, **_first_peak(ask)))),
    (r"current drawdown", lambda ask: Magnitude(drawdown.current_drawdown(ask.series))),
    (r"kappa", lambda ask: downside.kappa(ask.series, threshold=ask.threshold, order=ask.order)),
    (r"omega.?excess", _versus(relative.omega_excess_return, threshold=0.0)),
    (r"omega.?sharpe", _beyond(downside.omega_sharpe)),
    (r"omega", _beyond(downside.omega)),
    (
        r"upside potential ratio",
        lambda ask: downside.upside_potential_ratio(ask.series, threshold=ask.threshold, divide_by="side" if ask.says("subset") else "all"),
    ),
    (r"downside potential", _beyond(downside.downside_potential)),
    (r"upside potential|\bpotential\b", _beyond(downside.upside_potential)),
    (r"downside variance", lambda ask: downside.lower_partial_moment(ask.series, threshold=ask.threshold)),
    (r"upside variance|\bvariance\b(?=.*upside)", lambda ask: downside.upper_partial_moment(ask.series, threshold=ask.threshold)),
    (r"lower partial|\blpm\b|\bflpm\b", lambda ask: downside.lower_partial_moment(ask.series, threshold=ask.threshold, order=ask.order)),
    (r"upside (risk|deviation)", _beyond(downside.upside_risk)),
    (
        r"downside (deviation|risk)",
        lambda ask: downside.downside_deviation(ask.series, threshold=ask.threshold, periods_per_year=ask.per_year),
    ),
    (r"frequency", _frequency),
    (r"semi.?deviation", lambda ask: downside.semi_deviation(ask.series, ddof=1 if ask.says(r"ddof ?= ?1", r"n ?- ?1") else 0)),
    (r"semi.?variance", lambda ask: downside.semi_deviation(ask.series, ddof=1 if ask.says(r"ddof ?= ?1", r"n ?- ?1") else 0) ** 2),
    (r"volatility skewness", _beyond(downside.volatility_skewness)),
    (r"variability skewness", _beyond(downside.variability_skewness)),
    (
        r"prospect",
        lambda ask: downside.prospect_ratio(
            ask.series, threshold=ask.threshold, threshold_from="sum" if ask.says("from the sum") else "mean"
        ),
    ),
    (r"d.?ratio", lambda ask: downside.d_ratio(ask.series)),
    (r"skewness ?[/-] ?kurtosis", lambda ask: ratios.skewness_kurtosis_ratio(ask.series)),
    (r"m.?(2|squared).?sortino", _versus(relative.m_squared_sortino)),
    (
        r"m.?(2|squared).?excess",
        lambda ask: relative.m_squared_excess(
            ask.series, ask.against, periods_per_year=ask.periods, method="arithmetic" if ask.says("^arith") else "geometric"
        ),
    ),
    (
        r"m.?squared|\bm2\b",
        lambda ask: relative.m_squared(ask.series, ask.against, risk_free=ask.risk_free_per_year, periods_per_year=ask.periods),
    ),
    (r"modified treynor", _versus(relative.treynor, modified=True)),
    (r"treynor", lambda ask: relative.treynor(ask.series, ask.against, risk_free=ask.risk_free, periods_per_year=ask.periods)),
    (r"epsilon", _versus(relative.regression_epsilon)),
    (r"net selectivity", _versus(relative.net_selectivity)),
    (r"jensen|selectivity", lambda ask: relative.alpha(ask.series, ask.against, risk_free=ask.risk_free, periods_per_year=ask.periods)),
    (r"fama beta", lambda ask: relative.fama_beta(ask.series, ask.against)),
    (r"systematic", _spread(relative.systematic_risk)),
    (r"specific", _spread(relative.specific_risk)),
    (r"\btotal\b", _spread(relative.total_risk)),
    (r"information ratio", _versus(relative.information_ratio)),
    (r"tracking error", lambda ask: relative.tracking_error(ask.series, ask.against, periods_per_year=ask.periods)),
    (r"active (premium|return)", _versus(relative.active_premium)),
    (r"batting", lambda ask: relative.batting_average(ask.series, ask.against)),
    (r"capture", _capture),
    (r"^timing", _timing),
    (r"\bbeta\b|betas|\bbull\b|\bbear\b", _beta),
    (r"alpha", _alpha),
    (r"sortino", lambda ask: ratios.sortino(ask.series, target=ask.threshold, periods_per_year=ask.per_year)),
    (r"sharpe", _sharpe),
    (r"tail ratio", lambda ask: ratios.tail_ratio(ask.series)),
    (r"stability", lambda ask: ratios.stability(ask.series)),
    (r"evar|entropic", lambda ask: _signed(ask, tail.entropic_var(ask.series, tail=ask.tail))),
    (r"\bcvar\b|\bes\b|expected shortfall|conditional value", _cvar),
    (r"\bvar\b|value at risk", _var),
    (r"skew", lambda ask: moments.skewness(ask.series, method=_shape_method(ask))),
    (
        r"kurt",
        lambda ask: moments.kurtosis(ask.series, method=_shape_method(ask), excess=ask.says("excess") and not ask.says("not excess")),
    ),
    (r"gini|\bgmd\b", lambda ask: moments.gini_mean_difference(ask.series)),
    (r"mean absolute|\bmad\b", lambda ask: moments.mean_absolute_deviation(ask.series)),
    (r"autocorr", lambda ask: moments.autocorrelation(ask.series)),
    (r"correlation", lambda ask: relative.correlation(ask.series, ask.against)),
    (r"\bvariance\b", lambda ask: moments.volatility(ask.series, periods_per_year=ask.per_year, ddof=ask.ddof) ** 2),
    (
        r"volatility|standard deviation|\bsd\b|\bstd\b",
        lambda ask: moments.volatility(ask.series, periods_per_year=ask.per_year, ddof=ask.ddof),
    ),
    (r"worst", lambda ask: _signed(ask, float(np.nanmin(ask.series)))),
    (r"\bbest\b", lambda ask: float(np.nanmax(ask.series))),
    (r"win rate", lambda ask: ratios.win_rate(ask.series)),
    (
        r"annual\w* return|\bcagr\b|geometric",
        lambda ask: annualised_return(ask.series, ask.periods, missing_counts=ask.says("including (a )?leading missing", "missing counts")),
    ),
    (r"cumulative|total return", lambda ask: link(ask.series)),
    (r"\bmean\b", lambda ask: moments.mean(ask.series)),
)


def figure(ask: Ask) -> Any:
    """The answer of the function whose words the key, or else the title, uses."""
    for text in (ask.key, ask.title):
        for pattern, function in BOOK:
            if re.search(pattern, text):
                return function(ask)
    raise NoFunction(f"no function for '{ask.key}' of '{ask.title}'")


def over(ask: Ask, window: Series) -> Ask:
    """The same figure of another stretch of the series."""
    return replace(ask, series=window)
