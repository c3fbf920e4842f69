-- name: add_suggestion -> none
-- Keep a proposal.
insert into public.rebalance_suggestions (
    id, portfolio_id, pricing_pack_id, policy, constraints, suggested_trades, expected_te, expected_return, expected_risk, turnover_pct,
    est_cost, method, status, ledger_commit_hash, created_at
)
values (
    %(id)s, %(portfolio_id)s, %(pricing_pack_id)s, %(policy)s, %(constraints)s, %(suggested_trades)s, %(expected_te)s, %(expected_return)s,
    %(expected_risk)s, %(turnover_pct)s, %(est_cost)s, %(method)s, 'pending', %(ledger_commit_hash)s, %(moment)s
);

-- name: find_suggestion -> SuggestionRecord optional
-- The proposal with this id, if the actor may see it.
select s.id, s.portfolio_id, s.pricing_pack_id, s.policy, s.constraints, s.suggested_trades, s.expected_te, s.expected_return, s.expected_risk,
    s.turnover_pct, s.est_cost, s.method, s.status, s.ledger_commit_hash, s.created_at, s.executed_at
from public.rebalance_suggestions s
where s.id = %(suggestion_id)s;

-- name: same_suggestion -> UUID optional
-- The proposal not decided against or executed that says the same of the same state.
select s.id
from public.rebalance_suggestions s
where s.portfolio_id = %(portfolio_id)s and s.pricing_pack_id = %(pricing_pack_id)s and s.ledger_commit_hash = %(ledger_commit_hash)s
    and s.policy = %(policy)s and s.constraints = %(constraints)s and s.suggested_trades = %(suggested_trades)s
    and s.status in ('pending', 'accepted')
order by s.created_at
limit 1;

-- name: list_suggestions -> SuggestionRecord many
-- The proposals of a portfolio, the newest first.
select s.id, s.portfolio_id, s.pricing_pack_id, s.policy, s.constraints, s.suggested_trades, s.expected_te, s.expected_return, s.expected_risk,
    s.turnover_pct, s.est_cost, s.method, s.status, s.ledger_commit_hash, s.created_at, s.executed_at
from public.rebalance_suggestions s
where s.portfolio_id = %(portfolio_id)s
order by s.created_at desc, s.id
limit %(limit)s;

-- name: open_suggestions -> SuggestionRecord many
-- The proposals of some portfolios that may still be executed, by portfolio and age.
select s.id, s.portfolio_id, s.pricing_pack_id, s.policy, s.constraints, s.suggested_trades, s.expected_te, s.expected_return, s.expected_risk,
    s.turnover_pct, s.est_cost, s.method, s.status, s.ledger_commit_hash, s.created_at, s.executed_at
from public.rebalance_suggestions s
where s.portfolio_id = any (%(portfolio_ids)s) and s.status in ('pending', 'accepted')
order by s.portfolio_id, s.created_at, s.id;

-- name: decide_suggestion -> none
-- Accept or reject a proposal that has not been executed.
update public.rebalance_suggestions
set status = %(status)s
where id = %(suggestion_id)s and status <> 'executed';

-- name: execute_suggestion -> none
-- Note that an accepted proposal was booked.
update public.rebalance_suggestions
set status = 'executed', executed_at = %(moment)s
where id = %(suggestion_id)s and status = 'accepted';
