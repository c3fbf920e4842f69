"""Two users with a row of their own in every table, written with plain SQL: what the row policies have to keep apart."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

_NAMESPACE: Final = UUID("9d4c9a3e-5d3b-4a39-9d5e-0f2f7f6f0a55")
SECURITY: Final = uuid5(_NAMESPACE, "security")
ACTION: Final = uuid5(_NAMESPACE, "corporate action")
PACK: Final = "PP_2025-11-03"
DAY: Final = "2025-11-03"
HASH: Final = "ab" * 32

#: Tables everybody reads and only operators write, guarded by a statement trigger instead of row policies, and why.
GLOBAL_TABLES: Final[Mapping[str, str]] = {
    "public.securities": "master data, the same for everybody",
    "public.pricing_packs": "prices of a date, the same for everybody",
    "public.prices": "prices of a date, the same for everybody",
    "public.fx_rates": "rates of a date, the same for everybody",
    "public.macro_indicators": "published statistics, the same for everybody",
    "public.regime_history": "derived from published statistics",
    "public.cycle_phases": "derived from published statistics",
    "public.position_factor_betas": "derived from prices, the same for everybody",
    "public.rating_rubrics": "the house's method, the same for everybody",
    "app.reference_revisions": "counters of changes, the same for everybody",
    "app.fundamentals_snapshots": "published statements, the same for everybody",
    "app.pricing_policies": "the house's sources, the same for everybody",
    "app.price_observations": "what sources published, the same for everybody",
    "app.price_checks": "doubts about prices, the same for everybody",
    "app.rate_observations": "what sources published, the same for everybody",
    "app.corporate_actions": "what companies did, the same for everybody",
    "app.symbol_overrides": "what sources call securities, the same for everybody",
    "app.source_usage": "how much sources were asked for, the same for everybody",
    "app.source_fetches": "what was fetched of sources, the same for everybody",
}

#: Tables whose rows belong to somebody but are for operators alone.
OPERATOR_TABLES: Final = frozenset({"public.alert_retries", "public.alert_dlq", "public.dlq", "app.job_runs"})


@dataclass(frozen=True)
class Tenant:
    """A user and the keys of what the user has."""

    name: str
    day: str

    def key(self, of: str) -> UUID:
        return uuid5(_NAMESPACE, f"{self.name} {of}")

    @property
    def user_id(self) -> UUID:
        return self.key("user")

    def rows(self) -> dict[str, dict[str, object]]:
        """One row for each table, in an order the foreign keys allow."""
        portfolio, user = {"portfolio_id": self.key("portfolio")}, {"user_id": self.user_id}
        pack = {"pricing_pack_id": PACK}
        return {
            "public.users": {"id": self.user_id, "email": f"{self.name}@example.org", "password_hash": "none"},
            "app.sessions": {"id_hash": self.key("session").bytes * 2, **user, "expires_at": "2999-01-01"},
            "app.access_tokens": {"id": self.key("token"), "token_hash": self.key("token").bytes * 2, **user, "name": "laptop"},
            "app.changes": {"id": self.key("change"), **user},
            "app.import_mappings": {**user, "name": "broker", "mapping": Jsonb({})},
            "public.portfolios": {"id": self.key("portfolio"), "name": "Main", "base_currency": "CAD", "owner_id": self.user_id},
            "app.import_batches": {"id": self.key("batch"), **portfolio, "file_name": "a.csv", "file_hash": HASH, "format": "csv"},
            "public.transactions": {
                "id": self.key("buy"),
                **portfolio,
                "transaction_type": "BUY",
                "security_id": SECURITY,
                "transaction_date": self.day,
                "quantity": 10,
                "price": 5,
                "amount": -50,
                "currency": "CAD",
            },
            "public.lots": {
                "id": self.key("buy"),
                **portfolio,
                "security_id": SECURITY,
                "qty_open": 10,
                "qty_original": 10,
                "cost_basis": 50,
                "acquisition_date": self.day,
                "currency": "CAD",
            },
            "app.lot_disposals": {
                "sell_transaction_id": self.key("buy"),
                "lot_id": self.key("buy"),
                **portfolio,
                "quantity": 1,
                "proceeds": 6,
                "cost": 5,
                "proceeds_base": 6,
                "cost_base": 5,
                "gain_price_base": 1,
                "gain_fx_base": 0,
                "acquisition_date": self.day,
                "disposal_date": self.day,
                "holding_days": 0,
            },
            "public.holdings": {
                **portfolio,
                "security_id": SECURITY,
                "quantity": 10,
                "cost_basis": 50,
                "currency": "CAD",
                **pack,
                "asof_date": self.day,
            },
            "public.ledger_snapshots": {"id": self.key("snapshot"), **portfolio, "commit_hash": self.name, "status": "parsed"},
            "public.ledger_transactions": {
                "id": self.key("posting"),
                "snapshot_id": self.key("snapshot"),
                **portfolio,
                "transaction_date": self.day,
                "transaction_index": 1,
                "account": "Assets:Cash",
            },
            "public.reconciliation_results": {
                "id": self.key("reconciliation"),
                **portfolio,
                **pack,
                "asof_date": self.day,
                "passed": True,
                "status": "pass",
            },
            "app.corporate_action_applications": {
                "id": self.key("application"),
                "corporate_action_id": ACTION,
                **portfolio,
                "transaction_ids": [self.key("buy")],
                "quantity": 10,
                "applied_at": self.day,
            },
            "app.broker_statements": {
                "id": self.key("statement"),
                **portfolio,
                "asof_date": self.day,
                "source": "Broker",
                "file_hash": HASH,
                "ledger_commit_hash": HASH,
                **dict.fromkeys(("positions", "cash", "differences"), Jsonb([])),
                "agrees": True,
                "created_at": self.day,
            },
            "app.period_locks": {**portfolio, "locked_through": self.day, "reason": "settled", "locked_at": self.day},
            "app.late_entries": {
                "transaction_id": self.key("buy"),
                **portfolio,
                "locked_through": self.day,
                "reason": "late",
                "created_at": self.day,
            },
            "public.portfolio_daily_values": {**portfolio, "date": self.day, "nav": 60, "cash": 10, "securities_value": 50},
            "public.portfolio_metrics": {**portfolio, "date": self.day, "metric_type": "TWR", "period": "1Y", "value": "0.05"},
            "public.portfolio_cash_flows": {**portfolio, "date": self.day, "flow_type": "INFLOW", "amount": 60, "currency": "CAD"},
            "app.portfolio_nav_series": {
                **portfolio,
                "edition": 1,
                **pack,
                "ledger_commit_hash": HASH,
                "method_version": "1",
                "currency": "CAD",
                "dates": bytes(4),
                **dict.fromkeys(("nav", "cash", "securities_value", "total_pl", "daily_pl", "net_external_flow"), bytes(8)),
            },
            "app.derived_results": {
                "derivation": "sheet",
                "key_hash": self.key("result").hex * 2,
                **portfolio,
                "method_version": "1",
                "payload": Jsonb({"nav": "60.00"}),
            },
            "public.currency_attribution": {
                **portfolio,
                "asof_date": self.day,
                **pack,
                **dict.fromkeys(("local_return", "fx_return", "interaction_return", "total_return"), 0),
                "attribution_by_currency": Jsonb({"CAD": {"weight": 1}}),
                "base_currency": "CAD",
            },
            "public.factor_exposures": {**portfolio, "asof_date": self.day, **pack, "beta_market": 1},
            "app.scenario_definitions": {"scenario_id": f"{self.name}_crash", "owner_id": self.user_id, "name": "Crash"},
            "public.scenario_shocks": {
                "scenario_id": f"{self.name}_crash",
                "factor_name": "equity",
                "shock_size": "-0.3",
                "shock_type": "RELATIVE",
                "owner_id": self.user_id,
            },
            "public.scenario_results": {"id": self.key("result"), **portfolio, "scenario_id": "crash", "asof_date": self.day, **pack},
            "public.dar_history": {
                "id": self.key("dar"),
                **portfolio,
                "asof_date": self.day,
                **pack,
                "regime": "GOLDILOCKS",
                "confidence": "0.95",
                "horizon_days": 21,
                "num_simulations": 1000,
                "method": "paths",
            },
            "public.rebalance_suggestions": {"id": self.key("suggestion"), **portfolio, **pack, "method": "mean_variance"},
            "public.alerts": {
                "id": self.key("alert"),
                **user,
                **portfolio,
                "name": "Drop",
                "alert_type": "price",
                "condition_json": Jsonb({}),
            },
            "public.alert_deliveries": {
                "id": self.key("delivery"),
                "alert_id": self.key("alert"),
                **user,
                "event_key": self.name,
                "content_hash": HASH,
                "channel": "inapp",
            },
            "public.alert_retries": {
                "id": self.key("retry"),
                "alert_id": self.key("alert"),
                "payload": Jsonb({}),
                "channel": "email",
                "scheduled_at": self.day,
            },
            "public.alert_dlq": {"id": self.key("dead"), "alert_id": self.key("alert"), "payload": Jsonb({}), "channel": "email"},
            "public.notifications": {"id": self.key("notification"), **user, "alert_id": self.key("alert"), "message": "Drop"},
            "public.audit_log": {**user, "action": "LOGIN"},
            "app.job_runs": {
                "policy": self.name.upper(),
                "asof_date": self.day,
                "job": "build_pack",
                "place": 1,
                "status": "succeeded",
                **dict.fromkeys(("started_at", "finished_at"), self.day),
            },
            "public.dlq": {"id": self.key("letter"), "queue_name": "provider:FRED", "message": Jsonb({})},
        }


ALICE: Final = Tenant("alice", DAY)
BOB: Final = Tenant("bob", "2025-11-04")
TENANT_TABLES: Final = tuple(ALICE.rows())


@contextmanager
def acting(dsn: str, *, user_id: UUID | None = None, role: str | None = None) -> Iterator[psycopg.Connection]:
    """A transaction of the application's role on behalf of somebody, undone at the end."""
    with psycopg.connect(dsn) as connection:
        connection.execute("select set_config('search_path', 'app, public', false)")
        if role is not None:
            connection.execute(
                "select set_config('app.user_id', %s, true), set_config('app.role', %s, true)",
                ["" if user_id is None else str(user_id), role],
            )
        yield connection
        connection.rollback()


