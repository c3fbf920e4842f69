-- name: find_attribution -> AttributionRecord optional
-- The stored currency attribution of a portfolio on a date, if it is of this state and window.
select a.local_return, a.fx_return, a.interaction_return, a.total_return, a.base_return_actual, a.error_bps, a.attribution_by_currency,
    a.base_currency, a.lookback_days, a.start_date, a.created_at
from currency_attribution a
where a.portfolio_id = %(portfolio_id)s and a.asof_date = %(asof_date)s and a.pricing_pack_id = %(pricing_pack_id)s
    and a.ledger_commit_hash = %(ledger_commit_hash)s and a.lookback_days = %(lookback_days)s;

-- name: put_attributions -> bulk
-- Keep the official currency attributions of many portfolios on a date.
-- staged: portfolio_id uuid, asof_date date, pricing_pack_id text, ledger_commit_hash text, lookback_days integer, start_date date, local_return numeric, fx_return numeric, interaction_return numeric, total_return numeric, base_return_actual numeric, error_bps numeric, attribution_by_currency text, base_currency text, created_at timestamptz
insert into currency_attribution (portfolio_id, asof_date, pricing_pack_id, ledger_commit_hash, lookback_days, start_date, local_return, fx_return,
    interaction_return, total_return, base_return_actual, error_bps, attribution_by_currency, base_currency, created_at)
select s.portfolio_id, s.asof_date, s.pricing_pack_id, s.ledger_commit_hash, s.lookback_days, s.start_date, s.local_return, s.fx_return,
    s.interaction_return, s.total_return, s.base_return_actual, s.error_bps, s.attribution_by_currency::jsonb, s.base_currency, s.created_at
from staged s
on conflict (portfolio_id, asof_date) do update
set pricing_pack_id = excluded.pricing_pack_id, local_return = excluded.local_return, fx_return = excluded.fx_return,
    interaction_return = excluded.interaction_return, total_return = excluded.total_return, base_return_actual = excluded.base_return_actual,
    error_bps = excluded.error_bps, attribution_by_currency = excluded.attribution_by_currency, base_currency = excluded.base_currency,
    lookback_days = excluded.lookback_days, start_date = excluded.start_date, ledger_commit_hash = excluded.ledger_commit_hash,
    created_at = excluded.created_at;

-- name: attributed -> UUID many
-- The portfolios whose official attribution of a date is of the state given beside each.
select a.portfolio_id
from currency_attribution a
join unnest(%(portfolio_ids)s::uuid[], %(ledger_commit_hashes)s::text[]) as w (portfolio_id, ledger_commit_hash)
    on w.portfolio_id = a.portfolio_id and w.ledger_commit_hash = a.ledger_commit_hash
where a.asof_date = %(asof_date)s and a.pricing_pack_id = %(pricing_pack_id)s and a.lookback_days = %(lookback_days)s;
