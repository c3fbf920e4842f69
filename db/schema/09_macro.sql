-- Macroeconomics: raw and normalised indicators, regimes, cycles, and indicators derived from others.

create table public.macro_indicators (
    indicator_name text not null,
    date date not null,
    value numeric(20,8) not null,
    unit text,
    source text,
    created_at timestamp with time zone not null default now(),
    frequency text,
    release_date date,
    series_id text,
    confidence numeric(5,4),
    primary key (indicator_name, date),
    constraint macro_indicators_frequency_known check (frequency in ('daily', 'weekly', 'monthly', 'quarterly', 'annual')),
    constraint macro_indicators_confidence_is_fraction check (confidence between 0 and 1)
);
comment on table public.macro_indicators is
    'Economic indicators: raw series under their FRED ids, and normalised ones under their own names. Shared by all users.';
comment on column public.macro_indicators.indicator_name is 'The series: a FRED id (CPIAUCSL) or a business name (INFLATION).';
comment on column public.macro_indicators.date is 'The day or period observed.';
comment on column public.macro_indicators.value is 'The observation, in unit.';
comment on column public.macro_indicators.unit is
    'What value counts: percent, fraction, index, USD billions, … Scaling happens once, when a row is written.';
comment on column public.macro_indicators.source is 'Where it comes from: FRED, FRED:derived, calculated, manual.';
comment on column public.macro_indicators.created_at is 'When the row was written.';
comment on column public.macro_indicators.frequency is 'daily, weekly, monthly, quarterly or annual.';
comment on column public.macro_indicators.release_date is 'When it was published: before that day nobody could know it.';
comment on column public.macro_indicators.series_id is 'The series of the source it was taken or derived from.';
comment on column public.macro_indicators.confidence is 'How sure the value is, as a fraction; null for observed ones.';
create index idx_macro_indicators_date on public.macro_indicators (date desc);
create trigger macro_indicators_operators_only before insert or update or delete on public.macro_indicators
    for each statement execute function app.require_operator();
grant select, insert, update, delete on public.macro_indicators to dawsos_app;

create table public.regime_history (
    id uuid primary key default gen_random_uuid(),
    date date not null,
    regime text not null,
    confidence numeric(5,4),
    indicators_json jsonb,
    zscores_json jsonb,
    regime_scores_json jsonb,
    created_at timestamp with time zone not null default now(),
    phase text,
    method_version text not null default 'v1',
    drivers_json jsonb,
    constraint regime_history_one_per_day unique (date, method_version),
    constraint regime_history_regime_known check (regime in ('GOLDILOCKS', 'REFLATION', 'STAGFLATION', 'DEFLATION')),
    constraint regime_history_phase_known check (phase in (
        'EARLY_EXPANSION', 'MID_EXPANSION', 'LATE_EXPANSION', 'EARLY_CONTRACTION', 'DEEP_CONTRACTION'
    )),
    constraint regime_history_confidence_is_fraction check (confidence between 0 and 1)
);
comment on table public.regime_history is 'Economic regimes as they were detected, day by day. Shared by all users.';
comment on column public.regime_history.id is 'Key.';
comment on column public.regime_history.date is 'The day.';
comment on column public.regime_history.regime is 'The quadrant of growth and inflation: GOLDILOCKS, REFLATION, STAGFLATION or DEFLATION.';
comment on column public.regime_history.confidence is 'Probability of the regime, as a fraction.';
comment on column public.regime_history.indicators_json is 'The indicators it was detected from.';
comment on column public.regime_history.zscores_json is 'Their distance from their mean, in standard deviations.';
comment on column public.regime_history.regime_scores_json is 'Probabilities of all quadrants and phases.';
comment on column public.regime_history.created_at is 'When the row was written.';
comment on column public.regime_history.phase is 'The phase of the business cycle: EARLY_EXPANSION to DEEP_CONTRACTION.';
comment on column public.regime_history.method_version is 'The version of the method that detected it.';
comment on column public.regime_history.drivers_json is 'What spoke for it most.';
create trigger regime_history_operators_only before insert or update or delete on public.regime_history
    for each statement execute function app.require_operator();
