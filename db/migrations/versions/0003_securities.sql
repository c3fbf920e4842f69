-- Securities: the master data everything priced refers to.

create table public.securities (
    id uuid primary key default gen_random_uuid(),
    symbol text not null unique,
    name text,
    security_type text,
    currency text not null,
    sector text,
    industry text,
    exchange text,
    created_at timestamp with time zone not null default now(),
    updated_at timestamp with time zone not null default now(),
    dividend_currency text,
    domicile_country text,
    is_adr boolean not null default false,
    withholding_tax_rate numeric(12,8),
    figi text,
    active boolean not null default true,
    constraint securities_symbol_present check (symbol <> ''),
    constraint securities_currency_code check (currency ~ '^[A-Z]{3}$'),
    constraint securities_dividend_currency_code check (dividend_currency ~ '^[A-Z]{3}$'),
    constraint securities_domicile_country_code check (domicile_country ~ '^[A-Z]{2}$'),
    constraint securities_withholding_tax_rate_is_fraction check (withholding_tax_rate between 0 and 1)
);
create trigger securities_operators_only before insert or update or delete on public.securities
    for each statement execute function app.require_operator();
grant select, insert, update, delete on public.securities to dawsos_app;
