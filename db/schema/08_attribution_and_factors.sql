-- Currency attribution and factor exposures.

create table public.currency_attribution (
    portfolio_id uuid not null,
    asof_date date not null,
    pricing_pack_id text references public.pricing_packs (id),
    local_return numeric(12,8) not null,
    fx_return numeric(12,8) not null,
    interaction_return numeric(12,8) not null,
    total_return numeric(12,8) not null,
    base_return_actual numeric(12,8),
    error_bps numeric(12,8),
    attribution_by_currency jsonb,
    base_currency text not null,
    created_at timestamp with time zone not null default now(),
    lookback_days integer,
    start_date date,
    ttl_seconds integer,
    ledger_commit_hash text,
    primary key (portfolio_id, asof_date),
    constraint currency_attribution_error_small check (abs(error_bps) <= 0.1),
    constraint currency_attribution_base_currency_code check (base_currency ~ '^[A-Z]{3}$'),
    constraint currency_attribution_window_ordered check (start_date <= asof_date),
    constraint currency_attribution_by_currency_is_object check (jsonb_typeof(attribution_by_currency) = 'object')
);
create index currency_attribution_pack on public.currency_attribution (pricing_pack_id);
alter table public.currency_attribution enable row level security;
alter table public.currency_attribution force row level security;
create policy currency_attribution_of_portfolio on public.currency_attribution
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update, delete on public.currency_attribution to dawsos_app;

create table public.factor_exposures (
    portfolio_id uuid not null,
    asof_date date not null,
    pricing_pack_id text references public.pricing_packs (id),
    beta_real_rate numeric(12,8),
    beta_inflation numeric(12,8),
    beta_credit numeric(12,8),
    beta_fx numeric(12,8),
    beta_market numeric(12,8),
    beta_size numeric(12,8),
    beta_value numeric(12,8),
    beta_momentum numeric(12,8),
    var_factor numeric(12,8),
    var_idiosyncratic numeric(12,8),
    r_squared numeric(12,8),
    factor_contributions jsonb,
    estimation_window_days integer,
    benchmark_id text,
    created_at timestamp with time zone not null default now(),
    n_obs integer,
    t_stats jsonb,
    ttl_seconds integer,
    ledger_commit_hash text,
    primary key (portfolio_id, asof_date),
    constraint factor_exposures_variances_not_negative check (var_factor >= 0 and var_idiosyncratic >= 0),
    constraint factor_exposures_r_squared_is_fraction check (r_squared <= 1)
);
create index factor_exposures_pack on public.factor_exposures (pricing_pack_id);
alter table public.factor_exposures enable row level security;
alter table public.factor_exposures force row level security;
create policy factor_exposures_of_portfolio on public.factor_exposures
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update, delete on public.factor_exposures to dawsos_app;

create table public.position_factor_betas (
    security_id uuid not null references public.securities (id),
    asof_date date not null,
    beta_real_rates numeric(12,8),
    beta_inflation numeric(12,8),
    beta_credit numeric(12,8),
    beta_usd numeric(12,8),
    beta_equity numeric(12,8),
    estimation_error numeric(12,8),
    created_at timestamp with time zone not null default now(),
    beta_commodity numeric(12,8),
    beta_volatility numeric(12,8),
    r_squared numeric(12,8),
    n_obs integer,
    methodology text not null default 'regression',
    pricing_pack_id text references public.pricing_packs (id),
    primary key (security_id, asof_date),
    constraint position_factor_betas_methodology_known check (methodology in ('regression', 'prior')),
    constraint position_factor_betas_r_squared_is_fraction check (r_squared <= 1)
);
create index position_factor_betas_pack on public.position_factor_betas (pricing_pack_id);
create trigger position_factor_betas_operators_only before insert or update or delete on public.position_factor_betas
    for each statement execute function app.require_operator();
grant select, insert, update, delete on public.position_factor_betas to dawsos_app;

create view public.portfolio_currency_attributions with (security_barrier) as
with latest as (
    select distinct on (c.portfolio_id)
        c.portfolio_id, c.asof_date, c.pricing_pack_id, c.base_currency, c.error_bps, c.attribution_by_currency
    from public.currency_attribution c
    order by c.portfolio_id, c.asof_date desc
)
select
    latest.portfolio_id,
    latest.base_currency,
    part.currency,
    (part.share ->> 'weight')::numeric(12,8) as weight,
    (part.share ->> 'local_contribution')::numeric(12,8) as local_contribution,
    (part.share ->> 'fx_contribution')::numeric(12,8) as fx_contribution,
    (part.share ->> 'interaction_contribution')::numeric(12,8) as interaction_contribution,
    (part.share ->> 'total_contribution')::numeric(12,8) as total_contribution,
    latest.error_bps,
    latest.asof_date,
    latest.pricing_pack_id
from latest
cross join lateral jsonb_each(latest.attribution_by_currency) as part (currency, share);
grant select on public.portfolio_currency_attributions to dawsos_app;
