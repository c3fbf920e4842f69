"""Internal rates of many lists of flows: the method of :mod:`dawsos.compute.returns.roots`, compiled.

Imported only when a batch is asked for, because Numba is slow to import. One file, because Numba's cache notices changes to the file of a
cached function and not to the files of the functions it calls.
"""

import math

import numpy as np

from dawsos.compute.compiling import njit_for_kernels, njit_for_python
from dawsos.compute.returns.figures import FloatArray, IntArray

_SUMS = {"reassoc", "contract", "nsz", "nnan", "ninf"}
_LOWEST, _HIGHEST = -40.0, 700.0
_NARROWEST, _ALIKE = 1e-9, 1e-6
_LOW_PLAUSIBLE, _HIGH_PLAUSIBLE = -0.999999, 100.0
_MOST_ROOTS, _DEEPEST = 64, 4096
NO_ROOT, ONE_ROOT, SEVERAL, UNDECIDED = 0, 1, 2, 3


@njit_for_kernels(cache=True, fastmath={"contract"}, error_model="numpy")
def _powers(t: FloatArray, n: int, x: float, e: FloatArray) -> None:
    """e^(−x·t), divided by the largest of them: e^(−small) by a short series, squared back up."""
    last, size = t[n - 1], abs(x)
    step, doublings = size, 0
    while step * last > 0.09:
        step *= 0.5
        doublings += 1
    for k in range(n):
        z = -step * (t[k] if x >= 0.0 else last - t[k])
        tail = 1.0 / 120.0 + z * (1.0 / 720.0 + z * (1.0 / 5040.0 + z * (1.0 / 40320.0 + z * (1.0 / 362880.0))))
        e[k] = 1.0 + z * (1.0 + z * (0.5 + z * (1.0 / 6.0 + z * (1.0 / 24.0 + z * tail))))
    for _ in range(doublings):
        for k in range(n):
            e[k] *= e[k]


@njit_for_kernels(cache=True, fastmath=_SUMS, error_model="numpy")
def _sums(t: FloatArray, c: FloatArray, n: int, e: FloatArray) -> tuple[float, float, float]:
    """The present value, and its first two derivatives with the sign of odd ones turned."""
    value, first, second = 0.0, 0.0, 0.0
    for k in range(n):
        term = c[k] * e[k]
        value += term
        first += term * t[k]
        second += term * t[k] * t[k]
    return value, first, second


@njit_for_kernels(cache=True, fastmath=_SUMS, error_model="numpy")
def _around(t: FloatArray, c: FloatArray, n: int, e: FloatArray, middle: float) -> tuple[float, float, float, float]:
    """With times counted from ``middle``: the value, its slope, a bound of its second derivative, and the size of its terms."""
    value, slope, bend, size = 0.0, 0.0, 0.0, 0.0
    for k in range(n):
        term, u = c[k] * e[k], t[k] - middle
        value += term
        slope -= term * u
        bend += abs(term) * u * u
        size += abs(term)
    return value, slope, bend, size


@njit_for_kernels(cache=True, error_model="numpy")
def _condense(days: IntArray, amounts: FloatArray, first: int, after: int, t: FloatArray, c: FloatArray) -> int:
    """Ascending distinct times in years from the first, with amounts that are not zero; how many."""
    n = 0
    for i in range(first, after):
        day, amount = float(days[i]), amounts[i]
        k = n
        while k > 0 and t[k - 1] > day:
            k -= 1
        if k > 0 and t[k - 1] == day:
            c[k - 1] += amount
            continue
        for j in range(n, k, -1):
            t[j], c[j] = t[j - 1], c[j - 1]
        t[k], c[k] = day, amount
        n += 1
    kept = 0
    for k in range(n):
        if c[k] != 0.0:
            t[kept], c[kept] = t[k], c[k]
            kept += 1
    start = t[0]
    for k in range(kept):
        t[k] = (t[k] - start) / 365.0
    return kept


