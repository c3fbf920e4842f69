-- name: list_revisions -> ReferenceRevision many
-- How often each table that shared results rest on has changed.
select r.subject, r.revision from app.reference_revisions r order by r.subject;

-- name: hold_revision -> HeldRevision one
-- How often a table has changed, held so until the end of the transaction; and whether the actor may write what is judged from it.
select r.revision, app.is_operator() as may_keep from app.reference_revisions r where r.subject = %(subject)s for share;

-- name: regimes_on -> RegimeRow many
-- The regimes judged by a method on some days.
select h.date, h.phase, h.regime, h.indicators_json, h.regime_scores_json, h.drivers_json, h.created_at
from public.regime_history h
where h.method_version = %(method_version)s and h.date = any (%(days)s)
order by h.date;

-- name: put_regimes -> bulk
-- Keep the regimes judged by a method; one of the same day is replaced.
-- staged: id uuid, date date, regime text, phase text, confidence numeric, indicators_json text, zscores_json text, regime_scores_json text, drivers_json text, method_version text, created_at timestamptz
insert into public.regime_history (id, date, regime, phase, confidence, indicators_json, zscores_json, regime_scores_json, drivers_json, method_version,
    created_at)
select s.id, s.date, s.regime, s.phase, s.confidence, s.indicators_json::jsonb, s.zscores_json::jsonb, s.regime_scores_json::jsonb,
    s.drivers_json::jsonb, s.method_version, s.created_at
from staged s
on conflict (date, method_version) do update
set regime = excluded.regime, phase = excluded.phase, confidence = excluded.confidence, indicators_json = excluded.indicators_json,
    zscores_json = excluded.zscores_json, regime_scores_json = excluded.regime_scores_json, drivers_json = excluded.drivers_json,
    created_at = excluded.created_at;

-- name: cycle_on -> CycleRow optional
-- The phase of a cycle judged by a method on a day.
select c.date, c.phase, c.indicators, c.drivers, c.created_at
from public.cycle_phases c
where c.method_version = %(method_version)s and c.cycle_type = %(cycle_type)s and c.date = %(day)s;

-- name: put_cycles -> bulk
-- Keep phases of cycles judged by a method; one of the same cycle and day is replaced.
-- staged: id uuid, cycle_type text, date date, phase text, score numeric, confidence numeric, indicators text, drivers text, method_version text, created_at timestamptz
insert into public.cycle_phases (id, cycle_type, date, phase, score, confidence, indicators, drivers, method_version, created_at)
select s.id, s.cycle_type, s.date, s.phase, s.score, s.confidence, s.indicators::jsonb, s.drivers::jsonb, s.method_version, s.created_at
from staged s
on conflict (cycle_type, date, method_version) do update
set phase = excluded.phase, score = excluded.score, confidence = excluded.confidence, indicators = excluded.indicators,
    drivers = excluded.drivers, created_at = excluded.created_at;
