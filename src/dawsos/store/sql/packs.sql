-- name: find_pack -> PackRecord optional
-- The pack with this id.
select p.id, p.date, p.status, p.policy, p.hash, p.edition, p.revision, p.superseded_by, p.supersedes_reason, p.freshness, p.is_fresh,
    p.securities_count, p.fx_pairs_count, p.error_message, p.completed_at, p.created_at
from public.pricing_packs p
where p.id = %(pack_id)s;

-- name: pack_in_force -> PackRecord optional
-- The newest complete pack of a policy on or before a date that nothing supersedes.
select p.id, p.date, p.status, p.policy, p.hash, p.edition, p.revision, p.superseded_by, p.supersedes_reason, p.freshness, p.is_fresh,
    p.securities_count, p.fx_pairs_count, p.error_message, p.completed_at, p.created_at
from public.pricing_packs p
where p.policy = %(policy)s and p.status = 'COMPLETE' and p.superseded_by is null
    and p.date <= coalesce(%(day)s::date, 'infinity')
order by p.date desc
limit 1;

-- name: newest_packs -> str many
-- Of some packs, those that are the newest complete ones of their policy and that nothing supersedes.
select p.id
from public.pricing_packs p
where p.id = any (%(pack_ids)s) and p.status = 'COMPLETE' and p.superseded_by is null and not exists (
    select from public.pricing_packs q
    where q.policy = p.policy and q.status = 'COMPLETE' and q.superseded_by is null and q.date > p.date
);

-- name: list_packs -> PackRecord many
-- Packs newest first, of one policy or of all, before a date.
select p.id, p.date, p.status, p.policy, p.hash, p.edition, p.revision, p.superseded_by, p.supersedes_reason, p.freshness, p.is_fresh,
    p.securities_count, p.fx_pairs_count, p.error_message, p.completed_at, p.created_at
from public.pricing_packs p
where (%(policy)s::text is null or p.policy = %(policy)s) and p.date < coalesce(%(before)s::date, 'infinity')
order by p.date desc, p.policy, p.revision desc
limit %(limit)s;

-- name: packs_between -> PackRecord many
-- Every pack of a policy in a range of dates, whatever its state.
select p.id, p.date, p.status, p.policy, p.hash, p.edition, p.revision, p.superseded_by, p.supersedes_reason, p.freshness, p.is_fresh,
    p.securities_count, p.fx_pairs_count, p.error_message, p.completed_at, p.created_at
from public.pricing_packs p
where p.policy = %(policy)s and p.date between %(first)s and %(last)s
order by p.date, p.revision;

-- name: pack_frontier -> PackFrontier one
-- The newest date and the newest edition of a policy's complete packs.
select max(p.date) as newest_date, coalesce(max(p.edition), 1) as newest_edition
from public.pricing_packs p
where p.policy = %(policy)s and p.status = 'COMPLETE';

-- name: pack_prices -> PackPriceRecord many
-- The prices of a pack.
select r.security_id, s.symbol, r.date, r.open, r.high, r.low, r.close, r.volume, r.currency, r.source, r.stale_days, r.fetched_at
from public.prices r
join public.securities s on s.id = r.security_id
where r.pricing_pack_id = %(pack_id)s
order by s.symbol;

-- name: pack_rates -> PackRateRecord many
-- The exchange rates of a pack.
select f.base_ccy, f.quote_ccy, f.rate, (f.asof_ts at time zone 'UTC')::date as date, f.source
from public.fx_rates f
where f.pricing_pack_id = %(pack_id)s
order by f.base_ccy, f.quote_ccy;

-- name: add_packs -> bulk
-- Begin packs, still pending.
-- staged: id text, date date, policy text, edition integer, revision integer, hash text, securities_count integer, fx_pairs_count integer, sources_json jsonb, created_at timestamptz
insert into public.pricing_packs (id, date, policy, edition, revision, status, hash, securities_count, fx_pairs_count, sources_json, created_at, updated_at)
select s.id, s.date, s.policy, s.edition, s.revision, 'PENDING', s.hash, s.securities_count, s.fx_pairs_count, s.sources_json, s.created_at, s.created_at
from staged s;

-- name: add_prices -> bulk
-- The prices of packs in the making.
-- staged: pricing_pack_id text, security_id uuid, date date, open numeric, high numeric, low numeric, close numeric, volume bigint, currency text, source text, stale_days integer, adjusted_for_dividends boolean, fetched_at timestamptz
insert into public.prices (pricing_pack_id, security_id, date, open, high, low, close, volume, currency, source, stale_days, adjusted_for_dividends, fetched_at)
select s.pricing_pack_id, s.security_id, s.date, s.open, s.high, s.low, s.close, s.volume, s.currency, s.source, s.stale_days, s.adjusted_for_dividends, s.fetched_at
from staged s;

