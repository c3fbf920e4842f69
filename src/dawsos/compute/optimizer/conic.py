"""Convex programs with a diagonal quadratic part, linear rows and second-order cones, handed to PIQP or Clarabel."""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np

from dawsos.compute.returns.figures import FloatArray

Verdict = Literal["solved", "infeasible", "unbounded", "failed"]


@dataclass(frozen=True, slots=True)
class Answer:
    """``x`` is meaningful when ``verdict`` is ``solved``."""

    verdict: Verdict
    x: FloatArray


class Block(NamedTuple):
    """Part of a group of rows: ``values`` (a matrix, or a vector for a diagonal) from column ``start`` and row ``first`` of the group."""

    start: int
    values: FloatArray
    first: int = 0

    def coordinates(self) -> tuple[Any, Any, FloatArray]:
        """Rows, columns and values of what is not zero."""
        if self.values.ndim == 1:
            index = np.arange(self.values.size)
            return index + self.first, index + self.start, self.values
        height, width = self.values.shape
        if height == 1:
            return np.full(width, self.first), np.arange(width) + self.start, self.values[0]
        rows, columns = np.indices((height, width)).reshape(2, -1)
        return rows + self.first, columns + self.start, self.values.ravel()


@dataclass(slots=True)
class _Rows:
    """Sparse rows under construction: coordinates, values, right sides."""

    places: list[FloatArray] = field(default_factory=list)
    columns: list[FloatArray] = field(default_factory=list)
    values: list[FloatArray] = field(default_factory=list)
    rights: list[FloatArray] = field(default_factory=list)
    count: int = 0

    def add(self, blocks: list[Block], right: FloatArray) -> None:
        for block in blocks:
            rows, columns, values = block.coordinates()
            self.places.append(rows + self.count)
            self.columns.append(columns)
            self.values.append(values)
        self.rights.append(right)
        self.count += right.size

    def right(self) -> FloatArray:
        return np.concatenate(self.rights) if self.rights else np.zeros(0)

    def matrix(self, width: int) -> Any:
        from scipy.sparse import csc_matrix  # noqa: PLC0415 - slow to import and needed for solving alone

        if not self.values:
            return csc_matrix((self.count, width))
        places = (np.concatenate(self.places), np.concatenate(self.columns))
        return csc_matrix((np.concatenate(self.values), places), shape=(self.count, width))