grant select, insert, update, delete on public.regime_history to dawsos_app;

create table public.cycle_phases (
    id uuid primary key default gen_random_uuid(),
    cycle_type text not null,
    date date not null,
    phase text not null,
    score numeric(5,4),
    indicators jsonb,
    created_at timestamp with time zone not null default now(),
    confidence numeric(5,4),
    drivers jsonb,
    method_version text not null default 'v1',
    constraint cycle_phases_one_per_day unique (cycle_type, date, method_version),
    constraint cycle_phases_type_known check (cycle_type in ('STDC', 'LTDC', 'EMPIRE', 'CIVIL')),
    constraint cycle_phases_confidence_is_fraction check (confidence between 0 and 1)
);
comment on table public.cycle_phases is 'Where each of the four long cycles stands, day by day. Shared by all users.';
comment on column public.cycle_phases.id is 'Key.';
comment on column public.cycle_phases.cycle_type is 'STDC (short-term debt), LTDC (long-term debt), EMPIRE or CIVIL.';
comment on column public.cycle_phases.date is 'The day.';
comment on column public.cycle_phases.phase is 'The phase.';
comment on column public.cycle_phases.score is 'How strongly the indicators speak for it.';
comment on column public.cycle_phases.indicators is 'The indicators it was judged by.';
comment on column public.cycle_phases.created_at is 'When the row was written.';
comment on column public.cycle_phases.confidence is 'How sure the judgement is, as a fraction.';
comment on column public.cycle_phases.drivers is 'What spoke for it most.';
comment on column public.cycle_phases.method_version is 'The version of the method that judged.';
create trigger cycle_phases_operators_only before insert or update or delete on public.cycle_phases
    for each statement execute function app.require_operator();
grant select, insert, update, delete on public.cycle_phases to dawsos_app;

create function app.as_fraction(value numeric, unit text) returns numeric
    language sql immutable parallel safe
    return case
        when lower(unit) like '%percent%' or unit = '%' then value / 100
        when lower(unit) like '%fraction%' or lower(unit) in ('ratio', 'decimal') then value
    end;
comment on function app.as_fraction(numeric, text) is 'A rate or share as a decimal fraction; null when its unit does not say whether it is percent or a fraction.';

create function app.as_units(value numeric, unit text) returns numeric
    language sql immutable parallel safe
    return value * case
        when lower(unit) like '%trillion%' then 1000000000000
        when lower(unit) like '%billion%' then 1000000000
        when lower(unit) like '%million%' then 1000000
        when lower(unit) like '%thousand%' then 1000
        when lower(unit) like '%dollar%' or lower(unit) like '%usd%' then 1
    end;
comment on function app.as_units(numeric, text) is 'An amount in single units, from the scale its unit names; null when the unit names none.';

create function app.indicator_asof(series text, day date, known_on date, max_age_days integer)
    returns setof public.macro_indicators
    language sql stable parallel safe
begin atomic
    select m.*
    from public.macro_indicators m
    where m.indicator_name = series
        and m.date <= day
        and m.date >= day - max_age_days
        and coalesce(m.release_date, m.date) <= known_on
    order by m.date desc
    limit 1;
end;
comment on function app.indicator_asof(text, date, date, integer) is
    'The last observation of a series up to a day, not older than max_age_days, that had been published by known_on: never a look ahead.';

create function app.indicator_around(series text, day date, known_on date)
    returns setof public.macro_indicators
    language sql stable parallel safe
begin atomic
    select m.*
    from public.macro_indicators m
    where m.indicator_name = series
        and m.date between day - 7 and day + 7
        and coalesce(m.release_date, m.date) <= known_on
    order by abs(m.date - day), m.date desc
    limit 1;
end;
comment on function app.indicator_around(text, date, date) is
    'The observation of a series nearest to a day, within a week of it, that had been published by known_on: for comparing with a year ago.';
grant execute on function
    app.as_fraction(numeric, text), app.as_units(numeric, text), app.indicator_asof(text, date, date, integer),
    app.indicator_around(text, date, date)
