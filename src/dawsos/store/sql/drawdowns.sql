-- name: put_drawdown_forecast -> none
-- Keep a forecast of drawdown at risk, in place of an earlier one of that date by the same method; what was realised since is filled in later.
with outdated as (
    delete from dar_history h
    where h.portfolio_id = %(portfolio_id)s and h.asof_date = %(asof_date)s and h.method = %(method)s and h.regime <> %(regime)s
)
insert into dar_history (portfolio_id, user_id, asof_date, pricing_pack_id, regime, confidence, horizon_days, num_simulations, seed, dar, dar_pct,
    mean_drawdown, median_drawdown, max_drawdown, current_nav, method, ledger_commit_hash, created_at)
values (%(portfolio_id)s, (select app.actor_id()), %(asof_date)s, %(pricing_pack_id)s, %(regime)s, %(confidence)s, %(horizon_days)s,
    %(num_simulations)s, %(seed)s, %(dar)s, %(dar_pct)s, %(mean_drawdown)s, %(median_drawdown)s, %(max_drawdown)s, %(current_nav)s, %(method)s,
    %(ledger_commit_hash)s, %(moment)s)
on conflict (portfolio_id, asof_date, regime, method) do update
set user_id = excluded.user_id, pricing_pack_id = excluded.pricing_pack_id, confidence = excluded.confidence, horizon_days = excluded.horizon_days,
    num_simulations = excluded.num_simulations, seed = excluded.seed, dar = excluded.dar, dar_pct = excluded.dar_pct,
    mean_drawdown = excluded.mean_drawdown, median_drawdown = excluded.median_drawdown, max_drawdown = excluded.max_drawdown,
    current_nav = excluded.current_nav, realized_drawdown = null, ledger_commit_hash = excluded.ledger_commit_hash, created_at = excluded.created_at;

-- name: list_drawdown_forecasts -> DrawdownForecastRecord many
-- The forecasts of a portfolio made before a date by one method, oldest first.
select h.id, h.asof_date, h.regime, h.confidence, h.horizon_days, h.dar_pct, h.realized_drawdown
from dar_history h
where h.portfolio_id = %(portfolio_id)s and h.method = %(method)s and h.asof_date < %(before)s
order by h.asof_date;

-- name: settle_drawdown_forecast -> none
-- Fill in what came to pass over the horizon of a forecast.
update dar_history
set realized_drawdown = %(realized_drawdown)s
where id = %(id)s and realized_drawdown is distinct from %(realized_drawdown)s;
