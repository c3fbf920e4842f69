-- Daily series: what each portfolio was worth, its figures and cash flows, and results kept for reuse.

create table public.portfolio_daily_values (
    portfolio_id uuid not null,
    date date not null,
    nav numeric(20,2) not null,
    cash numeric(20,2) not null,
    securities_value numeric(20,2) not null,
    total_pl numeric(20,2),
    daily_pl numeric(20,2),
    created_at timestamp with time zone not null default now(),
    net_external_flow numeric(20,2) not null default 0,
    currency text,
    pricing_pack_id text,
    ledger_commit_hash text,
    primary key (portfolio_id, date),
    constraint portfolio_daily_values_nav_adds_up check (nav = cash + securities_value),
    constraint portfolio_daily_values_currency_code check (currency ~ '^[A-Z]{3}$')
);
comment on table public.portfolio_daily_values is 'What each portfolio was worth at the end of each valuation day, in its base currency.';
comment on column public.portfolio_daily_values.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column public.portfolio_daily_values.date is 'The valuation day.';
comment on column public.portfolio_daily_values.nav is 'Net asset value: cash and securities.';
comment on column public.portfolio_daily_values.cash is 'Cash in all currencies.';
comment on column public.portfolio_daily_values.securities_value is 'Market value of all positions.';
comment on column public.portfolio_daily_values.total_pl is 'Profit since the beginning: net asset value less all external flows.';
comment on column public.portfolio_daily_values.daily_pl is 'Profit of the day: change of net asset value less the day''s external flow.';
comment on column public.portfolio_daily_values.created_at is 'When the row was written.';
comment on column public.portfolio_daily_values.net_external_flow is
    'Money that came in (+) or went out (−) since the valuation day before.';
comment on column public.portfolio_daily_values.currency is 'ISO 4217 currency of the amounts: the portfolio''s base currency.';
comment on column public.portfolio_daily_values.pricing_pack_id is 'The pricing pack this was computed from.';
comment on column public.portfolio_daily_values.ledger_commit_hash is
    'The ledger state this was computed from (see transactions.ledger_commit_hash).';
create index idx_portfolio_values_date on public.portfolio_daily_values (date desc);
alter table public.portfolio_daily_values enable row level security;
alter table public.portfolio_daily_values force row level security;
create policy portfolio_daily_values_of_portfolio on public.portfolio_daily_values
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update, delete on public.portfolio_daily_values to dawsos_app;

create table public.portfolio_metrics (
    portfolio_id uuid not null,
    date date not null,
    metric_type text not null,
    value numeric(20,8),
    period text not null,
    created_at timestamp with time zone not null default now(),
    pricing_pack_id text,
    ledger_commit_hash text,
    computed_at timestamp with time zone,
    ttl_seconds integer,
    benchmark_id text,
    primary key (portfolio_id, date, metric_type, period),
    constraint portfolio_metrics_ttl_positive check (ttl_seconds > 0)
);
comment on table public.portfolio_metrics is 'Figures of each portfolio by day, kind and period.';
comment on column public.portfolio_metrics.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column public.portfolio_metrics.date is 'The valuation day.';
comment on column public.portfolio_metrics.metric_type is 'What is measured: TWR, MWR, VOLATILITY, SHARPE, …';
comment on column public.portfolio_metrics.value is 'The figure; returns and shares as fractions.';
comment on column public.portfolio_metrics.period is 'Over how long: 1D, 1M, YTD, 1Y, …';
comment on column public.portfolio_metrics.created_at is 'When the row was written.';
comment on column public.portfolio_metrics.pricing_pack_id is 'The pricing pack this was computed from.';
comment on column public.portfolio_metrics.ledger_commit_hash is
    'The ledger state this was computed from (see transactions.ledger_commit_hash).';
comment on column public.portfolio_metrics.computed_at is 'When it was computed.';
comment on column public.portfolio_metrics.ttl_seconds is
    'How long the row may be served before it is computed again, in seconds; null: as long as pack and ledger are the same.';
