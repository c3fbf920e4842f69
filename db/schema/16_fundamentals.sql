-- Annual statements of companies, which quality ratings rest on.

create table app.fundamentals_snapshots (
    security_id uuid not null references public.securities (id),
    fiscal_date date not null,
    source text not null,
    currency text not null,
    known_from date not null,
    figures jsonb not null,
    created_at timestamp with time zone not null default now(),
    primary key (security_id, fiscal_date, source),
    constraint fundamentals_snapshots_known_after_the_year check (known_from >= fiscal_date),
    constraint fundamentals_snapshots_currency_code check (currency ~ '^[A-Z]{3}$'),
    constraint fundamentals_snapshots_figures_named check (jsonb_typeof(figures) = 'object')
);
comment on table app.fundamentals_snapshots is 'Annual statements of companies as published. Shared by all users.';
comment on column app.fundamentals_snapshots.security_id is 'The security of the company.';
comment on column app.fundamentals_snapshots.fiscal_date is 'The last day of the fiscal year.';
comment on column app.fundamentals_snapshots.source is 'The document the figures stand in.';
comment on column app.fundamentals_snapshots.currency is 'ISO 4217 currency of the amounts.';
comment on column app.fundamentals_snapshots.known_from is 'The first day on which everybody could know them.';
comment on column app.fundamentals_snapshots.figures is 'Figures by name, in whole units of the currency; what was not published is left out.';
comment on column app.fundamentals_snapshots.created_at is 'When the row was written.';
create index fundamentals_snapshots_known on app.fundamentals_snapshots (security_id, known_from);
create trigger fundamentals_snapshots_operators_only before insert or update or delete on app.fundamentals_snapshots
    for each statement execute function app.require_operator();
grant select, insert, update, delete on app.fundamentals_snapshots to dawsos_app;
