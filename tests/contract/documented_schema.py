"""The database document's facts, transcribed by hand: tables, columns, keys, views, indexes and hypertables."""

from typing import Final

#: Columns of each table with the document's types; ``*`` marks the primary key, ``!`` NOT NULL, ``-> table`` a foreign key.
DOCUMENTED_COLUMNS: Final = {
    "portfolios": """
        id uuid *
        name text !
        base_currency text !
        owner_id uuid -> users
        created_at timestamp with time zone
        updated_at timestamp with time zone
    """,
    "lots": """
        id uuid *
        portfolio_id uuid -> portfolios
        security_id uuid -> securities
        symbol text
        qty_open numeric(20,8)
        qty_original numeric(20,8)
        cost_basis numeric(20,2)
        acquisition_date date
        currency text
        created_at timestamp with time zone
    """,
    "transactions": """
        id uuid *
        portfolio_id uuid -> portfolios
        transaction_type text
        security_id uuid -> securities
        symbol text
        transaction_date date
        settlement_date date
        quantity numeric(20,8)
        price numeric(20,8)
        amount numeric(20,2)
        currency text
        fee numeric(20,2)
        narration text
        source text
        created_at timestamp with time zone
    """,
    "securities": """
        id uuid *
        symbol text
        name text
        security_type text
        currency text
        sector text
        industry text
        exchange text
        created_at timestamp with time zone
        updated_at timestamp with time zone
    """,
    "pricing_packs": """
        id text *
        date date !
        status text
        securities_count integer
        fx_pairs_count integer
        created_at timestamp with time zone
    """,
    "prices": """
        pricing_pack_id text * -> pricing_packs
        security_id uuid * -> securities
        date date
        open numeric(20,8)
        high numeric(20,8)
        low numeric(20,8)
        close numeric(20,8)
        volume bigint
        currency text
        created_at timestamp with time zone
    """,
    "fx_rates": """
        pricing_pack_id text * -> pricing_packs
        base_ccy text *
        quote_ccy text *
        rate numeric(20,8)
        source text
        created_at timestamp with time zone
    """,
    "portfolio_daily_values": """
        portfolio_id uuid *
        date date *
        nav numeric(20,2)
        cash numeric(20,2)
        securities_value numeric(20,2)
        total_pl numeric(20,2)
        daily_pl numeric(20,2)
        created_at timestamp with time zone
    """,
    "portfolio_metrics": """
        portfolio_id uuid *
        date date *
        metric_type text *
        value numeric(20,8)
        period text *
        created_at timestamp with time zone
    """,
    "portfolio_cash_flows": """
        portfolio_id uuid *
        date date *
        flow_type text *
        amount numeric(20,2)
        currency text
        description text
        created_at timestamp with time zone
    """,
    "macro_indicators": """
        indicator_name text *
        date date *
        value numeric(20,8)
        unit text
        source text
        created_at timestamp with time zone
    """,
    "currency_attribution": """
        portfolio_id uuid *
        asof_date date *
        pricing_pack_id text -> pricing_packs
        local_return numeric(12,8) !
        fx_return numeric(12,8) !
        interaction_return numeric(12,8) !
        total_return numeric(12,8) !
        base_return_actual numeric(12,8)
        error_bps numeric(12,8)
        attribution_by_currency jsonb
        base_currency text !
        created_at timestamp with time zone
    """,
    "factor_exposures": """
        portfolio_id uuid *
        asof_date date *
        pricing_pack_id text -> pricing_packs
        beta_real_rate numeric(12,8)
        beta_inflation numeric(12,8)
        beta_credit numeric(12,8)
        beta_fx numeric(12,8)
        beta_market numeric(12,8)
        beta_size numeric(12,8)
        beta_value numeric(12,8)
        beta_momentum numeric(12,8)
        var_factor numeric(12,8)
        var_idiosyncratic numeric(12,8)
        r_squared numeric(12,8)
        factor_contributions jsonb
        estimation_window_days integer
        benchmark_id text
        created_at timestamp with time zone
    """,
    "regime_history": """
        id uuid *
        date date
        regime text
        confidence numeric(5,4)
        indicators_json jsonb
        zscores_json jsonb
        regime_scores_json jsonb
        created_at timestamp with time zone
    """,
    # One scenario shocks several factors, so factor_name is part of the key.
    "scenario_shocks": """
        scenario_id text *
        factor_name text *
        shock_size numeric(12,8)
        shock_type text
        description text
        created_at timestamp with time zone
    """,
    "position_factor_betas": """
        security_id uuid * -> securities
        asof_date date *
        beta_real_rates numeric(12,8)
        beta_inflation numeric(12,8)
        beta_credit numeric(12,8)
        beta_usd numeric(12,8)
        beta_equity numeric(12,8)
        estimation_error numeric(12,8)
        created_at timestamp with time zone
    """,
    "cycle_phases": """
        id uuid *
        cycle_type text
        date date
        phase text
        score numeric(5,4)
        indicators jsonb
        created_at timestamp with time zone
    """,
    "users": """
        id uuid *
        email text !
        password_hash text !
        role text
        created_at timestamp with time zone
        last_login timestamp with time zone
    """,
    "audit_log": """
        id integer *
        user_id uuid -> users
        action text
        entity_type text
        entity_id uuid
        changes jsonb
        ip_address inet
        user_agent text
        created_at timestamp with time zone
    """,
    "dlq": """
        id uuid *
        queue_name text
        message jsonb
        error text
        retry_count integer
        created_at timestamp with time zone
    """,
    "rating_rubrics": """
        id uuid *
        rating_type text
        criteria jsonb
        weights jsonb
        created_at timestamp with time zone
    """,
}

#: Named by the document without columns, or counted by it without a name (the last three).
DOCUMENTED_WITHOUT_COLUMNS: Final = frozenset(
    {
        "alerts",
        "alert_deliveries",
        "alert_retries",
        "alert_dlq",
        "rebalance_suggestions",
        "reconciliation_results",
        "holdings",
        "ledger_snapshots",
        "ledger_transactions",
        "notifications",
        "scenario_results",
        "dar_history",
    }
)

DOCUMENTED_VIEWS: Final = frozenset({"latest_ledger_snapshot", "portfolio_currency_attributions", "v_derived_indicators"})

DOCUMENTED_INDEXES: Final = {
    "idx_lots_portfolio_open": "CREATE INDEX idx_lots_portfolio_open ON public.lots USING btree (portfolio_id) WHERE (qty_open > (0)::numeric)",
    "idx_prices_security_pack": "CREATE INDEX idx_prices_security_pack ON public.prices USING btree (security_id, pricing_pack_id)",
    "idx_fx_rates_pack": "CREATE INDEX idx_fx_rates_pack ON public.fx_rates USING btree (pricing_pack_id)",
    "idx_portfolio_values_date": "CREATE INDEX idx_portfolio_values_date ON public.portfolio_daily_values USING btree (date DESC)",
    "idx_macro_indicators_date": "CREATE INDEX idx_macro_indicators_date ON public.macro_indicators USING btree (date DESC)",
}

#: Columns the document declares UNIQUE.
DOCUMENTED_UNIQUE: Final = {("securities", "symbol"), ("users", "email")}

DOCUMENTED_HYPERTABLES: Final = {
    "portfolio_daily_values": "date",
    "portfolio_metrics": "date",
    "portfolio_cash_flows": "date",
    "macro_indicators": "date",
    "currency_attribution": "asof_date",
    "factor_exposures": "asof_date",
}

DOCUMENTED_COMPRESSION: Final = {"portfolio_daily_values": 30, "macro_indicators": 90}
