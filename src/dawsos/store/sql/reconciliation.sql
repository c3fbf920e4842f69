-- name: put_reconciliations -> bulk
-- The results of comparing ledgers with the database; the same comparison again replaces its earlier result.
-- staged: id uuid, portfolio_id uuid, pricing_pack_id text, ledger_commit_hash text, asof_date date, ledger_nav numeric, db_nav numeric, error_bps numeric, tolerance_bps numeric, passed boolean, ledger_position_count integer, db_position_count integer, missing_in_db text, missing_in_ledger text, quantity_mismatches text, cost_mismatches text, valuation_mismatches text, checked_with text, discrepancies text, created_at timestamptz
insert into public.reconciliation_results (id, portfolio_id, pricing_pack_id, ledger_commit_hash, asof_date, ledger_nav, db_nav, difference, error_bps,
    tolerance_bps, passed, status, ledger_position_count, db_position_count, missing_in_db, missing_in_ledger, quantity_mismatches,
    cost_mismatches, valuation_mismatches, checked_with, discrepancies, created_at)
select s.id, s.portfolio_id, s.pricing_pack_id, s.ledger_commit_hash, s.asof_date, s.ledger_nav, s.db_nav, s.ledger_nav - s.db_nav, s.error_bps,
    s.tolerance_bps, s.passed, case when s.passed then 'pass' else 'fail' end, s.ledger_position_count, s.db_position_count,
    s.missing_in_db::jsonb, s.missing_in_ledger::jsonb, s.quantity_mismatches::jsonb, s.cost_mismatches::jsonb, s.valuation_mismatches::jsonb,
    s.checked_with, s.discrepancies::jsonb, s.created_at
from staged s;

-- name: remove_reconciliations -> none
-- Clear the results under some keys before they are written anew.
delete from public.reconciliation_results where id = any (%(ids)s);

-- name: list_reconciliations -> ReconciliationRecord many
-- The newest comparisons of a portfolio.
select r.id, r.portfolio_id, r.pricing_pack_id, r.ledger_commit_hash, r.asof_date, r.ledger_nav, r.db_nav, r.difference, r.error_bps, r.tolerance_bps,
    r.passed, r.status, r.ledger_position_count, r.db_position_count, r.checked_with, r.discrepancies, r.created_at
from public.reconciliation_results r
where r.portfolio_id = %(portfolio_id)s
order by r.asof_date desc, r.created_at desc
limit %(limit)s;

-- name: failed_reconciliations -> ReconciliationRecord many
-- What disagrees under a pack.
select r.id, r.portfolio_id, r.pricing_pack_id, r.ledger_commit_hash, r.asof_date, r.ledger_nav, r.db_nav, r.difference, r.error_bps, r.tolerance_bps,
    r.passed, r.status, r.ledger_position_count, r.db_position_count, r.checked_with, r.discrepancies, r.created_at
from public.reconciliation_results r
where r.pricing_pack_id = %(pricing_pack_id)s and not r.passed
order by r.error_bps desc nulls first, r.portfolio_id;
