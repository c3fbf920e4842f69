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
    method_version integer not null,
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
    method_version integer not null,
    payload jsonb not null,
    computed_at timestamp with time zone not null default now(),
    expires_at timestamp with time zone,
    primary key (derivation, key_hash),
    constraint derived_results_key_hash_is_sha256 check (key_hash ~ '^[0-9a-f]{64}$'),
    constraint derived_results_expire_later check (expires_at > computed_at)
);
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
