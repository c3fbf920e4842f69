-- name: recent_observations -> IndicatorRecord many
-- The values of some indicators of periods from a date on that were known by another date.
select m.indicator_name, m.date, m.value, m.unit, m.source, m.frequency, m.series_id, coalesce(m.release_date, m.date) as known_from
from macro_indicators m
where m.indicator_name = any (%(indicator_names)s) and m.date >= %(first)s and coalesce(m.release_date, m.date) <= %(known_by)s
order by m.indicator_name, m.date;

-- name: put_factor_exposures -> none
-- Keep the official factor exposures of a portfolio on a date, in place of earlier ones.
insert into factor_exposures (portfolio_id, asof_date, pricing_pack_id, beta_real_rate, beta_inflation, beta_credit, beta_fx, beta_market, var_factor,
    var_idiosyncratic, r_squared, factor_contributions, estimation_window_days, benchmark_id, n_obs, t_stats, ledger_commit_hash, created_at)
values (%(portfolio_id)s, %(asof_date)s, %(pricing_pack_id)s, %(beta_real_rate)s, %(beta_inflation)s, %(beta_credit)s, %(beta_fx)s, %(beta_market)s,
    %(var_factor)s, %(var_idiosyncratic)s, %(r_squared)s, %(factor_contributions)s::jsonb, %(estimation_window_days)s, %(benchmark_id)s, %(n_obs)s,
    %(t_stats)s::jsonb, %(ledger_commit_hash)s, %(moment)s)
on conflict (portfolio_id, asof_date) do update
set pricing_pack_id = excluded.pricing_pack_id, beta_real_rate = excluded.beta_real_rate, beta_inflation = excluded.beta_inflation,
    beta_credit = excluded.beta_credit, beta_fx = excluded.beta_fx, beta_market = excluded.beta_market, var_factor = excluded.var_factor,
    var_idiosyncratic = excluded.var_idiosyncratic, r_squared = excluded.r_squared, factor_contributions = excluded.factor_contributions,
    estimation_window_days = excluded.estimation_window_days, benchmark_id = excluded.benchmark_id, n_obs = excluded.n_obs,
    t_stats = excluded.t_stats, ledger_commit_hash = excluded.ledger_commit_hash, created_at = excluded.created_at;

-- name: list_factor_exposures -> FactorExposureRecord many
-- The official factor exposures of a portfolio in a range of dates.
select e.asof_date, e.pricing_pack_id, e.beta_real_rate, e.beta_inflation, e.beta_credit, e.beta_fx, e.beta_market, e.var_factor, e.var_idiosyncratic,
    e.r_squared, e.factor_contributions, e.estimation_window_days, e.benchmark_id, e.n_obs, e.t_stats, e.ledger_commit_hash,
    e.created_at
from factor_exposures e
where e.portfolio_id = %(portfolio_id)s and e.asof_date between %(first)s and %(last)s
order by e.asof_date;

-- name: put_position_betas -> bulk
-- Keep the factor betas of securities on a date, in place of earlier ones; only operators may.
-- staged: security_id uuid, asof_date date, beta_real_rates numeric, beta_inflation numeric, beta_credit numeric, beta_usd numeric, beta_equity numeric, estimation_error numeric, r_squared numeric, n_obs integer, methodology text, pricing_pack_id text, created_at timestamptz
insert into position_factor_betas (security_id, asof_date, beta_real_rates, beta_inflation, beta_credit, beta_usd, beta_equity, estimation_error,
    r_squared, n_obs, methodology, pricing_pack_id, created_at)
select s.security_id, s.asof_date, s.beta_real_rates, s.beta_inflation, s.beta_credit, s.beta_usd, s.beta_equity, s.estimation_error, s.r_squared,
    s.n_obs, s.methodology, s.pricing_pack_id, s.created_at
from staged s
on conflict (security_id, asof_date) do update
set beta_real_rates = excluded.beta_real_rates, beta_inflation = excluded.beta_inflation, beta_credit = excluded.beta_credit,
    beta_usd = excluded.beta_usd, beta_equity = excluded.beta_equity, estimation_error = excluded.estimation_error, r_squared = excluded.r_squared,
    n_obs = excluded.n_obs, methodology = excluded.methodology, pricing_pack_id = excluded.pricing_pack_id, created_at = excluded.created_at;

-- name: list_position_betas -> PositionBetaRecord many
-- The factor betas of some securities on a date.
select b.security_id, b.beta_real_rates, b.beta_inflation, b.beta_credit, b.beta_usd, b.beta_equity, b.estimation_error, b.r_squared, b.n_obs,
    b.methodology, b.pricing_pack_id, b.created_at
from position_factor_betas b
where b.asof_date = %(asof_date)s and b.security_id = any (%(security_ids)s)
order by b.security_id;
