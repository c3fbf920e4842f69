-- name: replace_metrics -> bulk
-- The figures of a portfolio on a date under its newest pack; the row of a figure is replaced when the state it depends on changed.
-- staged: portfolio_id uuid, date date, metric_type text, period text, value numeric, pricing_pack_id text, ledger_commit_hash text, computed_at timestamptz, benchmark_id text
insert into portfolio_metrics as m (portfolio_id, date, metric_type, period, value, pricing_pack_id, ledger_commit_hash, computed_at, benchmark_id)
select s.portfolio_id, s.date, s.metric_type, s.period, s.value, s.pricing_pack_id, s.ledger_commit_hash, s.computed_at, s.benchmark_id
from staged s
on conflict (portfolio_id, date, metric_type, period) do update
set value = excluded.value, pricing_pack_id = excluded.pricing_pack_id, ledger_commit_hash = excluded.ledger_commit_hash,
    computed_at = excluded.computed_at, benchmark_id = excluded.benchmark_id;

-- name: list_metrics -> MetricRecord many
-- The stored figures of a portfolio on a date.
select m.metric_type, m.period, m.value, m.pricing_pack_id, m.ledger_commit_hash, m.computed_at
from portfolio_metrics m
where m.portfolio_id = %(portfolio_id)s and m.date = %(date)s
order by m.metric_type, m.period;

-- name: find_figures -> StoredFigures optional
-- What is kept beside the official figures of a portfolio under a key, and the figures of that very computation by kind and period.
select r.payload, r.computed_at, (
    select jsonb_object_agg(m.metric_type || ' ' || m.period, m.value)
    from portfolio_metrics m
    where m.portfolio_id = r.portfolio_id and m.date = (r.payload ->> 'end_date')::date and m.pricing_pack_id = r.pricing_pack_id
        and m.ledger_commit_hash = r.ledger_commit_hash and m.computed_at = r.computed_at
        and m.benchmark_id is not distinct from r.parameters ->> 'benchmark'
) as figures
from app.derived_results r
where r.derivation = %(derivation)s and r.key_hash = %(key_hash)s and (r.expires_at is null or r.expires_at > %(moment)s);

-- name: kept_figures -> str many
-- Of some keys, those whose figures are kept: whole, or beside the official ones of that very computation.
select r.key_hash
from app.derived_results r
where r.derivation = %(derivation)s and r.key_hash = any (%(key_hashes)s) and (r.expires_at is null or r.expires_at > %(moment)s)
    and (r.payload ? 'twr_1d' or %(figures)s = (
        select count(*)
        from portfolio_metrics m
        where m.portfolio_id = r.portfolio_id and m.date = (r.payload ->> 'end_date')::date and m.pricing_pack_id = r.pricing_pack_id
            and m.ledger_commit_hash = r.ledger_commit_hash and m.computed_at = r.computed_at
            and m.benchmark_id is not distinct from r.parameters ->> 'benchmark'
    ));
