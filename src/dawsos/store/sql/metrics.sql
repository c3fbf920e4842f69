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
