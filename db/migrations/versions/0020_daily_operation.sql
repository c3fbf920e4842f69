-- Daily operation: checks of prices, statements of brokers, settled periods, the runs of the nightly chain.

create table app.price_checks (
    security_id uuid not null references public.securities (id),
    date date not null,
    source text not null,
    rule text not null,
    policy text not null,
    close numeric(20,8) not null,
    compared_with text not null,
    compared_close numeric(20,8) not null,
    finding text not null,
    status text not null default 'open',
    note text,
    found_at timestamp with time zone not null,
    decided_at timestamp with time zone,
    primary key (policy, security_id, date, source, rule),
    constraint price_checks_rule_known check (rule in ('unit', 'disagreement', 'outlier', 'stale')),
    constraint price_checks_status_known check (status in ('open', 'accepted', 'quarantined')),
    constraint price_checks_decided_with_a_note check ((status = 'open') = (decided_at is null) and (status = 'open' or note is not null))
);
comment on table app.price_checks is 'Prices that look wrong, by policy: a proposal to quarantine them that somebody has to decide.';
comment on column app.price_checks.security_id is 'The security.';
comment on column app.price_checks.date is 'The day of the price.';
comment on column app.price_checks.source is 'Who gave the price.';
comment on column app.price_checks.rule is 'Which rule found it: unit, disagreement, outlier or stale.';
comment on column app.price_checks.policy is 'The pricing policy whose packs would use it.';
comment on column app.price_checks.close is 'The price.';
comment on column app.price_checks.compared_with is 'What it was compared with: another source, or an earlier day of the same one.';
comment on column app.price_checks.compared_close is 'The price it was compared with.';
comment on column app.price_checks.finding is 'What looks wrong, in words.';
comment on column app.price_checks.status is 'open, accepted (the price is right) or quarantined (no pack uses it any more).';
comment on column app.price_checks.note is 'Why it was decided so.';
comment on column app.price_checks.found_at is 'When the rule found it.';
comment on column app.price_checks.decided_at is 'When it was decided; null while open.';
create index price_checks_security on app.price_checks (security_id);
create index price_checks_open on app.price_checks (policy, date) where status = 'open';
grant select, insert, update, delete on app.price_checks to dawsos_app;
create trigger price_checks_operators_only before insert or update or delete on app.price_checks
    for each statement execute function app.require_operator();

alter table public.reconciliation_results
    add column checked_with text not null default 'dawsos',
    add column discrepancies jsonb not null default '[]';
comment on column public.reconciliation_results.checked_with is 'What replayed the ledger independently: beancount, or dawsos itself.';
comment on column public.reconciliation_results.discrepancies is 'Everything that differs: kind, what, both values, and the probable cause.';

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

create table app.job_runs (
    policy text not null,
    asof_date date not null,
    job text not null,
    place integer not null,
    pricing_pack_id text,
    status text not null,
    attempts integer not null default 1,
    units_done integer not null default 0,
    units_total integer not null default 0,
    started_at timestamp with time zone not null,
    finished_at timestamp with time zone,
    error text,
    warnings jsonb not null default '[]',
    primary key (policy, asof_date, job),
    constraint job_runs_status_known check (status in ('running', 'succeeded', 'failed', 'skipped')),
    constraint job_runs_counts_not_negative check (attempts >= 1 and units_done >= 0 and units_total >= 0),
    constraint job_runs_running_is_unfinished check ((status = 'running') = (finished_at is null)),
    constraint job_runs_failed_says_why check (status <> 'failed' or error is not null)
);
comment on table app.job_runs is 'The steps of the nightly chain by policy and date: how far each came, and what it had to say.';
comment on column app.job_runs.policy is 'The pricing policy.';
comment on column app.job_runs.asof_date is 'The date the chain was run for.';
comment on column app.job_runs.job is 'The step.';
comment on column app.job_runs.place is 'Its place in the chain, from 1.';
comment on column app.job_runs.pricing_pack_id is 'The pack it worked on; null before there is one.';
comment on column app.job_runs.status is 'running, succeeded, failed, or skipped (there was nothing to do; error says why).';
comment on column app.job_runs.attempts is 'How often it was started.';
comment on column app.job_runs.units_done is 'Units of work done, mostly portfolios.';
comment on column app.job_runs.units_total is 'Units of work in all.';
comment on column app.job_runs.started_at is 'When it was last started.';
comment on column app.job_runs.finished_at is 'When it ended; null while it runs or after it was killed.';
comment on column app.job_runs.error is 'Why it failed or was skipped.';
comment on column app.job_runs.warnings is 'What went wrong for single portfolios without stopping the chain.';
alter table app.job_runs enable row level security;
alter table app.job_runs force row level security;
create policy job_runs_operator on app.job_runs
    using ((select app.is_operator()));
grant select, insert, update, delete on app.job_runs to dawsos_app;
