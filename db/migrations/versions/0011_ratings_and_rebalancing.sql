-- Rating rubrics and rebalancing suggestions.

create table public.rating_rubrics (
    id uuid primary key default gen_random_uuid(),
    rating_type text not null,
    criteria jsonb not null,
    weights jsonb not null,
    created_at timestamp with time zone not null default now(),
    method_version text not null default 'v1',
    is_active boolean not null default true,
    research_basis text,
    constraint rating_rubrics_one_per_version unique (rating_type, method_version),
    constraint rating_rubrics_type_known check (rating_type in ('MOAT', 'DIVIDEND_SAFETY', 'RESILIENCE'))
);
comment on table public.rating_rubrics is 'What quality ratings are judged by. Shared by all users.';
comment on column public.rating_rubrics.id is 'Key.';
comment on column public.rating_rubrics.rating_type is 'MOAT, DIVIDEND_SAFETY or RESILIENCE.';
comment on column public.rating_rubrics.criteria is 'The criteria and their thresholds.';
comment on column public.rating_rubrics.weights is 'The weight of each criterion; they add up to 1.';
comment on column public.rating_rubrics.created_at is 'When the row was written.';
comment on column public.rating_rubrics.method_version is 'The version of the rubric.';
comment on column public.rating_rubrics.is_active is 'True for the version in use: one per type.';
comment on column public.rating_rubrics.research_basis is 'What the rubric rests on.';
create unique index rating_rubrics_one_active on public.rating_rubrics (rating_type) where is_active;
create trigger rating_rubrics_operators_only before insert or update or delete on public.rating_rubrics
    for each statement execute function app.require_operator();
grant select, insert, update, delete on public.rating_rubrics to dawsos_app;

create table public.rebalance_suggestions (
    id uuid primary key default gen_random_uuid(),
    portfolio_id uuid not null references public.portfolios (id),
    pricing_pack_id text not null references public.pricing_packs (id),
    policy jsonb not null default '{}',
    constraints jsonb not null default '{}',
    suggested_trades jsonb not null default '[]',
    expected_te numeric(12,8),
    expected_return numeric(12,8),
    expected_risk numeric(12,8),
    turnover_pct numeric(12,8),
    est_cost numeric(20,2),
    method text not null,
    status text not null default 'pending',
    ledger_commit_hash text,
    created_at timestamp with time zone not null default now(),
    executed_at timestamp with time zone,
    constraint rebalance_suggestions_status_known check (status in ('pending', 'accepted', 'rejected', 'executed')),
    constraint rebalance_suggestions_turnover_is_fraction check (turnover_pct between 0 and 2),
    constraint rebalance_suggestions_executed_when check ((status = 'executed') = (executed_at is not null))
);
comment on table public.rebalance_suggestions is 'Trades that would bring a portfolio to its targets.';
comment on column public.rebalance_suggestions.id is 'Key.';
comment on column public.rebalance_suggestions.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column public.rebalance_suggestions.pricing_pack_id is 'The pricing pack this was computed from.';
comment on column public.rebalance_suggestions.policy is 'The targets.';
comment on column public.rebalance_suggestions.constraints is 'The limits that were kept.';
comment on column public.rebalance_suggestions.suggested_trades is 'The trades.';
comment on column public.rebalance_suggestions.expected_te is 'Expected tracking error after them, per year, as a fraction.';
comment on column public.rebalance_suggestions.expected_return is 'Expected return after them, per year, as a fraction.';
comment on column public.rebalance_suggestions.expected_risk is 'Expected volatility after them, per year, as a fraction.';
comment on column public.rebalance_suggestions.turnover_pct is 'Value traded as a fraction of net asset value.';
comment on column public.rebalance_suggestions.est_cost is 'Estimated cost of trading, in base currency.';
comment on column public.rebalance_suggestions.method is 'How they were found.';
comment on column public.rebalance_suggestions.status is 'pending, accepted, rejected or executed.';
comment on column public.rebalance_suggestions.ledger_commit_hash is
    'The ledger state this was computed from (see transactions.ledger_commit_hash).';
comment on column public.rebalance_suggestions.created_at is 'When the row was written.';
comment on column public.rebalance_suggestions.executed_at is 'When they were executed.';
create index rebalance_suggestions_portfolio on public.rebalance_suggestions (portfolio_id, created_at desc);
create index rebalance_suggestions_pack on public.rebalance_suggestions (pricing_pack_id);
alter table public.rebalance_suggestions enable row level security;
alter table public.rebalance_suggestions force row level security;
create policy rebalance_suggestions_of_portfolio on public.rebalance_suggestions
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update, delete on public.rebalance_suggestions to dawsos_app;