-- name: add_rates -> bulk
-- The exchange rates of packs in the making.
-- staged: pricing_pack_id text, base_ccy text, quote_ccy text, rate numeric, source text, asof_ts timestamptz, policy text
insert into public.fx_rates (pricing_pack_id, base_ccy, quote_ccy, rate, source, asof_ts, policy)
select s.pricing_pack_id, s.base_ccy, s.quote_ccy, s.rate, s.source, s.asof_ts, s.policy
from staged s;

-- name: supersede_pack -> none
-- Mark a complete pack as replaced by another.
update public.pricing_packs
set superseded_by = %(successor)s, supersedes_reason = %(reason)s, updated_at = %(moment)s
where id = %(pack_id)s and superseded_by is null;

-- name: complete_packs -> none
-- Seal packs: from here on their contents never change. They are warming until they are released.
update public.pricing_packs
set status = 'COMPLETE', freshness = 'warming', is_fresh = false, completed_at = %(moment)s, updated_at = %(moment)s
where id = any (%(pack_ids)s);

-- name: release_packs -> none
-- Complete packs may be served from now on.
update public.pricing_packs
set freshness = 'fresh', is_fresh = true, prewarm_done = prewarm_done or %(prewarm_done)s, error_message = null, updated_at = %(moment)s
where id = any (%(pack_ids)s) and status = 'COMPLETE' and not is_fresh;

-- name: note_reconciliation -> none
-- How the reconciliation under a pack went, and by how much it was off at most.
update public.pricing_packs
set reconciliation_passed = %(passed)s, reconciliation_error_bps = %(error_bps)s, updated_at = %(moment)s
where id = %(pack_id)s
    and (reconciliation_passed, reconciliation_error_bps) is distinct from (%(passed)s::boolean, %(error_bps)s::numeric(12,8));

-- name: withhold_pack -> none
-- A complete pack is not to be served, and why.
update public.pricing_packs
set freshness = 'error', is_fresh = false, error_message = %(reason)s, updated_at = %(moment)s
where id = %(pack_id)s and status = 'COMPLETE';

-- name: warming_packs -> str many
-- Complete packs of a policy up to a date that nothing supersedes and that are not released yet.
select p.id
from public.pricing_packs p
where p.policy = %(policy)s and p.status = 'COMPLETE' and p.superseded_by is null and not p.is_fresh and p.freshness = 'warming'
    and p.date <= %(day)s
order by p.date;

-- name: add_failed_pack -> none
-- Record that a pack could not be completed, and why.
insert into public.pricing_packs (id, date, policy, edition, revision, status, freshness, error_message, created_at, updated_at)
values (%(pack_id)s, %(day)s, %(policy)s, %(edition)s, %(revision)s, 'FAILED', 'error', %(reason)s, %(moment)s, %(moment)s);

-- name: remove_unfinished -> none
-- Clear away what an earlier attempt left for these dates: failed or pending packs, never complete ones.
delete from public.pricing_packs p
where p.policy = %(policy)s and p.date = any (%(days)s) and p.status <> 'COMPLETE';

-- name: lock_policy -> PolicyRecord optional
-- The policy, held for this transaction so that one build at a time adds packs to it.
select y.policy, y.description, y.price_sources, y.rate_sources, y.dividend_adjusted
from app.pricing_policies y
where y.policy = %(policy)s
for update;

-- name: find_policy -> PolicyRecord optional
-- A pricing policy: which sources it takes prices and rates from.
select y.policy, y.description, y.price_sources, y.rate_sources, y.dividend_adjusted
from app.pricing_policies y
where y.policy = %(policy)s;

-- name: list_policies -> PolicyRecord many
-- All pricing policies.
select y.policy, y.description, y.price_sources, y.rate_sources, y.dividend_adjusted
from app.pricing_policies y
order by y.policy;

-- name: put_policy -> none
-- Create a pricing policy or change its sources.
insert into app.pricing_policies (policy, description, price_sources, rate_sources, dividend_adjusted)
values (%(policy)s, %(description)s, %(price_sources)s, %(rate_sources)s, %(dividend_adjusted)s)
on conflict (policy) do update
set description = excluded.description, price_sources = excluded.price_sources, rate_sources = excluded.rate_sources,
    dividend_adjusted = excluded.dividend_adjusted;

-- name: held_symbols -> HeldSpan many
-- The securities that portfolios of a policy hold, and since when each was first acquired and last still open or closed.
select s.symbol, min(l.acquisition_date) as first_date,
    case when bool_or(l.qty_open > 0) then null else max(l.closed_date) end as last_date
from public.lots l
join public.portfolios p on p.id = l.portfolio_id
join public.securities s on s.id = l.security_id
where p.pricing_policy = %(policy)s
group by s.symbol;

-- name: currencies_in_use -> str many
-- Every currency the portfolios of a policy keep their books, cash or securities in.
select p.base_currency as currency from public.portfolios p where p.pricing_policy = %(policy)s
union
select t.currency from public.transactions t join public.portfolios p on p.id = t.portfolio_id where p.pricing_policy = %(policy)s
union
select s.currency from public.securities s
where s.active and exists (select from app.price_observations o where o.security_id = s.id and o.source = any (%(sources)s));
