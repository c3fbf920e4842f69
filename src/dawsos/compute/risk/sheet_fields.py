"""The figures of the full sheet: their order in the kernel's output, what each needs, and why one may be missing."""

from typing import Final

#: Figures of the return series alone, in the order of the kernel's output.
OWN: Final = (
    "total_return",
    "annual_return",
    "mean_return",
    "volatility",
    "downside_deviation",
    "semi_deviation",
    "sharpe_ratio",
    "sortino_ratio",
    "omega_ratio",
    "skewness",
    "excess_kurtosis",
    "max_drawdown",
    "pain_index",
    "ulcer_index",
    "calmar_ratio",
    "martin_ratio",
    "pain_ratio",
    "burke_ratio",
    "var_historical",
    "cvar_historical",
    "var_gaussian",
    "cvar_gaussian",
    "var_cornish_fisher",
    "cvar_cornish_fisher",
    "tail_ratio",
    "stability",
    "win_rate",
    "average_win",
    "average_loss",
    "payoff_ratio",
    "profit_factor",
    "best_return",
    "worst_return",
)
#: Figures against a benchmark, after those.
RELATIVE: Final = (
    "beta",
    "alpha",
    "correlation",
    "r_squared",
    "tracking_error",
    "information_ratio",
    "active_return",
    "treynor_ratio",
    "m_squared",
    "up_capture",
    "down_capture",
    "batting_average",
)
FIELDS: Final = OWN + RELATIVE
INDEX: Final = {name: place for place, name in enumerate(FIELDS)}

#: Least observations (shared with the benchmark, for figures against it) a figure is stated from; one where not named.
NEEDED: Final = {
    **dict.fromkeys(("volatility", "sharpe_ratio", "semi_deviation"), 2),
    **dict.fromkeys(("skewness", "stability"), 3),
    "excess_kurtosis": 4,
    **dict.fromkeys(
        ("var_historical", "cvar_historical", "var_gaussian", "cvar_gaussian", "var_cornish_fisher", "cvar_cornish_fisher", "tail_ratio"),
        30,
    ),
    **dict.fromkeys(RELATIVE, 30),
}
#: Figures that rest on a compounded return per year, which a short history does not have.
PER_YEAR: Final = frozenset(
    {
        "annual_return",
        "calmar_ratio",
        "martin_ratio",
        "pain_ratio",
        "burke_ratio",
        "alpha",
        "information_ratio",
        "active_return",
        "treynor_ratio",
        "m_squared",
    }
)
#: What is missing when there are observations enough and the figure still has no value.
OTHERWISE: Final = {
    **dict.fromkeys(("total_return", "annual_return", "stability", "max_drawdown", "pain_index", "ulcer_index"), "returns above −100 %"),
    **dict.fromkeys(("sharpe_ratio", "skewness", "excess_kurtosis", "var_cornish_fisher", "cvar_cornish_fisher"), "returns that vary"),
    **dict.fromkeys(("sortino_ratio", "omega_ratio"), "a return below the target"),
    **dict.fromkeys(("calmar_ratio", "martin_ratio", "pain_ratio", "burke_ratio"), "a drawdown"),
    "tail_ratio": "a lower quantile other than zero",
    "average_win": "a gain",
    **dict.fromkeys(("average_loss", "profit_factor"), "a loss"),
    "payoff_ratio": "a gain and a loss",
    **dict.fromkeys(("beta", "alpha"), "benchmark returns that vary"),
    **dict.fromkeys(("correlation", "r_squared"), "returns and benchmark returns that vary"),
    "information_ratio": "returns that differ from the benchmark's by a varying amount",
    "active_return": "returns above −100 %",
    "treynor_ratio": "a beta other than zero",
    "m_squared": "returns that vary",
    "up_capture": "a benchmark gain",
    "down_capture": "a benchmark loss",
}
