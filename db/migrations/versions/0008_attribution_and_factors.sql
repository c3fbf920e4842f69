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
comment on table public.currency_attribution is 'Where each portfolio''s return came from: local prices, exchange rates, or both together.';
comment on column public.currency_attribution.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column public.currency_attribution.asof_date is 'Last day of the window.';
comment on column public.currency_attribution.pricing_pack_id is 'The pricing pack this was computed from.';
comment on column public.currency_attribution.local_return is 'Return in local currencies, as a fraction.';
comment on column public.currency_attribution.fx_return is 'Return from exchange rates, as a fraction.';
comment on column public.currency_attribution.interaction_return is 'Return from both moving together, as a fraction.';
comment on column public.currency_attribution.total_return is 'The three together, as a fraction.';
comment on column public.currency_attribution.base_return_actual is
    'The return in base currency computed independently, from daily values.';
comment on column public.currency_attribution.error_bps is 'total_return less base_return_actual, in basis points: at most a tenth of one.';
comment on column public.currency_attribution.attribution_by_currency is
    'Per currency: weight, local_contribution, fx_contribution, interaction_contribution, total_contribution, as fractions.';
comment on column public.currency_attribution.base_currency is 'ISO 4217 code of the portfolio''s base currency.';
comment on column public.currency_attribution.created_at is 'When the row was written.';
comment on column public.currency_attribution.lookback_days is 'Length of the window in valuation days.';
comment on column public.currency_attribution.start_date is 'First day of the window.';
comment on column public.currency_attribution.ttl_seconds is
    'How long the row may be served before it is computed again, in seconds; null: as long as pack and ledger are the same.';
comment on column public.currency_attribution.ledger_commit_hash is
    'The ledger state this was computed from (see transactions.ledger_commit_hash).';
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
comment on table public.factor_exposures is 'How each portfolio moves with economic factors, estimated by regression.';
comment on column public.factor_exposures.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column public.factor_exposures.asof_date is 'Last day of the estimation window.';
comment on column public.factor_exposures.pricing_pack_id is 'The pricing pack this was computed from.';
comment on column public.factor_exposures.beta_real_rate is 'Sensitivity to real interest rates.';
comment on column public.factor_exposures.beta_inflation is 'Sensitivity to expected inflation.';
comment on column public.factor_exposures.beta_credit is 'Sensitivity to credit spreads.';
comment on column public.factor_exposures.beta_fx is 'Sensitivity to the US dollar.';
comment on column public.factor_exposures.beta_market is 'Sensitivity to the stock market.';
comment on column public.factor_exposures.beta_size is 'Sensitivity to small against large companies; null without a series for it.';
comment on column public.factor_exposures.beta_value is 'Sensitivity to value against growth; null without a series for it.';
comment on column public.factor_exposures.beta_momentum is 'Sensitivity to momentum; null without a series for it.';
comment on column public.factor_exposures.var_factor is 'Yearly variance explained by the factors.';
comment on column public.factor_exposures.var_idiosyncratic is 'Yearly variance the factors do not explain.';
comment on column public.factor_exposures.r_squared is 'Share of variance explained, as a fraction.';
comment on column public.factor_exposures.factor_contributions is 'Each factor''s share of the explained variance.';
comment on column public.factor_exposures.estimation_window_days is 'Length of the window in valuation days.';
comment on column public.factor_exposures.benchmark_id is 'What stands for the market.';
comment on column public.factor_exposures.created_at is 'When the row was written.';
comment on column public.factor_exposures.n_obs is 'Observations used.';
comment on column public.factor_exposures.t_stats is 't statistic of each sensitivity.';
comment on column public.factor_exposures.ttl_seconds is
    'How long the row may be served before it is computed again, in seconds; null: as long as pack and ledger are the same.';
comment on column public.factor_exposures.ledger_commit_hash is
    'The ledger state this was computed from (see transactions.ledger_commit_hash).';
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
comment on table public.position_factor_betas is 'How each security moves with economic factors. Shared by all users.';
comment on column public.position_factor_betas.security_id is 'The security.';
comment on column public.position_factor_betas.asof_date is 'Last day of the estimation window.';
comment on column public.position_factor_betas.beta_real_rates is 'Sensitivity to real interest rates.';
comment on column public.position_factor_betas.beta_inflation is 'Sensitivity to expected inflation.';
comment on column public.position_factor_betas.beta_credit is 'Sensitivity to credit spreads.';
comment on column public.position_factor_betas.beta_usd is 'Sensitivity to the US dollar.';
comment on column public.position_factor_betas.beta_equity is 'Sensitivity to the stock market.';
comment on column public.position_factor_betas.estimation_error is 'Standard error of the regression.';
comment on column public.position_factor_betas.created_at is 'When the row was written.';
comment on column public.position_factor_betas.beta_commodity is 'Sensitivity to commodity prices.';
comment on column public.position_factor_betas.beta_volatility is 'Sensitivity to implied volatility.';
comment on column public.position_factor_betas.r_squared is 'Share of variance explained, as a fraction.';
comment on column public.position_factor_betas.n_obs is 'Observations used.';
comment on column public.position_factor_betas.methodology is 'regression, or prior where there is too little history.';
comment on column public.position_factor_betas.pricing_pack_id is 'The pricing pack this was computed from.';
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
comment on view public.portfolio_currency_attributions is 'Each portfolio''s latest currency attribution, one row per currency.';
comment on column public.portfolio_currency_attributions.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column public.portfolio_currency_attributions.base_currency is 'ISO 4217 code of the portfolio''s base currency.';
comment on column public.portfolio_currency_attributions.currency is 'The currency whose part this is.';
comment on column public.portfolio_currency_attributions.weight is 'Average share of the portfolio in this currency, as a fraction.';
comment on column public.portfolio_currency_attributions.local_contribution is 'Its part of the local return.';
comment on column public.portfolio_currency_attributions.fx_contribution is 'Its part of the return from exchange rates.';
comment on column public.portfolio_currency_attributions.interaction_contribution is 'Its part of the interaction.';
comment on column public.portfolio_currency_attributions.total_contribution is 'The three together.';
comment on column public.portfolio_currency_attributions.error_bps is 'Error of the whole attribution, in basis points.';
comment on column public.portfolio_currency_attributions.asof_date is 'Last day of the window.';
comment on column public.portfolio_currency_attributions.pricing_pack_id is 'The pricing pack this was computed from.';
grant select on public.portfolio_currency_attributions to dawsos_app;
