-- name: indicator_history -> IndicatorValue many
-- Every value of an indicator that was known by a date, with the day from which it was.
select m.date, m.value, coalesce(m.release_date, m.date) as known_from
from macro_indicators m
where m.indicator_name = %(indicator_name)s and coalesce(m.release_date, m.date) <= %(known_by)s
order by m.date;

-- name: indicators_known -> IndicatorRecord many
-- Every value of some indicators that was known by a date.
select m.indicator_name, m.date, m.value, m.unit, m.source, m.frequency, m.series_id, coalesce(m.release_date, m.date) as known_from
from macro_indicators m
where m.indicator_name = any (%(indicator_names)s) and coalesce(m.release_date, m.date) <= %(known_by)s
order by m.indicator_name, m.date;

-- name: indicators_recent -> IndicatorRecord many
-- The values of some indicators that were known by a date and are needed to compare the newest one with those before it.
select m.indicator_name, m.date, m.value, m.unit, m.source, m.frequency, m.series_id, coalesce(m.release_date, m.date) as known_from
from macro_indicators m
where m.indicator_name = any (%(indicator_names)s) and m.date <= %(known_by)s and coalesce(m.release_date, m.date) <= %(known_by)s
    and m.date > %(known_by)s - case m.frequency when 'daily' then 1830 when 'weekly' then 2560 else 11700 end
order by m.indicator_name, m.date;

-- name: indicators_latest -> IndicatorRecord many
-- The newest value of every indicator that was known by a date.
select distinct on (m.indicator_name)
    m.indicator_name, m.date, m.value, m.unit, m.source, m.frequency, m.series_id, coalesce(m.release_date, m.date) as known_from
from macro_indicators m
where m.date <= %(known_by)s and coalesce(m.release_date, m.date) <= %(known_by)s
order by m.indicator_name, m.date desc;

-- name: derived_indicators -> DerivedIndicator many
-- Indicators computed from raw series, as far as they could be known by a date.
select d.indicator_name, d.date, d.value, d.unit, d.source, d.release_date as known_from
from public.v_derived_indicators d
where d.indicator_name = any (%(indicator_names)s) and d.release_date <= %(known_by)s
order by d.indicator_name, d.date;

-- name: indicator_spans -> IndicatorSpan many
-- How much there is of every indicator.
select m.indicator_name, max(m.unit) as unit, max(m.source) as source, max(m.frequency) as frequency, max(m.series_id) as series_id,
    min(m.date) as first_date, max(m.date) as last_date, max(coalesce(m.release_date, m.date)) as last_known_from, count(*)::bigint as observations
from macro_indicators m
group by m.indicator_name
order by m.indicator_name;

-- name: put_indicators -> bulk
-- Keep values of indicators; one that changed replaces what was known before, but what was entered by hand stays.
-- staged: indicator_name text, date date, value numeric, unit text, source text, release_date date, frequency text, series_id text
insert into macro_indicators as m (indicator_name, date, value, unit, source, release_date, frequency, series_id)
select s.indicator_name, s.date, s.value, s.unit, s.source, s.release_date, s.frequency, s.series_id
from staged s
on conflict (indicator_name, date) do update
set value = excluded.value, unit = excluded.unit, source = excluded.source, release_date = excluded.release_date,
    frequency = excluded.frequency, series_id = excluded.series_id
where (m.value, m.unit, m.source, m.release_date, m.frequency, m.series_id)
    is distinct from (excluded.value, excluded.unit, excluded.source, excluded.release_date, excluded.frequency, excluded.series_id)
    and (m.source is distinct from 'manual' or excluded.source = 'manual');

-- name: forget_indicators -> none
-- Remove the values of an indicator that were derived from other series than these.
delete from macro_indicators m
where m.indicator_name = %(indicator_name)s and m.source = %(source)s and m.series_id is distinct from %(series_id)s;
