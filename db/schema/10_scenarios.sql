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
create index dar_history_pack on public.dar_history (pricing_pack_id);
create index dar_history_user on public.dar_history (user_id);
alter table public.dar_history enable row level security;
alter table public.dar_history force row level security;
create policy dar_history_of_portfolio on public.dar_history
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update, delete on public.dar_history to dawsos_app;
