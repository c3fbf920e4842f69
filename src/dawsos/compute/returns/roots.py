"""All rates that make the present value of dated amounts zero, each certified: none overlooked, none invented."""

from dataclasses import dataclass

import numpy as np

from dawsos.compute.returns.figures import BoolArray, FloatArray, NotComputable

#: Growth per year is e^x; beyond these x a rate is −100 % to the last bit of a float, or more than a float holds.
_LOWEST, _HIGHEST = -40.0, 700.0
#: Stretches are not divided below this width.
_NARROWEST = 1e-9
#: Roots closer than this are one: around a double root the equation is zero to the last bit over such a width.
_ALIKE = 1e-6
#: Rates an investment may have had; a second root beyond them, which nearly any flows within a few days produce, does not cast doubt.
PLAUSIBLE = (-0.999999, 100.0)


@dataclass(frozen=True, slots=True)
class InternalRate:
    """The rate per unit of time, and ``roots``: every rate above −100 % that solves the equation, ascending.

    With several roots ``rate`` is the one nearest to zero growth (smallest size of ln(1 + r)); ``is_ambiguous`` is true when more than one
    lies within ``PLAUSIBLE``, and whoever shows the number must say so. Without a root ``rate`` is null and ``missing`` says why.
    """

    rate: float | None
    roots: tuple[float, ...]
    missing: NotComputable | None = None

    @property
    def is_ambiguous(self) -> bool:
        return sum(PLAUSIBLE[0] <= root <= PLAUSIBLE[1] for root in self.roots) > 1


def present_value(times: FloatArray, amounts: FloatArray, growth: float) -> float:
    """Σ amount · e^(−growth · time)."""
    return float(np.dot(amounts, np.exp(-growth * times)))


def internal_rate(times: FloatArray, amounts: FloatArray) -> InternalRate:
    """Solve Σ c·(1 + r)^(−t) = 0 for r > −1.

    ``times`` are years (or periods) from the earliest amount, in any order; amounts of one time are added. With x = ln(1 + r) the left
    side is a sum of exponentials. If the balance carried at a root never changes sign before the end, the root is the only one
    (Teichroew, Robichek and Montalbano 1965). Otherwise every root is isolated by bisection. Around the middle m of a stretch of half
    width h, with times counted from the middle of all times, |f″| ≤ B = Σ|c|·t²·e^(−m·t)·e^(h·T/2); so |f(m)| > |f′(m)|·h + B·h²/2 proves
    that the stretch has no root, and |f′(m)| > B·h that it has at most one.
    """
    t, c = _condensed(times, amounts)
    if c.size == 0:
        return InternalRate(None, (), NotComputable("an amount other than zero", 1, 0))
    changes = int(np.sum(np.sign(c[1:]) != np.sign(c[:-1])))
    if changes == 0:
        return InternalRate(None, (), NotComputable("amounts of both signs"))
    equation = _Equation(t, c)
    growths = _only_root(equation) if changes % 2 else None
    if growths is None:
        growths = _all_roots(equation)
    if not growths:
        return InternalRate(None, (), NotComputable("a rate that makes the present value zero"))
    nearest = min(growths, key=abs)
    return InternalRate(float(np.expm1(nearest)), tuple(float(np.expm1(growth)) for growth in growths))


