-- Annual statements of companies, and the documented rubrics of quality ratings.

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

-- The documented rubrics; a rubric is never edited, a new version is added and made the active one.
select set_config('app.role', 'SYSTEM', true);
insert into public.rating_rubrics (rating_type, method_version, is_active, research_basis, criteria, weights) values
    ('DIVIDEND_SAFETY', 'v1', true, 'Payout, coverage by free cash flow, record of increases and net cash.',
     '{"payout": {"source": "payout_ratio_5y_avg", "bands": [["<", 0.3, 10], ["<", 0.5, 7], ["<", 0.7, 5]], "otherwise": 2}, "coverage": {"source": "fcf_dividend_coverage", "bands": [[">", 3, 10], [">", 2, 7], [">", 1, 5]], "otherwise": 2}, "streak": {"source": "dividend_growth_streak_years", "bands": [[">=", 20, 10], [">=", 10, 9], [">=", 5, 7]], "otherwise": 5}, "net_cash": {"source": "net_cash_position", "bands": [[">", 50000000000.0, 10], [">", 10000000000.0, 8], [">", 1000000000.0, 6]], "otherwise": 4}}',
     '{"payout": 0.3, "coverage": 0.35, "streak": 0.2, "net_cash": 0.15}'),
    ('MOAT', 'v1', true, 'Lasting returns on equity, pricing power, intangibles and costs of switching.',
     '{"roe": {"source": "roe_5y_avg", "bands": [[">", 0.2, 10], [">", 0.15, 8], [">", 0.1, 6]], "otherwise": 4}, "margin": {"source": "gross_margin_5y_avg", "bands": [[">", 0.6, 10], [">", 0.4, 8], [">", 0.25, 6]], "otherwise": 4}, "intangibles": {"source": "intangible_assets_ratio", "bands": [[">", 0.3, 8], [">", 0.15, 6]], "otherwise": 4}, "switching": {"source": "switching_cost_score"}}',
     '{"roe": 0.4, "margin": 0.3, "intangibles": 0.2, "switching": 0.1}'),
    ('RESILIENCE', 'v1', true, 'Debt, interest cover, liquidity and steadiness of margins.',
     '{"debt": {"source": "debt_equity_ratio", "bands": [["<", 0.5, 10], ["<", 1, 8], ["<", 2, 6]], "otherwise": 3}, "coverage": {"source": "interest_coverage", "bands": [[">", 10, 10], [">", 5, 8], [">", 2, 6]], "otherwise": 3}, "liquidity": {"source": "current_ratio", "bands": [[">", 2, 10], [">", 1.5, 8], [">", 1, 7]], "otherwise": 4}, "stability": {"source": "operating_margin_std_dev", "bands": [["<", 0.02, 10], ["<", 0.05, 8], ["<", 0.1, 6]], "otherwise": 4}}',
     '{"debt": 0.4, "coverage": 0.2, "liquidity": 0.25, "stability": 0.15}')
on conflict (rating_type, method_version) do nothing;
select set_config('app.role', '', true);
