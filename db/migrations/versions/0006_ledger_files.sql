-- Ledger files: what was read from a portfolio's journal, and how it compares with the database.

create table public.ledger_snapshots (
    id uuid primary key default gen_random_uuid(),
    portfolio_id uuid references public.portfolios (id),
    commit_hash text not null,
    repository_url text,
    branch text,
    file_paths text[],
    file_hash text,
    transaction_count integer not null default 0,
    account_count integer not null default 0,
    earliest_date date,
    latest_date date,
    status text not null default 'parsing',
    superseded_by uuid references public.ledger_snapshots (id),
    parsed_at timestamp with time zone,
    error_message text,
    created_at timestamp with time zone not null default now(),
    constraint ledger_snapshots_status_known check (status in ('parsing', 'parsed', 'failed', 'superseded')),
    constraint ledger_snapshots_counts_not_negative check (transaction_count >= 0 and account_count >= 0),
    constraint ledger_snapshots_dates_ordered check (earliest_date <= latest_date)
);
create index ledger_snapshots_portfolio on public.ledger_snapshots (portfolio_id, parsed_at desc);
create index ledger_snapshots_superseded_by on public.ledger_snapshots (superseded_by) where superseded_by is not null;
alter table public.ledger_snapshots enable row level security;
alter table public.ledger_snapshots force row level security;
create policy ledger_snapshots_of_portfolio on public.ledger_snapshots
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
create policy ledger_snapshots_repository_wide on public.ledger_snapshots for select
    using (portfolio_id is null and (select app.actor_role()) is not null);
grant select, insert, update, delete on public.ledger_snapshots to dawsos_app;

create table public.ledger_transactions (
    id uuid primary key default gen_random_uuid(),
    snapshot_id uuid not null references public.ledger_snapshots (id) on delete cascade,
    portfolio_id uuid references public.portfolios (id),
    transaction_date date not null,
    transaction_index integer not null,
    posting_index integer not null default 0,
    payee text,
    narration text,
    tags text[],
    links text[],
    account text not null,
    commodity text,
    quantity numeric(20,8),
    price numeric(20,8),
    price_commodity text,
    cost numeric(20,8),
    cost_commodity text,
    transaction_type text,
    metadata jsonb not null default '{}',
    created_at timestamp with time zone not null default now(),
    constraint ledger_transactions_one_place unique (snapshot_id, transaction_index, posting_index)
);
create index ledger_transactions_portfolio on public.ledger_transactions (portfolio_id, transaction_date);
alter table public.ledger_transactions enable row level security;
alter table public.ledger_transactions force row level security;
create policy ledger_transactions_of_portfolio on public.ledger_transactions
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
create policy ledger_transactions_repository_wide on public.ledger_transactions for select
    using (portfolio_id is null and (select app.actor_role()) is not null);
grant select, insert, delete on public.ledger_transactions to dawsos_app;

create table public.reconciliation_results (
    id uuid primary key default gen_random_uuid(),
    portfolio_id uuid not null references public.portfolios (id),
    pricing_pack_id text not null references public.pricing_packs (id),
    ledger_commit_hash text,
    asof_date date not null,
    ledger_nav numeric(20,2),
    db_nav numeric(20,2),
    difference numeric(20,2),
    error_bps numeric(12,8),
    tolerance_bps numeric(12,8) not null default 1,
    passed boolean not null,
    status text not null,
    ledger_position_count integer,
    db_position_count integer,
    missing_in_db jsonb not null default '[]',
    missing_in_ledger jsonb not null default '[]',
    quantity_mismatches jsonb not null default '[]',
    cost_mismatches jsonb not null default '[]',
    valuation_mismatches jsonb not null default '[]',
    duration_ms integer,
    created_at timestamp with time zone not null default now(),
    constraint reconciliation_results_status_known check (status in ('pass', 'fail', 'warning')),
    constraint reconciliation_results_difference_is_difference check (difference = ledger_nav - db_nav),
    constraint reconciliation_results_passed_agrees check (passed = (status <> 'fail'))
);
create index reconciliation_results_portfolio on public.reconciliation_results (portfolio_id, asof_date desc);
create index reconciliation_results_pack on public.reconciliation_results (pricing_pack_id);
alter table public.reconciliation_results enable row level security;
alter table public.reconciliation_results force row level security;
create policy reconciliation_results_of_portfolio on public.reconciliation_results
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, delete on public.reconciliation_results to dawsos_app;

create view public.latest_ledger_snapshot with (security_barrier) as
select
    p.id as portfolio_id,
    s.id as snapshot_id,
    s.portfolio_id is null as is_repository_wide,
    s.commit_hash,
    s.repository_url,
    s.branch,
    s.file_paths,
    s.file_hash,
    s.transaction_count,
    s.account_count,
    s.earliest_date,
    s.latest_date,
    s.parsed_at
from public.portfolios p
cross join lateral (
    select l.*
    from public.ledger_snapshots l
    where (l.portfolio_id = p.id or l.portfolio_id is null)
        and l.status = 'parsed'
        and l.superseded_by is null
    order by l.portfolio_id is null, l.parsed_at desc nulls last, l.created_at desc, l.id desc
    limit 1
) s;
grant select on public.latest_ledger_snapshot to dawsos_app;