def _condensed(times: FloatArray, amounts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ascending distinct times counted from the first, with amounts that are not zero, scaled to a largest of 1."""
    distinct, where = np.unique(times, return_inverse=True)
    sums = np.bincount(where, weights=amounts, minlength=distinct.size)
    kept = sums != 0
    t, c = distinct[kept], sums[kept]
    return (t - t[0], c / np.abs(c).max()) if c.size else (t, c)


@dataclass(frozen=True, slots=True)
class _Equation:
    """The left side for condensed amounts, times a positive number that keeps every power at most 1."""

    t: FloatArray
    c: FloatArray

    def terms(self, x: float) -> FloatArray:
        return np.asarray(self.c * np.exp(-x * self.t - max(-x * self.t[-1], 0.0)))

    def value(self, x: float) -> float:
        return float(self.terms(x).sum())

    def root_between(self, low: float, high: float) -> float:
        """The root in a bracket: Newton's steps, halved brackets where they leave it, until neighbouring floats are reached."""
        rising = self.value(high) > 0
        x = (low + high) / 2
        for _ in range(200):
            terms = self.terms(x)
            value, slope = float(terms.sum()), -float(terms @ self.t)
            if value == 0.0:
                break
            low, high = (low, x) if (value > 0) is rising else (x, high)
            step = x - value / slope if slope else low
            following = step if low < step < high else (low + high) / 2
            if abs(following - x) <= 1e-16 * (1.0 + abs(x)) or following in (low, high):
                break
            x = following
        return x


def _only_root(equation: _Equation) -> list[float] | None:
    """The root of amounts whose signs change an odd number of times, if carrying the balance proves that it is the only one."""
    at_zero, first = equation.value(0.0), equation.c[0]
    root = 0.0
    if at_zero != 0.0:
        inner, outer = 0.0, 0.125 if np.sign(at_zero) != np.sign(first) else -0.125
        while np.sign(equation.value(outer)) == np.sign(at_zero):
            inner, outer = outer, outer * 2.0
            if not _LOWEST <= outer <= _HIGHEST:
                return None
        root = equation.root_between(min(inner, outer), max(inner, outer))
    carried = np.cumsum(equation.terms(root))[:-1]
    return [root] if (carried <= 0).all() or (carried >= 0).all() else None


def _limits(t: FloatArray, c: FloatArray) -> tuple[float, float]:
    """Growths beyond which the first amount (above) or the last (below) outweighs all others, so no root can lie there."""
    low, high = -0.125, 0.125
    size = np.abs(c)
    while high < _HIGHEST and np.dot(size[1:], np.exp(-high * t[1:])) >= size[0]:
        high *= 2.0
    while low > _LOWEST and np.dot(size[:-1], np.exp(low * (t[-1] - t[:-1]))) >= size[-1]:
        low *= 2.0
    return max(low, _LOWEST), min(high, _HIGHEST)


def _all_roots(equation: _Equation) -> list[float]:
    low, high = (np.array([limit]) for limit in _limits(equation.t, equation.c))
    found: list[float] = []
    while low.size:
        middle, half = (low + high) / 2, (high - low) / 2
        may_vanish, may_turn, touches = _judged(equation, middle, half)
        crossing = may_vanish & ~may_turn
        found += [root for a, b in zip(low[crossing], high[crossing], strict=True) for root in _crossing(equation, float(a), float(b))]
        undecided = may_vanish & may_turn
        narrow = undecided & (half < _NARROWEST)
        found += [float(x) for x in middle[narrow & touches]]
        open_ = undecided & ~narrow
        low, middle, high = low[open_], middle[open_], high[open_]
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    return _distinct(found)


def _judged(equation: _Equation, middle: FloatArray, half: FloatArray) -> tuple[BoolArray, BoolArray, BoolArray]:
    """For each stretch: whether it may hold a root, whether the equation may turn in it, whether it is zero in its middle."""
    t, c = equation.t, equation.c
    powers = np.exp(-middle[:, None] * t - np.maximum(-middle * t[-1], 0.0)[:, None])
    reach = 0.5 * t[-1]
    from_middle = t - reach
    value, slope = powers @ c, powers @ (c * from_middle)
    with np.errstate(over="ignore"):
        bend = (powers @ (np.abs(c) * from_middle**2)) * np.exp(half * reach)
        may_vanish = np.abs(value) <= np.abs(slope) * half + 0.5 * bend * half**2
        may_turn = np.abs(slope) <= bend * half
    return may_vanish, may_turn, np.abs(value) <= 1e-14 * (powers @ np.abs(c))


def _crossing(equation: _Equation, low: float, high: float) -> list[float]:
    at_low, at_high = equation.value(low), equation.value(high)
    if at_low == 0.0 or at_high == 0.0:
        return [low if at_low == 0.0 else high]
    return [] if (at_low > 0) == (at_high > 0) else [equation.root_between(low, high)]


def _distinct(growths: list[float]) -> list[float]:
    """Ascending roots; each run of roots that are alike is one, in its middle."""
    runs: list[list[float]] = []
    for growth in sorted(growths):
        if runs and growth - runs[-1][-1] <= _ALIKE:
            runs[-1].append(growth)
        else:
            runs.append([growth])
    return [run[0] if len(run) == 1 else (run[0] + run[-1]) / 2 for run in runs]
