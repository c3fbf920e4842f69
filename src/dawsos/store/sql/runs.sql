-- name: start_run -> none
-- A step begins, for the first time or again.
insert into app.job_runs (policy, asof_date, job, place, pricing_pack_id, status, started_at)
values (%(policy)s, %(asof_date)s, %(job)s, %(place)s, %(pricing_pack_id)s, 'running', %(moment)s)
on conflict (policy, asof_date, job) do update
set status = 'running', place = excluded.place, pricing_pack_id = excluded.pricing_pack_id, attempts = app.job_runs.attempts + 1, units_done = 0,
    units_total = 0, started_at = excluded.started_at, finished_at = null, error = null, warnings = '[]';

-- name: note_progress -> none
-- How far a step has come.
update app.job_runs
set units_done = %(done)s, units_total = %(total)s
where policy = %(policy)s and asof_date = %(asof_date)s and job = %(job)s;

-- name: finish_run -> none
-- A step has ended.
update app.job_runs
set status = %(status)s, pricing_pack_id = coalesce(%(pricing_pack_id)s, pricing_pack_id), finished_at = %(moment)s, error = %(error)s,
    warnings = %(warnings)s::jsonb
where policy = %(policy)s and asof_date = %(asof_date)s and job = %(job)s;

-- name: runs_of -> RunRecord many
-- The steps of a chain, in order.
select j.policy, j.asof_date, j.job, j.place, j.pricing_pack_id, j.status, j.attempts, j.units_done, j.units_total, j.started_at, j.finished_at,
    j.error, j.warnings
from app.job_runs j
where j.policy = %(policy)s and j.asof_date = %(asof_date)s
order by j.place;

-- name: recent_runs -> RunRecord many
-- The steps of the newest chains, newest date first.
select j.policy, j.asof_date, j.job, j.place, j.pricing_pack_id, j.status, j.attempts, j.units_done, j.units_total, j.started_at, j.finished_at,
    j.error, j.warnings
from app.job_runs j
order by j.asof_date desc, j.policy, j.place
limit %(limit)s;

-- name: lock_step -> none
-- One transaction at a time works on a step of the chain of a policy.
select pg_advisory_xact_lock(%(space)s, hashtext(%(step)s));

-- name: block_of_portfolios -> PortfolioRecord many
-- The portfolios in use of a policy after one of them, in order of their key.
select p.id, p.name, p.base_currency, p.owner_id, p.created_at, p.updated_at, p.benchmark_id, p.benchmark_hedged, p.cost_basis_method, p.is_active,
    p.description, p.settings, p.pricing_policy
from public.portfolios p
where p.pricing_policy = %(policy)s and p.is_active and (%(after)s::uuid is null or p.id > %(after)s)
order by p.id
limit %(limit)s;

-- name: base_currencies -> str many
-- The currencies a policy's portfolios are told in.
select distinct p.base_currency as currency from public.portfolios p where p.pricing_policy = %(policy)s and p.is_active order by currency;

-- name: benchmark_symbols -> str many
-- The benchmarks of a policy's portfolios.
select s.symbol
from public.securities s
where exists (select from public.portfolios p where p.benchmark_id = s.symbol and p.pricing_policy = %(policy)s and p.is_active)
order by s.symbol;

-- name: count_portfolios -> int value
-- How many portfolios in use a policy has.
select count(*)::bigint from public.portfolios p where p.pricing_policy = %(policy)s and p.is_active;
