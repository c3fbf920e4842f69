-- name: active_rubrics -> RubricRecord many
-- The rubrics in use, one for each type of rating.
select id, rating_type, criteria, weights, method_version, research_basis
from rating_rubrics
where is_active
order by rating_type;

-- name: statements_known -> StatementRecord many
-- Annual statements of a security that were known by a date, newest first; of several sources of a year, the one known first.
select distinct on (f.fiscal_date) f.security_id, f.fiscal_date, f.source, f.currency, f.known_from, f.figures
from app.fundamentals_snapshots f
where f.security_id = %(security_id)s and f.known_from <= %(known_by)s
order by f.fiscal_date desc, f.known_from, f.source;

-- name: put_statements -> bulk
-- Keep annual statements; one of the same year and source is replaced.
-- staged: security_id uuid, fiscal_date date, source text, currency text, known_from date, figures text
insert into app.fundamentals_snapshots (security_id, fiscal_date, source, currency, known_from, figures)
select security_id, fiscal_date, source, currency, known_from, figures::jsonb
from staged
order by security_id, fiscal_date
on conflict (security_id, fiscal_date, source) do update
set currency = excluded.currency, known_from = excluded.known_from, figures = excluded.figures;
