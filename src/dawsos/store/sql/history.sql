-- name: visible_packs -> VisiblePack many
-- The packs a pinned pack sees: per earlier date the newest one of an edition no newer than its own, and itself on its own date.
select distinct on (p.date) p.date, p.id
from public.pricing_packs p
where p.policy = %(policy)s and p.status = 'COMPLETE' and p.edition <= %(edition)s
    and p.date between %(first)s and %(last)s
    and (p.date < %(last)s or p.id = %(pack_id)s)
order by p.date, p.edition desc, p.revision desc;

-- name: price_series -> PriceSeries many
-- The closes of some securities in a list of packs, in steps of 1e-8; position counts the packs from 1.
select r.security_id, array_agg(v.position::integer) as positions, array_agg((r.close * 100000000)::bigint) as closes,
    array_agg(r.date - date '1970-01-01') as price_days
from unnest(%(pack_ids)s::text[]) with ordinality as v (pack_id, position)
join public.prices r on r.pricing_pack_id = v.pack_id
where r.security_id = any (%(security_ids)s)
group by r.security_id;

-- name: rate_series -> RateSeries many
-- All exchange rates of a list of packs, by pair; position counts the packs from 1.
select f.base_ccy, f.quote_ccy, array_agg(v.position::integer) as positions, array_agg(f.rate) as rates
from unnest(%(pack_ids)s::text[]) with ordinality as v (pack_id, position)
join public.fx_rates f on f.pricing_pack_id = v.pack_id
group by f.base_ccy, f.quote_ccy;

-- name: find_nav_series -> NavSeriesRecord optional
-- The packed daily values of a portfolio.
select n.portfolio_id, n.edition, n.pricing_pack_id, n.ledger_commit_hash, n.method_version, n.currency, n.dates, n.nav, n.cash,
    n.securities_value, n.total_pl, n.daily_pl, n.net_external_flow
from app.portfolio_nav_series n
where n.portfolio_id = %(portfolio_id)s;

-- name: put_nav_series -> none
-- Keep the packed daily values of a portfolio.
insert into app.portfolio_nav_series (portfolio_id, edition, pricing_pack_id, ledger_commit_hash, method_version, currency, dates, nav, cash,
    securities_value, total_pl, daily_pl, net_external_flow, updated_at)
values (%(portfolio_id)s, %(edition)s, %(pricing_pack_id)s, %(ledger_commit_hash)s, %(method_version)s, %(currency)s, %(dates)s, %(nav)s, %(cash)s,
    %(securities_value)s, %(total_pl)s, %(daily_pl)s, %(net_external_flow)s, %(moment)s)
on conflict (portfolio_id) do update
set edition = excluded.edition, pricing_pack_id = excluded.pricing_pack_id, ledger_commit_hash = excluded.ledger_commit_hash,
    method_version = excluded.method_version, currency = excluded.currency, dates = excluded.dates, nav = excluded.nav, cash = excluded.cash,
    securities_value = excluded.securities_value, total_pl = excluded.total_pl, daily_pl = excluded.daily_pl,
    net_external_flow = excluded.net_external_flow, updated_at = excluded.updated_at;

-- name: remove_daily_values -> none
-- Clear the daily values of a portfolio from a date on.
delete from portfolio_daily_values
where portfolio_id = %(portfolio_id)s and date >= %(first)s;

-- name: add_daily_values -> bulk
-- The daily values of a portfolio.
-- staged: portfolio_id uuid, date date, nav numeric, cash numeric, securities_value numeric, total_pl numeric, daily_pl numeric, net_external_flow numeric, currency text, pricing_pack_id text, ledger_commit_hash text
insert into portfolio_daily_values (portfolio_id, date, nav, cash, securities_value, total_pl, daily_pl, net_external_flow, currency,
    pricing_pack_id, ledger_commit_hash)
select s.portfolio_id, s.date, s.nav, s.cash, s.securities_value, s.total_pl, s.daily_pl, s.net_external_flow, s.currency, s.pricing_pack_id,
    s.ledger_commit_hash
from staged s;