comment on column public.portfolio_metrics.benchmark_id is 'What it is measured against, for figures that need a benchmark.';
alter table public.portfolio_metrics enable row level security;
alter table public.portfolio_metrics force row level security;
create policy portfolio_metrics_of_portfolio on public.portfolio_metrics
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update, delete on public.portfolio_metrics to dawsos_app;

create table public.portfolio_cash_flows (
    portfolio_id uuid not null,
    date date not null,
    flow_type text not null,
    amount numeric(20,2) not null,
    currency text not null,
    description text,
    created_at timestamp with time zone not null default now(),
    is_external boolean generated always as (flow_type in ('INFLOW', 'OUTFLOW')) stored,
    transaction_count integer not null default 1,
    primary key (portfolio_id, date, flow_type),
    constraint portfolio_cash_flows_type_known check (flow_type in ('INFLOW', 'OUTFLOW', 'DIVIDEND', 'INTEREST', 'FEE', 'TAX')),
    constraint portfolio_cash_flows_currency_code check (currency ~ '^[A-Z]{3}$'),
    constraint portfolio_cash_flows_transaction_count_positive check (transaction_count >= 1)
);
comment on table public.portfolio_cash_flows is
    'Cash flows of each portfolio, net by day and kind, in its base currency. Derived from transactions.';
comment on column public.portfolio_cash_flows.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column public.portfolio_cash_flows.date is 'The day of the flows.';
comment on column public.portfolio_cash_flows.flow_type is
    'INFLOW and OUTFLOW for the owner''s money, and DIVIDEND, INTEREST, FEE, TAX for what the portfolio earns and pays.';
comment on column public.portfolio_cash_flows.amount is 'Into the portfolio''s cash +, out of it −.';
comment on column public.portfolio_cash_flows.currency is 'ISO 4217 currency of amount: the portfolio''s base currency.';
comment on column public.portfolio_cash_flows.description is 'What the flows were.';
comment on column public.portfolio_cash_flows.created_at is 'When the row was written.';
comment on column public.portfolio_cash_flows.is_external is 'True for the owner''s money; the rest is performance.';
comment on column public.portfolio_cash_flows.transaction_count is 'How many transactions were added up.';
alter table public.portfolio_cash_flows enable row level security;
alter table public.portfolio_cash_flows force row level security;
create policy portfolio_cash_flows_of_portfolio on public.portfolio_cash_flows
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update, delete on public.portfolio_cash_flows to dawsos_app;

create table app.portfolio_nav_series (
    portfolio_id uuid primary key references public.portfolios (id),
    edition integer not null,
    pricing_pack_id text not null references public.pricing_packs (id),
    ledger_commit_hash text not null,
    method_version text not null,
    currency text not null,
    dates bytea not null,
    nav bytea not null,
    cash bytea not null,
    securities_value bytea not null,
    total_pl bytea not null,
    daily_pl bytea not null,
    net_external_flow bytea not null,
    updated_at timestamp with time zone not null default now(),
    constraint portfolio_nav_series_currency_code check (currency ~ '^[A-Z]{3}$'),
    constraint portfolio_nav_series_whole_days check (octet_length(dates) % 4 = 0),
    constraint portfolio_nav_series_equal_lengths check (
        octet_length(nav) = 2 * octet_length(dates)
        and octet_length(cash) = 2 * octet_length(dates)
        and octet_length(securities_value) = 2 * octet_length(dates)
        and octet_length(total_pl) = 2 * octet_length(dates)
        and octet_length(daily_pl) = 2 * octet_length(dates)
        and octet_length(net_external_flow) = 2 * octet_length(dates)
    )
);
comment on table app.portfolio_nav_series is
    'Each portfolio''s daily values again, packed for reading at once; written in one transaction with portfolio_daily_values.';
comment on column app.portfolio_nav_series.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column app.portfolio_nav_series.edition is 'The edition of the pack the series was computed from.';
comment on column app.portfolio_nav_series.pricing_pack_id is 'The pricing pack this was computed from.';
comment on column app.portfolio_nav_series.ledger_commit_hash is
    'The ledger state this was computed from (see transactions.ledger_commit_hash).';
