-- Derived indicators of monthly series where the daily ones are not kept.

create or replace view public.v_derived_indicators as
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
    select choice.indicator_name, choice.longer, choice.shorter, choice.max_age
    from (values
        ('TERM_SPREAD', 'DGS10', 'DGS2', 7, null), ('TERM_SPREAD', 'GS10', 'GS2', 0, 'DGS10'),
        ('CREDIT_SPREAD', 'BAA', 'GS10', 0, 'BAA10Y'), ('BREAKEVEN', 'GS10', 'FII10', 0, 'T10YIE')
    ) choice (indicator_name, longer, shorter, max_age, instead_of)
    where not exists (select from public.macro_indicators d where d.indicator_name = choice.instead_of)
), budget_balance as (
    -- As a share of the economy: as it is published, or the fiscal year's sum over the product known when it was.
    select o.series, o.date, o.known_on, o.year_before, coalesce(
        app.as_fraction(o.value, o.unit), app.as_units(o.value, o.unit) / nullif(app.as_units(gdp.value, gdp.unit), 0)
    ) as value
    from observed o
    join preferred p on p.role = 'BUDGET_BALANCE' and p.series = o.series
    left join lateral app.indicator_asof('GDP', o.date, o.known_on, 250) gdp on true
), derived as (
    select 'REAL_INTEREST_RATE' as indicator_name, r.date, r.known_on,
        app.as_fraction(r.value, r.unit) - (cpi.value / nullif(cpi_before.value, 0) - 1) as value, 'fraction' as unit
    from observed r
    join preferred p on p.role = 'POLICY_RATE' and p.series = r.series
    cross join lateral app.indicator_asof('CPIAUCSL', r.date, r.known_on, 120) cpi
    cross join lateral app.indicator_around('CPIAUCSL', (cpi.date - interval '1 year')::date, r.known_on) cpi_before
    union all
    select d.indicator_name, longer.date, longer.known_on,
        app.as_fraction(longer.value, longer.unit) - app.as_fraction(shorter.value, shorter.unit), 'fraction'
    from differences d
    join observed longer on longer.series = d.longer
    cross join lateral app.indicator_asof(d.shorter, longer.date, longer.known_on, d.max_age) shorter
    union all
    select gap.indicator_name, actual.date, actual.known_on,
        app.as_units(actual.value, actual.unit) / nullif(app.as_units(potential.value, potential.unit), 0) - 1, 'fraction'
    from observed actual
    cross join lateral app.indicator_asof('GDPPOT', actual.date, actual.known_on, 100) potential
    cross join (values ('GDP_GAP'), ('OUTPUT_GAP')) gap (indicator_name)
    where actual.series = 'GDPC1'
    union all
    select 'EMPLOYMENT_GAP', actual.date, actual.known_on,
        app.as_fraction(actual.value, actual.unit) - app.as_fraction(natural_rate.value, natural_rate.unit), 'fraction'
    from observed actual
    cross join lateral app.indicator_asof('NROU', actual.date, actual.known_on, 100) natural_rate
    where actual.series = 'UNRATE'
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
    -- The change, over a year, of a year's new credit.
    select 'CREDIT_IMPULSE', credit.date, credit.known_on,
        (
            app.as_units(credit.value, credit.unit)
            - 2 * app.as_units(before.value, before.unit)
            + app.as_units(long_before.value, long_before.unit)
        ) / nullif(app.as_units(gdp.value, gdp.unit), 0),
        'fraction'
    from observed credit
    join preferred p on p.role = 'BANK_CREDIT' and p.series = credit.series
    cross join lateral app.indicator_around(credit.series, credit.year_before, credit.known_on) before
    cross join lateral app.indicator_around(credit.series, (credit.year_before - interval '1 year')::date, credit.known_on) long_before
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

-- Replacing a view clears its options.
do $$
begin
    if current_setting('server_version_num')::integer >= 150000 then
        alter view public.v_derived_indicators set (security_invoker = true);
    end if;
end
$$;