@njit_for_kernels(cache=True, error_model="numpy")
def _guess(t: FloatArray, c: FloatArray, n: int) -> float:
    """The growth that would bring the sum of one sign, at its mean time, to the sum of the other at its own."""
    paid, paid_time, received, received_time = 0.0, 0.0, 0.0, 0.0
    for k in range(n):
        if c[k] < 0.0:
            paid -= c[k]
            paid_time -= c[k] * t[k]
        else:
            received += c[k]
            received_time += c[k] * t[k]
    span = received_time / received - paid_time / paid
    return math.log(received / paid) / span if abs(span) > 0.01 * t[n - 1] else 0.0


@njit_for_kernels(cache=True, error_model="numpy")
def _polish(t: FloatArray, c: FloatArray, n: int, x: float, low: float, high: float, e: FloatArray) -> float:
    """Halley's steps from ``x``, kept inside a bracket that every value narrows; NaN if sixty do not settle it."""
    _powers(t, n, high, e)
    rising = _sums(t, c, n, e)[0] > 0.0
    for _ in range(60):
        _powers(t, n, x, e)
        value, first, second = _sums(t, c, n, e)
        if value == 0.0:
            return x
        if (value > 0.0) == rising:
            high = x
        else:
            low = x
        bend = 2.0 * first * first - value * second
        following = x + 2.0 * value * first / bend if bend != 0.0 else low
        if not low < following < high:
            following = 0.5 * (low + high)
        if abs(following - x) <= 2e-15 * (1.0 + abs(x)):
            return following
        x = following
    return math.nan


@njit_for_kernels(cache=True, error_model="numpy")
def _value(t: FloatArray, c: FloatArray, n: int, x: float, e: FloatArray) -> float:
    _powers(t, n, x, e)
    return _sums(t, c, n, e)[0]


@njit_for_kernels(cache=True, error_model="numpy")
def _only_root(t: FloatArray, c: FloatArray, n: int, e: FloatArray) -> float:
    """The root of amounts whose first and last signs differ, if carrying the balance proves it the only one; else NaN."""
    at_zero = 0.0
    for k in range(n):
        at_zero += c[k]
    x = 0.0
    if at_zero != 0.0:
        upward = (at_zero > 0.0) != (c[0] > 0.0)
        low, high = (0.0, 0.125) if upward else (-0.125, 0.0)
        guess = _guess(t, c, n)
        if upward and guess > 0.0:
            high = min(1.25 * guess + 0.01, _HIGHEST)
        if not upward and guess < 0.0:
            low = max(1.25 * guess - 0.01, _LOWEST)
        while (_value(t, c, n, high if upward else low, e) > 0.0) == (at_zero > 0.0):
            if upward:
                low, high = high, high * 2.0
            else:
                low, high = low * 2.0, low
            if high > _HIGHEST or low < _LOWEST:
                return math.nan
        x = _polish(t, c, n, guess if low < guess < high else 0.5 * (low + high), low, high, e)
        if math.isnan(x):
            return x
    _powers(t, n, x, e)
    balance, above, below = 0.0, False, False
    for k in range(n - 1):
        balance += c[k] * e[k]
        above |= balance > 0.0
        below |= balance < 0.0
    return math.nan if above and below else x


@njit_for_kernels(cache=True, error_model="numpy")
def _limit(t: FloatArray, c: FloatArray, n: int, sign: float, e: FloatArray) -> float:
    """The growth beyond which the first amount (above) or the last (below) outweighs all others."""
    x, heaviest = 0.125 * sign, c[0] if sign > 0.0 else c[n - 1]
    while _LOWEST < x < _HIGHEST:
        _powers(t, n, x, e)
        others = -abs(heaviest)
        for k in range(n):
            others += abs(c[k]) * e[k]
        if others < abs(heaviest):
            return x
        x *= 2.0
    return max(min(x, _HIGHEST), _LOWEST)