def insert(connection: psycopg.Connection, table: str, row: Mapping[str, object]) -> None:
    """Add a row."""
    connection.execute(
        sql.SQL("insert into {} ({}) values ({})").format(
            relation(table), sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join(sql.Placeholder() * len(row))
        ),
        list(row.values()),
    )


def relation(table: str) -> sql.Composable:
    """The table as the application names it: without a schema, for its search path to find."""
    return sql.Identifier(table.partition(".")[2])


def write_world(dsn: str) -> None:
    """A security and a pricing pack for everybody, and a row of each tenant in every tenant table."""
    with acting(dsn, role="SYSTEM") as connection:
        insert(connection, "public.securities", {"id": SECURITY, "symbol": "ABC", "currency": "CAD"})
        insert(connection, "public.pricing_packs", {"id": PACK, "date": DAY})
        insert(connection, "public.prices", {"pricing_pack_id": PACK, "security_id": SECURITY, "date": DAY, "close": 5, "currency": "CAD"})
        insert(connection, "public.fx_rates", {"pricing_pack_id": PACK, "base_ccy": "CAD", "quote_ccy": "USD", "rate": "0.73"})
        connection.execute("update pricing_packs set status = 'COMPLETE', hash = %s", [HASH])
        split = {"action_type": "SPLIT", "ex_date": DAY, "split_from": 1, "split_to": 2, "source": "manual", "created_at": DAY}
        insert(connection, "app.corporate_actions", {"id": ACTION, "security_id": SECURITY, **split})
        for tenant in (ALICE, BOB):
            for table, row in tenant.rows().items():
                insert(connection, table, row)
        connection.commit()