class Program:
    """min ½·xᵀdiag(p)x + qᵀx with equal rows, at-most rows, bounds and cones ‖Ax − b‖ ≤ t added one after the other."""

    def __init__(self) -> None:
        self.width = 0
        self._quadratic: list[FloatArray] = []
        self._linear: list[FloatArray] = []
        self._lower: list[FloatArray] = []
        self._upper: list[FloatArray] = []
        self._equal = _Rows()
        self._most = _Rows()
        self._unscaled = _Rows()
        self._cones: list[tuple[list[Block], FloatArray, float]] = []

    def variables(
        self,
        count: int,
        *,
        quadratic: float | FloatArray = 0.0,
        linear: float | FloatArray = 0.0,
        lower: float | FloatArray = -np.inf,
        upper: float | FloatArray = np.inf,
    ) -> int:
        """Add ``count`` variables with their part of the objective and their bounds; returns where they start."""
        start = self.width
        for stack, given in ((self._quadratic, quadratic), (self._linear, linear), (self._lower, lower), (self._upper, upper)):
            stack.append(np.broadcast_to(np.asarray(given, dtype=np.float64), (count,)).astype(np.float64))
        self.width += count
        return start

    def add_linear(self, start: int, linear: FloatArray) -> None:
        """Add to the linear part of the variables added together at ``start``."""
        offset = 0
        for place, part in enumerate(self._linear):
            if offset == start:
                self._linear[place] = part + linear
                return
            offset += part.size

    def equal(self, blocks: list[Block], right: FloatArray) -> None:
        """Σ block·x = right."""
        self._equal.add(blocks, right)

    def at_most(self, blocks: list[Block], right: FloatArray) -> None:
        """Σ block·x ≤ right."""
        self._most.add(blocks, right)

    def within(self, blocks: list[Block], centre: FloatArray, radius: float) -> None:
        """‖Σ block·x − centre‖ ≤ radius."""
        self._cones.append((blocks, centre, radius))

    @property
    def is_quadratic(self) -> bool:
        """Whether there are no cones."""
        return not self._cones

    def solve(self, *, scaled: bool = False, carefully: bool = False) -> Answer:
        """By PIQP without cones, by Clarabel with them, where PIQP gives up, or when asked ``carefully``, to 1e-8 instead of 1e-10.

        ``scaled``: every right side, bound, centre and radius is multiplied by a further variable κ ≥ 0, the last of ``x``; rows added
        with :meth:`fixed` are not.
        """
        if self.is_quadratic and not scaled and not carefully:
            answer = self._by_piqp()
            if answer.verdict == "solved":
                return answer
        return self._by_clarabel(scaled, 1e-8 if carefully else 1e-10)

    def fixed(self, blocks: list[Block], right: FloatArray) -> None:
        """Σ block·x = right, whatever κ is; only with ``solve(scaled=True)``. A block may reach the column of κ, which is ``width``."""
        self._unscaled.add(blocks, right)

    def _by_piqp(self) -> Answer:
        import piqp  # type: ignore[import-untyped] # noqa: PLC0415 - slow to import and needed for solving alone
        from scipy.sparse import diags  # noqa: PLC0415

        solver = piqp.SparseSolver()
        solver.settings.eps_abs, solver.settings.eps_rel = 1e-10, 1e-11
        solver.settings.eps_duality_gap_abs, solver.settings.eps_duality_gap_rel = 1e-10, 1e-11
        quadratic, linear = np.concatenate(self._quadratic), np.concatenate(self._linear)
        equal, most = self._equal.matrix(self.width), self._most.matrix(self.width)
        limits: dict[str, Any] = {"x_l": np.concatenate(self._lower), "x_u": np.concatenate(self._upper)}
        if self._most.count:
            limits |= {"G": most, "h_l": np.full(self._most.count, -np.inf), "h_u": self._most.right()}
        if self._equal.count:
            limits |= {"A": equal, "b": self._equal.right()}
        solver.setup(diags(quadratic, format="csc"), linear, **limits)
        status = solver.solve()
        return Answer("solved" if status == piqp.PIQP_SOLVED else "failed", np.asarray(solver.result.x))

    def _by_clarabel(self, scaled: bool, accuracy: float) -> Answer:
        import clarabel  # type: ignore[import-untyped] # noqa: PLC0415 - slow to import and needed for solving alone
        from scipy.sparse import csc_matrix, diags, hstack, vstack  # noqa: PLC0415

        lower, upper = np.concatenate(self._lower), np.concatenate(self._upper)
        bounds = _Rows()
        for edge, sign in ((upper, 1.0), (lower, -1.0)):
            finite = np.flatnonzero(np.isfinite(edge))
            block = csc_matrix((np.full(finite.size, sign), (np.arange(finite.size), finite)), shape=(finite.size, self.width)).tocoo()
            bounds.places.append(block.row + bounds.count)
            bounds.columns.append(block.col)
            bounds.values.append(block.data)
            bounds.rights.append(sign * edge[finite])
            bounds.count += finite.size
        parts, rights, cones = [], [], []
        for rows, cone in ((self._equal, clarabel.ZeroConeT), (self._most, clarabel.NonnegativeConeT), (bounds, clarabel.NonnegativeConeT)):
            if rows.count:
                parts.append(rows.matrix(self.width))
                rights.append(rows.right())
                cones.append(cone(rows.count))
        for blocks, centre, radius in self._cones:
            rows = _Rows()
            rows.add(blocks, centre)
            matrix = rows.matrix(self.width)
            parts.append(vstack([csc_matrix((1, self.width)), -matrix], format="csc"))
            rights.append(np.concatenate([[radius], -centre]))
            cones.append(clarabel.SecondOrderConeT(1 + centre.size))
        quadratic, linear = np.concatenate(self._quadratic), np.concatenate(self._linear)
        matrix, right = vstack(parts, format="csc"), np.concatenate(rights)
        if scaled:
            matrix = hstack([matrix, csc_matrix(-right[:, None])], format="csc")
            matrix = vstack(
                [matrix, csc_matrix(([-1.0], ([0], [self.width])), shape=(1, self.width + 1)), self._unscaled.matrix(self.width + 1)]
            )
            right = np.concatenate([np.zeros(right.size + 1), self._unscaled.right()])
            cones += [clarabel.NonnegativeConeT(1), clarabel.ZeroConeT(self._unscaled.count)]
            quadratic, linear = np.append(quadratic, 0.0), np.append(linear, 0.0)
        settings = clarabel.DefaultSettings()
        settings.verbose = False
        settings.max_threads = 1
        settings.tol_feas = settings.tol_gap_abs = settings.tol_gap_rel = accuracy
        found = clarabel.DefaultSolver(diags(quadratic, format="csc"), linear, matrix.tocsc(), right, cones, settings).solve()
        return Answer(_verdict(str(found.status), float(found.obj_val), float(found.obj_val_dual)), np.asarray(found.x))


def _verdict(status: str, primal: float, dual: float) -> Verdict:
    if status == "Solved":
        return "solved"
    if status in {"AlmostSolved", "InsufficientProgress"}:  # stopped short of 1e-10: optimal all the same when both sides agree
        return "solved" if abs(primal - dual) <= 1e-7 * max(1.0, abs(primal)) else "failed"
    if status in {"PrimalInfeasible", "AlmostPrimalInfeasible"}:
        return "infeasible"
    return "unbounded" if status in {"DualInfeasible", "AlmostDualInfeasible"} else "failed"
