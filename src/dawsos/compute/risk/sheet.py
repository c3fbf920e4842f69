"""The full performance and risk sheet of one return series, or of a block of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawsos.compute.returns.figures import FloatArray, NotComputable, as_block, as_unread_block, infinite
from dawsos.compute.risk.relative import AlphaMethod, CaptureMethod
from dawsos.compute.risk.sheet_fields import FIELDS, INDEX, NEEDED, OTHERWISE, OWN, PER_YEAR, RELATIVE
from dawsos.compute.risk.tail import normal_density, normal_quantile
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """How the figures of a sheet are to be understood.

    ``periods_per_year`` N; ``ddof`` of volatility, Sharpe ratio and tracking error; ``target`` and ``risk_free`` per period; ``tail`` share
    of VaR, CVaR and tail ratio. ``win_rate_among`` all observations or those other than zero. ``shape``: population or bias-adjusted
    skewness and kurtosis. ``var_ddof`` of the standard deviation in Gaussian and Cornish–Fisher VaR. ``alpha``: see
    :data:`~dawsos.compute.risk.relative.AlphaMethod`. ``information``: active premium from compounded returns per year, or N × the mean
    difference. ``capture``: see :data:`~dawsos.compute.risk.relative.CaptureMethod`. ``annualise_from``: years of history from which a
    compounded return is stated per year.
    """

    periods_per_year: float = 252.0
    ddof: int = 1
    target: float = 0.0
    risk_free: float = 0.0
    tail: float = 0.05
    win_rate_among: Literal["all", "moves"] = "all"
    shape: Literal["population", "sample"] = "population"
    var_ddof: Literal[0, 1] = 0
    alpha: AlphaMethod = "jensen"
    information: Literal["geometric", "arithmetic"] = "geometric"
    capture: CaptureMethod = "compounded"
    annualise_from: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 < self.tail < 0.5:
            raise Invalid(f"A tail of {self.tail} is not a share below one half.", remedy="Give 0.05 for a 95 % value at risk.")
        if not self.periods_per_year > 0.0:
            raise Invalid(f"{self.periods_per_year} periods a year.", remedy="Give 252 for daily, 12 for monthly returns.")

    def packed(self) -> FloatArray:
        """As the kernel reads them."""
        z = normal_quantile(self.tail)
        return np.array(
            [
                self.periods_per_year,
                self.ddof,
                self.target,
                self.risk_free,
                self.tail,
                self.win_rate_among == "moves",
                self.shape == "sample",
                self.var_ddof,
                ("jensen", "regression", "arithmetic").index(self.alpha),
                self.information == "arithmetic",
                self.annualise_from,
                (1.0 + self.risk_free) ** self.periods_per_year - 1.0,
                z,
                normal_density(z),
                ("compounded", "annualised", "means").index(self.capture),
            ],
            dtype=np.float64,
        )


DAILY = Conventions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The figures of one series; a null one has an entry in ``missing``. Returns are fractions, losses and drawdowns negative.

    ``n_obs`` are the observations present, ``n_shared`` those the benchmark has too. Formulas: the functions of the same names in
    :mod:`dawsos.compute.risk`; ``pain_index`` is the average drawdown, ``profit_factor`` = Σ gains/Σ|losses|, ``mean_return`` per period.
    """

    n_obs: int
    n_shared: int
    total_return: float | None
    annual_return: float | None
    mean_return: float | None
    volatility: float | None
    downside_deviation: float | None
    semi_deviation: float | None
    sharpe_ratio: float | None
    sortino_ratio: float | None
    omega_ratio: float | None
    skewness: float | None
    excess_kurtosis: float | None
    max_drawdown: float | None
    pain_index: float | None
    ulcer_index: float | None
    calmar_ratio: float | None
    martin_ratio: float | None
    pain_ratio: float | None
    burke_ratio: float | None
    var_historical: float | None
    cvar_historical: float | None
    var_gaussian: float | None
    cvar_gaussian: float | None
    var_cornish_fisher: float | None
    cvar_cornish_fisher: float | None
    tail_ratio: float | None
    stability: float | None
    win_rate: float | None
    average_win: float | None
    average_loss: float | None
    payoff_ratio: float | None
    profit_factor: float | None
    best_return: float | None
    worst_return: float | None
    beta: float | None
    alpha: float | None
    correlation: float | None
    r_squared: float | None
    tracking_error: float | None
    information_ratio: float | None
    active_return: float | None
    treynor_ratio: float | None
    m_squared: float | None
    up_capture: float | None
    down_capture: float | None
    batting_average: float | None
    missing: Mapping[str, NotComputable] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetBlock:
    """The sheets of a block as columns: ``figures[portfolios × FIELDS]``, NaN where a figure is null, and the observation counts."""

    figures: FloatArray
    n_obs: NDArray[np.int64]
    n_shared: NDArray[np.int64]
    conventions: Conventions
    has_benchmark: bool

    def __len__(self) -> int:
        return int(self.n_obs.size)

    def column(self, name: str) -> FloatArray:
        """One figure of every portfolio."""
        return self.figures[:, INDEX[name]]

    def sheet(self, row: int) -> Sheet:
        """One portfolio's sheet as a record."""
        values = self.figures[row].tolist()
        own, shared = int(self.n_obs[row]), int(self.n_shared[row])
        numbers = {name: None if value != value else value for name, value in zip(FIELDS, values, strict=True)}  # noqa: PLR0124 - NaN
        missing = {name: self._why(name, own, shared) for name, value in numbers.items() if value is None}
        return Sheet(n_obs=own, n_shared=shared, missing=missing, **numbers)

    def _why(self, name: str, own: int, shared: int) -> NotComputable:
        is_relative = INDEX[name] >= len(OWN)
        if is_relative and not self.has_benchmark:
            return NotComputable("a benchmark")
        had, needed = (shared, NEEDED[name]) if is_relative else (own, NEEDED.get(name, 1))
        if had < needed:
            return NotComputable("returns shared with the benchmark" if is_relative else "returns", needed, had)
        year = self.conventions.annualise_from * self.conventions.periods_per_year
        if name in PER_YEAR and had < year:
            return NotComputable("returns to state a figure per year", int(np.ceil(year)), had)
        return NotComputable(OTHERWISE.get(name, "numbers that a float can hold"))


