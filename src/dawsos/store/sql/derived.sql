-- name: find_result -> StoredResult optional
-- A kept result that has not expired.
select r.payload, r.computed_at
from app.derived_results r
where r.derivation = %(derivation)s and r.key_hash = %(key_hash)s
    and (r.expires_at is null or r.expires_at > %(moment)s);

-- name: keep_result -> none
-- Keep a result under its key.
insert into app.derived_results (derivation, key_hash, portfolio_id, pricing_pack_id, ledger_commit_hash, parameters, method_version, payload,
    computed_at, expires_at)
values (%(derivation)s, %(key_hash)s, %(portfolio_id)s, %(pricing_pack_id)s, %(ledger_commit_hash)s, %(parameters)s::jsonb, %(method_version)s,
    %(payload)s::jsonb, %(computed_at)s, %(expires_at)s)
on conflict (derivation, key_hash) do update
set payload = excluded.payload, computed_at = excluded.computed_at, expires_at = excluded.expires_at;

-- name: lock_key -> none
-- Let one transaction at a time compute the result of a key.
select pg_advisory_xact_lock(%(key)s);