@njit_for_kernels(cache=True, error_model="numpy")
def _all_roots(t: FloatArray, c: FloatArray, n: int, e: FloatArray, roots: FloatArray, stack: FloatArray) -> int:
    """Every root, by halving stretches until each holds none or exactly one; how many, or −1 if there was no room."""
    stack[0], stack[1] = _limit(t, c, n, -1.0, e), _limit(t, c, n, 1.0, e)
    depth, found, middle = 1, 0, 0.5 * t[n - 1]
    while depth > 0:
        depth -= 1
        low, high = stack[2 * depth], stack[2 * depth + 1]
        x, half = 0.5 * (low + high), 0.5 * (high - low)
        _powers(t, n, x, e)
        value, slope, bend, size = _around(t, c, n, e, middle)
        bend *= math.exp(half * middle)
        if abs(value) > abs(slope) * half + 0.5 * bend * half * half:
            continue
        if abs(slope) > bend * half:
            root = _between(t, c, n, low, high, e)
            if math.isnan(root):
                continue
        elif half < _NARROWEST:
            if abs(value) > 1e-14 * size:
                continue
            root = x
        elif depth + 2 > _DEEPEST:
            return -1
        else:
            stack[2 * depth], stack[2 * depth + 1] = x, high
            stack[2 * depth + 2], stack[2 * depth + 3] = low, x
            depth += 2
            continue
        if found == 0 or root - roots[found - 1] > _ALIKE:
            if found == _MOST_ROOTS:
                return -1
            roots[found] = root
            found += 1
    return found


@njit_for_kernels(cache=True, error_model="numpy")
def _between(t: FloatArray, c: FloatArray, n: int, low: float, high: float, e: FloatArray) -> float:
    """The root of a stretch across which the value only rises or only falls; NaN if it has none."""
    at_low, at_high = _value(t, c, n, low, e), _value(t, c, n, high, e)
    if at_low == 0.0:
        return low
    if at_high == 0.0:
        return high
    return math.nan if (at_low > 0.0) == (at_high > 0.0) else _polish(t, c, n, 0.5 * (low + high), low, high, e)


@njit_for_kernels(cache=True, error_model="numpy")
def _choose(roots: FloatArray, found: int) -> tuple[float, int]:
    nearest, plausible = roots[0], 0
    for k in range(found):
        nearest = roots[k] if abs(roots[k]) < abs(nearest) else nearest
        plausible += 1 if _LOW_PLAUSIBLE <= math.expm1(roots[k]) <= _HIGH_PLAUSIBLE else 0
    return math.expm1(nearest), SEVERAL if plausible > 1 else ONE_ROOT


@njit_for_python(cache=True, nogil=True, error_model="numpy")
def rates(offsets: IntArray, days: IntArray, amounts: FloatArray, out: FloatArray, verdict: IntArray) -> None:
    """For flows ``offsets[i]:offsets[i + 1]`` the rate nearest to zero growth (NaN without one), and whether there is one."""
    longest = 1
    for i in range(offsets.size - 1):
        longest = max(longest, offsets[i + 1] - offsets[i])
    t, c, e = np.empty(longest), np.empty(longest), np.empty(longest)
    roots, stack = np.empty(_MOST_ROOTS), np.empty(2 * _DEEPEST + 4)
    for i in range(offsets.size - 1):
        out[i], verdict[i] = math.nan, NO_ROOT
        n = _condense(days, amounts, offsets[i], offsets[i + 1], t, c)
        plus, minus = False, False
        for k in range(n):
            plus |= c[k] > 0.0
            minus |= c[k] < 0.0
        if not (plus and minus):
            continue
        x = _only_root(t, c, n, e) if (c[0] > 0.0) != (c[n - 1] > 0.0) else math.nan
        if not math.isnan(x):
            out[i], verdict[i] = math.expm1(x), ONE_ROOT
            continue
        found = _all_roots(t, c, n, e, roots, stack)
        if found < 0:
            verdict[i] = UNDECIDED
        elif found > 0:
            out[i], verdict[i] = _choose(roots, found)
