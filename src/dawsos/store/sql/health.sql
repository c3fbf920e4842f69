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
