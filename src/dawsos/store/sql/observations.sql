-- name: put_prices -> bulk
-- Keep observed prices; one that changed replaces what its source said before.
-- staged: security_id uuid, date date, source text, open numeric, high numeric, low numeric, close numeric, volume bigint, currency text, fetched_at timestamptz
insert into app.price_observations as o (security_id, date, source, open, high, low, close, volume, currency, fetched_at)
select s.security_id, s.date, s.source, s.open, s.high, s.low, s.close, s.volume, s.currency, s.fetched_at
from staged s
on conflict (security_id, date, source) do update
set open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close, volume = excluded.volume,
    currency = excluded.currency, fetched_at = excluded.fetched_at
where (o.open, o.high, o.low, o.close, o.volume, o.currency)
    is distinct from (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume, excluded.currency);

-- name: put_rates -> bulk
-- Keep observed exchange rates; one that changed replaces what its source said before.
-- staged: base_ccy text, quote_ccy text, date date, source text, rate numeric, fetched_at timestamptz
insert into app.rate_observations as o (base_ccy, quote_ccy, date, source, rate, fetched_at)
select s.base_ccy, s.quote_ccy, s.date, s.source, s.rate, s.fetched_at
from staged s
on conflict (base_ccy, quote_ccy, date, source) do update
set rate = excluded.rate, fetched_at = excluded.fetched_at
where o.rate <> excluded.rate;

-- name: prices_between -> ObservedPrice many
-- What some sources observed of active securities in a range of dates.
select o.security_id, s.symbol, o.date, o.open, o.high, o.low, o.close, o.volume, o.currency, o.source, o.fetched_at
from app.price_observations o
join public.securities s on s.id = o.security_id
where o.source = any (%(sources)s) and o.date between %(first)s and %(last)s and s.active;

-- name: first_observed -> FirstObserved many
-- Since when each active security has been observed by some sources.
select s.symbol, min(o.date) as first_date
from app.price_observations o
join public.securities s on s.id = o.security_id
where o.source = any (%(sources)s) and s.active
group by s.symbol;

-- name: rates_between -> ObservedRate many
-- What some sources published of some currencies in a range of dates.
select o.base_ccy, o.quote_ccy, o.date, o.rate, o.source, o.fetched_at
from app.rate_observations o
where o.source = any (%(sources)s) and o.date between %(first)s and %(last)s
    and o.base_ccy = %(base_ccy)s and o.quote_ccy = any (%(currencies)s);

-- name: observation_spans -> ObservationSpan many
-- What there is of prices, by source.
select o.source, count(distinct o.security_id)::integer as securities, min(o.date) as first_date, max(o.date) as last_date, count(*)::bigint as observations
from app.price_observations o
group by o.source
order by o.source;

-- name: rate_spans -> RateSpan many
-- What there is of exchange rates, by source.
select o.source, min(o.date) as first_date, max(o.date) as last_date, count(*)::bigint as observations
from app.rate_observations o
group by o.source
order by o.source;
