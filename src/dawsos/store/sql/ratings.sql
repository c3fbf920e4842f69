-- name: active_rubrics -> RubricRecord many
-- The rubrics in use, one for each type of rating.
select id, rating_type, criteria, weights, method_version, research_basis
from rating_rubrics
where is_active
order by rating_type;

-- name: retire_rubrics -> none
-- Take the rubrics of a type out of use.
update rating_rubrics set is_active = false where rating_type = %(rating_type)s and is_active;

-- name: add_rubric -> none
-- Put a rubric into use.
insert into rating_rubrics (id, rating_type, criteria, weights, method_version, research_basis, is_active)
values (%(id)s, %(rating_type)s, %(criteria)s::jsonb, %(weights)s::jsonb, %(method_version)s, %(research_basis)s, true);

-- name: statements_known -> StatementRecord many
-- Annual statements of some securities that were known by a date, newest first; of several sources of a year, the one known first.
select distinct on (f.security_id, f.fiscal_date) f.security_id, f.fiscal_date, f.source, f.currency, f.known_from, f.figures
from app.fundamentals_snapshots f
where f.security_id = any (%(security_ids)s) and f.known_from <= %(known_by)s
order by f.security_id, f.fiscal_date desc, f.known_from, f.source;

-- name: put_statements -> bulk
-- Keep annual statements; one of the same year and source is replaced.
-- staged: security_id uuid, fiscal_date date, source text, currency text, known_from date, figures text
insert into app.fundamentals_snapshots (security_id, fiscal_date, source, currency, known_from, figures)
select security_id, fiscal_date, source, currency, known_from, figures::jsonb
from staged
order by security_id, fiscal_date
on conflict (security_id, fiscal_date, source) do update
set currency = excluded.currency, known_from = excluded.known_from, figures = excluded.figures;
