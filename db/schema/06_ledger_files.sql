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
comment on table public.ledger_snapshots is 'States of a ledger as they were recorded: the portfolio''s own, or read from journal files.';
comment on column public.ledger_snapshots.id is 'Key.';
comment on column public.ledger_snapshots.portfolio_id is
    'The portfolio; null for a repository that speaks for every portfolio without a ledger of its own.';
comment on column public.ledger_snapshots.commit_hash is 'What names the state: the hash of the ledger, or the commit of the repository.';
comment on column public.ledger_snapshots.repository_url is 'The repository the files came from.';
comment on column public.ledger_snapshots.branch is 'The branch they were read from.';
comment on column public.ledger_snapshots.file_paths is 'The files that were read.';
comment on column public.ledger_snapshots.file_hash is 'SHA-256 over the files.';
comment on column public.ledger_snapshots.transaction_count is 'Entries up to this state.';
comment on column public.ledger_snapshots.account_count is 'Accounts in them.';
comment on column public.ledger_snapshots.earliest_date is 'Date of the first entry.';
comment on column public.ledger_snapshots.latest_date is 'Date of the last entry.';
comment on column public.ledger_snapshots.status is 'parsing, parsed, failed or superseded.';
comment on column public.ledger_snapshots.superseded_by is 'The snapshot that replaced it.';
comment on column public.ledger_snapshots.parsed_at is 'When it had been read.';
comment on column public.ledger_snapshots.error_message is 'Why it could not be read.';
comment on column public.ledger_snapshots.created_at is 'When the row was written.';
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
comment on table public.ledger_transactions is 'The postings of a ledger snapshot, one row each.';
comment on column public.ledger_transactions.id is 'Key.';
comment on column public.ledger_transactions.snapshot_id is 'The snapshot it was recorded with.';
comment on column public.ledger_transactions.portfolio_id is 'The portfolio of the snapshot; null for a repository that speaks for all.';
comment on column public.ledger_transactions.transaction_date is 'Date of the entry.';
comment on column public.ledger_transactions.transaction_index is 'Number of the entry in the ledger.';
comment on column public.ledger_transactions.posting_index is 'Number of the posting in the entry, from 0.';
comment on column public.ledger_transactions.payee is 'The other party.';
comment on column public.ledger_transactions.narration is 'What it was, in words.';
comment on column public.ledger_transactions.tags is 'The entry''s tags.';
comment on column public.ledger_transactions.links is 'The entry''s links.';
comment on column public.ledger_transactions.account is 'The account, for example Assets:Broker:Cash.';
comment on column public.ledger_transactions.commodity is 'What is counted: a currency or a symbol.';
comment on column public.ledger_transactions.quantity is 'How much of it, signed.';
comment on column public.ledger_transactions.price is 'Price per unit, where one is noted.';
comment on column public.ledger_transactions.price_commodity is 'Currency of the price.';
comment on column public.ledger_transactions.cost is 'Cost per unit, where one is noted.';
comment on column public.ledger_transactions.cost_commodity is 'Currency of the cost.';
comment on column public.ledger_transactions.transaction_type is
    'The kind of transaction the entry is, in the words of transactions.transaction_type.';
comment on column public.ledger_transactions.metadata is 'Further notes of the posting.';
comment on column public.ledger_transactions.created_at is 'When the row was written.';
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
    checked_with text not null default 'dawsos',
    discrepancies jsonb not null default '[]',
    constraint reconciliation_results_status_known check (status in ('pass', 'fail', 'warning')),
    constraint reconciliation_results_difference_is_difference check (difference = ledger_nav - db_nav),
    constraint reconciliation_results_passed_agrees check (passed = (status <> 'fail'))
);
comment on table public.reconciliation_results is 'Comparisons of a ledger with the database, under one pricing pack.';
comment on column public.reconciliation_results.id is 'Key.';
comment on column public.reconciliation_results.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column public.reconciliation_results.pricing_pack_id is 'The pack both were valued with.';
comment on column public.reconciliation_results.ledger_commit_hash is 'The ledger state that was compared.';
comment on column public.reconciliation_results.asof_date is 'The valuation date.';
comment on column public.reconciliation_results.ledger_nav is 'Net asset value by the ledger.';
comment on column public.reconciliation_results.db_nav is 'Net asset value by the database.';
comment on column public.reconciliation_results.difference is 'ledger_nav less db_nav.';
comment on column public.reconciliation_results.error_bps is 'Absolute difference in basis points of ledger_nav.';
comment on column public.reconciliation_results.tolerance_bps is 'The largest error that passes, in basis points.';
comment on column public.reconciliation_results.passed is 'True when nothing is beyond tolerance.';
comment on column public.reconciliation_results.status is 'pass, fail or warning.';
comment on column public.reconciliation_results.ledger_position_count is 'Positions in the ledger.';
comment on column public.reconciliation_results.db_position_count is 'Positions in the database.';
comment on column public.reconciliation_results.missing_in_db is 'Positions the database lacks.';
comment on column public.reconciliation_results.missing_in_ledger is 'Positions the ledger lacks.';
comment on column public.reconciliation_results.quantity_mismatches is 'Positions whose quantities differ.';
comment on column public.reconciliation_results.cost_mismatches is 'Positions whose costs differ by more than a cent.';
comment on column public.reconciliation_results.valuation_mismatches is 'Positions whose values differ beyond tolerance.';
comment on column public.reconciliation_results.duration_ms is 'How long the comparison took, in milliseconds.';
comment on column public.reconciliation_results.created_at is 'When the row was written.';
comment on column public.reconciliation_results.checked_with is 'What replayed the ledger independently: beancount, or dawsos itself.';
comment on column public.reconciliation_results.discrepancies is 'Everything that differs: kind, what, both values, and the probable cause.';
create index reconciliation_results_portfolio on public.reconciliation_results (portfolio_id, asof_date desc);
create index reconciliation_results_pack on public.reconciliation_results (pricing_pack_id);
alter table public.reconciliation_results enable row level security;
alter table public.reconciliation_results force row level security;
create policy reconciliation_results_of_portfolio on public.reconciliation_results
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, delete on public.reconciliation_results to dawsos_app;