-- name: daily_values -> DailyValueRecord many
-- The daily values of a portfolio as rows.
select v.date, v.nav, v.cash, v.securities_value, v.total_pl, v.daily_pl, v.net_external_flow, v.currency, v.pricing_pack_id, v.ledger_commit_hash
from portfolio_daily_values v
where v.portfolio_id = %(portfolio_id)s and v.date between %(first)s and %(last)s
order by v.date;

-- name: nav_series_of -> NavSeriesRecord many
-- The packed daily values of several portfolios.
select n.portfolio_id, n.edition, n.pricing_pack_id, n.ledger_commit_hash, n.method_version, n.currency, n.dates, n.nav, n.cash,
    n.securities_value, n.total_pl, n.daily_pl, n.net_external_flow
from app.portfolio_nav_series n
where n.portfolio_id = any (%(portfolio_ids)s);

-- name: put_many_nav_series -> bulk
-- Keep the packed daily values of many portfolios.
-- staged: portfolio_id uuid, edition integer, pricing_pack_id text, ledger_commit_hash text, method_version text, currency text, dates bytea, nav bytea, cash bytea, securities_value bytea, total_pl bytea, daily_pl bytea, net_external_flow bytea, updated_at timestamptz
insert into app.portfolio_nav_series (portfolio_id, edition, pricing_pack_id, ledger_commit_hash, method_version, currency, dates, nav, cash,
    securities_value, total_pl, daily_pl, net_external_flow, updated_at)
select s.portfolio_id, s.edition, s.pricing_pack_id, s.ledger_commit_hash, s.method_version, s.currency, s.dates, s.nav, s.cash,
    s.securities_value, s.total_pl, s.daily_pl, s.net_external_flow, s.updated_at
from staged s
on conflict (portfolio_id) do update
set edition = excluded.edition, pricing_pack_id = excluded.pricing_pack_id, ledger_commit_hash = excluded.ledger_commit_hash,
    method_version = excluded.method_version, currency = excluded.currency, dates = excluded.dates, nav = excluded.nav, cash = excluded.cash,
    securities_value = excluded.securities_value, total_pl = excluded.total_pl, daily_pl = excluded.daily_pl,
    net_external_flow = excluded.net_external_flow, updated_at = excluded.updated_at;

-- name: remove_many_daily_values -> none
-- Clear the daily values of several portfolios, each from a date of its own on.
delete from portfolio_daily_values v
using unnest(%(portfolio_ids)s::uuid[], %(firsts)s::date[]) as w (portfolio_id, first)
where v.portfolio_id = w.portfolio_id and v.date >= w.first;

-- name: values_on -> ValueOnDay many
-- What several portfolios were worth on a day, with the state it was computed from.
select v.portfolio_id, v.nav, v.pricing_pack_id, v.ledger_commit_hash
from portfolio_daily_values v
where v.portfolio_id = any (%(portfolio_ids)s) and v.date = %(day)s;

-- name: traded_securities -> UUID many
-- The securities that ever stood in a ledger of a policy's portfolios.
select s.id
from public.securities s
where exists (
    select from public.transactions t
    join public.portfolios p on p.id = t.portfolio_id
    where t.security_id = s.id and p.pricing_policy = %(policy)s and p.is_active
);

-- name: first_booking -> FirstBooking one
-- The date of the earliest entry in the ledgers of a policy's portfolios; null without any.
select min(t.transaction_date) as first_date
from public.transactions t
join public.portfolios p on p.id = t.portfolio_id
where p.pricing_policy = %(policy)s and p.is_active;

-- name: price_sources -> str many
-- The sources of the prices some securities have in a policy's packs of a date and edition no newer than a pinned one's.
select distinct coalesce(r.source, 'manual') as source
from public.prices r
join public.pricing_packs p on p.id = r.pricing_pack_id
where r.security_id = any (%(security_ids)s) and p.policy = %(policy)s and p.status = 'COMPLETE' and p.edition <= %(edition)s
    and p.date <= %(last)s
order by source;

-- name: rate_sources -> str many
-- The sources of the rates in a policy's packs of a date and edition no newer than a pinned one's.
select distinct coalesce(f.source, 'manual') as source
from public.fx_rates f
join public.pricing_packs p on p.id = f.pricing_pack_id
where p.policy = %(policy)s and p.status = 'COMPLETE' and p.edition <= %(edition)s and p.date <= %(last)s
order by source;
