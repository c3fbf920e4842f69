-- name: put_scenario_result -> none
-- Keep what a scenario would do to a portfolio on a date under a pack, in place of an earlier result.
insert into scenario_results (portfolio_id, user_id, scenario_id, shock_type, asof_date, pricing_pack_id, total_delta_pl, total_delta_pct,
    portfolio_value_before, portfolio_value_after, position_impacts, winners_json, losers_json, shock_definition_json, factor_contributions,
    ledger_commit_hash, method_version, created_at)
values (%(portfolio_id)s, (select app.actor_id()), %(scenario_id)s, %(shock_type)s, %(asof_date)s, %(pricing_pack_id)s, %(total_delta_pl)s,
    %(total_delta_pct)s, %(portfolio_value_before)s, %(portfolio_value_after)s, %(position_impacts)s::jsonb, %(winners_json)s::jsonb,
    %(losers_json)s::jsonb, %(shock_definition_json)s::jsonb, %(factor_contributions)s::jsonb, %(ledger_commit_hash)s, %(method_version)s,
    %(moment)s)
on conflict (portfolio_id, scenario_id, asof_date, pricing_pack_id) do update
set user_id = excluded.user_id, shock_type = excluded.shock_type, total_delta_pl = excluded.total_delta_pl,
    total_delta_pct = excluded.total_delta_pct, portfolio_value_before = excluded.portfolio_value_before,
    portfolio_value_after = excluded.portfolio_value_after, position_impacts = excluded.position_impacts, winners_json = excluded.winners_json,
    losers_json = excluded.losers_json, shock_definition_json = excluded.shock_definition_json,
    factor_contributions = excluded.factor_contributions, ledger_commit_hash = excluded.ledger_commit_hash,
    method_version = excluded.method_version, created_at = excluded.created_at;

-- name: list_scenario_results -> ScenarioResultRecord many
-- What scenarios would do to a portfolio on a date, the worst first.
select r.scenario_id, r.pricing_pack_id, r.total_delta_pl, r.total_delta_pct, r.portfolio_value_before, r.portfolio_value_after, r.position_impacts,
    r.factor_contributions, r.ledger_commit_hash, r.method_version
from scenario_results r
where r.portfolio_id = %(portfolio_id)s and r.asof_date = %(asof_date)s
order by r.total_delta_pl, r.scenario_id;
