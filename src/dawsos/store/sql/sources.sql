-- name: list_overrides -> OverrideRecord many
-- What sources call securities where the rules do not fit.
select o.provider, o.symbol, o.ticker, o.note, o.set_at
from app.symbol_overrides o
order by o.provider, o.symbol;

-- name: put_override -> none
-- Say what a source calls a security.
insert into app.symbol_overrides (provider, symbol, ticker, note, set_at, set_by)
values (%(provider)s, %(symbol)s, %(ticker)s, %(note)s, %(moment)s, %(user_id)s)
on conflict (provider, symbol) do update
set ticker = excluded.ticker, note = excluded.note, set_at = excluded.set_at, set_by = excluded.set_by;

-- name: remove_override -> none
-- Let the rules decide again what a source calls a security.
delete from app.symbol_overrides where provider = %(provider)s and symbol = %(symbol)s;

-- name: add_usage -> UsageRecord one
-- Count an answer of a source; what it comes to in the month.
insert into app.source_usage as u (provider, month, requests, bytes)
values (%(provider)s, %(month)s, 1, %(bytes)s)
on conflict (provider, month) do update
set requests = u.requests + 1, bytes = u.bytes + excluded.bytes
returning provider, month, requests, bytes;

-- name: usage_of_month -> UsageRecord many
-- How much each source was asked for in a month.
select u.provider, u.month, u.requests, u.bytes
from app.source_usage u
where u.month = %(month)s
order by u.provider;

-- name: put_fetch -> none
-- Note what was fetched of a source, and what was not.
insert into app.source_fetches (asof_date, provider, subject, status, told, kept, problem, unknown_symbols, finished_at)
values (%(asof_date)s, %(provider)s, %(subject)s, %(status)s, %(told)s, %(kept)s, %(problem)s, %(unknown_symbols)s, %(moment)s)
on conflict (asof_date, provider, subject) do update
set status = excluded.status, told = excluded.told, kept = excluded.kept, problem = excluded.problem,
    unknown_symbols = excluded.unknown_symbols, finished_at = excluded.finished_at;

-- name: list_fetches -> FetchRecord many
-- What was fetched last, the newest night first.
select f.asof_date, f.provider, f.subject, f.status, f.told, f.kept, f.problem, f.unknown_symbols, f.finished_at
from app.source_fetches f
order by f.asof_date desc, f.provider, f.subject
limit %(limit)s;

-- name: last_priced -> LastPriced many
-- The newest day a source told a price of each security.
select o.security_id, max(o.date) as last_date
from app.price_observations o
where o.source = %(source)s
group by o.security_id;

-- name: last_rate -> date many
-- The newest day a source told a rate of.
select o.date from app.rate_observations o where o.source = %(source)s order by o.date desc limit 1;

-- name: held_securities -> UUID many
-- Every security some portfolio holds now.
select distinct l.security_id from public.lots l where l.qty_open > 0 order by l.security_id;

-- name: last_statements -> LastStatement many
-- The end of the newest fiscal year a source told of each company.
select f.security_id, max(f.fiscal_date) as fiscal_date
from app.fundamentals_snapshots f
where f.source = %(source)s
group by f.security_id;