def sheet_batch(returns: ArrayLike, benchmark: ArrayLike | None = None, *, conventions: Conventions = DAILY) -> SheetBlock:
    """The sheets of a block ``returns[portfolios × T]``; ``benchmark`` is one series ``[T]`` for all or one per portfolio.

    NaN observations are left out, on both sides for figures against the benchmark. Figures need 1 observation, spread 2, skewness and
    stability 3, kurtosis 4, tails and everything against a benchmark 30. Works row by row in the processor's cache: memory beyond the
    input is a few rows. Raises :class:`Invalid` for infinities and for a benchmark of another shape.
    """
    block = _rows(as_unread_block(returns, "Returns"))
    other = np.empty((0, block.shape[1])) if benchmark is None else _rows(as_block(benchmark, "Benchmark returns"))
    if other.shape[1] != block.shape[1] or other.shape[0] not in {0, 1, block.shape[0]}:
        raise Invalid(
            f"Benchmark {other.shape} does not fit returns {block.shape}.", remedy="Align it by date: one row, or one per portfolio."
        )
    from dawsos.compute.risk.sheet_kernel import sheets  # noqa: PLC0415 - Numba takes a second to import; only sheets need it

    figures, counts = np.empty((block.shape[0], len(FIELDS))), np.empty((block.shape[0], 2), dtype=np.int64)
    if not sheets(block, other, conventions.packed(), figures, counts):
        raise infinite("Returns")
    return SheetBlock(figures, counts[:, 0], counts[:, 1], conventions, has_benchmark=benchmark is not None)


def sheet(returns: ArrayLike, benchmark: ArrayLike | None = None, *, conventions: Conventions = DAILY) -> Sheet:
    """The sheet of one series; see :func:`sheet_batch`."""
    if np.ndim(returns) != 1:
        raise Invalid("A sheet is of one series.", remedy="Use sheet_batch for a block of portfolios.")
    return sheet_batch(returns, benchmark, conventions=conventions).sheet(0)


def _rows(block: FloatArray) -> FloatArray:
    return np.ascontiguousarray(block if block.ndim == 2 else block[None, :])


__all__ = ["DAILY", "FIELDS", "OWN", "RELATIVE", "Conventions", "Sheet", "SheetBlock", "sheet", "sheet_batch"]
