-- name: add_portfolio -> PortfolioRecord one
-- Create a portfolio.
insert into portfolios (id, name, base_currency, owner_id, benchmark_id, benchmark_hedged, cost_basis_method, description, pricing_policy)
values (
    %(id)s, %(name)s, %(base_currency)s, %(owner_id)s, %(benchmark_id)s, %(benchmark_hedged)s, %(cost_basis_method)s, %(description)s,
    %(pricing_policy)s
)
returning id, name, base_currency, owner_id, created_at, updated_at, benchmark_id, benchmark_hedged, cost_basis_method, is_active,
    description, settings, pricing_policy;

-- name: find_portfolio -> PortfolioRecord optional
-- The portfolio with this id, if the actor may see it.
select id, name, base_currency, owner_id, created_at, updated_at, benchmark_id, benchmark_hedged, cost_basis_method, is_active,
    description, settings, pricing_policy
from portfolios
where id = %(portfolio_id)s;

-- name: list_portfolios -> PortfolioRecord many
-- Every portfolio in use that the actor may see, by name.
select id, name, base_currency, owner_id, created_at, updated_at, benchmark_id, benchmark_hedged, cost_basis_method, is_active,
    description, settings, pricing_policy
from portfolios
where is_active
order by name, id;

-- name: change_portfolio -> PortfolioRecord optional
-- Change what is given; null leaves a field as it is.
update portfolios
set name = coalesce(%(name)s, name),
    benchmark_id = coalesce(%(benchmark_id)s, benchmark_id),
    benchmark_hedged = coalesce(%(benchmark_hedged)s, benchmark_hedged),
    description = coalesce(%(description)s, description),
    settings = coalesce(%(settings)s, settings),
    updated_at = %(moment)s
where id = %(portfolio_id)s
returning id, name, base_currency, owner_id, created_at, updated_at, benchmark_id, benchmark_hedged, cost_basis_method, is_active,
    description, settings, pricing_policy;

-- name: set_portfolio_active -> none
-- Put a portfolio away, or take it out again; its ledger stays.
update portfolios
set is_active = %(is_active)s, updated_at = %(moment)s
where id = %(portfolio_id)s;
