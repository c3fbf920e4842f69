"""Where figures come from: explanations, differences between two states, reconciliations."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from starlette.responses import Response

from dawsos.api.call import Reader
from dawsos.api.envelope import answer_of
from dawsos.api.pinning import open_context, query_pinning
from dawsos.api.routing import subject_router
from dawsos.kernel.errors import Invalid
from dawsos.registry.contract import Contract
from dawsos.registry.units import BasisPoints, Count, Fraction, Money
from dawsos.services.comparing import compare_states
from dawsos.services.explaining import explain
from dawsos.services.opening import Pinning
from dawsos.services.portfolios import find_portfolio
from dawsos.store.reconciliation import list_reconciliations as newest_reconciliations

router = subject_router("evidence")

StateText = Annotated[str, Query(pattern=r"^PP_[A-Z0-9_-]{1,61}(,[0-9a-f]{64})?$")]


class ExplainedPart(Contract):
    """One thing a value comes from: a position, lot, transaction, price, rate, day, or another figure. Numbers are written as text."""

    kind: str
    name: str
    value: str | None
    facts: dict[str, str]
    parts: tuple["ExplainedPart", ...]


class ExplainedFigure(Contract):
    """Where a figure comes from. With ``sums`` the values of the parts add up to the figure exactly."""

    figure: str
    value: str | None
    currency: str | None
    formula: str
    sums: bool
    reason: str | None
    asof_date: date
    pricing_pack_id: str
    pack_hash: str | None
    ledger_commit_hash: str
    method_version: str
    parts: tuple[ExplainedPart, ...]


class ComparedState(Contract):
    """One of two states."""

    pricing_pack_id: str
    asof_date: date
    ledger_commit_hash: str


class ComparedFigures(Contract):
    """What a state is worth, and the return of its year so far."""

    nav: Annotated[Decimal, Money("base_currency")]
    twr_ytd: Annotated[Decimal | None, Fraction]


class ChangeCause(Contract):
    """An object that differs, and by how much it changed each figure."""

    kind: str
    subject: str
    date: date
    before: str | None
    after: str | None
    nav_change: Annotated[Decimal, Money("base_currency")]
    twr_ytd_change: Annotated[Decimal | None, Fraction]


class StateBridge(Contract):
    """The figures of both states and the causes between them, which sum to the difference exactly."""

    before: ComparedFigures
    after: ComparedFigures
    causes: tuple[ChangeCause, ...]


class StateComparison(Contract):
    """Two states of a portfolio compared."""

    portfolio_id: UUID
    base_currency: str
    from_state: ComparedState
    to_state: ComparedState
    bridge: StateBridge


class LedgerDiscrepancy(Contract):
    """One difference between ledger and database, and its probable cause."""

    kind: str
    subject: str
    ledger: str | None
    database: str | None
    probable_cause: str


class LedgerReconciliation(Contract):
    """How a ledger compared with the database under a pack; ``checked_with`` says what replayed it."""

    id: UUID
    pricing_pack_id: str
    ledger_commit_hash: str | None
    asof_date: date
    currency: str
    ledger_nav: Annotated[Decimal | None, Money("currency")]
    db_nav: Annotated[Decimal | None, Money("currency")]
    difference: Annotated[Decimal | None, Money("currency")]
    error_bps: Annotated[Decimal | None, BasisPoints]
    tolerance_bps: Annotated[Decimal, BasisPoints]
    passed: bool
    ledger_position_count: Annotated[int | None, Count]
    db_position_count: Annotated[int | None, Count]
    checked_with: str
    discrepancies: tuple[LedgerDiscrepancy, ...]
    created_at: datetime


@router.get("/v1/portfolios/{portfolio_id}/explanation", response_model=answer_of(ExplainedFigure))
async def explain_figure(
    call: Reader,
    portfolio_id: UUID,
    pinned: Annotated[Pinning, Depends(query_pinning)],
    figure: Annotated[str, Query(pattern=r"^[A-Za-z0-9_:.\- ]{1,64}$", description="nav, twr_ytd, fx_return, position:KO, …")],
) -> Response:
    """Where a figure of the overview comes from, down to lots, transactions, prices and rates."""
    context = await open_context(call, portfolio_id, pinned)
    return call.success(ExplainedFigure.model_validate(await explain(context, figure)))


@router.get("/v1/portfolios/{portfolio_id}/comparison", response_model=answer_of(StateComparison))
async def compare_two_states(
    call: Reader, portfolio_id: UUID, before: Annotated[StateText, Query(alias="from")], after: Annotated[StateText, Query(alias="to")]
) -> Response:
    """What changed between two states, each a pack and perhaps ``,`` and a ledger hash: every piece with what caused it."""
    contexts = [await open_context(call, portfolio_id, _pinning(state)) for state in (before, after)]
    return call.success(StateComparison.model_validate(await compare_states(contexts[0], contexts[1])))


def _pinning(state: str) -> Pinning:
    pack, _, ledger = state.partition(",")
    if not pack:
        raise Invalid("A state begins with the id of a pricing pack.", remedy="Write PP_2022-12-28, or PP_2022-12-28,<hash>.")
    return Pinning(pack_id=pack, ledger_commit_hash=ledger or None)


@router.get("/v1/portfolios/{portfolio_id}/reconciliations", response_model=answer_of(list[LedgerReconciliation]))
async def list_reconciliations(call: Reader, portfolio_id: UUID, limit: Annotated[int, Query(ge=1, le=1000)] = 30) -> Response:
    """The newest comparisons of the portfolio's ledger with the database."""
    portfolio = await find_portfolio(call.application.database, call.actor, portfolio_id)
    async with call.application.database.transaction(call.actor, read_only=True) as tx:
        found = await newest_reconciliations(tx, portfolio_id, limit)
    names = [name for name in LedgerReconciliation.model_fields if name not in {"currency", "discrepancies"}]
    return call.success(
        [
            LedgerReconciliation(
                currency=portfolio.base_currency,
                discrepancies=tuple(LedgerDiscrepancy.model_validate(each) for each in one.discrepancies),
                **{name: getattr(one, name) for name in names},
            )
            for one in found
        ]
    )