comment on column app.portfolio_nav_series.method_version is 'The version of the method that computed the series.';
comment on column app.portfolio_nav_series.currency is 'ISO 4217 currency of the amounts: the portfolio''s base currency.';
comment on column app.portfolio_nav_series.dates is 'Valuation days: little-endian 32-bit whole numbers, days since 1970-01-01, ascending.';
comment on column app.portfolio_nav_series.nav is
    'portfolio_daily_values.nav in cents: little-endian 64-bit whole numbers, one for each of dates.';
comment on column app.portfolio_nav_series.cash is 'portfolio_daily_values.cash, packed like nav.';
comment on column app.portfolio_nav_series.securities_value is 'portfolio_daily_values.securities_value, packed like nav.';
comment on column app.portfolio_nav_series.total_pl is 'portfolio_daily_values.total_pl, packed like nav.';
comment on column app.portfolio_nav_series.daily_pl is 'portfolio_daily_values.daily_pl, packed like nav.';
comment on column app.portfolio_nav_series.net_external_flow is 'portfolio_daily_values.net_external_flow, packed like nav.';
comment on column app.portfolio_nav_series.updated_at is 'When the row was last changed.';
-- Rewritten whenever one day changes: compressing took most of that time.
alter table app.portfolio_nav_series
    alter column dates set storage external,
    alter column nav set storage external,
    alter column cash set storage external,
    alter column securities_value set storage external,
    alter column total_pl set storage external,
    alter column daily_pl set storage external,
    alter column net_external_flow set storage external;
create index portfolio_nav_series_pack on app.portfolio_nav_series (pricing_pack_id);
alter table app.portfolio_nav_series enable row level security;
alter table app.portfolio_nav_series force row level security;
create policy portfolio_nav_series_of_portfolio on app.portfolio_nav_series
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update, delete on app.portfolio_nav_series to dawsos_app;

create table app.derived_results (
    derivation text not null,
    key_hash text not null,
    portfolio_id uuid references public.portfolios (id),
    pricing_pack_id text,
    ledger_commit_hash text,
    parameters jsonb not null default '{}',
    method_version text not null,
    payload jsonb not null,
    computed_at timestamp with time zone not null default now(),
    expires_at timestamp with time zone,
    primary key (derivation, key_hash),
    constraint derived_results_key_hash_is_sha256 check (key_hash ~ '^[0-9a-f]{64}$'),
    constraint derived_results_expire_later check (expires_at > computed_at)
);
comment on table app.derived_results is
    'Expensive results kept under the hash of everything they depend on; a change of any of it is another key.';
comment on column app.derived_results.derivation is 'What was computed.';
comment on column app.derived_results.key_hash is 'SHA-256 over everything the result depends on.';
comment on column app.derived_results.portfolio_id is 'The portfolio it concerns; null for what is the same for everybody.';
comment on column app.derived_results.pricing_pack_id is 'The pricing pack it was computed from, if it depends on one.';
comment on column app.derived_results.ledger_commit_hash is 'The ledger state it was computed from, if it depends on one.';
comment on column app.derived_results.parameters is 'The parameters it was computed with.';
comment on column app.derived_results.method_version is 'The version of the method that computed this.';
comment on column app.derived_results.payload is 'The result, as canonical JSON.';
comment on column app.derived_results.computed_at is 'When it was computed.';
comment on column app.derived_results.expires_at is 'Not to be served from this moment on; null for results whose inputs are pinned.';
create index derived_results_portfolio on app.derived_results (portfolio_id) where portfolio_id is not null;
create index derived_results_expiry on app.derived_results (expires_at) where expires_at is not null;
alter table app.derived_results enable row level security;
alter table app.derived_results force row level security;
create policy derived_results_of_portfolio on app.derived_results
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
-- What concerns no portfolio is the same for everybody, whoever asked first.
create policy derived_results_shared on app.derived_results
    using (portfolio_id is null and (select app.actor_role()) is not null);
grant select, insert, update, delete on app.derived_results to dawsos_app;
