-- name: ask_database -> DatabaseFacts one
-- Whether the database answers, and what it is.
select current_setting('server_version') as server_version, current_database()::text as name, pg_is_in_recovery() as is_read_only;

-- name: newest_pack -> PackState optional
-- The newest pack of a policy that nothing supersedes, whatever its state, and how ready it is.
select p.id, p.date, p.status, p.freshness, p.is_fresh, p.prewarm_done, p.reconciliation_passed, p.error_message, p.updated_at
from public.pricing_packs p
where p.policy = %(policy)s and p.superseded_by is null
order by p.date desc, p.revision desc
limit 1;

-- name: chain_pace -> ChainPace one
-- When the chain of a date began, and how long the chains before it took, in seconds.
with chains as (
    select j.asof_date, extract(epoch from max(j.finished_at) - min(j.started_at))::double precision as seconds
    from app.job_runs j
    where j.policy = %(policy)s and j.asof_date <> %(day)s
    group by j.asof_date
    having bool_and(j.finished_at is not null)
    order by j.asof_date desc
    limit 5
)
select
    (select min(j.started_at) from app.job_runs j where j.policy = %(policy)s and j.asof_date = %(day)s) as started_at,
    (select avg(c.seconds)::double precision from chains c) as usual_seconds;
