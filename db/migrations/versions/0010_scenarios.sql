-- Scenarios, their results, and drawdown at risk.

create table app.scenario_definitions (
    scenario_id text primary key,
    owner_id uuid references public.users (id) on delete cascade,
    name text not null,
    category text,
    severity text,
    probability numeric(5,4),
    description text,
    created_at timestamp with time zone not null default now(),
    constraint scenario_definitions_probability_is_fraction check (probability between 0 and 1)
);
comment on table app.scenario_definitions is 'What a scenario is, beside its shocks: presets for everybody, and each user''s own.';
comment on column app.scenario_definitions.scenario_id is 'The scenario''s name in scenario_shocks and scenario_results.';
comment on column app.scenario_definitions.owner_id is 'Whose it is; null for a preset.';
comment on column app.scenario_definitions.name is 'Its title.';
comment on column app.scenario_definitions.category is 'What kind of scenario it is.';
comment on column app.scenario_definitions.severity is 'How bad it would be.';
comment on column app.scenario_definitions.probability is 'How likely it is thought to be, as a fraction.';
comment on column app.scenario_definitions.description is 'What happens in it.';
comment on column app.scenario_definitions.created_at is 'When the row was written.';
create index scenario_definitions_owner on app.scenario_definitions (owner_id);
alter table app.scenario_definitions enable row level security;
alter table app.scenario_definitions force row level security;
create policy scenario_definitions_read on app.scenario_definitions for select
    using (owner_id is null or owner_id = (select app.actor_id()) or (select app.is_operator()));
create policy scenario_definitions_own on app.scenario_definitions
    using (owner_id = (select app.actor_id()) or (select app.is_operator()));
grant select, insert, update, delete on app.scenario_definitions to dawsos_app;

create table public.scenario_shocks (
    scenario_id text not null,
    factor_name text not null,
    shock_size numeric(12,8) not null,
    shock_type text not null,
    description text,
    created_at timestamp with time zone not null default now(),
    owner_id uuid references public.users (id) on delete cascade,
    primary key (scenario_id, factor_name),
    constraint scenario_shocks_type_known check (shock_type in ('ABSOLUTE', 'RELATIVE')),
    constraint scenario_shocks_relative_above_total_loss check (shock_type <> 'RELATIVE' or shock_size > -1)
);
comment on table public.scenario_shocks is 'The shocks of each scenario, one row per factor.';
comment on column public.scenario_shocks.scenario_id is 'The scenario.';
comment on column public.scenario_shocks.factor_name is 'The factor: real_rates, inflation, credit, usd, equity, …';
comment on column public.scenario_shocks.shock_size is
    'How far the factor moves: for ABSOLUTE in its own unit (0.01 = 100 basis points), for RELATIVE as a fraction of its level.';
comment on column public.scenario_shocks.shock_type is 'ABSOLUTE adds to the level of the factor, RELATIVE scales it.';
comment on column public.scenario_shocks.description is 'What happens to the factor.';
comment on column public.scenario_shocks.created_at is 'When the row was written.';
comment on column public.scenario_shocks.owner_id is 'Whose scenario it is; null for a preset.';
create index scenario_shocks_owner on public.scenario_shocks (owner_id);
alter table public.scenario_shocks enable row level security;
alter table public.scenario_shocks force row level security;
create policy scenario_shocks_read on public.scenario_shocks for select
    using (owner_id is null or owner_id = (select app.actor_id()) or (select app.is_operator()));
create policy scenario_shocks_own on public.scenario_shocks
    using (owner_id = (select app.actor_id()) or (select app.is_operator()));
grant select, insert, update, delete on public.scenario_shocks to dawsos_app;

create table public.scenario_results (
    id uuid primary key default gen_random_uuid(),
    portfolio_id uuid not null references public.portfolios (id),
    user_id uuid references public.users (id),
    scenario_id text not null,
    shock_type text,
    asof_date date not null,
    pricing_pack_id text not null references public.pricing_packs (id),
    total_delta_pl numeric(20,2),
    total_delta_pct numeric(12,8),
    portfolio_value_before numeric(20,2),
    portfolio_value_after numeric(20,2),
    position_impacts jsonb not null default '[]',
    winners_json jsonb not null default '[]',
    losers_json jsonb not null default '[]',
    suggested_hedges_json jsonb not null default '[]',
    shock_definition_json jsonb not null default '{}',
    factor_contributions jsonb not null default '{}',
    ledger_commit_hash text,
    method_version text,
    created_at timestamp with time zone not null default now(),
    constraint scenario_results_one_per_day unique (portfolio_id, scenario_id, asof_date, pricing_pack_id),
    constraint scenario_results_delta_is_difference check (total_delta_pl = portfolio_value_after - portfolio_value_before)
);
comment on table public.scenario_results is 'What scenarios would do to portfolios.';
comment on column public.scenario_results.id is 'Key.';
comment on column public.scenario_results.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column public.scenario_results.user_id is 'The user who asked.';
comment on column public.scenario_results.scenario_id is 'The scenario.';
comment on column public.scenario_results.shock_type is 'The kind of its shocks: ABSOLUTE, RELATIVE, or null when mixed.';
comment on column public.scenario_results.asof_date is 'The valuation date.';
comment on column public.scenario_results.pricing_pack_id is 'The pricing pack this was computed from.';
comment on column public.scenario_results.total_delta_pl is 'Profit or loss of the portfolio, in base currency.';
comment on column public.scenario_results.total_delta_pct is 'The same as a fraction of the value before.';
comment on column public.scenario_results.portfolio_value_before is 'Net asset value before.';
comment on column public.scenario_results.portfolio_value_after is 'Net asset value after.';
comment on column public.scenario_results.position_impacts is 'Profit or loss of each position.';
comment on column public.scenario_results.winners_json is 'The positions that gain most.';
comment on column public.scenario_results.losers_json is 'The positions that lose most.';
comment on column public.scenario_results.suggested_hedges_json is 'What would soften the blow.';
comment on column public.scenario_results.shock_definition_json is 'The shocks that were applied.';
comment on column public.scenario_results.factor_contributions is 'Profit or loss by factor.';
comment on column public.scenario_results.ledger_commit_hash is
    'The ledger state this was computed from (see transactions.ledger_commit_hash).';
