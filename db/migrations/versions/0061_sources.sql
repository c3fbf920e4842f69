-- Sources over the network: what they call securities, how much they were asked for, and what was fetched of them.

create table app.symbol_overrides (
    provider text not null,
    symbol text not null,
    ticker text not null,
    note text,
    set_at timestamp with time zone not null default now(),
    set_by uuid references public.users (id),
    primary key (provider, symbol),
    constraint symbol_overrides_not_empty check (symbol ~ '\S' and ticker ~ '\S')
);
comment on table app.symbol_overrides is 'What a source calls a security, where the rules for its tickers do not fit. Shared by all users.';
comment on column app.symbol_overrides.provider is 'The source, for example FMP.';
comment on column app.symbol_overrides.symbol is 'The symbol of the security here.';
comment on column app.symbol_overrides.ticker is 'What the source calls it.';
comment on column app.symbol_overrides.note is 'Why.';
comment on column app.symbol_overrides.set_at is 'When it was set.';
comment on column app.symbol_overrides.set_by is 'Who set it; null for the command line.';
create index symbol_overrides_set_by on app.symbol_overrides (set_by);
create trigger symbol_overrides_operators_only before insert or update or delete on app.symbol_overrides
    for each statement execute function app.require_operator();
grant select, insert, update, delete on app.symbol_overrides to dawsos_app;

create table app.source_usage (
    provider text not null,
    month date not null,
    requests bigint not null default 0,
    bytes bigint not null default 0,
    primary key (provider, month),
    constraint source_usage_month_begins check (extract(day from month) = 1),
    constraint source_usage_not_negative check (requests >= 0 and bytes >= 0)
);
comment on table app.source_usage is 'How much each source was asked for, by month: what its allowance is held against. Shared by all users.';
comment on column app.source_usage.provider is 'The source.';
comment on column app.source_usage.month is 'The first day of the month, in UTC.';
comment on column app.source_usage.requests is 'Answers it gave.';
comment on column app.source_usage.bytes is 'Bytes of these answers.';
create trigger source_usage_operators_only before insert or update or delete on app.source_usage
    for each statement execute function app.require_operator();
grant select, insert, update, delete on app.source_usage to dawsos_app;

create table app.source_fetches (
    asof_date date not null,
    provider text not null,
    subject text not null,
    status text not null,
    told bigint not null default 0,
    kept bigint not null default 0,
    problem text,
    unknown_symbols text[] not null default '{}',
    finished_at timestamp with time zone not null,
    primary key (asof_date, provider, subject),
    constraint source_fetches_status_known check (status in ('fetched', 'stale', 'partly', 'failed', 'not_configured', 'not_needed')),
    constraint source_fetches_counts_not_negative check (told >= 0 and kept >= 0),
    constraint source_fetches_says_why check (status = 'fetched' or problem is not null)
);
comment on table app.source_fetches is 'What was fetched of each source before the night of a date, and what was not, and why. Shared by all users.';
comment on column app.source_fetches.asof_date is 'The date the night is about.';
comment on column app.source_fetches.provider is 'The source.';
comment on column app.source_fetches.subject is 'What was asked for: rates, prices, series, corporate_actions, statements or headlines.';
comment on column app.source_fetches.status is
    'fetched, stale (only its last good answer), partly, failed, not_configured (no key) or not_needed (nothing uses it).';
comment on column app.source_fetches.told is 'Figures the source told.';
comment on column app.source_fetches.kept is 'Figures that were new or different.';
comment on column app.source_fetches.problem is 'Why not everything was fetched.';
comment on column app.source_fetches.unknown_symbols is 'Securities the source told nothing of, perhaps because it calls them otherwise.';
comment on column app.source_fetches.finished_at is 'When it was done.';
create trigger source_fetches_operators_only before insert or update or delete on app.source_fetches
    for each statement execute function app.require_operator();
grant select, insert, update, delete on app.source_fetches to dawsos_app;