create table app.broker_statements (
    id uuid primary key,
    portfolio_id uuid not null references public.portfolios (id),
    asof_date date not null,
    source text not null,
    file_hash text not null,
    ledger_commit_hash text not null,
    positions jsonb not null,
    cash jsonb not null,
    differences jsonb not null,
    agrees boolean not null,
    created_at timestamp with time zone not null,
    created_by uuid references public.users (id),
    constraint broker_statements_file_hash_is_sha256 check (file_hash ~ '^[0-9a-f]{64}$'),
    constraint broker_statements_agrees_without_differences check (agrees = (differences = '[]'::jsonb))
);
comment on table app.broker_statements is 'What a broker says was held on a date, and how it differs from the ledger.';
comment on column app.broker_statements.id is 'Key.';
comment on column app.broker_statements.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column app.broker_statements.asof_date is 'The date of the statement.';
comment on column app.broker_statements.source is 'Whose statement it is.';
comment on column app.broker_statements.file_hash is 'SHA-256 of the file.';
comment on column app.broker_statements.ledger_commit_hash is 'The ledger state it was compared with.';
comment on column app.broker_statements.positions is 'Quantities by symbol, as the broker states them.';
comment on column app.broker_statements.cash is 'Cash by currency, as the broker states it.';
comment on column app.broker_statements.differences is 'What differs, each with its probable cause.';
comment on column app.broker_statements.agrees is 'True when nothing differs.';
comment on column app.broker_statements.created_at is 'When it was compared.';
comment on column app.broker_statements.created_by is 'Who brought it in; null for background work.';
create index broker_statements_portfolio on app.broker_statements (portfolio_id, asof_date desc);
create index broker_statements_created_by on app.broker_statements (created_by);
alter table app.broker_statements enable row level security;
alter table app.broker_statements force row level security;
create policy broker_statements_of_portfolio on app.broker_statements
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert on app.broker_statements to dawsos_app;

create table app.period_locks (
    portfolio_id uuid primary key references public.portfolios (id),
    locked_through date not null,
    reason text not null,
    statement_id uuid references app.broker_statements (id),
    locked_at timestamp with time zone not null,
    locked_by uuid references public.users (id)
);
comment on table app.period_locks is 'Up to which date a portfolio''s ledger is settled: an entry on or before it needs a reason.';
comment on column app.period_locks.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column app.period_locks.locked_through is 'The last day of the settled period.';
comment on column app.period_locks.reason is 'Why it is settled.';
comment on column app.period_locks.statement_id is 'The broker''s statement that settled it, if one did.';
comment on column app.period_locks.locked_at is 'When it was locked.';
comment on column app.period_locks.locked_by is 'Who locked it; null for background work.';
create index period_locks_statement on app.period_locks (statement_id);
create index period_locks_locked_by on app.period_locks (locked_by);
alter table app.period_locks enable row level security;
alter table app.period_locks force row level security;
create policy period_locks_of_portfolio on app.period_locks
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update, delete on app.period_locks to dawsos_app;

create table app.late_entries (
    transaction_id uuid primary key references public.transactions (id),
    portfolio_id uuid not null references public.portfolios (id),
    locked_through date not null,
    reason text not null,
    created_at timestamp with time zone not null
);
comment on table app.late_entries is 'Entries booked inside a settled period: restatements of what had been agreed, each with its reason.';
comment on column app.late_entries.transaction_id is 'The entry.';
comment on column app.late_entries.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column app.late_entries.locked_through is 'The last settled day when it was booked.';
comment on column app.late_entries.reason is 'Why it had to be.';
comment on column app.late_entries.created_at is 'When the row was written.';
create index late_entries_portfolio on app.late_entries (portfolio_id);
alter table app.late_entries enable row level security;
alter table app.late_entries force row level security;
create policy late_entries_of_portfolio on app.late_entries
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert on app.late_entries to dawsos_app;

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
comment on view public.latest_ledger_snapshot is
    'The present ledger state of each portfolio: its newest parsed snapshot, or the newest that speaks for all.';
comment on column public.latest_ledger_snapshot.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column public.latest_ledger_snapshot.snapshot_id is 'The snapshot.';
comment on column public.latest_ledger_snapshot.is_repository_wide is
    'True when it is one that speaks for every portfolio without a ledger of its own.';
comment on column public.latest_ledger_snapshot.commit_hash is 'What names the state.';
comment on column public.latest_ledger_snapshot.repository_url is 'The repository the files came from.';
comment on column public.latest_ledger_snapshot.branch is 'The branch they were read from.';
comment on column public.latest_ledger_snapshot.file_paths is 'The files that were read.';
comment on column public.latest_ledger_snapshot.file_hash is 'SHA-256 over the files.';
comment on column public.latest_ledger_snapshot.transaction_count is 'Entries up to this state.';
comment on column public.latest_ledger_snapshot.account_count is 'Accounts in them.';
comment on column public.latest_ledger_snapshot.earliest_date is 'Date of the first entry.';
comment on column public.latest_ledger_snapshot.latest_date is 'Date of the last entry.';
comment on column public.latest_ledger_snapshot.parsed_at is 'When it had been read.';
grant select on public.latest_ledger_snapshot to dawsos_app;
