"""What scenarios would do to portfolios, as it was computed."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("scenarios")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewScenarioResult:
    """A result to store; what ends in ``json``, impacts and contributions are canonical JSON."""

    portfolio_id: UUID
    scenario_id: str
    shock_type: str | None
    asof_date: date
    pricing_pack_id: str
    total_delta_pl: Decimal
    total_delta_pct: Decimal | None
    portfolio_value_before: Decimal
    portfolio_value_after: Decimal
    position_impacts: str
    winners_json: str
    losers_json: str
    shock_definition_json: str
    factor_contributions: str
    ledger_commit_hash: str
    method_version: str


@dataclass(frozen=True, slots=True)
class ScenarioResultRecord:
    """A stored result."""

    scenario_id: str
    pricing_pack_id: str
    total_delta_pl: Decimal | None
    total_delta_pct: Decimal | None
    portfolio_value_before: Decimal | None
    portfolio_value_after: Decimal | None
    position_impacts: Any
    factor_contributions: Any
    ledger_commit_hash: str | None
    method_version: str | None


PUT_SCENARIO_RESULT = _statements.none("put_scenario_result")
LIST_SCENARIO_RESULTS = _statements.many("list_scenario_results", ScenarioResultRecord)


async def put_scenario_result(tx: DatabaseTransaction, result: NewScenarioResult, moment: datetime) -> None:
    """Store a result, in place of an earlier one of that date under the same pack."""
    await tx.execute(PUT_SCENARIO_RESULT, **asdict(result), moment=moment)


async def list_scenario_results(tx: DatabaseTransaction, portfolio_id: UUID, asof_date: date) -> list[ScenarioResultRecord]:
    """The stored results of a portfolio on a date, the worst first."""
    return await tx.fetch_all(LIST_SCENARIO_RESULTS, portfolio_id=portfolio_id, asof_date=asof_date)
