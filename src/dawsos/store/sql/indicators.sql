-- name: indicator_history -> IndicatorValue many
-- Every value of an indicator that was known by a date, with the day from which it was.
select m.date, m.value, coalesce(m.release_date, m.date) as known_from
from macro_indicators m
where m.indicator_name = %(indicator_name)s and coalesce(m.release_date, m.date) <= %(known_by)s
order by m.date;

-- name: put_indicators -> bulk
-- Keep values of indicators; one that changed replaces what was known before.
-- staged: indicator_name text, date date, value numeric, unit text, source text, release_date date
insert into macro_indicators (indicator_name, date, value, unit, source, release_date)
select s.indicator_name, s.date, s.value, s.unit, s.source, s.release_date
from staged s
on conflict (indicator_name, date) do update
set value = excluded.value, unit = excluded.unit, source = excluded.source, release_date = excluded.release_date;