to dawsos_app;

create view public.v_derived_indicators as
with observed as not materialized (
    select
        m.indicator_name as series,
        m.date,
        m.value,
        m.unit,
        coalesce(m.release_date, m.date) as known_on,
        (m.date - interval '1 year')::date as year_before
    from public.macro_indicators m
), preferred as materialized (
    -- A monthly series stands in for the daily one only where that is not kept at all.
    select choice.role, choice.series
    from (values
        ('POLICY_RATE', 'DFF', null), ('POLICY_RATE', 'FEDFUNDS', 'DFF'),
        ('REAL_YIELD_10Y', 'DFII10', null), ('REAL_YIELD_10Y', 'FII10', 'DFII10'),
        ('BANK_CREDIT', 'TOTBKCR', null), ('BANK_CREDIT', 'LOANINV', 'TOTBKCR'),
        ('BUDGET_BALANCE', 'FYFSGDA188S', null), ('BUDGET_BALANCE', 'FYFSD', 'FYFSGDA188S'),
        ('CREDIT_SPREAD', 'BAA10Y', null), ('BREAKEVEN', 'T10YIE', null)
    ) choice (role, series, instead_of)
    where not exists (select from public.macro_indicators d where d.indicator_name = choice.instead_of)
), differences as materialized (
    -- instead_of names the series that, kept together, leave nothing to stand in for.
    select choice.indicator_name, choice.longer, choice.shorter, choice.max_age
    from (values
        ('TERM_SPREAD', 'DGS10', 'DGS2', 7, '{}'::text[]), ('TERM_SPREAD', 'GS10', 'GS2', 0, '{DGS10,DGS2}'),
        ('CREDIT_SPREAD', 'BAA', 'GS10', 0, '{BAA10Y}'), ('BREAKEVEN', 'GS10', 'FII10', 0, '{T10YIE}'),
        ('EMPLOYMENT_GAP', 'UNRATE', 'NROU', 100, '{}'), ('EMPLOYMENT_GAP', 'UNRATE', 'NROUST', 100, '{NROU}')
    ) choice (indicator_name, longer, shorter, max_age, instead_of)
    where choice.instead_of = '{}' or exists (
        select from unnest(choice.instead_of) better (series)
        where not exists (select from public.macro_indicators d where d.indicator_name = better.series)
    )
), budget_balance as (
    -- As a share of the economy: as it is published, or the fiscal year's sum over the product known when it was.
    select o.series, o.date, o.known_on, o.year_before, coalesce(
        app.as_fraction(o.value, o.unit), app.as_units(o.value, o.unit) / nullif(app.as_units(gdp.value, gdp.unit), 0)
    ) as value
    from observed o
    join preferred p on p.role = 'BUDGET_BALANCE' and p.series = o.series
    left join lateral app.indicator_asof('GDP', o.date, o.known_on, 250) gdp on true
), derived as (
    -- The inflation of the last month whose index, and that of a year before, were out.
    select 'REAL_INTEREST_RATE' as indicator_name, r.date, r.known_on,
        app.as_fraction(r.value, r.unit) - inflation.value as value, 'fraction' as unit
    from observed r
    join preferred p on p.role = 'POLICY_RATE' and p.series = r.series
    cross join lateral (
        select cpi.value / nullif(before.value, 0) - 1 as value
        from observed cpi
        cross join lateral app.indicator_around('CPIAUCSL', cpi.year_before, r.known_on) before
        where cpi.series = 'CPIAUCSL' and cpi.date between r.date - 120 and r.date and cpi.known_on <= r.known_on
        order by cpi.date desc
        limit 1
    ) inflation
    union all
    select d.indicator_name, longer.date, longer.known_on,
        app.as_fraction(longer.value, longer.unit) - app.as_fraction(shorter.value, shorter.unit), 'fraction'
    from differences d
    join observed longer on longer.series = d.longer
    cross join lateral app.indicator_asof(d.shorter, longer.date, longer.known_on, d.max_age) shorter
    union all
    -- Both of the same quarter, and known when both are.
    select gap.indicator_name, actual.date, greatest(actual.known_on, potential.known_on),
        app.as_units(actual.value, actual.unit) / nullif(app.as_units(potential.value, potential.unit), 0) - 1, 'fraction'
    from observed actual
    join observed potential on potential.series = 'GDPPOT' and potential.date = actual.date
    cross join (values ('GDP_GAP'), ('OUTPUT_GAP')) gap (indicator_name)
    where actual.series = 'GDPC1'
    union all
    select 'MONEY_VELOCITY', gdp.date, gdp.known_on,
        app.as_units(gdp.value, gdp.unit) / nullif(app.as_units(money.value, money.unit), 0), 'ratio'
    from observed gdp
    cross join lateral app.indicator_asof('M2SL', gdp.date, gdp.known_on, 100) money
    where gdp.series = 'GDP'
    union all
    -- The series is the surplus, so a larger deficit is a positive impulse.
    select 'FISCAL_IMPULSE', balance.date, balance.known_on, before.value - balance.value, 'fraction'
    from budget_balance balance
    join budget_balance before on before.date between balance.year_before - 7 and balance.year_before + 7
        and before.known_on <= balance.known_on
    union all
    -- The change, over a year, of a year's new credit, to the product of now: a product that grew is no impulse.
    select 'CREDIT_IMPULSE', credit.date, credit.known_on,
        (app.as_units(credit.value, credit.unit) - app.as_units(before.value, before.unit) - earlier.flow)
            / nullif(app.as_units(gdp.value, gdp.unit), 0),
        'fraction'
    from observed credit
    join preferred p on p.role = 'BANK_CREDIT' and p.series = credit.series
    cross join lateral app.indicator_around(credit.series, credit.date - 365, credit.known_on) before
    cross join lateral (
        select app.as_units(o.value, o.unit) - app.as_units(long_before.value, long_before.unit) as flow
        from observed o
        cross join lateral app.indicator_around(o.series, o.date - 365, o.known_on) long_before
        where o.series = credit.series and o.date between credit.date - 372 and credit.date - 358 and o.known_on <= credit.known_on
        order by abs(o.date - (credit.date - 365)), o.date desc
        limit 1
    ) earlier
    cross join lateral app.indicator_asof('GDP', credit.date, credit.known_on, 250) gdp
    union all
    select 'REAL_GDP_GROWTH', gdp.date, gdp.known_on, gdp.value / nullif(before.value, 0) - 1, 'fraction'
    from observed gdp
    cross join lateral app.indicator_around('GDPC1', gdp.year_before, gdp.known_on) before
    where gdp.series = 'GDPC1'
    union all
    select p.role, o.date, o.known_on, app.as_fraction(o.value, o.unit), 'fraction'
    from observed o
    join preferred p on p.role in ('CREDIT_SPREAD', 'REAL_YIELD_10Y', 'BREAKEVEN') and p.series = o.series
)
select
    derived.indicator_name,
    derived.date,
    round(derived.value, 8)::numeric(20,8) as value,
    derived.unit,
    'calculated' as source,
    derived.known_on as release_date
from derived
where derived.value is not null;
comment on view public.v_derived_indicators is 'Indicators computed from raw series, each from what was known on the day.';
comment on column public.v_derived_indicators.indicator_name is
    'REAL_INTEREST_RATE, TERM_SPREAD, GDP_GAP, OUTPUT_GAP, EMPLOYMENT_GAP, MONEY_VELOCITY, FISCAL_IMPULSE, CREDIT_IMPULSE, REAL_GDP_GROWTH, CREDIT_SPREAD, REAL_YIELD_10Y or BREAKEVEN.';
comment on column public.v_derived_indicators.date is 'The day of the series it follows.';
comment on column public.v_derived_indicators.value is 'The figure, in unit.';
comment on column public.v_derived_indicators.unit is 'fraction or ratio.';
comment on column public.v_derived_indicators.source is 'Always calculated.';
comment on column public.v_derived_indicators.release_date is 'From this day on it could have been known.';
grant select on public.v_derived_indicators to dawsos_app;
