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

-- name: lock_keys -> none
-- Hold several keys for this transaction, in the order given.
select pg_advisory_xact_lock(k.key) from unnest(%(keys)s::bigint[]) as k (key);

-- name: kept_keys -> str many
-- Which of some keys have a kept result that has not expired.
select r.key_hash
from app.derived_results r
where r.derivation = %(derivation)s and r.key_hash = any (%(key_hashes)s) and (r.expires_at is null or r.expires_at > %(moment)s);

-- name: keep_results -> bulk
-- Keep many results under their keys.
-- staged: derivation text, key_hash text, portfolio_id uuid, pricing_pack_id text, ledger_commit_hash text, parameters text, method_version text, payload text, computed_at timestamptz, expires_at timestamptz
insert into app.derived_results (derivation, key_hash, portfolio_id, pricing_pack_id, ledger_commit_hash, parameters, method_version, payload,
    computed_at, expires_at)
select s.derivation, s.key_hash, s.portfolio_id, s.pricing_pack_id, s.ledger_commit_hash, s.parameters::jsonb, s.method_version, s.payload::jsonb,
    s.computed_at, s.expires_at
from staged s
on conflict (derivation, key_hash) do update
set payload = excluded.payload, computed_at = excluded.computed_at, expires_at = excluded.expires_at;

-- name: present_states -> LedgerUnderPack many
-- Of some portfolios, each with a pack and a ledger hash, those whose ledger still ends there and whose pack nothing has superseded.
select w.portfolio_id, w.pricing_pack_id, w.ledger_commit_hash
from unnest(%(portfolio_ids)s::uuid[], %(pricing_pack_ids)s::text[], %(ledger_commit_hashes)s::text[])
    as w (portfolio_id, pricing_pack_id, ledger_commit_hash)
join public.pricing_packs p on p.id = w.pricing_pack_id and p.superseded_by is null
where w.ledger_commit_hash = (
    select t.ledger_commit_hash from public.transactions t where t.portfolio_id = w.portfolio_id order by t.sequence desc limit 1
);

-- name: kept_results -> KeptResults many
-- How many results are kept of each kind, and how old the oldest and the newest are.
select r.derivation, count(*)::integer as kept, min(r.computed_at) as oldest, max(r.computed_at) as newest
from app.derived_results r
group by r.derivation
order by r.derivation;