comment on column public.scenario_results.method_version is 'The version of the method that computed this.';
comment on column public.scenario_results.created_at is 'When the row was written.';
create index scenario_results_pack on public.scenario_results (pricing_pack_id);
create index scenario_results_user on public.scenario_results (user_id);
alter table public.scenario_results enable row level security;
alter table public.scenario_results force row level security;
create policy scenario_results_of_portfolio on public.scenario_results
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update, delete on public.scenario_results to dawsos_app;

create table public.dar_history (
    id uuid primary key default gen_random_uuid(),
    portfolio_id uuid not null references public.portfolios (id),
    user_id uuid references public.users (id),
    asof_date date not null,
    pricing_pack_id text not null references public.pricing_packs (id),
    regime text not null,
    confidence numeric(5,4) not null,
    horizon_days integer not null,
    num_simulations integer not null,
    seed bigint,
    dar numeric(20,2),
    dar_pct numeric(12,8),
    mean_drawdown numeric(12,8),
    median_drawdown numeric(12,8),
    max_drawdown numeric(12,8),
    current_nav numeric(20,2),
    realized_drawdown numeric(12,8),
    method text not null,
    ledger_commit_hash text,
    created_at timestamp with time zone not null default now(),
    constraint dar_history_one_per_day unique (portfolio_id, asof_date, regime, method),
    constraint dar_history_confidence_is_fraction check (confidence > 0 and confidence < 1),
    constraint dar_history_horizon_positive check (horizon_days > 0),
    constraint dar_history_simulations_positive check (num_simulations > 0)
);
comment on table public.dar_history is 'Drawdown at risk as it was estimated, and what happened then.';
comment on column public.dar_history.id is 'Key.';
comment on column public.dar_history.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column public.dar_history.user_id is 'The user who asked; null for the nightly run.';
comment on column public.dar_history.asof_date is 'The valuation date.';
comment on column public.dar_history.pricing_pack_id is 'The pricing pack this was computed from.';
comment on column public.dar_history.regime is 'The regime it was conditioned on.';
comment on column public.dar_history.confidence is 'The level, as a fraction (0.95: in 95 of 100 cases the drawdown is smaller).';
comment on column public.dar_history.horizon_days is 'Length of the simulated paths in trading days.';
comment on column public.dar_history.num_simulations is 'Number of simulated paths.';
comment on column public.dar_history.seed is 'Seed of the random generator: the same seed gives the same paths.';
comment on column public.dar_history.dar is 'Drawdown at risk in base currency.';
comment on column public.dar_history.dar_pct is 'Drawdown at risk as a fraction of net asset value.';
comment on column public.dar_history.mean_drawdown is 'Mean of the largest drawdowns, as a fraction.';
comment on column public.dar_history.median_drawdown is 'Median of the largest drawdowns, as a fraction.';
comment on column public.dar_history.max_drawdown is 'Worst drawdown of all paths, as a fraction.';
comment on column public.dar_history.current_nav is 'Net asset value at the time.';
comment on column public.dar_history.realized_drawdown is 'The drawdown that came to pass over the horizon, filled in when it is over.';
comment on column public.dar_history.method is 'How it was estimated.';
comment on column public.dar_history.ledger_commit_hash is 'The ledger state this was computed from (see transactions.ledger_commit_hash).';
comment on column public.dar_history.created_at is 'When the row was written.';
create index dar_history_pack on public.dar_history (pricing_pack_id);
create index dar_history_user on public.dar_history (user_id);
alter table public.dar_history enable row level security;
alter table public.dar_history force row level security;
create policy dar_history_of_portfolio on public.dar_history
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update, delete on public.dar_history to dawsos_app;
