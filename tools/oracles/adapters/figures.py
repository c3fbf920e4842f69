"""Which public function answers which words: the book of figures for return series."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dawsos.compute.returns import annualised_return, link
from dawsos.compute.risk import (
    co_moments,
    conditional_volatility,
    downside,
    drawdown,
    drawdown_table,
    inference,
    moments,
    ratios,
    relative,
    reward,
    tail,
)  # fmt: skip
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
    def tail_ddof(self) -> int:
        """Of the spread in a parametric loss: the population's, unless the case says otherwise."""
        return 1 if self.says(r"ddof ?= ?1", r"\bsample (sd|sigma|standard)", r"n ?- ?1") else 0

    @property
    def decay(self) -> float:
        found = re.search(r"(?:lambda|decay|λ)\s*=?\s*(0?\.\d+)", self.words)
        return float(found.group(1)) if found else conditional_volatility.DAILY_DECAY

    @property
    def ddof(self) -> int:
        return 0 if self.says(r"population", r"ddof ?= ?0", r"divide by n\b", r"as in the book") else 1


def _signed(ask: Ask, loss: Any) -> Any:
    """Losses are negative here; a case that prints them as positive amounts says so."""
    return -loss if ask.says(r"losses positive", r"positive loss") else loss


#: The words that name a quantile's convention.
_QUANTILES = (
    (r"ceil", "worst"),
    (r"no interpolation", "worst"),
    (r"type.?1\b|inverted.cdf", "inverted_cdf"),
    (r"type.?2\b", "averaged_inverted_cdf"),
    (r"type.?3\b|closest", "closest_observation"),
    (r"type.?4\b", "interpolated_inverted_cdf"),
    (r"type.?5\b|hazen", "hazen"),
    (r"type.?6\b|weibull|percentile\.exc|quantile\.exc", "weibull"),
    (r"type.?8\b|median.unbiased", "median_unbiased"),
    (r"type.?9\b|normal.unbiased", "normal_unbiased"),
    (r"\blower\b", "lower"),
    (r"\bhigher\b", "higher"),
    (r"\bnearest\b", "nearest"),
    (r"midpoint", "midpoint"),
)


def _quantile_method(ask: Ask) -> Any:
    return next((method for pattern, method in _QUANTILES if ask.says(pattern)), "linear")


def _horizon(ask: Ask, loss: Any) -> Any:
    """Over several periods where the key or title says so: ``10-day``."""
    days = re.search(r"\b(\d+).?(?:day|period)s? (?:var|cvar|es|value|horizon)", f"{ask.key} {ask.title}")
    return tail.over_horizon(loss, float(days.group(1))) if days and days.group(1) != "1" else loss


def _var(ask: Ask) -> Any:
    return _signed(ask, _horizon(ask, _var_of_period(ask)))


def _var_of_period(ask: Ask) -> Any:
    if ask.says("ewma", "riskmetrics", "exponentially weighted"):
        return conditional_volatility.ewma_var(ask.series, tail=ask.tail, decay=ask.decay)
    if ask.says(r"student"):
        degrees = re.search(r"(\d+) degrees|df ?= ?(\d+)|nu ?= ?(\d+)", ask.words)
        return tail.student_var(ask.series, degrees=float(next(filter(None, degrees.groups()))) if degrees else 4.0, tail=ask.tail)
    if ask.says("modified", "cornish"):
        return tail.cornish_fisher_var(ask.series, tail=ask.tail, ddof=ask.tail_ddof)
    if ask.says("gaussian", "parametric", r"\bnormal\b", "variance.covariance", "delta.normal"):
        return tail.gaussian_var(ask.series, tail=ask.tail, ddof=ask.tail_ddof)
    return tail.historical_var(ask.series, tail=ask.tail, method=_quantile_method(ask))


def _cvar(ask: Ask) -> Any:
    if ask.says("modified", "cornish"):
        return _signed(ask, _horizon(ask, tail.cornish_fisher_cvar(ask.series, tail=ask.tail, ddof=ask.tail_ddof)))
    if ask.says("gaussian", "parametric", r"\bnormal\b"):
        return _signed(ask, _horizon(ask, tail.gaussian_cvar(ask.series, tail=ask.tail, ddof=ask.tail_ddof)))
    if ask.says("fractional", "rockafellar"):
        return _signed(ask, _horizon(ask, tail.historical_cvar(ask.series, tail=ask.tail, method="fractional")))
    if ask.says(r"floor\(|int\(\(n ?- ?1\)|cutoff index"):
        return _signed(ask, _horizon(ask, tail.historical_cvar(ask.series, tail=ask.tail, method="below_position")))
    loss = tail.historical_cvar(ask.series, tail=ask.tail, quantile_method=_quantile_method(ask))
    return _signed(ask, _horizon(ask, loss))


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
    return relative.timing_ratio(ask.series, ask.against, risk_free=ask.risk_free)


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


def _tail_reward(of: Callable[..., Any], model: str | None = None) -> Callable[[Ask], Any]:
    def answered(ask: Ask) -> Any:
        named = "gaussian" if ask.says("gaussian", "parametric") else "cornish_fisher" if ask.says("modified", "cornish") else "historical"
        return of(ask.series, tail=ask.tail, risk_free=ask.risk_free, model=model or named)

    return answered


def _word(ask: Ask, *words: str) -> Any:
    """The first of ``words`` that key or title has."""
    return next(word for word in words if word in (ask.key or ask.title) or word in ask.title)


