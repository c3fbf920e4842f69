-- name: remove_holdings -> none
-- Clear the holdings of some portfolios before they are written anew.
delete from holdings where portfolio_id = any (%(portfolio_ids)s);

-- name: add_holdings -> bulk
-- The holdings of portfolios under their newest pack.
-- staged: portfolio_id uuid, security_id uuid, symbol text, quantity numeric, cost_basis numeric, current_price numeric, market_value numeric, unrealized_pl numeric, weight numeric, currency text, pricing_pack_id text, asof_date date, ledger_commit_hash text, created_at timestamptz
insert into holdings (portfolio_id, security_id, symbol, quantity, cost_basis, current_price, market_value, unrealized_pl, weight, currency,
    pricing_pack_id, asof_date, ledger_commit_hash, created_at)
select s.portfolio_id, s.security_id, s.symbol, s.quantity, s.cost_basis, s.current_price, s.market_value, s.unrealized_pl, s.weight, s.currency,
    s.pricing_pack_id, s.asof_date, s.ledger_commit_hash, s.created_at
from staged s;

-- name: holdings_of -> HoldingRecord many
-- The holdings of a portfolio, if they are of this pack and ledger state.
select h.security_id, coalesce(h.symbol, '') as symbol, h.quantity, h.cost_basis, h.current_price, h.market_value, h.unrealized_pl, h.weight, h.currency
from holdings h
where h.portfolio_id = %(portfolio_id)s and h.pricing_pack_id = %(pricing_pack_id)s and h.ledger_commit_hash = %(ledger_commit_hash)s
order by h.security_id;

-- name: kept_holdings -> str many
-- Of some keys, those whose holdings are kept: whole, or beside the rows of that very state.
select r.key_hash
from app.derived_results r
where r.derivation = %(derivation)s and r.key_hash = any (%(key_hashes)s) and (r.expires_at is null or r.expires_at > %(moment)s)
    and (r.payload ? 'positions' or (r.payload ->> 'total_positions')::bigint = (
        select count(*)
        from holdings h
        where h.portfolio_id = r.portfolio_id and h.pricing_pack_id = r.pricing_pack_id and h.ledger_commit_hash = r.ledger_commit_hash
    ));
