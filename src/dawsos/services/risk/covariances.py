"""Covariances of the factors by phase of the business cycle, the same for every portfolio under a pack."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar, Final

import numpy as np

from dawsos.compute.drawdown.covariances import PhaseCovariances, Source
from dawsos.compute.drawdown.forecast import daily_covariances
from dawsos.compute.factors.history import FactorHistory
from dawsos.compute.regimes.rules import VERSION as REGIMES_VERSION
from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.services.context import Pins, RequestContext
from dawsos.services.derivations import Derivation, DerivationKey, get_or_compute
from dawsos.services.risk.economy import economy_on, phases_over
from dawsos.services.risk.factor_series import factors_known, fingerprint_of

Table = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCovariances:
    """Covariances per trading day, by phase and of all together, what each rests on, and on how many observations."""

    by_phase: dict[str, Table]
    pooled: Table
    sources: dict[str, str]
    observations: dict[str, int]


class FactorCovariances(Derivation[tuple[FactorHistory | NotComputable, tuple[str, ...]], KeptCovariances]):
    """Parameters: the hashes of the ``factors`` and of the series the phases are judged by (``economy``)."""

    name: ClassVar[str] = "factor_covariances"
    version: ClassVar[int] = 1
    result_type: ClassVar[Any] = KeptCovariances
    built_on: ClassVar[tuple[str, ...]] = ("factor_history/1", REGIMES_VERSION)

    def key(self, context: RequestContext, parameters: Mapping[str, Any]) -> DerivationKey:
        """A key of the pack alone: no portfolio and no ledger is part of it."""
        return replace(super().key(context, parameters), portfolio_id=None, ledger_commit_hash=None)

    async def load(
        self,
        context: RequestContext,
        parameters: Mapping[str, Any],  # noqa: ARG002 (part of the key only)
    ) -> tuple[FactorHistory | NotComputable, tuple[str, ...]]:
        """The factors, and the phase each of their changes lies in."""
        pins = context.pinned()
        history = await factors_known(context, pins)
        return history, () if isinstance(history, NotComputable) else await phases_over(context, pins, history)

    def compute(self, inputs: tuple[FactorHistory | NotComputable, tuple[str, ...]]) -> KeptCovariances:
        """The covariances, every number as it was found: they are built on, not shown."""
        found = daily_covariances(*inputs)
        return KeptCovariances(
            by_phase={phase: _kept(table) for phase, table in found.by_phase.items()},
            pooled=_kept(found.pooled),
            sources={phase: source.value for phase, source in found.sources.items()},
            observations=dict(found.observations),
        )


COVARIANCES: Final = FactorCovariances()


async def covariances_known(context: RequestContext, pins: Pins) -> PhaseCovariances:
    """The covariances per trading day under the request's pins; assumed ones where the factors are not known."""

    async def load(own: RequestContext) -> PhaseCovariances:
        history, economy = await factors_known(own, pins), await economy_on(own, pins)
        parameters = {"factors": fingerprint_of(history), "economy": economy.fingerprint}
        found = (await get_or_compute(COVARIANCES, own, parameters)).value
        return PhaseCovariances(
            MappingProxyType({phase: np.array(table) for phase, table in found.by_phase.items()}),
            np.array(found.pooled),
            MappingProxyType({phase: Source(source) for phase, source in found.sources.items()}),
            MappingProxyType(dict(found.observations)),
        )

    return await context.shared("factor covariances", load)


def _kept(table: FloatArray) -> Table:
    return tuple(tuple(float(one) for one in row) for row in table)
