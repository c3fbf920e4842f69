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
comment on table public.securities is 'Master data of everything that can be held, priced or compared with. Shared by all users.';
comment on column public.securities.id is 'Key.';
comment on column public.securities.symbol is
    'The one symbol the security is known by, with the exchange''s suffix where it has one (RY.TO).';
comment on column public.securities.name is 'Its full name.';
comment on column public.securities.security_type is 'EQUITY, ETF, BOND, …';
comment on column public.securities.currency is 'ISO 4217 currency it is quoted in.';
comment on column public.securities.sector is 'Sector of the issuer.';
comment on column public.securities.industry is 'Industry of the issuer.';
comment on column public.securities.exchange is 'Where it is quoted.';
comment on column public.securities.created_at is 'When the row was written.';
comment on column public.securities.updated_at is 'When the row was last changed.';
comment on column public.securities.dividend_currency is 'ISO 4217 currency its dividends are paid in, when that is another one.';
comment on column public.securities.domicile_country is 'ISO 3166 code of the issuer''s country.';
comment on column public.securities.is_adr is 'True for a depositary receipt.';
comment on column public.securities.withholding_tax_rate is 'Usual tax withheld from its dividends, as a fraction (0.15 = 15 %).';
comment on column public.securities.figi is 'Financial Instrument Global Identifier.';
comment on column public.securities.active is 'False for what is no longer quoted: it is not priced any more.';
create trigger securities_operators_only before insert or update or delete on public.securities
    for each statement execute function app.require_operator();
grant select, insert, update, delete on public.securities to dawsos_app;
