-- name: put_securities -> bulk
-- Add securities; one whose symbol is known gets what the new row says, and keeps what it leaves open.
-- staged: id uuid, symbol text, name text, security_type text, currency text, sector text, industry text, exchange text
insert into securities (id, symbol, name, security_type, currency, sector, industry, exchange)
select id, symbol, name, security_type, currency, sector, industry, exchange
from staged
order by symbol
on conflict (symbol) do update
set name = coalesce(excluded.name, securities.name),
    security_type = coalesce(excluded.security_type, securities.security_type),
    currency = excluded.currency,
    sector = coalesce(excluded.sector, securities.sector),
    industry = coalesce(excluded.industry, securities.industry),
    exchange = coalesce(excluded.exchange, securities.exchange),
    updated_at = now();

-- name: find_securities_by_symbol -> SecurityRecord many
-- The securities with these symbols.
select id, symbol, name, security_type, currency, sector, industry, exchange, dividend_currency, domicile_country, is_adr,
    withholding_tax_rate, figi, active
from securities
where symbol = any (%(symbols)s)
order by symbol;

-- name: find_securities -> SecurityRecord many
-- The securities with these ids.
select id, symbol, name, security_type, currency, sector, industry, exchange, dividend_currency, domicile_country, is_adr,
    withholding_tax_rate, figi, active
from securities
where id = any (%(security_ids)s)
order by symbol;

-- name: list_active_securities -> SecurityRecord many
-- Every security that is still to be priced.
select id, symbol, name, security_type, currency, sector, industry, exchange, dividend_currency, domicile_country, is_adr,
    withholding_tax_rate, figi, active
from securities
where active
order by symbol;
