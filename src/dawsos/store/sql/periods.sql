-- name: add_statement -> none
-- Keep what a broker stated and how it compared.
insert into app.broker_statements (id, portfolio_id, asof_date, source, file_hash, ledger_commit_hash, positions, cash, differences, agrees, created_at,
    created_by)
values (%(id)s, %(portfolio_id)s, %(asof_date)s, %(source)s, %(file_hash)s, %(ledger_commit_hash)s, %(positions)s::jsonb, %(cash)s::jsonb,
    %(differences)s::jsonb, %(agrees)s, %(moment)s, %(created_by)s);

-- name: list_statements -> StatementRecord many
-- The newest statements of a portfolio.
select b.id, b.portfolio_id, b.asof_date, b.source, b.ledger_commit_hash, b.differences, b.agrees, b.created_at
from app.broker_statements b
where b.portfolio_id = %(portfolio_id)s
order by b.asof_date desc, b.created_at desc
limit %(limit)s;

-- name: find_lock -> LockRecord optional
-- Up to which date a portfolio is settled.
select k.portfolio_id, k.locked_through, k.reason, k.statement_id, k.locked_at
from app.period_locks k
where k.portfolio_id = %(portfolio_id)s;

-- name: put_lock -> none
-- Settle a portfolio up to a date.
insert into app.period_locks (portfolio_id, locked_through, reason, statement_id, locked_at, locked_by)
values (%(portfolio_id)s, %(locked_through)s, %(reason)s, %(statement_id)s, %(moment)s, %(locked_by)s)
on conflict (portfolio_id) do update
set locked_through = excluded.locked_through, reason = excluded.reason, statement_id = excluded.statement_id, locked_at = excluded.locked_at,
    locked_by = excluded.locked_by;

-- name: remove_lock -> none
-- Open a portfolio's settled period again.
delete from app.period_locks where portfolio_id = %(portfolio_id)s;

-- name: add_late_entries -> bulk
-- Entries inside a settled period, each with its reason.
-- staged: transaction_id uuid, portfolio_id uuid, locked_through date, reason text, created_at timestamptz
insert into app.late_entries (transaction_id, portfolio_id, locked_through, reason, created_at)
select s.transaction_id, s.portfolio_id, s.locked_through, s.reason, s.created_at
from staged s;

-- name: list_late_entries -> LateEntryRecord many
-- The restatements of a portfolio's settled periods.
select l.transaction_id, t.sequence, t.transaction_date, l.locked_through, l.reason, l.created_at
from app.late_entries l
join public.transactions t on t.id = l.transaction_id
where l.portfolio_id = %(portfolio_id)s
order by t.sequence;