def _share(ask: Ask) -> Any:
    text = ask.key if re.search(r"\b(up|down)\b", ask.key) else ask.title
    of = "percentage" if "percent" in text else "number"
    return relative.share_ratio(ask.series, ask.against, side="down" if "down" in text else "up", of=of)


def _mean_target(ask: Ask) -> float:
    """Partial moments are taken below the mean unless the case names a target."""
    return ask.threshold or float(np.nanmean(ask.series))


#: The first pattern found in the key decides; if none is, the first found in the title.
BOOK: tuple[tuple[str, Callable[[Ask], Any]], ...] = (
    (r"prob\w* sharpe|\bpsr\b", lambda ask: inference.probabilistic_sharpe(ask.series, risk_free=ask.risk_free)),
    (
        r"min\w* track|\bmintrl\b",
        lambda ask: inference.minimum_track_record(ask.series, risk_free=ask.risk_free, confidence=1.0 - ask.tail),
    ),
    (r"jarque", lambda ask: inference.jarque_bera(ask.series)),
    (r"standard error|stderr|\bse mean\b", lambda ask: inference.standard_error_of_mean(ask.series)),
    (r"\blcl\b|lower (confidence|limit)", lambda ask: inference.confidence_of_mean(ask.series, side="lower")),
    (r"\bucl\b|upper (confidence|limit)", lambda ask: inference.confidence_of_mean(ask.series, side="upper")),
    (r"hurst", lambda ask: inference.hurst_exponent(ask.series)),
    (r"kelly", lambda ask: reward.kelly(ask.series, risk_free=ask.risk_free, half=ask.says(r"\bhalf\b"))),
    (r"rachev", lambda ask: reward.rachev(ask.series, upper=ask.tail, lower=ask.tail, risk_free=ask.risk_free)),
    (r"(sharpe|reward).*\b(mvar|modified var)|modified sharpe", _tail_reward(reward.reward_to_var, "cornish_fisher")),
    (r"reward.to.(cvar|conditional|es)|starr", _tail_reward(reward.reward_to_cvar)),
    (r"reward.to.(var|value)", _tail_reward(reward.reward_to_var)),
    (r"mad ratio", lambda ask: reward.mad_ratio(ask.series, risk_free=ask.risk_free)),
    (r"gini ratio", lambda ask: reward.gini_ratio(ask.series, risk_free=ask.risk_free)),
    (r"minimax", lambda ask: reward.minimax_ratio(ask.series, risk_free=ask.risk_free)),
    (r"gain.to.pain", lambda ask: reward.gain_to_pain(ask.series)),
    (r"common.sense", lambda ask: reward.common_sense_ratio(ask.series)),
    (r"cpc", lambda ask: reward.cpc_index(ask.series)),
    (r"profit factor", lambda ask: reward.profit_factor(ask.series)),
    (r"payoff|win.?loss ratio", lambda ask: ratios.payoff_ratio(ask.series)),
    (r"recovery factor", lambda ask: reward.recovery_factor(ask.series)),
    (r"risk of ruin|\bror\b", lambda ask: reward.risk_of_ruin(ask.series)),
    (r"smart sharpe", lambda ask: reward.smart_sharpe(ask.series, risk_free=ask.risk_free, periods_per_year=ask.periods)),
    (r"consecutive (wins|gains)", lambda ask: reward.longest_streak(ask.series, of="gains")),
    (r"consecutive loss", lambda ask: reward.longest_streak(ask.series, of="losses")),
    (r"beta co.?skew", lambda ask: co_moments.beta_coskewness(ask.series, ask.against)),
    (r"beta co.?kurt", lambda ask: co_moments.beta_cokurtosis(ask.series, ask.against)),
    (r"co.?skew", lambda ask: co_moments.coskewness(ask.series, ask.against)),
    (r"co.?kurt", lambda ask: co_moments.cokurtosis(ask.series, ask.against)),
    (r"\b(up|down) (number|percent\w*)", _share),
    (r"(average|mean) (length|recovery)", lambda ask: drawdown_table.average_fall(ask.series, of=_word(ask, "recovery", "length"))),
    (r"edar|entropic drawdown", lambda ask: Magnitude(drawdown_table.entropic_drawdown(ask.series, tail=ask.tail, **_first_peak(ask)))),
    (r"drawdown at risk|\bdar\b", lambda ask: Magnitude(drawdown_table.drawdown_at_risk(ask.series, tail=ask.tail, **_first_peak(ask)))),
    (r"entropic risk measure", lambda ask: _signed(ask, tail.entropic_risk(ask.series, tail=ask.tail))),
    (r"(third|3rd) central", lambda ask: moments.central_moment(ask.series, 3)),
    (r"(fourth|4th) central", lambda ask: moments.central_moment(ask.series, 4)),
    (r"(fourth|4th) lower partial", lambda ask: downside.lower_partial_moment(ask.series, threshold=_mean_target(ask), order=4)),
    (r"(first|1st) lower partial", lambda ask: downside.lower_partial_moment(ask.series, threshold=_mean_target(ask), order=1)),
    (
        r"ewma|exponentially weighted",
        lambda ask: conditional_volatility.ewma_volatility(ask.series, decay=ask.decay, periods_per_year=ask.per_year),
    ),
    (r"geometric mean|mean geometric", lambda ask: moments.geometric_mean(ask.series)),
    (r"individual drawdown|average of (all|the) drawdowns", lambda ask: Magnitude(drawdown_table.average_fall(ask.series))),
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
